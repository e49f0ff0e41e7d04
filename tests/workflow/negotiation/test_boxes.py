"""Narrower ranges of the terms, against terms tried one by one."""

from __future__ import annotations

import numpy as np
import pytest

import dronedeal
from dronedeal.negotiation.evaluator import Question, lesser_gain, weighted
from dronedeal.workflow.negotiation import DealEvaluator
from dronedeal.workflow.negotiation.scaling import scaled

WITHOUT = (600_000.0, 288_000.0)


@pytest.fixture(scope="module")
def evaluator() -> DealEvaluator:
    return DealEvaluator(dronedeal.read("deals/first-deal"))


@pytest.mark.parametrize(
    "question",
    [
        Question(weighted(1.0, 1.0), WITHOUT),
        Question(lesser_gain(WITHOUT)),
        Question(weighted(1.0, 0.001), (600_000.0, 1_400_000.0)),
    ],
    ids=["sum", "lesser gain", "buyer"],
)
def test_no_price_on_a_grid_is_better_and_the_bound_is_close(
    evaluator: DealEvaluator, question: Question
) -> None:
    answer = evaluator.best(question)
    assert answer.outcome is not None
    value = question.value(answer.outcome.utilities)
    assert value * (1 - 1e-9) <= answer.bound <= value * 1.0021 + 1.0
    span = next(span for span in evaluator.negotiable.ranges if span.term == "price")
    for price in np.linspace(span.lower, span.upper, 9).tolist():
        for royalty in (0.0, 0.3):
            terms = {"price": price, "royalty": royalty, "own_needs": 0.5}
            found = evaluator.under(terms, question).outcome
            if found is not None:
                assert question.value(found.utilities) <= answer.bound * (1 + 1e-9)


def test_a_box_never_has_a_greater_bound_than_the_whole(evaluator: DealEvaluator) -> None:
    question = Question(lesser_gain(WITHOUT))
    aim = scaled(question).aim
    whole = evaluator.ask_open({}, aim, None).found.bound
    for low in (700.0, 900.0, 1200.0):
        inside = evaluator.ask_open({"price": (low, low + 150.0)}, aim, None)
        assert inside.found.bound <= whole + 1e-9
        assert inside.found.values is not None
        implied = inside.open.implied(inside.found.values)["price"]
        assert low <= implied <= low + 150.0
