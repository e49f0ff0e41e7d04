"""The plan nearest to another, against an outside solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack
from tests.planning.small_deal import small_deal
from tests.results.explain.test_entry import without_choices, without_work
from tests.results.solved import EXACT

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning import Model, Problem, SparseRows, build, no_deal_columns
from dronedeal.planning.measures import Measures, purchases_and_decisions
from dronedeal.solving import (
    Nearby,
    Outcome,
    Termination,
    nearby,
    nearest,
    solve_plan,
)
from dronedeal.solving.highs import HighsSolver


def divisible_deal() -> Deal:
    """No whole decision at all, so that an outside linear solver tells the true least change."""
    return without_work(without_choices(small_deal())).with_table("rules", [])


def solved(deal: Deal) -> tuple[Model, Outcome]:
    model = build(deal, assess(deal))
    return model, solve_plan(model.problem, HighsSolver(), no_deal=no_deal_columns(model), options=EXACT)


def search(model: Model, first: Outcome, measures: Measures, give_up: float) -> Nearby:
    return Nearby(model.problem, HighsSolver(), first, measures, give_up, EXACT)


def distance(measures: Measures, outcome: Outcome, target: np.ndarray) -> float:
    assert outcome.solution.values is not None
    return float((measures.weight * np.abs(measures.of(outcome.solution.values) - target)).sum())


def sparse(rows: SparseRows, columns: int) -> csr_matrix:
    return csr_matrix((rows.value, rows.column, rows.start), shape=(len(rows.start) - 1, columns))


def least_distance(problem: Problem, measures: Measures, target: np.ndarray, floor: float) -> float:
    """The same linear problem put to scipy: rows as they are, absolute values by two columns each."""
    n, k = problem.n_columns, len(target)
    rows, figures = sparse(problem.matrix, n), sparse(measures.matrix, n)
    worth = problem.utility.sum(axis=0)
    above, below = np.isfinite(problem.row_upper), np.isfinite(problem.row_lower)
    empty = csr_matrix((rows.shape[0], 2 * k))
    wide = hstack([rows, empty]).tocsr()
    cut = hstack([csr_matrix(-worth), csr_matrix((1, 2 * k))])
    upper = np.where(problem.is_violation, 0.0, problem.upper)
    result = linprog(
        np.concatenate([np.zeros(n), measures.weight, measures.weight]),
        A_ub=vstack([wide[above], -wide[below], cut]),
        b_ub=np.concatenate(
            [
                problem.row_upper[above],
                -problem.row_lower[below],
                [problem.utility_constant.sum() - floor],
            ]
        ),
        A_eq=hstack([figures, -identity(k), identity(k)]),
        b_eq=target,
        bounds=[*zip(problem.lower, upper, strict=True), *[(0, None)] * (2 * k)],
    )
    assert result.status == 0
    return float(result.fun)


@pytest.mark.parametrize("give_up", [0.0, 0.01, 0.1])
def test_the_nearest_plan_changes_as_little_as_an_outside_solver_says(give_up: float) -> None:
    model, first = solved(divisible_deal())
    measures = purchases_and_decisions(model)
    assert first.solution.values is not None
    target = 1.3 * measures.of(first.solution.values)[::-1]
    near = nearest(search(model, first, measures, give_up), target)
    floor = first.solution.objective * (1 - give_up)
    expected = least_distance(model.problem, measures, target, floor)
    assert distance(measures, near, target) == pytest.approx(expected, rel=1e-4)
    assert near.solution.objective >= floor - 1e-6
    assert near.solution.termination is Termination.NEAR_BEST


def test_the_plan_nearest_to_the_best_is_the_best() -> None:
    model, first = solved(small_deal(whole_units=True))
    measures = purchases_and_decisions(model)
    assert first.solution.values is not None
    target = measures.of(first.solution.values[: model.problem.n_columns])
    near = nearest(search(model, first, measures, 0.005), target)
    assert distance(measures, near, target) == pytest.approx(0.0, abs=1e-6)
    assert near.solution.objective == pytest.approx(first.solution.objective, rel=1e-6)


def test_the_more_may_be_given_up_the_less_is_changed() -> None:
    model, first = solved(small_deal())
    measures = purchases_and_decisions(model)
    assert first.solution.values is not None
    target = measures.stated({})
    found = [
        distance(measures, nearest(search(model, first, measures, share), target), target)
        for share in (0.0, 0.05, 0.3)
    ]
    assert found == sorted(found, reverse=True)
    assert found[2] < found[0]


def test_the_nearest_plan_of_a_problem_too_large_for_a_floor_gives_up_no_more_than_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, first = solved(small_deal(whole_units=True))
    measures = purchases_and_decisions(model)
    assert first.solution.values is not None
    target = 1.1 * measures.of(first.solution.values[: model.problem.n_columns])
    exact = nearest(search(model, first, measures, 0.05), target)
    monkeypatch.setattr(nearby, "FEW_COLUMNS", 0)
    near = nearest(search(model, first, measures, 0.05), target)
    assert near.solution.values is not None
    worth = float(model.problem.utilities(near.solution.values[: model.problem.n_columns]).sum())
    assert worth >= 0.95 * first.solution.objective - 1e-6
    assert distance(measures, near, target) <= distance(measures, first, target) + 1e-6
    assert distance(measures, near, target) >= distance(measures, exact, target) - 1e-6
