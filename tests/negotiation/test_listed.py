"""A list of outcomes as an evaluator, against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import Affine, Question, lesser_gain, weighted
from dronedeal.negotiation.listed import ListedOutcomes

PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(pairs=PAIRS, floor=st.integers(-9, 9), limit=st.integers(-18, 18))
def test_the_best_of_a_list_is_what_a_loop_finds(
    pairs: list[tuple[int, int]], floor: int, limit: int
) -> None:
    question = Question(
        (*lesser_gain((1.0, 2.0)), *weighted(0.25, 0.5)),
        floors=(-math.inf, floor),
        keep=(Affine(1, 1, -limit),),
    )
    allowed = [(b, s) for b, s in pairs if s >= floor and b + s >= limit]
    answer = ListedOutcomes(pairs).best(question)
    if not allowed:
        assert answer.is_none_proven
        return
    best = max(min(b - 1, s - 2) + 0.25 * b + 0.5 * s for b, s in allowed)
    assert answer.outcome is not None
    assert answer.bound == question.value(answer.outcome.utilities) == best
    assert pairs[int(answer.outcome.label)] == answer.outcome.utilities


def test_equally_good_outcomes_are_told_apart_in_a_fixed_way() -> None:
    pairs = [(1, 5), (5, 1), (3, 3), (5, 1)]
    answer = ListedOutcomes(pairs, labels=["a", "b", "c", "d"]).best(Question(weighted(1, 1)))
    assert answer.outcome is not None
    assert answer.outcome.label == "b"


@pytest.mark.parametrize("wrong", [[1.0, 2.0], [(1, 2, 3)], [(1, np.nan)], [(1, np.inf)]])
def test_what_is_not_a_list_of_pairs_is_refused(wrong: list) -> None:
    with pytest.raises(InputError, match="two finite numbers, for buyer and seller"):
        ListedOutcomes(wrong)


def test_labels_must_be_as_many_as_outcomes() -> None:
    with pytest.raises(InputError, match="1 labels for 2 outcomes"):
        ListedOutcomes([(1, 2), (3, 4)], labels=["a"])
