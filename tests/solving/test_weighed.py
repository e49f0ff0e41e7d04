"""Problems on a tree whose utilities weigh the worst scenarios."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.solving.test_worst import Case, learning, linear

from dronedeal.errors import InputError
from dronedeal.planning.problem import Problem
from dronedeal.solving import Tail
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.weighed import WeighedProblem, measured, with_worst

EACH = Tail(0.4, "each", 0.7)
OF_BOTH = Aim(np.ones(2), 0.0, np.zeros((0, 2)), np.zeros(0), np.full(2, -np.inf))


def weighed(case: Case, tail: Tail) -> Problem:
    leaves = [each for each in range(case.model.data.tree.n_nodes) if each not in case.model.data.tree.parent]
    return with_worst(case.model.problem, case.parts, leaves, tail)


@cache
def extended(name: str) -> tuple[Case, WeighedProblem, np.ndarray]:
    """A case, its problem, and the columns of its best plan on average with nothing in the new ones."""
    case = {"linear": linear, "learning": learning}[name]()
    problem = weighed(case, EACH)
    assert isinstance(problem, WeighedProblem)
    assert case.first.solution.values is not None
    values = np.zeros(problem.n_columns)
    values[: case.model.problem.n_columns] = case.first.solution.values
    return case, problem, values


@pytest.mark.parametrize("name", ["linear", "learning"])
def test_utilities_are_counted_from_the_worth_of_each_scenario(name: str) -> None:
    case, problem, values = extended(name)
    worth = case.worth(case.first)
    assert problem.worth(values) == pytest.approx(worth.T, rel=1e-9)
    stated = [measured(worth[:, side], case.chances, EACH) for side in (0, 1)]
    assert problem.utilities(values) == pytest.approx(stated, rel=1e-9)


@pytest.mark.parametrize("name", ["linear", "learning"])
def test_chords_are_never_below_the_truth_and_tangents_touch_it(name: str) -> None:
    _, problem, values = extended(name)
    true = problem.utilities(values)
    assert (problem.chords().utilities(values) >= true - 1e-9).all()
    assert problem.tangent(values).utilities(values) == pytest.approx(true, rel=1e-9)
    assert problem.tangent(values).curves is None


def test_tangents_of_scenarios_have_the_slopes_of_their_own_costs() -> None:
    """A small step along a column changes a tangent as it changes the truth."""
    _, problem, values = extended("learning")
    assert problem.curves is not None
    tangent = problem.tangent(values)
    made = problem.curves.make[problem.curves.make >= 0]
    column = int(made[np.argmax(values[made])])
    step = np.zeros(len(values))
    step[column] = 1e-4 * max(1.0, values[column])
    true = problem.utilities(values + step) - problem.utilities(values)
    assert tangent.utilities(values + step) - tangent.utilities(values) == pytest.approx(true, rel=1e-3)


def test_the_best_joint_plan_is_that_of_the_plan_with_a_tail() -> None:
    case, problem, _ = extended("linear")
    best = case.best(EACH).solution
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    found = Bargain(problem, HighsSolver(), upper, is_whole=True, options=case.options).ask(OF_BOTH)
    assert float(found.utilities.sum()) == pytest.approx(best.objective, rel=1e-6)
    assert found.bound >= best.objective - 1e-6


def test_no_plan_with_learning_beats_the_bound() -> None:
    case, problem, _ = extended("learning")
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    found = Bargain(problem, HighsSolver(), upper, is_whole=True, options=case.options).ask(OF_BOTH)
    best = case.best(EACH).solution.objective
    assert found.bound >= best - 1e-6
    assert float(found.utilities.sum()) >= best * (1 - 2e-3)


def test_every_column_and_row_stays_on_one_path() -> None:
    _, problem, _ = extended("linear")
    tree, matrix = problem.tree, problem.matrix
    rows = problem.rows["worst"]
    for number in rows.numbers.tolist():
        columns = matrix.column[matrix.start[number] : matrix.start[number + 1]]
        last = max(problem.node[columns].tolist(), key=lambda node: int(tree.stage[node]))
        assert set(problem.node[columns].tolist()) <= set(tree.path_to(last).tolist())


def test_a_neutral_tail_changes_nothing_and_one_of_both_together_is_refused() -> None:
    case = linear()
    assert weighed(case, Tail(1.0, "each", 0.5)) is case.model.problem
    assert weighed(case, Tail(0.2, "buyer", 0.0)) is case.model.problem
    with pytest.raises(InputError, match="utility of neither"):
        weighed(case, Tail(0.2, "joint", 0.5))


def test_two_equal_halves_of_a_scenario_are_worth_the_same() -> None:
    worth, chances = np.array([1.0, 5.0, 9.0]), np.array([0.3, 0.3, 0.4])
    halves = np.array([1.0, 1.0, 5.0, 9.0]), np.array([0.15, 0.15, 0.3, 0.4])
    assert measured(*halves, EACH) == pytest.approx(measured(worth, chances, EACH))
