"""Questions of a deal with learning curves, answered from plan to plan."""

from __future__ import annotations

import pytest

import dronedeal
from dronedeal.deal.term_sheet import clause_range, deal_at
from dronedeal.negotiation.evaluator import Question, lesser_gain, weighted
from dronedeal.workflow.negotiation import DealEvaluator

FLOORS = (0.0, 0.0)


@pytest.fixture(scope="module")
def evaluator() -> DealEvaluator:
    found = DealEvaluator(dronedeal.read("deals/licensed-line"))
    found.warm_up(FLOORS)
    return found


@pytest.mark.parametrize(
    "question",
    [
        Question(weighted(1.0, 1.0), FLOORS),
        Question(weighted(1.0, 1e-4), FLOORS),
        Question(weighted(1e-4, 1.0), FLOORS),
        Question(lesser_gain(FLOORS), FLOORS),
    ],
)
def test_an_answer_keeps_floors_bound_and_ranges(evaluator: DealEvaluator, question: Question) -> None:
    answer = evaluator.twin().best(question)
    assert answer.outcome is not None
    assert question.admits(answer.outcome.utilities, tolerance=1.0)
    assert question.value(answer.outcome.utilities) <= answer.bound * (1 + 1e-9)
    for clause, value in answer.outcome.plan.terms.items():
        lower, upper = clause_range(evaluator.deal, clause)
        assert lower <= value <= upper


def test_no_plan_under_any_terms_beats_the_bound(evaluator: DealEvaluator) -> None:
    bound = evaluator.twin().best(Question(weighted(1.0, 1.0))).bound
    for royalty in (0.0, 0.15):
        assert dronedeal.plan(deal_at(evaluator.deal, {"royalty": royalty})).objective <= bound * (1 + 1e-9)


def test_the_same_question_gets_the_same_answer_whoever_asks(evaluator: DealEvaluator) -> None:
    question = Question(lesser_gain(FLOORS), FLOORS)
    first = evaluator.twin()
    first.best(Question(weighted(1.0, 0.5), FLOORS))
    assert evaluator.twin().best(question) == evaluator.twin().best(question)


def test_terms_are_tried_from_the_plan_that_they_are_compared_with(evaluator: DealEvaluator) -> None:
    question = Question(weighted(1.0, 1.0), FLOORS)
    evaluator.stand_at({}, question)
    as_it_is = evaluator.twin().under({}, question).outcome
    free = evaluator.twin().under({"royalty": 0.0}, question).outcome
    assert as_it_is is not None
    assert free is not None
    assert free.utilities[0] > as_it_is.utilities[0]
    assert evaluator.twin().under({"royalty": 0.0}, question).outcome == free
