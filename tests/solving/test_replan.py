"""Re-planning what is left of a deal."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.model import build_problem
from dronedeal.planning.problem import Problem
from dronedeal.planning.scenarios.carry import carried
from dronedeal.planning.scenarios.fresh import State
from dronedeal.planning.scenarios.paths import PathArrays
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.replan import HELD, Replanner

CUT: State = {Varied("budget", "*"): Outcome("cut", 0.6)}
STRUCK: State = {
    Varied("line_outage", "home"): Outcome("struck", 0.6),
    Varied("component_supply", "*"): Outcome("less", 0.7),
}
NONE: State = {}


@cache
def arrays() -> PathArrays:
    return PathArrays(uncertain())


@cache
def stated() -> tuple[Problem, FloatArray]:
    """The problem for the figures as stated, and its best plan."""
    problem = build_problem(arrays().along([NONE, NONE]).data)
    none = np.zeros(0, dtype=np.int64)
    outcome = solve_plan(problem, HighsSolver(), no_deal=none, options=SolveOptions(gap=1e-9))
    assert outcome.solution.values is not None
    return problem, outcome.solution.values


def replanned(state: State, *, replanner: Replanner | None = None) -> tuple[Problem, FloatArray, FloatArray]:
    """The problem of a second year, the plan carried into it, and the new plan."""
    problem, values = stated()
    found = replanner or Replanner(problem, values, stages=[1])
    seen = build_problem(arrays().along([NONE, state]).data)
    before = carried(seen, problem, values)
    return seen, before, found.replan(seen, before, stage=1)


def broken(problem: Problem, values: FloatArray) -> float:
    """How far the worst row or bound is broken."""
    row = problem.matrix.times(values)
    rows = np.maximum(row - problem.row_upper, problem.row_lower - row)
    bounds = np.maximum(values - problem.upper, problem.lower - values)
    return float(max(rows.max(), bounds.max()))


def test_where_nothing_turns_out_the_plan_is_as_good_as_it_was() -> None:
    problem, values = stated()
    _, _, found = replanned(NONE)
    linear = problem.tangent(values).utility.sum(axis=0)
    assert linear @ found >= linear @ values - 1e-6
    assert broken(problem, found) < 1e-6


@pytest.mark.parametrize("state", [CUT, STRUCK, {**CUT, **STRUCK}])
def test_what_is_done_and_what_is_signed_stays(state: State) -> None:
    seen, before, found = replanned(state)
    past = seen.node < 1
    assert np.array_equal(found[past], before[past])
    for name in HELD:
        assert np.array_equal(found[seen.columns[name].slice], before[seen.columns[name].slice])
    assert broken(seen, found) < 1e-6


def test_a_plan_that_no_longer_fits_is_made_to_fit() -> None:
    seen, before, found = replanned({**CUT, **STRUCK})
    assert broken(seen, before) > 1.0
    assert broken(seen, found) < 1e-6


def test_no_plan_depends_on_those_before_it() -> None:
    replanner = Replanner(*stated(), stages=[1])
    first = replanned(CUT, replanner=replanner)[2]
    replanned(STRUCK, replanner=replanner)
    assert np.array_equal(replanned(CUT, replanner=replanner)[2], first)
    assert np.array_equal(replanned(CUT)[2], first)


def test_with_more_money_the_plan_is_worth_no_less() -> None:
    worth = []
    for share in (0.4, 0.7, 1.0):
        seen, _, found = replanned({Varied("budget", "*"): Outcome("cut", share)})
        linear = seen.utility.sum(axis=0) @ found
        worth.append(linear - 1e4 * (seen.violation_price @ found))
    assert worth == sorted(worth)


def test_rows_that_nothing_can_keep_are_broken_as_little_as_possible() -> None:
    problem, values = stated()
    row = int(problem.rows["home_ceiling"].numbers[-1])
    upper = problem.row_upper.copy()
    upper[row] = -3.0  # no need takes less than nothing
    impossible = replace(problem, row_upper=upper)
    found = Replanner(problem, values, stages=[1]).replan(impossible, values, stage=1)
    activity = impossible.matrix.times(found)
    off = np.maximum(activity - upper, impossible.row_lower - activity)
    assert off[row] >= 3.0 - 1e-6
    assert np.delete(off, row).max() < 1e-6
