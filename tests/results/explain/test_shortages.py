"""Why a requirement is short, on deals where only one cause is possible."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import read_solution

from dronedeal.deal import Deal
from dronedeal.deal.terms import Rule
from dronedeal.results.explain import unmet


def causes(deal: Deal) -> dict[tuple[str, int], tuple[str, str]]:
    reading, assessment = read_solution(deal)
    return {
        (row["requirement"], row["fiscal_year"]): (row["cause"], row["words"])
        for row in unmet(reading, assessment)
    }


def only(deal: Deal, requirement: str) -> Deal:
    """The deal with one requirement, without firm minima, rules, own needs and other buyers."""
    prices = [row.model_copy(update={"firm_minimum": None}) for row in deal.prices]
    return replace(
        deal,
        requirements=tuple(row for row in deal.requirements if row.id == requirement),
        requirement_quantities=tuple(
            row for row in deal.requirement_quantities if row.requirement == requirement
        ),
        prices=tuple(prices),
        rules=(),
        home_needs=(),
        other_buyers=(),
    )


def with_money(deal: Deal, amount: float) -> Deal:
    return deal.with_table("budgets", [row.model_copy(update={"amount": amount}) for row in deal.budgets])


def test_money_that_runs_out_is_the_cause() -> None:
    deal = with_money(only(small_deal(), "scouting"), 20000.0)
    found = causes(deal)
    assert {cause for cause, _ in found.values()} == {"budget"}
    assert "money of army voted in fiscal year 2027 is used up" in found["scouting", 2027][1]
    assert "money of army voted in fiscal year 2028 is used up" in found["scouting", 2028][1]


def test_a_branch_without_money_is_named() -> None:
    deal = only(small_deal(), "scouting").with_table("budgets", [])
    assert causes(deal)["scouting", 2027] == (
        "no_money",
        "army has no money valid in fiscal year 2027",
    )


def test_too_little_on_sale_is_the_cause() -> None:
    deal = with_money(only(small_deal(), "scouting"), 1e7)
    deal = deal.with_table("prices", [row for row in deal.prices if row.system == "hawk"])
    prices = [row.model_copy(update={"unit_price": 1000.0}) for row in deal.prices]
    found = causes(deal.with_table("prices", prices))
    assert {cause for cause, _ in found.values()} == {"price_maximum"}
    words = found["scouting", 2027][1]
    assert "no more than 25 of hawk are on sale" in words
    assert words.count("to the objective") == 1  # one more of it is the same as one more of it to be had


def test_a_full_line_is_the_cause() -> None:
    deal = with_money(only(small_deal(), "scouting"), 1e7)
    deal = deal.with_table("prices", [row for row in deal.prices if row.system == "kite"])
    lines = [
        row.model_copy(update={"initial_capacity": 5.0, "max_steps": 0})
        for row in deal.lines
        if row.id == "home"
    ]
    makes = [row for row in deal.line_systems if row.line == "home"]
    deal = deal.with_table("lines", lines).with_table("line_systems", makes)
    deal = deal.with_table("prices", [row for row in deal.prices if row.line is None])
    found = causes(deal)
    assert {cause for cause, _ in found.values()} == {"capacity"}
    assert "line home is full in 2027-12; one more kite would otherwise add" in found["scouting", 2027][1]


def test_a_unit_that_costs_more_than_it_is_worth_is_not_bought() -> None:
    deal = with_money(only(small_deal(), "patrol"), 1e7)
    worth = [row.model_copy(update={"value_objective": 100.0}) for row in deal.requirements]
    found = causes(deal.with_table("requirements", worth))
    assert {cause for cause, _ in found.values()} == {"not_worth_its_cost"}
    assert "even if nothing were scarce" in found["patrol", 2027][1]


def test_no_eligible_system_names_the_nearest_and_what_stops_it() -> None:
    deal = only(small_deal(), "scouting")
    rules = [Rule(id=f"no_{system}", kind="exclusion", subject=system) for system in ("kite", "hawk")]
    cause, words = causes(deal.with_table("rules", rules))["scouting", 2027]
    assert cause == "no_eligible_system"
    assert words.startswith("no system is eligible; the nearest is ")


def test_work_before_the_first_delivery_is_the_cause() -> None:
    deal = only(small_deal(), "hauling")
    permit = Rule(id="permit", kind="export_permit", subject="mule", limit=3)
    cause, words = causes(deal.with_table("rules", [permit]))["hauling", 2027]
    assert cause == "permit"
    assert "can be delivered from 2028-02; the export permit of rule permit takes 3 months" in words


def test_requirements_that_reach_their_objective_are_not_listed() -> None:
    deal = with_money(only(small_deal(), "patrol"), 1e7)
    sizes = [
        row.model_copy(update={"threshold": 6.0, "objective": 12.0}) for row in deal.requirement_quantities
    ]
    assert causes(deal.with_table("requirement_quantities", sizes)) == {}


@pytest.mark.parametrize("requirement", ["scouting", "hauling", "patrol"])
def test_every_shortage_has_words(requirement: str) -> None:
    for cause, words in causes(only(small_deal(), requirement)).values():
        assert cause
        assert len(words) > 20
