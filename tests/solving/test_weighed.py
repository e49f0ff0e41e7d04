"""Problems on a tree whose utilities weigh the worst scenarios."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.solving.test_learning_on_trees import FORK, plans, random_problem
from tests.solving.test_worst import Case, learning, linear
from tests.width import width

from dronedeal.errors import InputError
from dronedeal.planning.problem import Problem
from dronedeal.solving import SolveOptions, Tail, learning_bound
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.weighed import WeighedProblem, measured, with_worst
from dronedeal.solving.worst import Part

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


def some_chances(problem: WeighedProblem, draw: np.random.Generator) -> np.ndarray:
    """Chances of the scenarios for each side, none above what counts as worst."""
    rows = problem.rows["worst"]
    duals = np.zeros(problem.n_rows)
    duals[rows.slice] = -draw.choice([0.0, 1.0, 3.0], rows.count) * draw.random(rows.count)
    return problem.worst_chances(duals)


@pytest.mark.parametrize("name", ["linear", "learning"])
def test_a_mean_by_other_chances_counts_each_scenario_by_them_and_is_never_below(name: str) -> None:
    case, problem, values = extended(name)
    worth, weighed_worth = case.worth(case.first).T, problem.utilities(values)
    draw = np.random.default_rng(3)
    for _ in range(5):
        chances = some_chances(problem, draw)
        assert chances.sum(axis=1) == pytest.approx([1.0, 1.0])
        assert (chances <= case.chances / EACH.share + 1e-12).all()
        by = (1 - EACH.weight) * case.chances + EACH.weight * chances
        found = problem.by_chances(chances).utilities(values)
        assert found == pytest.approx((by * worth).sum(axis=1), rel=1e-9)
        assert (found >= weighed_worth - 1e-9).all()
    # By the chances of the worst scenarios of this plan it is what the plan is worth.
    counted = np.zeros((2, len(case.chances)))
    for side, each in enumerate(np.argsort(worth, axis=1)):
        before = np.cumsum(case.chances[each]) - case.chances[each]
        counted[side, each] = np.clip(EACH.share - before, 0.0, case.chances[each])
    mine = problem.by_chances(counted / EACH.share).utilities(values)
    assert mine == pytest.approx(weighed_worth, rel=1e-9)


def test_the_proof_by_learning_groups_lowers_the_bound_and_holds() -> None:
    case, problem, _ = extended("learning")
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    bargain = Bargain(problem, HighsSolver(), upper, is_whole=True, options=case.options)
    found = bargain.ask(OF_BOTH)
    assert found.values is not None
    bargain.relaxed(OF_BOTH)
    chords = bargain.supports.bound(OF_BOTH)
    bargain.prove(found.values, np.ones(2), cuts=(10, 10))
    proven = bargain.supports.bound(OF_BOTH)
    best = max(case.best(EACH).solution.objective, float(found.utilities.sum()))
    assert best - 1e-6 <= proven < chords - 0.2 * (chords - best)


@pytest.mark.usefixtures("full_proofs")
@pytest.mark.parametrize("seed", range(width(2, wide=12)))
def test_no_plan_that_is_tried_beats_the_proof(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of small problems on a tree, each weighed by what its scenarios are truly worth."""
    monkeypatch.setattr(learning_bound, "_LEAST_CUTS", 1)
    draw = np.random.default_rng(200 + seed)
    for _ in range(3):
        mean, capacity = random_problem(draw)
        mean = replace(mean, labels={"node": tuple("abcd")})
        tail = Tail(float(draw.choice([0.2, 0.4, 0.9])), "each", float(draw.choice([0.3, 1.0])))
        problem = with_worst(mean, [part_of(mean, leaf) for leaf in (1, 2, 3)], (1, 2, 3), tail)
        assert isinstance(problem, WeighedProblem)
        more = np.zeros(problem.n_columns - mean.n_columns)
        tried = [np.concatenate([made, more]) for made in plans(mean, capacity, draw)]
        worth = [float(problem.utilities(made).sum()) for made in tried]
        bargain = Bargain(
            problem, HighsSolver(), problem.upper, is_whole=False, options=SolveOptions(gap=1e-4)
        )
        bargain.relaxed(OF_BOTH)
        bargain.prove(tried[int(np.argmax(worth))], np.ones(2), cuts=(2, 2))
        assert max(worth) - 1e-7 <= bargain.supports.bound(OF_BOTH) < np.inf


def part_of(problem: Problem, leaf: int) -> Part:
    """One scenario of a small problem, in the columns of the tree."""
    assert problem.curves is not None
    share = np.zeros(FORK.n_nodes)
    share[FORK.path_to(leaf)] = 1.0 / FORK.probability[FORK.path_to(leaf)]
    curves = replace(problem.curves, weight=problem.curves.weight * share[FORK.slot_node])
    own = replace(problem, utility=problem.utility * share[problem.node], curves=curves)
    return Part(float(FORK.probability[leaf]), own, np.arange(problem.n_columns))


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
