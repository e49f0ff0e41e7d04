"""The page and the workbook of a stress test."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from tests.results.stress.stressed import stressed

from dronedeal.report.charts.render import figure_svg
from dronedeal.report.stress.charts import cause_figure, failure_figure, fan_figure, rate_figure
from dronedeal.report.stress.page import stress_html, write_stress_page
from dronedeal.report.stress.workbook import write_stress_workbook
from dronedeal.results.shape import Row


def test_the_page_says_how_surely_and_why(tmp_path: Path) -> None:
    write_stress_page(stressed(), tmp_path / "page.html")
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    whole = stressed().service("all")
    assert f"Every promise is kept in {100 * whole['rate']:.1f}%" in html
    for title in ("What is kept, and how surely", "What fails first, and why", "How the futures turn out"):
        assert title in html
    assert "home makes 50% of its output from 2028 on (struck)" in html
    assert html.count("<svg") == 6
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert stress_html(stressed()) == html


def test_a_plan_that_keeps_everything_is_said_to_hold() -> None:
    kept = [{**row, "kept": row["paths"], "rate": 1.0} for row in stressed().tables["services"]]
    tables = {**stressed().tables, "services": tuple(kept), "first_failures": (), "causes": ()}
    test = replace(stressed(), tables=tables, notes=())
    html = stress_html(test)
    assert "The plan holds" in html
    assert failure_figure(test).summary == cause_figure(test).summary == "No promise is broken in any path."


def test_bars_have_their_interval_and_fans_the_plan() -> None:
    figure = rate_figure(stressed())
    assert figure.spec is not None
    values = figure.spec["data"]["values"]
    assert values[0]["rate"] == pytest.approx(100 * stressed().service("all")["rate"])
    assert all(row["low"] <= row["rate"] <= row["high"] for row in values)
    fan = fan_figure(stressed(), "coverage")
    assert fan is not None
    assert fan.spec is not None
    assert len(fan.spec["layer"][2]["data"]["values"]) == 2
    assert "<svg" in figure_svg(fan)
    assert fan_figure(stressed(), "joint") is None


def test_the_workbook_has_a_sheet_for_each_table(tmp_path: Path) -> None:
    write_stress_workbook(stressed(), tmp_path / "stress.xlsx")
    book = openpyxl.load_workbook(tmp_path / "stress.xlsx")
    assert {"Service levels", "Distributions", "First failures", "Causes", "Paths"} <= set(book.sheetnames)
    assert book["Paths"].max_row >= 60


def test_what_own_needs_reach_stands_beside_what_is_asked_for() -> None:
    rows = [
        {**row, "level": 0.9, "rate": rate} if row["level"] is not None else row
        for row, rate in zip(stressed().tables["services"], [0.95, 0.5] * 100, strict=False)
    ]
    html = stress_html(replace(stressed(), tables={**stressed().tables, "services": tuple(rows)}))
    assert "90.0% asked for, reached" in html
    assert "90.0% asked for, not reached" in html
    assert "asked for, reached" not in stress_html(stressed())


def test_a_cause_is_not_cut() -> None:
    figure = cause_figure(stressed())
    assert figure.spec is not None
    shown = [row["what"] for row in figure.spec["data"]["values"]]
    assert shown == [row["cause"] for row in stressed().tables["causes"]]


def test_sets_of_outcomes_that_only_together_do_it_share_a_bar() -> None:
    (alone, *_), n = stressed().tables["causes"], stressed().done
    sets = [
        {
            **alone,
            "cause": f"only together: a; {other}",
            "alone": "no",
            "paths": paths,
            "share": paths / n,
        }
        for other, paths in (("b", 4), ("c", 2))
    ]
    few = {**alone, "cause": "a few", "paths": 1, "share": 1 / n}

    def bars(causes: list[Row]) -> list[Row]:
        figure = cause_figure(replace(stressed(), tables={**stressed().tables, "causes": tuple(causes)}))
        assert figure.spec is not None
        rows: list[Row] = figure.spec["data"]["values"]
        return rows

    both, last = bars([*sets, few])
    assert both["what"] == "several outcomes only together (2 sets, in the table)"
    assert last["what"] == "a few"
    assert both["share"] == pytest.approx(100 * 6 / n)
    assert both["low"] < both["share"] < both["high"]
    assert [row["what"] for row in bars([sets[0], few])] == ["only together: a; b", "a few"]
