"""Parts of a tree as one matrix."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.solving.stochastic.assembly import assemble, whole


def test_a_subtree_takes_columns_above_it_as_state() -> None:
    staged = random_problem(5, stages=3).staged()
    child = staged.children[0][0]
    nodes = np.array([child, *staged.children[child]], dtype=np.int64)
    part = assemble(staged, nodes, weight=np.ones(len(nodes)))
    values = np.random.default_rng(1).uniform(0, 3, staged.n_columns)
    own = np.concatenate([values[staged.column_start[n] : staged.column_start[n + 1]] for n in nodes])
    above = values[staged.column_start[0] + part.state_column]
    assert (part.state_lag == 1).all()
    activity = part.matrix @ own + part.state @ above
    # The same rows of the whole tree, found by their numbers.
    form = whole(staged)
    first = np.concatenate([[0], np.cumsum([block.n_rows for block in staged.blocks])])
    rows = np.concatenate([np.arange(first[n], first[n + 1]) for n in nodes])
    assert activity == pytest.approx(form.matrix.times(values)[rows])


def test_the_whole_tree_costs_what_its_nodes_cost() -> None:
    staged = random_problem(8).staged()
    values = np.random.default_rng(2).uniform(0, 3, staged.n_columns)
    assert -whole(staged).objective @ values == pytest.approx(staged.cost_of(values))
