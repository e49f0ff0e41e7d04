"""A bound of one problem from linear ones."""

from __future__ import annotations

import numpy as np
from tests.planning.every_family import every_family
from tests.planning.learning_deal import learning_deal

from dronedeal.assessment import assess
from dronedeal.planning.model import build
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import never_stop, no_progress
from dronedeal.solving.outer_bound import floored, outer_bound
from dronedeal.solving.work import Work


def bound_of(problem: Problem, values: FloatArray) -> float:
    work = Work(
        problem, HighsSolver(), options=SolveOptions(1e-6), on_progress=no_progress, should_stop=never_stop
    )
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    return outer_bound(work, upper, values, step="bound")


def best(problem: Problem, *, is_proven: bool) -> tuple[FloatArray, float, float]:
    options = SolveOptions(1e-6, is_proven=is_proven)
    found = solve_plan(problem, HighsSolver(), no_deal=np.zeros(0, dtype=np.int64), options=options).solution
    assert found.values is not None
    return found.values, found.objective, found.bound


def test_without_curves_the_bound_is_that_of_the_search() -> None:
    problem = build(every_family(), assess(every_family())).problem
    values, worth, bound = best(problem, is_proven=True)
    found = bound_of(problem, values)
    assert worth - 1e-6 <= found <= bound * (1 + 1e-5)


def test_with_curves_the_bound_is_no_farther_than_that_of_chords_and_holds() -> None:
    problem = build(learning_deal(), assess(learning_deal())).problem
    values, worth, chords = best(problem, is_proven=False)
    assert worth <= bound_of(problem, values) <= chords * (1 + 1e-4)
    assert worth <= bound_of(problem, np.zeros(problem.n_columns))


def test_no_plan_is_worth_less_under_the_floor_than_it_is() -> None:
    problem = build(learning_deal(), assess(learning_deal())).problem
    values = best(problem, is_proven=False)[0]
    draw, linear = np.random.default_rng(0), floored(problem, values)
    for _ in range(20):
        other = values * draw.uniform(0.0, 1.0, problem.n_columns)
        assert linear.utilities(other).sum() >= problem.utilities(other).sum() - 1e-9
