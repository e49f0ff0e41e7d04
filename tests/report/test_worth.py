"""The report lists every value that follows from statements, with the statements."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import dronedeal
from dronedeal.report.sections.worth import statement_words, worth_tables
from dronedeal.report.view import View

DEAL = "deals/licensed-line"


def test_a_deal_that_states_its_values_has_no_such_table() -> None:
    deal = dronedeal.read("deals/first-deal")
    assert worth_tables(View(None, deal)) == ()  # type: ignore[arg-type]  # the table is of the deal alone
    assert statement_words(deal) == ()


def test_each_value_stands_with_its_range_and_its_statements() -> None:
    (grid,) = worth_tables(View(None, dronedeal.read(DEAL)))  # type: ignore[arg-type]
    by_unit = {row[0:2]: row[2:] for row in grid.rows}
    worth, least, greatest, said = by_unit["Interceptors for guarding air bases", "beyond the threshold"]
    assert (worth, least, greatest) == (5550.0, 5550.0, 5550.0)
    assert "preferences 'base_beyond': a unit of 'raf_bases' beyond its threshold is worth 0.5 times" in said


def test_the_same_in_words() -> None:
    (*_, last) = statement_words(dronedeal.read(DEAL))
    assert last.startswith("An effective unit of 'raf_bases' beyond the threshold is worth GBP 5,550: ")


@pytest.mark.parametrize("name", ["report.html", "plan.xlsx"])
def test_page_and_workbook_of_a_plan_show_it(name: str, made: Path) -> None:
    if name.endswith(".html"):
        assert "What the needs are worth, and the statements behind it" in (made / name).read_text("utf-8")
    else:
        sheets = openpyxl.load_workbook(made / name, read_only=True)
        titles = [sheet.cell(1, 1).value or "" for sheet in sheets.worksheets]
        assert any(str(title).startswith("What the needs are worth") for title in titles)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Report of a plan of the first deal whose values are left to statements."""
    deal = dronedeal.read("deals/first-deal")
    blank = {"value_threshold": None, "value_objective": None}
    rows = [row.model_copy(update=blank) if row.id == "patrol" else row for row in deal.requirements]
    said = {"requirement": "patrol", "kind": "substitute"}
    preference = dronedeal.read(DEAL).preferences[0].__class__
    stated = deal.with_table("requirements", rows).with_table(
        "preferences",
        [
            preference(id="falcon", system="falcon", low=1.5, **said),
            preference(id="half", part="objective", other_requirement="patrol", low=0.5, **said),
        ],
    )
    assert dronedeal.check(stated).is_ok
    plan = dronedeal.plan(stated, gap=0.0)
    assert plan.objective == pytest.approx(4_471_200, abs=0.01)  # a Falcon at 2,000 and a half more is 3,000
    return dronedeal.write_report(plan, stated, tmp_path_factory.mktemp("worth") / "out").parent
