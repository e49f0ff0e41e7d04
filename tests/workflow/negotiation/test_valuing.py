"""Values of term sheets beside an offer: those of plans of the deal under each."""

from __future__ import annotations

from functools import cache

import pytest

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.workflow.negotiation.valuing import SheetValues

OFFERED = {"price": 1100.0, "own_needs": 0.8}


@cache
def first_deal() -> Deal:
    return dronedeal.read("deals/first-deal")


@cache
def of_two_prices() -> Deal:
    """The first deal with another price in the second year: the clause on the price has no one value now."""
    deal = first_deal()
    rows = [
        row.model_copy(update={"unit_price": 1200.0})
        if (row.system, row.fiscal_year) == ("kestrel", 2028)
        else row
        for row in deal.prices
    ]
    return deal.with_table("prices", rows)


def joint(deal: Deal, terms: dict[str, float]) -> tuple[float, float]:
    utilities = dronedeal.plan(deal_at(deal, terms), gap=0.0).utilities
    return utilities["buyer"], utilities["seller"]


@pytest.mark.parametrize("named", [{}, OFFERED, {"price": 1300.0, "royalty": 0.2}])
def test_a_sheet_is_worth_what_a_plan_under_it_is(named: dict[str, float]) -> None:
    values = SheetValues(first_deal(), OFFERED)
    assert values.worth(named) == pytest.approx(joint(first_deal(), named), rel=2e-3)


@pytest.mark.parametrize("named", [{}, {"own_needs": 0.8}, {"price": 1100.0}])
def test_a_sheet_that_leaves_out_a_clause_without_one_value_keeps_what_the_deal_has(
    named: dict[str, float],
) -> None:
    values = SheetValues(of_two_prices(), OFFERED)
    assert values.at_present["price"] is None
    assert values.at_offer["price"] == 1100.0
    assert values.worth(named) == pytest.approx(joint(of_two_prices(), named), rel=2e-3)


def test_a_clause_that_the_search_cannot_move_says_why() -> None:
    assert SheetValues(of_two_prices(), {"royalty": 0.2}, frozen=["own_needs"]).still == {
        "price": "the deal has no one value for it",
        "own_needs": "it is not talked about again",
    }


def test_a_sheet_under_which_a_floor_cannot_be_kept_has_no_worth() -> None:
    values = SheetValues(first_deal(), OFFERED, floors=(1e9, 0.0))
    assert values.worth(OFFERED) is None
    values.without_floors()
    assert values.worth(OFFERED) is not None
