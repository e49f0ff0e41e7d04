"""A deal with its figures as they turn out."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.planning.every_family import every_family

from dronedeal import read
from dronedeal.assessment import assess, completed
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.arrange import arrange
from dronedeal.planning.scenarios.under import Matching, rows_under, state_deal, years_of

LICENSED_LINE = Path(__file__).resolve().parents[3] / "deals" / "licensed-line"


def state(**multipliers: float) -> dict[Varied, Outcome]:
    """`budget__army=0.5`: budgets of the army are halved; `__all` for all subjects."""
    return {
        Varied(*name.replace("all", "*").split("__")): Outcome("so", value)
        for name, value in multipliers.items()
    }


def test_a_row_holds_what_was_in_force_as_its_year_began() -> None:
    """The plan begins in November 2027; the buyer's years begin in January, the seller's in February."""
    deal = every_family()
    half = rows_under(deal, [{}, state(budget__army=0.5, home_need__all=0.5, component_supply__all=0.5)])
    for before, after in zip(deal.budgets, half.budgets, strict=True):
        is_hit = before.branch == "army" and before.fiscal_year == 2028
        assert after.amount == before.amount * (0.5 if is_hit else 1.0)
    for table, column in (("home_needs", "quantity"), ("component_supply", "limit")):
        for before, after in zip(deal.table(table), half.table(table), strict=True):
            # the seller's year 2028 begins in the plan in November 2027, its year 2029 in February 2028
            is_hit = before.fiscal_year == 2029
            assert getattr(after, column) == getattr(before, column) * (0.5 if is_hit else 1.0)


def test_stages_of_years_outside_the_plan_are_the_nearest() -> None:
    years = years_of(every_family())
    assert [years.of_buyer(year) for year in (2020, 2027, 2028, 2035)] == [0, 0, 1, 1]
    assert [years.of_seller(year) for year in (2028, 2029, 2040)] == [0, 1, 0]


def test_needs_of_a_branch_and_of_a_requirement_multiply() -> None:
    deal = every_family()
    row = deal.requirement_quantities[0]
    branch = next(each.branch for each in deal.requirements if each.id == row.requirement)
    both = {
        Varied("buyer_need", branch): Outcome("a", 0.5),
        Varied("buyer_need", row.requirement): Outcome("b", 3.0),
    }
    found = rows_under(deal, [both, both])
    assert found.requirement_quantities[0].objective == pytest.approx(row.objective * 1.5)


def test_what_a_unit_is_worth_does_not_follow_the_prices_of_a_scenario() -> None:
    """The licensed line says by comparisons with prices what guarding an air base is worth."""
    deal = read(LICENSED_LINE)
    assert any(row.value_threshold is None for row in deal.requirements)
    dear = rows_under(deal, [state(price__all=2.0)] * 4)
    assert [row.value_threshold for row in dear.requirements] == [
        row.value_threshold for row in completed(deal).requirements
    ]
    assert arrange(dear, assess(dear)).requirements.value_threshold.tolist() == (
        arrange(deal, assess(deal)).requirements.value_threshold.tolist()
    )


def test_nothing_in_force_leaves_the_deal_alone() -> None:
    deal = every_family()
    assert state_deal(deal, {}) is deal
    assert Matching(deal).under({}) == assess(deal)


def test_output_permits_and_work_follow_their_state() -> None:
    deal = every_family()
    found = state_deal(deal, state(line_outage__all=0.5, integration_delay__all=1.4))
    assert [row.availability for row in found.lines] == [0.5 * row.availability for row in deal.lines]
    for before, after in zip(deal.integrations, found.integrations, strict=True):
        assert before.months * 1.4 <= after.months < before.months * 1.4 + 1


def test_effectiveness_is_lowered_and_never_lifted_beyond_one() -> None:
    deal = every_family()
    plain, matching = assess(deal), Matching(deal)
    low, high = (matching.under(state(effectiveness__kite=by)) for by in (0.5, 3.0))
    for before, less, more in zip(plain.pairings, low.pairings, high.pairings, strict=True):
        by = 0.5 if before.system == "kite" else 1.0
        assert less.effectiveness == pytest.approx(before.effectiveness * by)
        assert more.effectiveness <= 1.0
