"""The coarse tree keeps the chances of its groups, and its prices make cuts that hold for the full tree."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.made_up_trees import TreeSize, made_up_tree

from dronedeal.solving.interface import never_stop
from dronedeal.solving.stochastic import solve_tree
from dronedeal.solving.stochastic.coarse import coarse_tree, first_steps
from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.recourse import Recourse, Task
from dronedeal.solving.stochastic.split import cut

SMALL = TreeSize(6, years=3, lines=2, systems=2, components=1)


def test_chances_of_a_group_are_those_of_its_members() -> None:
    staged = made_up_tree(SMALL, seed=1)
    coarse = coarse_tree(staged)
    assert coarse.staged.probability[1:4] == pytest.approx([1 / 3] * 3)
    assert coarse.staged.n_nodes == 1 + 3 + 9 + 18
    assert (staged.depth[coarse.image] == coarse.staged.depth).all()


def test_its_cuts_lie_below_every_subtree_and_near_them() -> None:
    staged = made_up_tree(SMALL, seed=1)
    split = cut(staged, 2)
    first = first_steps(staged, split, time_limit=None, should_stop=never_stop)
    assert len(first.multipliers) == 9
    assert first.point is not None
    assert len(first.point) == len(split.top.cost)
    shape, recourse = split.shapes[0], Recourse(split.shapes)
    states = np.random.default_rng(0).uniform(5, 15, (shape.n, shape.state.shape[1]))
    answers = recourse.evaluate(Task(0, np.arange(shape.n), states, has_values=False))
    costs = np.array([answer.cost for answer in answers])
    cuts = [CutMaker(shape).cut(multipliers) for _, multipliers in first.multipliers]
    values = np.array([states @ made.slope + made.intercept for made in cuts])
    assert (values <= costs + 1e-6 * abs(costs)).all()
    assert (values.max(axis=0) > 0.5 * costs).mean() > 0.5


@pytest.mark.parametrize("is_priced_by_node", [False, True])
def test_a_tree_begun_with_a_coarse_one_is_solved_as_the_whole_is(is_priced_by_node: bool) -> None:
    staged = made_up_tree(SMALL, seed=2, is_priced_by_node=is_priced_by_node)
    whole = solve_tree(staged, method="extensive", gap=1e-6)
    split = solve_tree(staged, method="decomposition", gap=1e-4, depth=2)
    assert split.cost_bound <= whole.cost * (1 + 1e-7)
    assert whole.cost <= split.cost * (1 + 1e-7)
    assert split.gap <= 1e-4
    assert split.measured["seconds: coarse tree"] > 0
