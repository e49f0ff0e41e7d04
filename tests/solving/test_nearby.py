"""Plans near the best: the nearest against an outside solver, the others against what they promise."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

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
from dronedeal.planning.measures import Measures, purchases_and_decisions, purchases_and_output
from dronedeal.solving import (
    Nearby,
    Outcome,
    SolveOptions,
    Termination,
    alternatives,
    different,
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


@pytest.mark.parametrize("whole_units", [False, True])
def test_alternatives_are_as_good_as_asked_and_all_different(whole_units: bool) -> None:
    deal = small_deal(whole_units=whole_units)
    model, first = solved(deal)
    measures = purchases_and_output(model)
    quick = replace(search(model, first, measures, 0.01), options=SolveOptions(gap=0.01))
    found = [first, *different(quick, 3)]
    assert len(found) == 4
    figures = []
    for outcome in found:
        assert outcome.solution.values is not None
        assert outcome.solution.objective >= 0.99 * first.solution.objective - 1e-6
        figures.append(measures.of(outcome.solution.values[: model.problem.n_columns]))
    scale = np.abs(figures[0]).sum()
    assert min(np.abs(one - other).sum() for one, other in combinations(figures, 2)) > 0.02 * scale


def test_alternatives_of_a_problem_too_large_for_a_floor_are_as_good_as_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alternatives, "_FEW_COLUMNS", 0)
    model, first = solved(small_deal(whole_units=True))
    measures = purchases_and_output(model)
    found = list(different(search(model, first, measures, 0.05), 2))
    assert found
    assert first.solution.values is not None
    known = [measures.of(first.solution.values[: model.problem.n_columns])]
    for outcome in found:
        assert outcome.solution.values is not None
        worth = float(model.problem.utilities(outcome.solution.values).sum())
        assert outcome.solution.objective == pytest.approx(worth, rel=1e-9)
        assert worth >= 0.95 * first.solution.objective - 1e-6
        figures = measures.of(outcome.solution.values[: model.problem.n_columns])
        assert min(np.abs(figures - each).sum() for each in known) > 0.02 * np.abs(known[0]).sum()
        known.append(figures)


def test_a_twin_of_what_is_bought_is_the_alternative() -> None:
    deal = without_work(without_choices(small_deal())).with_table("rules", [])
    systems = [row for row in deal.systems if row.id != "kite"]
    twins = [row.model_copy(update={"id": "eagle"}) for row in deal.systems if row.id == "hawk"]
    prices = [
        row.model_copy(update={"system": name, "unit_price": 700.0, "maximum": None, "firm_minimum": None})
        for row in deal.prices
        if row.system == "hawk"
        for name in ("hawk", "eagle")
    ]
    deal = replace(
        deal, systems=(*systems, *twins), prices=tuple(prices), line_systems=(), lines=(), home_needs=(),
        other_buyers=(), system_components=(), component_supply=(), components=(), bundles=(),
    )  # fmt: skip
    model, first = solved(deal)
    measures = purchases_and_output(model)
    (other,) = different(search(model, first, measures, 1e-6), 1)
    assert first.solution.values is not None
    assert other.solution.values is not None
    assert other.solution.objective == pytest.approx(first.solution.objective, rel=1e-5)
    bought = measures.of(first.solution.values)
    moved = np.abs(measures.of(other.solution.values) - bought).sum()
    # Every unit can move to the twin: what is given up of the one is taken of the other.
    assert moved >= 1.9 * np.abs(bought).sum() * 0.5


def test_nothing_different_is_found_where_there_is_one_plan() -> None:
    deal = divisible_deal().with_table("budgets", []).with_table("other_buyers", [])
    deal = deal.with_table("home_needs", []).with_table("line_systems", []).with_table("lines", [])
    deal = deal.with_table("prices", [row for row in deal.prices if row.system == "hawk"])
    model, first = solved(deal)
    measures = purchases_and_output(model)
    assert list(different(search(model, first, measures, 0.01), 2)) == []


def test_a_stop_ends_the_search_with_what_is_there() -> None:
    deal = small_deal()
    model, first = solved(deal)
    measures = purchases_and_output(model)
    stopped = replace(search(model, first, measures, 0.01), should_stop=lambda: True)
    assert list(different(stopped, 2)) == []
