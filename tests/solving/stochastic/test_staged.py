"""What a staged problem refuses, and what it works out by plain arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from tests.solving.stochastic.published import farmer

from dronedeal.errors import InputError
from dronedeal.solving.stochastic import NodeBlock, StagedProblem, solve_tree


def block(cost: float, need: float | None = None, *, lag: int = 1) -> NodeBlock:
    ones, none = sparse.csr_array([[1.0]]), np.zeros(0)
    if need is None:
        own, low, high, links = sparse.csr_array((0, 1)), none, none, {}
    else:
        own, low, high, links = ones, np.array([need]), np.array([np.inf]), {lag: ones}
    return NodeBlock(np.array([cost]), np.zeros(1), np.full(1, 9.0), np.zeros(1, bool), low, high, own, links)


def staged(*blocks: NodeBlock, probability: tuple[float, ...] = (1.0, 0.5, 0.5)) -> StagedProblem:
    return StagedProblem(np.array([-1, 0, 0]), np.array(probability), blocks)


def test_probabilities_are_checked_and_never_scaled() -> None:
    with pytest.raises(
        InputError, match=r"children of node 0 have probabilities that sum to 0.9, .*the node has 1;"
    ):
        staged(block(1), block(2, 1), block(2, 2), probability=(1.0, 0.5, 0.4))


def test_parents_come_before_their_children() -> None:
    with pytest.raises(
        InputError, match="node 1 has parent 2; a parent is a node with a smaller number, 0 to 0"
    ):
        StagedProblem(np.array([-1, 2, 0]), np.array([1.0, 0.5, 0.5]), ())


def test_a_link_beyond_the_root_is_refused() -> None:
    with pytest.raises(InputError, match="node 1: a link 2 stages back; the node has 1 ancestors"):
        staged(block(1), block(2, 1, lag=2), block(2, 1))


def test_a_missing_number_is_refused_with_its_node() -> None:
    with pytest.raises(InputError, match="node 2: cost is nan; give a finite number"):
        staged(block(1), block(2, 1), block(float("nan"), 1))


def test_costs_and_violations_are_plain_sums() -> None:
    problem = staged(block(1), block(2, 3), block(2, 8))
    values = np.array([3.0, 0.0, 4.0])
    assert problem.cost_of(values) == pytest.approx(3 + 0.5 * 8)
    assert problem.scenario_costs(values) == pytest.approx([3, 11])
    assert problem.violation(values) == pytest.approx(1.0)
    assert problem.violation(np.array([10.0, 0.0, 0.0])) == pytest.approx(1.0)


def test_both_ways_to_give_a_problem_have_the_same_answer() -> None:
    stages, _ = farmer()
    apart = stages.staged()
    found = solve_tree(apart, gap=1e-9)
    assert found.objective == pytest.approx(
        solve_tree(stages.problem(), objective="buyer", gap=1e-9).objective
    )
    assert found.values is not None
    assert apart.cost_of(found.values) == pytest.approx(found.cost)
    assert apart.violation(found.values) < 1e-6
    assert solve_tree(replace(apart, constant=7.0), gap=1e-9).cost == pytest.approx(found.cost + 7)
