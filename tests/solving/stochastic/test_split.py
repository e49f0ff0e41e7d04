"""Subtrees that are alike share one template; where the tree is cut."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solving.stochastic.published import electricity
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.errors import InputError
from dronedeal.solving.stochastic.split import Stamps, cut, split_depth


def test_numbers_that_differ_are_kept_and_the_rest_is_shared() -> None:
    vectors = [np.array([1.0, 2.0, np.inf]), np.array([1.0, 5.0, np.inf])]
    stamps = Stamps.of(vectors)
    assert stamps.varying.tolist() == [1]
    assert stamps.full(1).tolist() == [1.0, 5.0, np.inf]
    assert stamps.at(np.array([1, 2])).tolist() == [[2.0, np.inf], [5.0, np.inf]]
    assert stamps.dot(np.array([1.0, 2.0, 0.0])).tolist() == [5.0, 11.0]
    assert stamps.bounded(9.0).full(0).tolist() == [1.0, 2.0, 9.0]


def test_alike_subtrees_make_one_shape_and_others_their_own() -> None:
    split = cut(electricity(3).staged(), 1)
    assert [shape.n for shape in split.shapes] == [2]
    assert split.shapes[0].row_lower.varying.size == 3
    assert split.weight.tolist() == pytest.approx([0.9, 0.1])
    staged = random_problem(2, stages=3).staged()
    split = cut(staged, 1)
    assert sum(shape.n for shape in split.shapes) == len(staged.children[0])
    assert sorted(np.concatenate([shape.number for shape in split.shapes])) == list(range(len(split.roots)))


def test_a_path_has_nothing_to_split() -> None:
    assert split_depth(random_problem(0, stages=1).staged()) is None
    with pytest.raises(InputError, match="cannot be split"):
        cut(random_problem(0, stages=2).staged(), 2)
