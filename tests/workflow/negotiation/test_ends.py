"""Terms at the end of a range, where a deal lacks what it has inside, still make plans that one can open."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import dronedeal
from dronedeal.deal import Deal
from dronedeal.negotiation.evaluator import Outcome, Question, weighted
from dronedeal.solving import SolveOptions
from dronedeal.workflow.negotiation import DealEvaluator, Point
from dronedeal.workflow.negotiation.ends import Ends
from dronedeal.workflow.negotiation.plans import plan_under


@pytest.fixture(scope="module")
def deal() -> Deal:
    """A licensed line that need not return any of its output."""
    read = dronedeal.read("deals/licensed-line")
    rows = [
        row.model_copy(update={"lower": 0.0, "upper": 0.5, "buyer_position": 0.0, "seller_position": 0.5})
        for row in read.clauses
        if row.id == "returned"
    ]
    return read.with_table("clauses", rows)


@pytest.fixture(scope="module")
def evaluator(deal: Deal) -> DealEvaluator:
    return DealEvaluator(deal)


def at(evaluator: DealEvaluator, share: float) -> Outcome:
    terms = dict(evaluator.as_it_is) | {"returned": share}
    found = evaluator.twin().under(terms, Question(weighted(1.0, 1.0))).outcome
    assert found is not None
    return found


def test_a_plan_at_an_end_is_one_of_the_deal_with_fewer_columns(deal: Deal, evaluator: DealEvaluator) -> None:
    outcome = at(evaluator, 0.0)
    point = outcome.plan
    assert isinstance(point, Point)
    problem = evaluator.built(point.terms).problem
    assert evaluator.negotiable.ranges[0].lower > 0.0  # the range ends before its end
    assert problem.n_columns < len(point.values)
    columns_of = partial(evaluator.columns_of, point)
    run = plan_under(deal, point.terms, point.values, options=SolveOptions(), columns_of=columns_of)
    assert run.verification.is_passed
    assert run.plan.objective == pytest.approx(sum(outcome.utilities), rel=1e-9)


def test_inside_the_range_nothing_is_closed(evaluator: DealEvaluator) -> None:
    point = at(evaluator, 0.3).plan
    assert isinstance(point, Point)
    assert evaluator.built(point.terms).problem.n_columns == len(point.values)
    inside = evaluator.fixed_at(point.terms).problem
    np.testing.assert_array_equal(inside.upper, evaluator.negotiable.at(point.terms).upper)


def test_what_lies_far_out_has_a_problem_of_its_own(evaluator: DealEvaluator) -> None:
    ends = Ends(evaluator.negotiable, evaluator.built)
    assert not ends.are_passed({"returned": 0.0})
    assert not ends.are_passed({"returned": 0.5})
    assert not ends.are_passed({"another clause": 7.0})
    assert ends.are_passed({"returned": 0.9})
