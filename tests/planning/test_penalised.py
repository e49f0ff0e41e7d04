"""Violations as ordinary decisions: at a price, and up to a limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family

from dronedeal.assessment import assess
from dronedeal.planning.model import Model, build
from dronedeal.planning.penalised import by_kind, dearest, limited, softened, violated
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver


def model() -> Model:
    deal = every_family()
    return build(deal, assess(deal))


def test_violations_at_a_price_are_the_last_resort() -> None:
    made = model()
    problem = made.problem
    soft = softened(problem, dearest(made.data))
    assert not soft.is_violation.any()
    first, second = (
        solve_plan(each, HighsSolver(), no_deal=np.zeros(0, dtype=np.int64), options=SolveOptions(1e-6))
        for each in (problem, soft)
    )
    assert second.solution.values is not None
    assert violated(problem, second.solution.values) == 0.0
    assert not by_kind(problem, second.solution.values)
    assert second.solution.objective == pytest.approx(first.solution.objective, rel=1e-5)


def test_what_is_broken_costs_its_price_times_its_chance() -> None:
    made = model()
    problem = replace(made.problem, tree=replace(made.problem.tree, probability=np.array([1.0, 0.25])))
    soft = softened(problem, 3.0)
    chance = problem.tree.probability[problem.node]
    price = (problem.utility - soft.utility)[1] / chance
    is_money = np.zeros(problem.n_columns, dtype=bool)
    for kind in ("budget", "cash_floor", "ceiling"):
        is_money[problem.columns[f"{kind}_violation"].slice] = True
    is_unit = problem.is_violation & ~is_money
    assert is_unit.any()
    assert (problem.is_violation & is_money).any()
    per_money = price[problem.is_violation & is_money]
    assert per_money == pytest.approx(per_money[0])
    assert price[is_unit] == pytest.approx(3.0 * per_money[0])
    assert not price[~problem.is_violation].any()


def test_a_limited_problem_may_break_what_a_plan_breaks_and_no_more() -> None:
    problem = model().problem
    column = problem.columns["home_need_violation"].start
    values = np.zeros(problem.n_columns)
    values[column] = most = min(5.0, float(problem.upper[column]))
    found = limited(problem, values)
    assert found.upper[column] == pytest.approx(most, rel=1e-5)
    assert found.upper[problem.is_violation].sum() == pytest.approx(most, rel=1e-5)
    assert np.array_equal(found.upper[~problem.is_violation], problem.upper[~problem.is_violation])
    assert not found.is_violation.any()
    wide = limited(problem, values, room=9.0).upper[column]
    assert wide == pytest.approx(min(problem.upper[column], 10 * most))


def test_what_is_broken_is_told_by_kind_and_weighed_with_its_chance() -> None:
    problem = model().problem
    problem = replace(problem, tree=replace(problem.tree, probability=np.array([1.0, 0.25])))
    family = problem.columns["home_need_violation"]
    later = family.numbers[problem.node[family.slice] == 1][0]
    values = np.zeros(problem.n_columns)
    values[later] = 4.0
    assert by_kind(problem, values) == {"home_need": 1.0}
    assert violated(problem, values) == pytest.approx(1.0 * problem.violation_price[later])
    assert by_kind(problem, values * 1e-9) == {}
