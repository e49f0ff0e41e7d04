"""Stating a staged problem: names, paths and sums are checked where they are stated."""

from __future__ import annotations

import numpy as np
import pytest

from dronedeal.errors import InputError
from dronedeal.solving.stochastic import StagedBuilder


def test_a_row_may_not_name_what_is_not_known_there() -> None:
    stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    stages.column(0, "now")
    left = stages.column(1, "later")
    with pytest.raises(
        InputError, match=r"row 'need' of node 2 names later\[1\], which is not known there; a row may"
    ):
        stages.row(2, "need", {left: 1}, lower=1)


def test_conditional_probabilities_are_multiplied_and_their_sums_checked() -> None:
    stages = StagedBuilder([-1, 0, 0, 1, 1], [1, 0.5, 0.5, 0.25, 0.75], is_conditional=True)
    assert stages.probability.tolist() == [1, 0.5, 0.5, 0.125, 0.375]
    with pytest.raises(InputError, match=r"children of node 0 have probabilities that sum to 1\.1"):
        StagedBuilder([-1, 0, 0], [1, 0.5, 0.6], is_conditional=True)


def test_names_within_a_node_are_different_and_nodes_exist() -> None:
    stages = StagedBuilder([-1], [1])
    stages.column(0, "x")
    with pytest.raises(InputError, match="node 0 has two columns named 'x'"):
        stages.column(0, "x")
    with pytest.raises(InputError, match="node 4 is not in the tree; its nodes are 0 to 0"):
        stages.column(4, "x")
    with pytest.raises(InputError, match="the problem has no rows"):
        stages.problem()


def test_the_problem_and_the_nodes_state_the_same_numbers() -> None:
    stages = StagedBuilder([-1, 0, 0], [1, 0.25, 0.75])
    now = stages.column(0, "now", cost=2, lower=-1, upper=4)
    for node in (1, 2):
        later = stages.column(node, "later", cost=3, is_integer=True)
        stages.row(node, "need", {now: 1, later: 2}, lower=node, upper=9)
    problem, staged = stages.problem(), stages.staged()
    assert problem.utility[0].tolist() == [-2, -0.75, -2.25]
    assert problem.lower.tolist() == [-1, 0, 0]
    assert problem.node.tolist() == [0, 1, 2]
    assert problem.is_integer.tolist() == [False, True, True]
    assert problem.tree.probability.tolist() == [1, 0.25, 0.75]
    assert [block.row_lower.tolist() for block in staged.blocks] == [[], [1], [2]]
    assert staged.blocks[2].links[1].toarray() == pytest.approx(np.array([[1.0]]))
