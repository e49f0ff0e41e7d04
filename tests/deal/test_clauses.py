"""What is negotiated."""

from __future__ import annotations

from tests.deal.refuse import assert_refuses

from dronedeal.deal.clauses import BuyerPosition, Clause, ClauseEffect, SellerPosition


def test_a_clause_may_leave_positions_and_bounds_open() -> None:
    clause = Clause(id="c", kind="price", subject="*")
    assert (clause.buyer_position, clause.seller_position, clause.lower, clause.upper) == (None,) * 4


def test_an_effect_says_what_the_cells_are_at_both_positions() -> None:
    cells = {
        "clause": "rights",
        "subject": "lines[away].return_share",
        "buyer_value": "0",
        "seller_value": "1",
    }
    effect = ClauseEffect(**cells)
    assert (effect.buyer_value, effect.seller_value) == ("0", "1")
    assert_refuses(ClauseEffect, cells, buyer_value="", seller_value="", clause="", subject=None)


def test_a_private_position_is_a_number_of_one_clause() -> None:
    for record in (BuyerPosition, SellerPosition):
        assert record(clause="price", position=900).position == 900
        assert_refuses(record, {"clause": "price", "position": 1}, position=float("nan"), clause=None)
