"""Promises as a preference of those who plan anew."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain

from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.paths import PathArrays
from dronedeal.planning.scenarios.promises import with_promises, with_shortfalls
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

NONE = np.zeros(0, dtype=np.int64)


def test_what_was_promised_is_kept_where_it_is_not_worth_its_money() -> None:
    data = PathArrays(uncertain()).along([{}, {}]).data
    problem = build_problem(data)
    # Coverage that is worth nothing is not delivered, unless it was promised.
    worthless = problem.utility.copy()
    for name in ("low", "high"):
        worthless[:, problem.columns[name].slice] = 0.0
    plain = type(problem)(**{**vars(problem), "utility": worthless})
    options = SolveOptions(gap=1e-9)
    found = solve_plan(problem, HighsSolver(), no_deal=NONE, options=options).solution.values
    assert found is not None
    covered = np.zeros((data.requirements.count, data.tree.n_nodes))
    for name in ("low", "high"):
        family = problem.columns[name]
        np.add.at(covered, tuple(family.coordinates.values()), found[family.slice])
    wider = with_promises(plain, data, covered, price=1e3)
    kept = solve_plan(wider, HighsSolver(), no_deal=NONE, options=options).solution.values
    left = solve_plan(plain, HighsSolver(), no_deal=NONE, options=options).solution.values
    assert kept is not None
    assert left is not None
    short = wider.columns["promise_short"]
    assert short.count == (covered > 1e-6).sum() > 0
    assert kept[short.slice] == pytest.approx(0.0, abs=1e-6)
    missing = with_shortfalls(wider, left)[short.slice]
    assert missing.max() > 1.0
    row = wider.matrix.times(with_shortfalls(wider, left))[wider.rows["promise"].slice]
    assert (row >= wider.row_lower[wider.rows["promise"].slice] - 1e-9).all()


def test_nobody_promises_more_than_is_asked_for() -> None:
    data = PathArrays(uncertain()).along([{}, {}]).data
    problem = build_problem(data)
    everything = np.full((data.requirements.count, data.tree.n_nodes), 1e9)
    wider = with_promises(problem, data, everything, price=1.0)
    place = tuple(wider.rows["promise"].coordinates.values())
    least = wider.row_lower[wider.rows["promise"].slice]
    assert least == pytest.approx(data.requirements.objective[:, data.tree.case][place])
    assert wider.utility[0, wider.columns["promise_short"].slice] == pytest.approx(-1.0 / least)
