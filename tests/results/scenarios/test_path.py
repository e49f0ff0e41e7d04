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


@pytest.mark.parametrize(("share", "is_relaxed"), [(0.5, False), (3.0, True)])
def test_a_term_that_only_rounding_breaks_is_kept(
    solved: tuple[OnTree, Model, np.ndarray], share: float, is_relaxed: bool
) -> None:
    """Of a large term a millionth is rounding, whatever it is in units; status and table agree on it."""
    placed, model, values = solved
    problem = model.problem
    family = problem.columns["home_need_violation"]
    at = family.start + int(np.argmax(problem.upper[family.slice]))
    assert problem.upper[at] > 10
    values = np.where(np.arange(problem.n_columns) == at, share * 1e-6 * problem.upper[at], values)
    paths = [path_of(DEAL, placed, problem, values, leaf=leaf) for leaf in placed.tree.leaves]
    passing = [path for path in paths if int(problem.node[at]) in path.nodes]
    assert passing
    for path in passing:
        assert path.outcome.is_relaxed == is_relaxed
        assert path.model.problem.is_broken(path.values).any() == is_relaxed
