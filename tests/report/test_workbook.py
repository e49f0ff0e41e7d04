"""The workbook: its sheets, its sums, text that stays text, and the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.report.sample import sample_assessment, sample_deal
from tests.report.sample_plan import sample_plan

from dronedeal.deal import Deal
from dronedeal.report import write_plan_workbook
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, plan: Plan, deal: Deal, assessment: Any) -> Path:
    made = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    write_plan_workbook(plan, deal, assessment, made)
    return made


@pytest.fixture(scope="module")
def workbook(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def _rows(sheet: Any) -> tuple[list[str], list[list[Any]]]:
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return rows[2], rows[3:]


def test_every_plan_table_has_a_sheet(workbook: Any) -> None:
    names = workbook.sheetnames
    assert names[:2] == ["Summary", "Charts"]
    assert names[2 : 2 + len(PLAN_TABLES)] == list(PLAN_TABLES)
    assert names[-6:] == ["Prices paid", "Matching", "Evidence", "Names", "Facts and assumptions", "Facts"]


@pytest.mark.parametrize("name", [name for name, table in PLAN_TABLES.items() if table.key[0] != "month"])
def test_a_yearly_table_stands_row_by_row_with_exact_numbers(name: str, workbook: Any, plan: Plan) -> None:
    heads, rows = _rows(workbook[name])
    assert heads == list(PLAN_TABLES[name].names)
    assert len(rows) == len(plan.tables[name])
    for found, row in zip(rows, plan.tables[name], strict=True):
        for value, stated in zip(found, row.values(), strict=True):
            assert value == (pytest.approx(stated, rel=1e-15) if isinstance(stated, float) else stated)


@pytest.mark.parametrize("name", [name for name, table in PLAN_TABLES.items() if table.key[0] == "month"])
def test_a_monthly_table_stands_as_a_schedule_with_the_same_sum(name: str, workbook: Any, plan: Plan) -> None:
    heads, rows = _rows(workbook[name])
    first = heads.index(plan.start)
    assert len(heads) - first == plan.months
    stated = sum(row["quantity"] + row.get("used", 0.0) for row in plan.tables[name])  # type: ignore[operator]
    found = sum(value for row in rows for value in row[first:] if value is not None)
    assert found == pytest.approx(stated, rel=1e-12)
    if "whole plan: amount" in heads:
        amounts = [row[heads.index("whole plan: amount")] for row in rows]
        assert sum(amounts) == pytest.approx(sum(row["amount"] for row in plan.tables[name]), rel=1e-12)  # type: ignore[misc]


def test_one_series_of_the_schedule_is_in_its_months(workbook: Any) -> None:
    heads, rows = _rows(workbook["shipments"])
    texas = next(row for row in rows if row[heads.index("line")] == "texas")
    assert texas[heads.index("2026-10")] is None
    assert texas[heads.index("2027-10")] == 150
    assert texas[heads.index("2029-09")] == 450
    assert texas[heads.index("whole plan: quantity")] == 12 * 150 + 12 * 450


def test_headings_carry_units_and_stay_in_sight(workbook: Any) -> None:
    sheet = workbook["purchases"]
    units = dict(zip(*[[cell.value for cell in sheet[row]] for row in (3, 2)], strict=True))
    assert units["amount"] == "USD, base-year 2026"
    assert units["amount_then_year"] == "USD, then-year"
    assert units["quantity"] == "units"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref.startswith("A3:")


def test_the_main_pictures_are_native_charts(workbook: Any) -> None:
    assert len(workbook["Charts"]._charts) == 4


def test_the_summary_holds_answer_and_certificate(workbook: Any, plan: Plan) -> None:
    text = " ".join(str(cell.value) for row in workbook["Summary"].iter_rows() for cell in row if cell.value)
    assert plan.digest in text
    assert "Optimal and verified" in text
    assert "Thresholds reached" in text


def test_text_that_starts_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.org","x")'
    deal = sample_deal({"title": formula, "bee": "+1", "note": "@SUM(A1)", "army": "-cmd|' /C calc'!A0"})
    plan = sample_plan(deal, warnings=(formula,))
    write_plan_workbook(plan, deal, sample_assessment(deal), tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["Summary"]["A1"].value == formula
    assert not any(cell.hyperlink for cell in cells)
    note = next(cell for cell in cells if cell.value == "@SUM(A1)")
    assert note.quotePrefix


def test_the_same_plan_gives_the_same_bytes(
    tmp_path: Path, path: Path, plan: Plan, deal: Deal, assessment: Any
) -> None:
    write_plan_workbook(plan, deal, assessment, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_an_empty_plan_still_makes_a_workbook(tmp_path: Path, deal: Deal, assessment: Any) -> None:
    empty = sample_plan(deal, tables={name: [] for name in PLAN_TABLES})
    write_plan_workbook(empty, deal, assessment, tmp_path / "plan.xlsx")
    assert "shipments" in openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames


def test_matching_and_prices_stand_in_the_workbook(workbook: Any) -> None:
    heads, rows = _rows(workbook["Matching"])
    assert heads[:3] == ["Requirement", "System", "Eligible"]
    assert ["Bee 10", "yes", 0.62] in [[row[1], row[2], row[3]] for row in rows]
    heads, rows = _rows(workbook["Prices paid"])
    assert any(row[0] == "Bee 10" and row[4] == pytest.approx(850) for row in rows)
    assert _rows(workbook["Evidence"])[1][0][0] == "Bee 10"
