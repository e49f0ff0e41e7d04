"""What bargaining finds stands in the record as it was found."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.negotiation.record_case import full_negotiation

from dronedeal.negotiation.clauses import clause_prices
from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.fair_point import FairPoint
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.logrolling import logrolling
from dronedeal.negotiation.plain_data import plain_data
from dronedeal.negotiation.record import Sides
from dronedeal.negotiation.recording import (
    Reading,
    bound_curve,
    exchange_record,
    fair_plan,
    frontier_plans,
    jump_ids,
    priced,
)
from dronedeal.negotiation.trials import Clause, Move, Moves, Trials

READING = Reading(terms=lambda outcome: {"price": outcome.utilities[1]}, folder=lambda outcome: outcome.label)
PAIRS = [(0, 10), (4, 5), (10, 0), (3, 3)]


def listed_frontier() -> Frontier:
    return frontier(ListedOutcomes(PAIRS), points=None, step=1)


def test_the_points_of_a_frontier_are_named_in_order_with_terms_gap_and_dent() -> None:
    plans = frontier_plans(listed_frontier(), READING)
    assert [plan.id for plan in plans] == ["p01", "p02", "p03"]
    assert [plan.utilities for plan in plans] == [Sides(0, 10), Sides(4, 5), Sides(10, 0)]
    assert [plan.is_supported for plan in plans] == [True, False, True]
    assert [plan.terms["price"] for plan in plans] == [10, 5, 0]
    assert jump_ids(listed_frontier(), plans) == ("p01", "p02")
    assert all(plain_data(plan) for plan in plans)


def test_no_outcome_lies_beyond_the_bound_curve() -> None:
    curve = bound_curve(listed_frontier())
    assert [corner.buyer for corner in curve] == sorted(corner.buyer for corner in curve)
    assert (curve[0].buyer, curve[-1].buyer) == (0, 10)
    for buyer, seller in PAIRS:
        limits = [corner.seller for corner in curve if corner.buyer <= buyer + 1e-9]
        assert seller <= limits[-1] + 1e-6


def test_the_curve_touches_points_that_are_proven() -> None:
    curve = bound_curve(listed_frontier())
    assert min(corner.seller for corner in curve if corner.buyer >= 4.5) == pytest.approx(0, abs=1e-6)


def test_an_empty_frontier_has_no_curve() -> None:
    assert bound_curve(Frontier(())) == ()


def test_a_fair_point_keeps_its_certificate() -> None:
    point = FairPoint("nash", Outcome((5.0, 7.0), "plans/nash"), (1.0, 2.0), 20.0, 21.0, 0.01, "Why.", 3)
    found = fair_plan(point, READING)
    assert found is not None
    assert (found.gains, found.gap, found.plan) == (Sides(4, 5), 0.05, "plans/nash")
    unproven = fair_plan(replace(point, bound=math.inf), READING)
    assert unproven is not None
    assert (unproven.bound, unproven.gap, unproven.method_gap) == (None, None, None)
    assert fair_plan(None, READING) is None


@pytest.mark.parametrize(
    ("name", "most", "explained"),
    [("nash", 11.0, 0.21), ("egalitarian", 11.0, 0.1), ("nash", 15.0, 0.6), ("welfare", math.inf, 0.6)],
)
def test_the_plans_own_gap_explains_a_part_of_the_gap_of_a_fair_point(
    name: str, most: float, explained: float
) -> None:
    """Both gains may be greater as their greatest sum: a product by its square, and never beyond the gap."""
    outcome = Outcome((5.0, 7.0), "plans/nash")
    point = FairPoint(name, outcome, (1.0, 2.0), 20.0, 32.0, 0.01, "Why.", 3)
    together = FairPoint("welfare", outcome, (1.0, 2.0), 10.0, most, 0.0, "Why.", 1)
    found = fair_plan(point, READING, together=together)
    assert found is not None
    assert found.plan_gap == pytest.approx(explained)


def _value(moves: Moves) -> tuple[float, float]:
    advance, licence = Move("advance", "seller") in moves, Move("licence", "seller") in moves
    both = 6 * (advance and licence)
    return 10.0 - 2 * advance - licence + both, 5.0 + 3 * advance - 2 * licence + both


def test_a_clause_keeps_its_price_and_its_interaction() -> None:
    price = clause_prices(Trials(_value), [Clause("advance"), Clause("licence")])[0]
    found = priced(full_negotiation().clauses[3], price)
    assert found.at_seller == Sides(-2, 3)
    assert found.tension == 2
    assert found.interaction is not None
    assert (found.interaction.other, found.interaction.more) == ("licence", Sides(6, 6))


def test_a_clause_that_allows_no_agreement_has_no_tension() -> None:
    (price,) = clause_prices(Trials(lambda moves: None if moves else (1.0, 1.0)), [Clause("advance")])
    found = priced(full_negotiation().clauses[0], price)
    assert (found.at_buyer, found.between, found.tension) == (None, None, None)


def test_the_exchange_says_what_each_move_does_alone() -> None:
    trials, clauses = Trials(_value), [Clause("advance"), Clause("licence")]
    clause_prices(trials, clauses)
    found = exchange_record(logrolling(trials, clauses))
    assert found is not None
    assert found.change == Sides(3, 7)
    assert [(move.clause, move.alone) for move in found.moves] == [
        ("advance", Sides(-2, 3)),
        ("licence", Sides(-1, -2)),
    ]
    assert exchange_record(None) is None
