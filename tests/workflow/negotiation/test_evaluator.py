"""A deal as an evaluator: its answers are ordinary plans under terms, its bounds hold for all terms."""

from __future__ import annotations

import math

import numpy as np
import pytest

import dronedeal
from dronedeal.deal.term_sheet import clause_range, deal_at
from dronedeal.negotiation.evaluator import Question, lesser_gain, weighted
from dronedeal.workflow.negotiation import DealEvaluator, Point

NO_FLOOR = -math.inf


@pytest.fixture(scope="module")
def first() -> DealEvaluator:
    return DealEvaluator(dronedeal.read("deals/first-deal"))


@pytest.fixture(scope="module")
def licensed() -> DealEvaluator:
    return DealEvaluator(dronedeal.read("deals/licensed-line"))


@pytest.mark.parametrize("weights", [(1.0, 1.0), (1.0, 0.001), (0.001, 1.0)])
def test_an_answer_is_the_plan_of_the_deal_under_its_terms(
    first: DealEvaluator, weights: tuple[float, float]
) -> None:
    answer = first.best(Question(weighted(*weights)))
    assert answer.outcome is not None
    point = answer.outcome.plan
    assert isinstance(point, Point)
    problem = first.built(point.terms).problem
    utilities = problem.utilities(point.values) * 1e6
    np.testing.assert_allclose(utilities, answer.outcome.utilities, rtol=1e-9)
    rows = problem.matrix.times(point.values)
    assert (rows >= problem.row_lower - 1e-6).all()
    assert (rows <= problem.row_upper + 1e-6).all()
    assert np.dot(weights, answer.outcome.utilities) <= answer.bound * (1 + 1e-9)


def test_no_plan_under_any_terms_beats_the_bound(first: DealEvaluator) -> None:
    bound = first.best(Question(weighted(1.0, 1.0))).bound
    deal, draw = first.deal, np.random.default_rng(7)
    for _ in range(6):
        terms = {}
        for clause in deal.clauses:
            lower, upper = clause_range(deal, clause)
            terms[clause.id] = round(float(draw.uniform(lower, upper)), 2)
        plan = dronedeal.plan(deal_at(deal, terms))
        assert plan.objective <= bound * (1 + 1e-9)


def test_terms_that_both_can_gain_by_are_found(first: DealEvaluator) -> None:
    answer = first.best(Question(weighted(1.0, 1.0)))
    assert answer.outcome is not None
    assert sum(answer.outcome.utilities) > dronedeal.plan(first.deal).objective


def test_floors_are_kept(first: DealEvaluator) -> None:
    most = first.best(Question(weighted(0.0, 1.0))).outcome
    assert most is not None
    floor = 0.5 * most.utilities[1]
    answer = first.best(Question(weighted(1.0, 0.0), floors=(NO_FLOOR, floor), near=most))
    assert answer.outcome is not None
    assert answer.outcome.utilities[1] >= floor * (1 - 1e-6)


def test_it_is_proven_that_nothing_keeps_floors_that_are_too_high(first: DealEvaluator) -> None:
    assert first.best(Question(weighted(1.0, 0.0), floors=(NO_FLOOR, 1e12))).is_none_proven


def test_the_lesser_gain_is_as_large_as_its_bound_allows(first: DealEvaluator) -> None:
    question = Question(lesser_gain((600_000.0, 288_000.0)))
    answer = first.best(question)
    assert answer.outcome is not None
    value = question.value(answer.outcome.utilities)
    assert value <= answer.bound * (1 + 1e-9)
    assert value >= 0.8 * answer.bound


def test_the_same_question_gets_the_same_answer() -> None:
    question = Question(weighted(1.0, 0.5))
    answers = [DealEvaluator(dronedeal.read("deals/first-deal")).best(question) for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_clause_that_switches_stays_as_it_is_and_says_why(licensed: DealEvaluator) -> None:
    assert set(licensed.stays) == {"investor"}
    answer = licensed.best(Question(weighted(1.0, 1.0)))
    assert answer.outcome is not None
    assert "investor" not in answer.outcome.plan.terms


def test_plans_under_given_terms_include_clauses_out_of_proportion(licensed: DealEvaluator) -> None:
    question = Question(weighted(1.0, 1.0))
    both = [licensed.under({"investor": value}, question).outcome for value in (0.0, 1.0)]
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].utilities != both[1].utilities
    expected = dronedeal.plan(deal_at(licensed.deal, both[1].plan.terms)).utilities
    assert sum(both[1].utilities) == pytest.approx(sum(expected.values()), rel=0.02)


def test_what_a_twin_answers_does_not_depend_on_what_was_asked_before() -> None:
    """In licensed-line costs fall with experience, so that problems stay in the solver between questions."""
    evaluator = DealEvaluator(dronedeal.read("deals/licensed-line"))
    evaluator.warm_up()
    questions = [Question(weighted(1.0, 0.5)), Question(lesser_gain((0.0, 0.0)))]
    there = [evaluator.twin().best(question) for question in questions]
    back = [evaluator.twin().best(question) for question in reversed(questions)][::-1]
    assert there == back
    again = DealEvaluator(dronedeal.read("deals/licensed-line"))
    again.warm_up()
    assert again.twin().best(questions[1]) == there[1]
    for one, other in zip(there, back, strict=True):
        assert one.outcome is not None
        assert other.outcome is not None
        assert one.outcome.plan.values.tobytes() == other.outcome.plan.values.tobytes()
