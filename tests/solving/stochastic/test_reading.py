"""A Problem taken apart node by node is the same problem."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.solving.stochastic.published import air_conditioning, farmer

from dronedeal.errors import InputError
from dronedeal.planning.model import build_problem
from dronedeal.planning.problem import SparseRows
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.solving.stochastic import solve_tree
from dronedeal.solving.stochastic.reading import read_problem


def test_every_column_has_the_cost_of_its_node_without_its_probability() -> None:
    stages, _ = air_conditioning()
    problem = stages.problem()
    reading = read_problem(problem, objective="buyer")
    for node, block in enumerate(reading.staged.blocks):
        assert block.cost == pytest.approx([100, 300, 50]), node
        assert block.is_integer.all()
    assert reading.in_problem_order(problem.upper[reading.order]) == pytest.approx(problem.upper)


def test_a_row_over_several_branches_is_kept_apart_and_solved_at_once_only() -> None:
    stages, area = farmer()
    problem = stages.problem()
    # No more than 3000 t of beets within the quota on average: a row over all three futures.
    beets = problem.columns["beets within quota"]
    matrix = problem.matrix
    joint = replace(
        problem,
        matrix=SparseRows(
            np.append(matrix.start, matrix.start[-1] + 3),
            np.concatenate([matrix.column, beets.numbers]),
            np.concatenate([matrix.value, np.full(3, 1 / 3)]),
        ),
        row_lower=np.append(problem.row_lower, -np.inf),
        row_upper=np.append(problem.row_upper, 3000.0),
    )
    found = solve_tree(joint, objective="buyer", gap=1e-9)
    assert found.values is not None
    assert found.values[beets.numbers].mean() <= 3000 + 1e-6
    assert found.objective < 108390 - 1
    assert solve_tree(joint, objective="buyer", gap=1e-9, tail=0.5).objective < found.objective
    with pytest.raises(InputError, match="1 row joins several branches"):
        solve_tree(joint, objective="buyer", method="decomposition")
    assert area


def test_a_cost_in_a_node_that_never_comes_is_refused() -> None:
    stages, _ = farmer()
    problem = stages.problem()
    never = replace(problem.tree, probability=np.array([1.0, 0.5, 0.5, 0.0]))
    with pytest.raises(InputError, match=r"column .*\[3\] has a cost, but its node 3 has probability 0"):
        read_problem(replace(problem, tree=never), objective="buyer")


def test_a_deal_on_a_tree_has_the_same_optimum_at_once_and_split() -> None:
    deal = with_uncertainty(
        every_family(),
        ("buyer_need", "*", 2028, {"less": (0.4, 0.7), "more": (0.6, 1.25)}),
        ("line_outage", "home", 2028, {"struck": (0.2, 0.6), "whole": (0.8, 1.0)}),
    )
    problem = build_problem(on_tree(deal, exact_tree(deal)).data).chords()
    relaxed = replace(problem, is_integer=np.zeros(problem.n_columns, dtype=bool))
    whole = solve_tree(relaxed, method="extensive", gap=1e-9)
    split = solve_tree(relaxed, method="decomposition", gap=1e-4)
    assert split.bound >= whole.objective - 1e-7
    assert split.objective <= whole.objective + 1e-7
    assert split.gap <= 1e-4
    assert whole.objective == pytest.approx(problem.utilities(whole.values).sum())  # type: ignore[arg-type]
