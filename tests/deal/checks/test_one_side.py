"""Each rule on runs of one side alone finds what it is for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found

from dronedeal.deal import TABLES, Deal, Place

ESTIMATE = Place("buyer/estimates/lines.csv")


def buyer_alone(*blank: str) -> Deal:
    """The sound deal as the buyer sees it, with rows for every table of the seller but these."""
    deal = SOUND
    for name in blank:
        deal = deal.with_table(name, [])
    return replace(deal, sides=("shared", "buyer"))


CASES = (
    Case(
        "estimated_table",
        replace(SOUND, estimates={"lines": ESTIMATE}),
        at=(ESTIMATE,),
        says=("the buyer's estimate of it, rows: 2", "read every figure of the seller in this run"),
    ),
    Case(
        "table_not_given",
        buyer_alone("other_buyers", "seller_positions"),
        at=(Place("seller"),),
        says=("neither given nor estimated: other_buyers, seller_positions",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case: Case) -> None:
    assert_found(case)


def test_a_deal_of_both_sides_is_not_reminded_of_anything() -> None:
    empty = SOUND
    for name, table in TABLES.items():
        if table.owner == "seller":
            empty = empty.with_table(name, [])
    assert empty.is_given("lines")
