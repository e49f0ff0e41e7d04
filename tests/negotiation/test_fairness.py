"""All fair points at once are what they are one by one, with fewer questions."""

from __future__ import annotations

import pytest
from tests.negotiation.evaluators import Recording, knapsack, triangle
from tests.negotiation.small_deals import with_disagreement

from dronedeal.negotiation.engine import Threads
from dronedeal.negotiation.fairness import fair_points
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.nash import nash
from dronedeal.negotiation.points import egalitarian, ideal_point, kalai_smorodinsky, welfare


def test_together_they_are_what_they_are_one_by_one() -> None:
    for seed in range(200):
        pairs, disagreement = with_disagreement(seed)
        evaluator = ListedOutcomes(pairs)
        found = fair_points(evaluator, disagreement)
        single = [rule(evaluator, disagreement) for rule in (nash, kalai_smorodinsky, egalitarian, welfare)]
        if found is None:
            assert single == [None] * 4
            continue
        assert found.ideal == ideal_point(evaluator, disagreement)
        for one, other in zip(found, single, strict=True):
            assert other is not None
            assert one.name == other.name
            assert one.value == pytest.approx(other.value, rel=1e-5)
            assert one.gap <= 1e-4


def test_what_they_have_in_common_is_asked_once() -> None:
    asked = Recording(knapsack())
    known = [point.outcome for point in frontier(knapsack(), points=None, step=1).points]
    disagreement = (918.0, 906.0)
    found = fair_points(asked, disagreement, known=known)
    assert found is not None
    assert [tuple(map(round, point.utilities)) for point in found] == [
        (934, 971),
        (936, 942),
        (948, 939),
        (934, 971),
    ]
    # Two for the ideal point, one for each point, and at most one more for the logarithms.
    assert len(asked.asked) <= 7
    assert all(each.near is not None and each.admits(each.near.utilities, 1e-6) for each in asked.asked)


def test_points_do_not_depend_on_how_many_work_on_them() -> None:
    alone = fair_points(triangle(8.0, 2.0), (1.0, 0.25), power=(2.0, 1.0))
    with Threads(3) as engine:
        assert fair_points(Inquiry(triangle(8.0, 2.0), engine=engine), (1.0, 0.25), power=(2.0, 1.0)) == alone
    assert alone is not None
    assert alone.nash.utilities == pytest.approx((1 + 8 * 0.75 * 2 / 3, 0.25 + 2 * 0.75 / 3), rel=1e-2)


def test_where_one_side_can_gain_nothing_all_points_still_exist() -> None:
    found = fair_points(ListedOutcomes([(5, 1), (5, 4), (3, 9)]), (5.0, 0.0))
    assert found is not None
    assert {point.utilities for point in found} == {(5, 4)}
