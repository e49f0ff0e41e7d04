"""The first deal's optimum, worked out by hand in docs/tutorial/first-deal.md."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import dronedeal

FOLDER = Path(__file__).parents[2] / "deals" / "first-deal"
MONEY = 0.01  # dollars: the plan's arithmetic is floating point, the hand's is exact


@pytest.fixture(scope="module")
def deal() -> Any:
    return dronedeal.read(FOLDER)


@pytest.fixture(scope="module")
def plan(deal: Any) -> Any:
    return dronedeal.plan(deal, objective="joint", gap=0)


def rows(plan: Any, table: str) -> list[dict[str, Any]]:
    return list(plan.frame(table).iter_rows(named=True))


def totals(plan: Any, table: str, keys: tuple[str, ...], *, amount: str = "quantity") -> dict[Any, float]:
    """Sums of one column by the values of others; sums that are zero are left out."""
    sums: defaultdict[Any, float] = defaultdict(float)
    for row in rows(plan, table):
        sums[tuple(row[key] for key in keys)] += row[amount]
    return {key: total for key, total in sums.items() if abs(total) > 1e-6}


def test_the_folder_has_no_findings_of_severity_error(deal: Any) -> None:
    assert dronedeal.check(deal).errors == ()


def test_joint_objective_is_the_one_worked_out_by_hand(plan: Any) -> None:
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(4_471_200, abs=MONEY)


def test_utilities_of_both_sides_are_those_worked_out_by_hand(plan: Any) -> None:
    assert plan.utilities["buyer"] == pytest.approx(3_489_200, abs=MONEY)
    assert plan.utilities["seller"] == pytest.approx(982_000, abs=MONEY)


def test_shipments_by_year_are_those_worked_out_by_hand(plan: Any) -> None:
    expected = {
        (2027, "patrol", "kestrel", "home"): 420,
        (2027, "patrol", "falcon", None): 180,
        (2027, "supply", "courier", "home"): 150,
        (2028, "patrol", "kestrel", "home"): 420,
        (2028, "patrol", "kestrel", "north"): 580,
        (2028, "supply", "courier", "home"): 150,
    }
    shipped = totals(plan, "shipments", ("fiscal_year", "requirement", "system", "line"))
    assert shipped == pytest.approx(expected, abs=1e-4)


def test_line_in_the_buyers_country_is_opened_at_once_and_delivers_after_a_year(plan: Any) -> None:
    [opening] = rows(plan, "openings")
    assert (opening["line"], opening["kind"]) == ("north", "open")
    assert (opening["decided"], opening["effective"]) == ("2027-01", "2028-01")
    assert opening["amount"] == pytest.approx(300_000, abs=MONEY)


def test_home_need_is_met_in_full_in_every_year(plan: Any) -> None:
    supplied = totals(plan, "home_supply", ("need", "fiscal_year"))
    assert supplied == pytest.approx({("border", 2027): 480, ("border", 2028): 480}, abs=1e-4)


def test_budget_binds_in_the_second_year_only(plan: Any) -> None:
    left = {row["budget_year"]: row["left"] for row in rows(plan, "budgets")}
    assert left == pytest.approx({2027: 70_000, 2028: 0}, abs=MONEY)


def test_coverage_stops_at_the_threshold_in_the_first_year(plan: Any) -> None:
    covered = totals(plan, "coverage", ("requirement", "fiscal_year"))
    expected = {("patrol", 2027): 600, ("patrol", 2028): 1000, ("supply", 2027): 150, ("supply", 2028): 150}
    assert covered == pytest.approx(expected, abs=1e-4)


def test_nothing_is_violated(plan: Any) -> None:
    assert rows(plan, "violations") == []


def test_opening_the_line_is_worth_what_the_tutorial_says(deal: Any, plan: Any) -> None:
    without = deal.with_table("lines", [line for line in deal.lines if line.id != "north"])
    without = without.with_table("line_systems", [row for row in deal.line_systems if row.line != "north"])
    assert plan.objective - dronedeal.plan(without, gap=0).objective == pytest.approx(207_200, abs=MONEY)


def test_one_unit_less_of_capacity_a_month_costs_a_falcon_or_a_dearer_kestrel(deal: Any, plan: Any) -> None:
    """A load unit makes a Kestrel (600) that replaces a Falcon (2,000): 1,400 a unit in the first year."""
    fewer = [
        line.model_copy(update={"availability": 0.99}) if line.id == "home" else line for line in deal.lines
    ]
    smaller = dronedeal.plan(deal.with_table("lines", fewer), gap=0)
    lost_first_year = 12 * 1_400
    lost_second_year = 12 * 60  # in the second year the unit is made in the north for 60 more
    assert plan.objective - smaller.objective == pytest.approx(lost_first_year + lost_second_year, abs=MONEY)
