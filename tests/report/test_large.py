"""A deal of many systems: the page stays small, pictures say what they leave out, tables are whole."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from tests.report.page import Page
from tests.report.sample_large import large_plan

from dronedeal.assessment import Assessment, assess
from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.report import report_html, write_plan_workbook
from dronedeal.report.charts import figures
from dronedeal.report.view import View
from dronedeal.results.plan import Plan


@pytest.fixture(scope="module")
def deal() -> Deal:
    return synthetic_deal(systems=120, lines=60, requirements=40, seed=3)


@pytest.fixture(scope="module")
def assessment(deal: Deal) -> Assessment:
    return assess(deal)


@pytest.fixture(scope="module")
def plan(deal: Deal, assessment: Assessment) -> Plan:
    return large_plan(deal, assessment)


def test_the_page_stays_small_and_whole(plan: Plan, deal: Deal, assessment: Assessment) -> None:
    assert sum(map(len, plan.tables.values())) > 12_000
    html = report_html(plan, deal, assessment)
    assert len(html.encode()) < 3_000_000
    page = Page(html)
    assert page.faults == []
    assert len(page.all("svg")) >= 6
    assert "systems that are bought least and 10 requirements." in page.text


@pytest.mark.parametrize("name", ["systems", "utilisation", "coverage", "prices"])
def test_pictures_of_many_rows_say_what_they_leave_out(name: str, plan: Plan, deal: Deal) -> None:
    made = figures()[name](View(plan, deal))
    assert made.left_out.endswith("only in the table.")
    assert made.grid is not None
    assert len(made.grid.rows) > 24


def test_the_workbook_holds_every_series(
    plan: Plan, deal: Deal, assessment: Assessment, tmp_path: Path
) -> None:
    write_plan_workbook(plan, deal, assessment, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True)
    rows = sum(1 for _ in book["production"].iter_rows(values_only=True)) - 3
    assert rows == len({(row["line"], row["system"]) for row in plan.tables["production"]})
    book.close()
