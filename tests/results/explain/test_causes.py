"""One more unit of a cause changes the objective by what the plan says, and reaches as far as it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.planning.small_deal import small_deal
from tests.results.explain.test_shortages import only, with_money
from tests.results.solved import held_optimum, plan_of, read_solution

from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.demand import HomeNeed
from dronedeal.deal.settings import PaymentTerms
from dronedeal.results.explain import unmet
from dronedeal.results.plan import Plan
from dronedeal.results.reading import Reading
from dronedeal.results.verify import verify

Row = dict[str, Any]


def short(deal: Deal, requirement: str, year: int) -> tuple[Reading, Row]:
    reading, assessment = read_solution(deal)
    rows = unmet(reading, assessment)
    return reading, next(
        row for row in rows if (row["requirement"], row["fiscal_year"]) == (requirement, year)
    )


def gain(reading: Reading, address: str, more: float) -> float:
    """Change of the best objective for one more unit in a cell, openings and steps held."""
    changed = apply_changes(reading.deal, [f"{address}+={more}"])
    return (held_optimum(changed, reading) - held_optimum(reading.deal, reading)) / more


def sold_out() -> Deal:
    deal = with_money(only(small_deal(), "scouting"), 1e7)
    prices = [row.model_copy(update={"unit_price": 1000.0}) for row in deal.prices if row.system == "hawk"]
    return deal.with_table("prices", prices)


def full_line() -> Deal:
    deal = with_money(only(small_deal(), "scouting"), 1e7)
    deal = deal.with_table("lines", [row for row in deal.lines if row.id == "home"])
    lines = [row.model_copy(update={"initial_capacity": 5.0, "max_steps": 0}) for row in deal.lines]
    makes = [row for row in deal.line_systems if row.line == "home" and row.system == "kite"]
    prices = [row for row in deal.prices if row.system == "kite" and row.line is None]
    return deal.with_table("lines", lines).with_table("line_systems", makes).with_table("prices", prices)


def few_parts() -> Deal:
    deal = full_line()
    lines = [row.model_copy(update={"initial_capacity": 900.0}) for row in deal.lines]
    parts = [
        row.model_copy(update={"limit": 40.0, "fiscal_year": year})
        for row in deal.component_supply
        for year in (2028, 2029)
    ]
    deal = deal.with_table("lines", lines).with_table("component_supply", parts)
    return deal.with_table("components", [row for row in deal.components if row.substitute_for is None])


@pytest.mark.parametrize(
    ("deal", "year", "cause", "address", "scale"),
    [
        (with_money(only(small_deal(), "scouting"), 2e4), 2027, "budget",
         "budgets[army/2027/procurement].amount", 1.0),
        (sold_out(), 2028, "price_maximum", "prices[hawk//2028/0].maximum", 12 / 2),
        (few_parts(), 2027, "component_supply", "component_supply[motor/2028].limit", 12 / 3),
    ],
)  # fmt: skip
def test_one_more_unit_of_the_cause_changes_the_objective_by_what_is_said(
    deal: Deal, year: int, cause: str, address: str, scale: float
) -> None:
    reading, row = short(deal, "scouting", year)
    assert (row["cause"], row["address"]) == (cause, address)
    # A yearly limit counts with the share of its year inside the plan, so that more is stated a full year.
    assert scale * gain(reading, address, 0.6) == pytest.approx(row["more"], rel=1e-4)


def test_one_more_load_unit_a_month_is_worth_what_both_years_together_say() -> None:
    reading, row = short(full_line(), "scouting", 2027)
    other = next(each for each in unmet(*read_solution(full_line())) if each["fiscal_year"] == 2028)
    assert row["cause"] == other["cause"] == "capacity"
    assert row["month"].startswith("2027")
    total = (row["more"] + other["more"]) * reading.deal.lines[0].availability
    assert gain(reading, "lines[home].initial_capacity", 0.1) == pytest.approx(total, rel=1e-4)


def test_the_reach_is_what_one_more_unit_is_enough_for() -> None:
    price, capacity = short(sold_out(), "scouting", 2027)[1], short(full_line(), "scouting", 2027)[1]
    parts = short(few_parts(), "scouting", 2027)[1]
    money = short(with_money(only(small_deal(), "scouting"), 2e4), "scouting", 2027)[1]
    # A hawk is one effective unit; two months of 2027 are in the plan; a kite has four motors, costs 1000.
    assert [row["reach"] for row in (price, capacity, parts, money)] == pytest.approx([1.0, 2.0, 0.25, 0.001])
    assert "enough for 2 effective units" in capacity["words"]
    assert money["words"].endswith("one effective unit of it takes 1,000")


@pytest.mark.parametrize("advance", [0.0, 0.3])
def test_what_money_is_enough_for_is_checked_against_price_and_instalments(advance: float) -> None:
    deal = with_money(only(small_deal(), "scouting"), 2e4)
    terms = PaymentTerms(advance_share=advance, retention_share=advance / 3, retention_months=6)
    deal = replace(deal, settings=deal.settings.model_copy(update={"terms": terms}))
    plan = plan_of(deal)
    rows = plan.tables["unmet"]
    assert {row["cause"] for row in rows} >= {"budget"}
    assert "cause_reach" not in failed(plan, deal)
    halved = [row if row["cause"] != "budget" else {**row, "reach": row["reach"] * 0.45} for row in rows]
    spoiled = replace(plan, tables={**plan.tables, "unmet": tuple(halved)})
    assert "cause_reach" in failed(spoiled, deal)


def failed(plan: Plan, deal: Deal) -> set[str]:
    return {failure.check for failure in verify(plan, deal).failures}


def test_own_needs_are_the_cause_where_a_unit_at_home_is_worth_less_than_it_costs() -> None:
    deal = full_line()
    needs = [
        HomeNeed(id="own", role="scout", fiscal_year=year, quantity=24, required_share=1, value=value)
        for year, value in ((2028, 100.0), (2029, 100.0))
    ]
    _, row = short(deal.with_table("home_needs", needs), "scouting", 2027)
    assert row["cause"] == "home_need"
    assert row["address"] == "home_needs[own/2028].required_share"
    assert row["more"] < 0
    dear = [need.model_copy(update={"value": 900.0}) for need in needs]
    assert short(deal.with_table("home_needs", dear), "scouting", 2027)[1]["cause"] == "capacity"
    assert row["words"].startswith("own need own comes first in fiscal year 2028")


def test_without_duals_nothing_is_charged() -> None:
    reading, assessment = read_solution(full_line())
    solution = replace(reading.outcome.solution, row_duals=None)
    blind = replace(reading, outcome=replace(reading.outcome, solution=solution))
    assert {row["cause"] for row in unmet(blind, assessment)} == {"indivisible"}
