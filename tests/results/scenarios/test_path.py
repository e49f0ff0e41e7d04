"""One scenario of a plan on a tree as an ordinary plan."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.every_family import every_family
from tests.planning.scenarios.uncertain import TWO, with_uncertainty

from dronedeal.errors import VerificationError
from dronedeal.planning import Model, build_problem, no_deal_columns
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.results.assemble import make_plan
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.path import path_columns, path_of
from dronedeal.results.verify import verify
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

DEAL = with_uncertainty(
    every_family(whole_units=True),
    ("line_outage", "*", 2028, TWO),
    ("price", "*", 2028, {"dear": (0.5, 1.3), "cheap": (0.5, 0.8)}),
    ("effectiveness", "*", 2028, TWO),
    ("integration_delay", "*", 2028, {"fast": (0.5, 1.0), "late": (0.5, 2.0)}),
)


@pytest.fixture(scope="module")
def solved() -> tuple[OnTree, Model, np.ndarray]:
    placed = on_tree(DEAL, exact_tree(DEAL))
    model = Model(placed.data, build_problem(placed.data))
    outcome = solve_plan(
        model.problem,
        HighsSolver(),
        no_deal=no_deal_columns(model),
        options=SolveOptions(gap=1e-4, is_proven=False),
    )
    return placed, model, Reading(DEAL, model, outcome).values


def test_every_scenario_passes_the_checks_of_an_ordinary_plan(
    solved: tuple[OnTree, Model, np.ndarray],
) -> None:
    placed, model, values = solved
    worth = np.zeros(2)
    for leaf in placed.tree.leaves:
        path = path_of(DEAL, placed, model.problem, values, leaf=leaf)
        made = make_plan(
            path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
        )
        found = verify(made, path.deal, path.assessment, turned_out=path.availability)
        assert found.is_passed, found.failures[:3]
        worth += placed.tree.nodes[leaf].probability * path.utilities
    assert worth == pytest.approx(model.problem.utilities(values), rel=1e-9)


def test_what_is_decided_before_a_fork_is_the_same_in_all_scenarios(
    solved: tuple[OnTree, Model, np.ndarray],
) -> None:
    placed, model, _ = solved
    columns = [
        path_columns(model.problem, build_problem(along(placed.data, leaf)), placed.data, leaf=leaf)
        for leaf in placed.tree.leaves
    ]
    root = [set(each[model.problem.node[each] == 0].tolist()) for each in columns]
    assert all(each == root[0] for each in root)
    assert root[0] == set(np.flatnonzero(model.problem.node == 0).tolist())


def test_a_scenario_that_breaks_a_row_is_refused(solved: tuple[OnTree, Model, np.ndarray]) -> None:
    placed, model, values = solved
    spoilt = values.copy()
    make = model.problem.columns["make"]
    spoilt[make.slice] *= 3.0
    with pytest.raises(VerificationError, match=r"scenario 2028\.1: .* is broken by"):
        path_of(DEAL, placed, model.problem, spoilt, leaf=placed.tree.leaves[0])


def test_an_outage_that_the_plan_does_not_know_is_found(solved: tuple[OnTree, Model, np.ndarray]) -> None:
    """The check of output follows what turned out, not what is stated."""
    placed, model, values = solved
    path = path_of(DEAL, placed, model.problem, values, leaf=placed.tree.leaves[0])
    made = make_plan(
        path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
    )
    found = verify(made, path.deal, path.assessment)
    assert any(failure.check == "capacity_rows" for failure in found.failures)
