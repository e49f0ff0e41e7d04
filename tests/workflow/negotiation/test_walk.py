"""A walk along a frontier, with a walker that knows a handful of outcomes."""

from __future__ import annotations

import math

import numpy as np

from dronedeal.engine import Threads
from dronedeal.negotiation.evaluator import Answer, Outcome, Question
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.negotiation.walk import Walk

ARC = [(100 * math.sin(angle), 100 * math.cos(angle)) for angle in np.linspace(0.0, math.pi / 2, 91)]


class Walker:
    """Answers from a list, and counts."""

    def __init__(self, listed: ListedOutcomes) -> None:
        self.listed = listed
        self.branches: list[Walker] = []
        self.learned: list[Walker] = []
        self.asked: list[Question] = []
        self.proven: list[tuple[Outcome, np.ndarray]] = []

    def best(self, question: Question, /) -> Answer:
        self.asked.append(question)
        return self.listed.best(question)

    def keep_bases(self) -> HighsSolver:
        return HighsSolver()

    def branch(self) -> Walker:
        self.branches.append(Walker(self.listed))
        return self.branches[-1]

    def learn(self, other: Walker, /) -> None:
        self.learned.append(other)

    def prove(self, outcome: Outcome, weights: np.ndarray) -> None:
        self.proven.append((outcome, weights))


def test_the_walk_goes_from_the_top_to_both_ends_step_by_step() -> None:
    walker = Walker(ListedOutcomes(ARC))
    walk = Walk(walker, (20.0, 30.0))
    outcomes = walk.run()
    utilities = np.array([outcome.utilities for outcome in outcomes])
    # The greatest sum is proven, and what the seller has near its end at the slope that plans have there.
    assert [outcome for outcome, _ in walker.proven] == [outcomes[0], outcomes[-1]]
    (top, last) = (weights for _, weights in walker.proven)
    assert top.tolist() == [1.0, 1.0]
    assert 0.0 < last[0] < 0.7
    assert last[1] == 1.0
    assert utilities[:, 0].min() >= 20.0
    assert utilities[:, 1].min() >= 30.0
    # The last step to either side is its best end.
    inside = [pair for pair in ARC if pair[0] >= 20.0 and pair[1] >= 30.0]
    assert utilities[:, 0].max() == max(pair[0] for pair in inside)
    assert utilities[:, 1].max() == max(pair[1] for pair in inside)
    assert len(walk.stands) == len(outcomes)
    # Each question starts at the outcome before it, and no step is longer than a fifth of the way to an end.
    steps = np.abs(np.diff(utilities[:6, 1]))
    assert steps.max() <= (utilities[0, 1] - 30.0) / 5 + 2.0
    for branch in walker.branches:
        assert all(question.near is not None for question in branch.asked)
    assert set(walker.learned) == set(walker.branches)


def test_both_ways_at_once_find_the_same() -> None:
    alone = Walk(Walker(ListedOutcomes(ARC)), (20.0, 30.0)).run()
    with Threads(2) as engine:
        assert Walk(Walker(ListedOutcomes(ARC)), (20.0, 30.0), engine).run() == alone


def test_without_an_agreement_there_is_no_walk() -> None:
    walk = Walk(Walker(ListedOutcomes([(1.0, 1.0)])), (5.0, 5.0))
    assert walk.run() == ()
    assert walk.stands == []


def test_a_side_that_has_nothing_to_give_is_not_walked_towards() -> None:
    walker = Walker(ListedOutcomes([(5.0, 9.0), (4.0, 8.0)]))
    Walk(walker, (5.0, 1.0)).run()
    assert len(walker.asked) == 1
    to_seller, to_buyer = walker.branches
    assert to_seller.asked == []
    assert len(to_buyer.asked) == 5
