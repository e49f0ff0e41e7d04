"""Questions and answers: what a goal is worth, what it is as linear rows, what is kept of an answer."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dronedeal.negotiation.evaluator import (
    NO_OUTCOME,
    Affine,
    Answer,
    Outcome,
    Question,
    answer_from_data,
    answer_to_data,
    gain_of,
    goal_rows,
    lesser_gain,
    question_to_data,
    weighted,
)

NUMBERS = st.floats(-50, 50).map(lambda number: round(number, 3))
PIECES = st.builds(Affine, NUMBERS, NUMBERS, NUMBERS)
GOALS = st.lists(st.lists(PIECES, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(tuple)


def test_a_goal_is_the_sum_of_the_least_pieces_of_its_terms() -> None:
    goal = ((Affine(1, 0), Affine(0, 1, 10)), (Affine(2, 2, -1),))
    assert Question(goal).value((3.0, -8.0)) == 2 + (6 - 16 - 1)


@settings(deadline=None, max_examples=40)
@given(goal=GOALS, buyer=NUMBERS, seller=NUMBERS)
def test_linear_rows_have_the_goal_as_their_optimum(goal: tuple, buyer: float, seller: float) -> None:
    question = Question(goal)
    rows = goal_rows(question)
    bounds = [(buyer, buyer), (seller, seller), *[(None, None)] * (len(rows.objective) - 2)]
    found = linprog(-rows.objective, A_ub=-rows.rows, b_ub=-rows.lower, bounds=bounds)
    assert -found.fun + rows.constant == pytest.approx(question.value((buyer, seller)), abs=1e-6)


def test_what_must_be_kept_becomes_rows_too() -> None:
    rows = goal_rows(Question(weighted(1, 0), keep=(Affine(1, 1, -5),)))
    assert rows.rows.tolist() == [[1, 1]]
    assert rows.lower.tolist() == [5]


def test_floors_and_limits_decide_what_is_allowed() -> None:
    question = Question(weighted(1, 0), floors=(2.0, -math.inf), keep=(Affine(1, 1, -5),))
    assert question.admits((2.0, 3.0))
    assert not question.admits((1.99, 9.0))
    assert question.admits((1.99, 9.0), tolerance=0.1)
    assert not question.admits((2.0, 2.9))


def test_the_lesser_gain_is_counted_in_the_unit_of_each_side() -> None:
    question = Question(lesser_gain((10.0, 0.0), (5.0, 2.0)))
    assert question.value((20.0, 6.0)) == 2.0
    assert question.value((12.5, 6.0)) == 0.5
    assert gain_of(1, (10.0, 4.0), 2.0).of((99.0, 6.0)) == 1.0


def test_the_outcome_to_start_from_does_not_tell_questions_apart() -> None:
    question = Question(weighted(1, 0))
    near = question.starting_at(Outcome((1.0, 2.0), "near"))
    assert near == question
    assert near.near is not None
    assert question_to_data(near) == question_to_data(question)


@pytest.mark.parametrize(
    "answer",
    [
        NO_OUTCOME,
        Answer(None, math.inf),
        Answer(Outcome((0.1, -7e300), "plan 3", plan=[1]), 0.30000000000000004),
    ],
)
def test_an_answer_survives_being_written_as_json(answer: Answer) -> None:
    again = answer_from_data(json.loads(json.dumps(answer_to_data(answer), allow_nan=False)))
    assert again == answer
    assert again.is_none_proven == answer.is_none_proven
    json.dumps(question_to_data(Question(weighted(1, 0), floors=(-math.inf, 3.0))), allow_nan=False)


def test_that_nothing_was_found_proves_nothing() -> None:
    assert NO_OUTCOME.is_none_proven
    assert not Answer(None, np.inf).is_none_proven
