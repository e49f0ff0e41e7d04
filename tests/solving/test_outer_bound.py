"""A bound of one problem from linear ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family
from tests.planning.learning_deal import learning_deal

from dronedeal.assessment import assess
from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.data import BoolArray
from dronedeal.planning.held import held
from dronedeal.planning.model import build
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.forms import form_of
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import never_stop, no_progress
from dronedeal.solving.outer_bound import Relaxation, floored, outer_bound
from dronedeal.solving.work import Work


def work_on(problem: Problem) -> Work:
    options = SolveOptions(1e-6)
    return Work(problem, HighsSolver(), options=options, on_progress=no_progress, should_stop=never_stop)


def bound_of(problem: Problem, values: FloatArray) -> float:
    return outer_bound(work_on(problem), limits(problem), values, step="bound")


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


def test_each_group_has_chords_or_the_floor_whichever_gives_away_less() -> None:
    problem = build(learning_deal(), assess(learning_deal())).problem
    values = best(problem, is_proven=False)[0]
    curves = problem.curves
    assert curves is not None
    floor = CostFloor(curves, curves.made(values))
    utility = problem.utility.copy()
    constant = problem.utility_constant.copy()
    for party in (0, 1):
        least = floor.at(floor.widest, party)
        exists = curves.make >= 0
        np.subtract.at(utility[party], curves.make[exists], least.slope[exists])
        constant[party] -= least.constant
    by_floor = float((utility @ values + constant).sum())
    by_chords = float(problem.chords().utilities(values).sum())
    found = float(floored(problem, values).utilities(values).sum())
    assert problem.utilities(values).sum() <= found <= min(by_floor, by_chords) + 1e-9


def test_a_price_says_what_one_more_of_a_held_decision_would_bring() -> None:
    problem = build(every_family(), assess(every_family())).problem
    values, _, _ = best(problem, is_proven=True)
    compared = 0
    for column in problem.columns["make"].numbers[values[problem.columns["make"].slice] > 1.0].tolist():
        is_held = np.arange(problem.n_columns) == column

        def at(amount: float, is_held: BoolArray = is_held) -> Problem:
            return held(problem, is_held, np.where(is_held, amount, values))

        amount, step = float(values[column]) * 0.75, 1e-3
        kept = at(amount)
        prices = Relaxation(
            work_on(problem), limits(problem), values, step="prices", kept=within(kept)
        ).prices
        assert prices is not None
        price = prices[column]
        below, worth, above = (relaxation(at(each)) for each in (amount - step, amount, amount + step))
        if np.isfinite([below, worth, above]).all():
            compared += 1
            slopes = sorted([(above - worth) / step, (worth - below) / step])
            assert slopes[0] - 1e-5 <= price <= slopes[1] + 1e-5
    assert compared > 0


def within(problem: Problem) -> Problem:
    return replace(problem, upper=limits(problem))


def test_questions_from_a_hot_basis_have_the_answers_of_fresh_problems() -> None:
    problem = build(learning_deal(), assess(learning_deal())).problem
    values, _, _ = best(problem, is_proven=False)
    solver = HighsSolver()
    work = Work(problem, solver, options=SolveOptions(1e-6), on_progress=no_progress, should_stop=never_stop)
    is_held = np.isin(np.arange(problem.n_columns), problem.columns["make"].numbers[::3])
    kept = within(held(problem, is_held, values))
    relaxed = Relaxation(work, limits(problem), values, step="bound", kept=kept)
    relaxed.keep()
    closest, same = floored(problem, values), floored(kept, values)
    assert relaxed.bound == pytest.approx(relaxation(closest), rel=1e-7)
    assert relaxed.kept_bound == pytest.approx(relaxation(same), rel=1e-7)
    toll = np.where(is_held, 0.01, 0.0)
    charged = replace(closest, utility=closest.utility - np.array([[0.0], [1.0]]) * toll)
    assert relaxed.charged(toll) == pytest.approx(relaxation(charged), rel=1e-7)
    again = HighsSolver()
    again.begin_at(solver.bases())
    hot = Work(problem, again, options=SolveOptions(1e-6), on_progress=no_progress, should_stop=never_stop)
    assert Relaxation(hot, limits(problem), values, step="bound").bound == pytest.approx(relaxed.bound)


def relaxation(problem: Problem) -> float:
    form = form_of(problem, "joint", limits(problem), None)
    free = replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)
    return work_on(problem).solve(free, step="relaxation").objective


def limits(problem: Problem) -> FloatArray:
    return np.where(problem.is_violation, 0.0, problem.upper)
