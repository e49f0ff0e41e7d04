"""What information is worth: known values, signs, and what must not change them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solving.stochastic.published import farmer
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.errors import InputError
from dronedeal.solving.stochastic import (
    StagedProblem,
    solve_tree,
    value_of_perfect_information,
    value_of_stochastic_solution,
    value_of_waiting,
)
from dronedeal.solving.stochastic.worth import known_from, mean_path

FEW = settings(deadline=None, max_examples=6)


def cost(staged: StagedProblem, **options: float) -> float:
    return solve_tree(staged, gap=1e-9, **options).cost  # type: ignore[arg-type]


def test_the_farmer_would_pay_7016_for_the_weather_and_gains_1150_by_the_tree() -> None:
    # Birge and Louveaux, section 1.1: EVPI 7016, VSS 1150.
    staged = farmer()[0].staged()
    assert value_of_perfect_information(staged).value == pytest.approx(7016, abs=0.6)
    assert value_of_stochastic_solution(staged).value == pytest.approx(1150, abs=0.6)


@FEW
@given(st.integers(0, 10**6))
def test_information_and_the_tree_are_never_worth_less_than_nothing(seed: int) -> None:
    staged = random_problem(seed, stages=3).staged()
    waits = [value_of_waiting(staged, stages=stages) for stages in range(3)]
    assert waits[0].value == pytest.approx(0, abs=1e-5)
    assert waits[1].value >= -1e-5
    assert waits[2].value >= waits[1].value - 1e-5
    assert waits[2] == value_of_perfect_information(staged)
    stochastic = value_of_stochastic_solution(staged)
    assert stochastic.value >= -1e-5
    assert stochastic.least <= stochastic.value <= stochastic.most


@FEW
@given(st.integers(0, 10**6))
def test_one_scenario_is_the_deterministic_problem(seed: int) -> None:
    staged = random_problem(seed, stages=3).staged()
    leaf = int(staged.leaves[0])
    alone = known_from(staged, leaf)
    assert alone.n_nodes == 3
    assert mean_path(alone).blocks[2].cost == pytest.approx(alone.blocks[2].cost)
    assert value_of_perfect_information(alone).value == pytest.approx(0, abs=1e-5)
    assert cost(alone, tail=0.2) == pytest.approx(cost(alone), rel=1e-7)
    assert value_of_stochastic_solution(alone).value == pytest.approx(0, abs=1e-5)


@FEW
@given(st.integers(0, 10**6), st.sampled_from([1.0, 0.4]))
def test_neither_order_nor_halving_of_scenarios_changes_the_cost(seed: int, tail: float) -> None:
    staged = random_problem(seed, stages=2).staged()
    expected = cost(staged, tail=tail)
    turned = [0, *range(staged.n_nodes - 1, 0, -1)]
    assert cost(_chosen(staged, turned, staged.probability[turned]), tail=tail) == pytest.approx(
        expected, rel=1e-6
    )
    chances = staged.probability.copy()
    chances[-1] /= 2
    halved = [*range(staged.n_nodes), staged.n_nodes - 1]
    assert cost(_chosen(staged, halved, chances[halved]), tail=tail) == pytest.approx(expected, rel=1e-6)


def _chosen(staged: StagedProblem, nodes: list[int], probability: np.ndarray) -> StagedProblem:
    parent = np.array([-1] + [0] * (len(nodes) - 1))
    return StagedProblem(parent, probability, tuple(staged.blocks[node] for node in nodes))


def test_a_plan_for_the_mean_that_fails_in_some_future_is_endlessly_worse() -> None:
    staged = random_problem(5, stages=2, is_complete=False).staged()
    if solve_tree(staged).values is not None:
        worth = value_of_stochastic_solution(staged)
        assert worth.value >= 0


def test_what_cannot_be_averaged_or_waited_for_is_refused() -> None:
    staged = farmer()[0].staged()
    with pytest.raises(InputError, match="stages 2 is not in the tree; give 0 to 1"):
        value_of_waiting(staged, stages=2)
    odd = replace(staged.blocks[1], is_integer=~staged.blocks[1].is_integer)
    with pytest.raises(InputError, match="nodes of stage 1 differ in columns, rows or links"):
        value_of_stochastic_solution(replace(staged, blocks=(staged.blocks[0], odd, *staged.blocks[2:])))
