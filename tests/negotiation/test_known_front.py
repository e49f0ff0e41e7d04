"""The picture of a frontier answers as a mixed-integer problem over the same lines would."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.negotiation.evaluators import knapsack, triangle

from dronedeal.negotiation.evaluator import Affine, Question, lesser_gain, weighted
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.known_front import KnownFront
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.nash import nash
from dronedeal.negotiation.points import kalai_smorodinsky

POINTS = [(0.0, 10.0), (3.0, 9.0), (5.0, 5.0), (10.0, 0.0)]
QUESTIONS = [
    Question(weighted(1.0, 0.9)),
    Question(lesser_gain((1.0, 0.0), (2.0, 1.0))),
    Question(lesser_gain((-3.0, 1.0)), floors=(2.0, -math.inf)),
    Question(weighted(0.0, 1.0), floors=(4.25, -math.inf), keep=(Affine(1.0, 0.0, -4.5),)),
    Question(weighted(1.0, 0.0), floors=(-math.inf, 7.25)),
]


@pytest.mark.parametrize("jumps", [(), (1,)])
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_point_of_the_picture_is_that_of_many_points_along_its_lines(
    jumps: tuple[int, ...], question: Question
) -> None:
    t = np.linspace(0.0, 1.0, 20_001)[:, None]
    lines = [k for k in range(3) if k not in jumps]
    dense = np.vstack([(1 - t) * POINTS[k] + t * POINTS[k + 1] for k in lines])
    expected = ListedOutcomes(dense).best(question)
    found = KnownFront(POINTS, jumps).best(question)
    assert found.bound == pytest.approx(expected.bound, abs=2e-3)
    assert found.outcome is not None
    assert question.admits(found.outcome.utilities, 1e-9)
    assert question.value(found.outcome.utilities) == pytest.approx(found.bound)


def test_over_a_hole_there_is_nothing() -> None:
    between = Question(weighted(1.0, 1.0), floors=(3.5, 6.0))
    assert KnownFront(POINTS).best(between).outcome is not None
    assert KnownFront(POINTS, (1,)).best(between).is_none_proven


def test_floors_at_a_point_still_allow_the_point() -> None:
    answer = KnownFront([(0.1, 0.7), (0.3, 0.2)], (0,)).best(Question(weighted(1.0, 1.0), floors=(0.3, 0.2)))
    assert answer.outcome is not None
    assert answer.outcome.utilities == (0.3, 0.2)
    assert KnownFront([]).best(Question(weighted(1.0, 1.0))).is_none_proven


def test_fair_points_of_the_picture_are_those_of_the_deal() -> None:
    line = KnownFront.of(frontier(triangle(8.0, 2.0), points=9))
    point = nash(line, (1.0, 0.0), tolerance=1e-9)
    assert point is not None
    assert point.utilities == pytest.approx((4.5, 0.875), rel=1e-3)
    holes = KnownFront.of(frontier(knapsack(), points=None, step=1))
    best, even = nash(holes, (918.0, 906.0)), kalai_smorodinsky(holes, (918.0, 906.0))
    assert best is not None
    assert even is not None
    assert (best.utilities, even.utilities) == ((934, 971), (936, 942))
