"""The mean of the worst outcomes: from the outcomes themselves, and as rows on the tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.solving.stochastic import mean_of_worst, solve_tree
from dronedeal.solving.stochastic.tail import with_tail, without_tail


def test_tail_one_and_weight_nothing_leave_the_problem_as_it_is() -> None:
    staged = random_problem(0).staged()
    assert with_tail(staged, tail=1.0) is staged
    assert with_tail(staged, tail=None) is staged
    assert with_tail(staged, tail=0.2, tail_weight=0.0) is staged


def test_the_worst_single_outcome_is_the_limit_of_a_small_tail() -> None:
    costs, chances = np.array([5.0, 50.0, 7.0]), np.array([0.6, 0.1, 0.3])
    assert mean_of_worst(costs, chances, tail=0.1) == pytest.approx(50)
    assert mean_of_worst(costs, chances, tail=0.2) == pytest.approx((50 * 0.1 + 7 * 0.1) / 0.2)
    assert mean_of_worst(costs, chances, tail=1.0) == pytest.approx(costs @ chances)


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10**6), st.floats(0.1, 0.9), st.sampled_from([0.3, 1.0]))
def test_what_is_minimised_is_the_mean_of_the_worst_of_its_own_plan(
    seed: int, tail: float, weight: float
) -> None:
    staged = random_problem(seed).staged()
    found = solve_tree(staged, method="extensive", gap=1e-9, tail=tail, tail_weight=weight)
    assert found.values is not None
    costs = staged.scenario_costs(found.values)
    worst = mean_of_worst(costs, staged.probability[staged.leaves], tail=tail)
    mean = staged.cost_of(found.values)
    assert found.cost == pytest.approx((1 - weight) * mean + weight * worst, rel=1e-6, abs=1e-6)
    neutral = solve_tree(staged, method="extensive", gap=1e-9)
    assert found.cost >= neutral.cost - 1e-6


def test_columns_of_the_tail_are_taken_out_again() -> None:
    staged = random_problem(3).staged()
    extended = with_tail(staged, tail=0.5)
    assert extended.n_columns == staged.n_columns + staged.n_nodes + 1 + len(staged.leaves)
    marked = np.concatenate(
        [
            np.arange(k, k + block.n_columns)
            for k, block in zip(staged.column_start, staged.blocks, strict=False)
        ]
    ).astype(float)
    spread = np.full(extended.n_columns, -1.0)
    for node in range(staged.n_nodes):
        first, count = extended.column_start[node], staged.blocks[node].n_columns
        spread[first : first + count] = marked[staged.column_start[node] : staged.column_start[node] + count]
    assert without_tail(spread, staged, extended) == pytest.approx(np.arange(staged.n_columns))
