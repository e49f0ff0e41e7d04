"""Decisions that stay as another plan has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family

from dronedeal.assessment import assess
from dronedeal.planning.held import decided_values, decisions_of, held, less, mean_of
from dronedeal.planning.model import Model, build
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver


@pytest.fixture(scope="module")
def planned() -> tuple[Model, FloatArray]:
    deal = every_family()
    model = build(deal, assess(deal))
    values = best(model, gap=1e-6)[0]
    return model, values


def best(model: Model, *, gap: float) -> tuple[FloatArray, float]:
    found = solve_plan(
        model.problem, HighsSolver(), no_deal=np.zeros(0, dtype=np.int64), options=SolveOptions(gap)
    ).solution
    assert found.values is not None
    return found.values, found.objective


def place(model: Model) -> dict[str, np.ndarray]:
    tree = model.data.tree
    return {"node": np.arange(tree.n_nodes), "slot": np.arange(tree.n_slots)}


def test_what_a_node_decided_is_found_again_by_its_place(planned: tuple[Model, FloatArray]) -> None:
    model, values = planned
    problem = model.problem
    decided = decisions_of(problem, place(model), 0, values)
    found = decided_values(problem, place(model), [decided])
    is_first = problem.node == 0
    assert np.array_equal(found[is_first], values[is_first])
    assert np.isnan(found[~is_first]).all()


def test_a_column_that_was_no_choice_stays_at_nothing(planned: tuple[Model, FloatArray]) -> None:
    model, values = planned
    decided = decisions_of(model.problem, place(model), 0, values)
    without = replace(decided, families={**decided.families, "make": ((), np.zeros(0))})
    found = decided_values(model.problem, place(model), [without])
    made = model.problem.columns["make"].slice
    is_first = model.problem.node[made] == 0
    assert (found[made][is_first] == 0.0).all()


def test_the_best_plan_with_its_own_first_year_held_is_worth_as_much(
    planned: tuple[Model, FloatArray],
) -> None:
    model, values = planned
    problem = model.problem
    is_held = problem.node == 0
    kept = replace(model, problem=held(problem, is_held, values))
    again, worth = best(kept, gap=1e-6)
    assert worth == pytest.approx(float(problem.utilities(values).sum()), rel=1e-5)
    assert again[is_held] == pytest.approx(values[is_held], abs=1e-6)
    other = np.where(is_held, 0.0, values)
    assert best(replace(model, problem=held(problem, is_held, other)), gap=1e-6)[1] < worth


def test_a_row_gives_way_to_last_digits_and_to_no_more(planned: tuple[Model, FloatArray]) -> None:
    model, values = planned
    problem = model.problem
    first = problem.matrix.start[:-1]
    can_rise = (np.diff(problem.matrix.start) > 1) & (problem.matrix.value[first] > 0)
    row = int(np.flatnonzero(np.isfinite(problem.row_upper) & can_rise)[0])
    free = problem.matrix.column[first[row]]
    assert problem.lower[free] == 0.0
    is_held = np.arange(problem.n_columns) != free
    activity = float(problem.matrix.times(np.where(is_held, values, 0.0))[row])
    for beyond, gives in ((1e-8, True), (1.0, False)):
        tight = problem.row_upper.copy()
        tight[row] = activity - beyond
        kept = held(replace(problem, row_upper=tight), is_held, values)
        assert (kept.row_upper[row] >= activity - 1e-12) == gives


def test_means_are_weighed_and_only_made_of_the_same_columns(planned: tuple[Model, FloatArray]) -> None:
    model, values = planned
    one, other = (
        decisions_of(model.problem, place(model), 0, each) for each in (values, np.full(len(values), 4.0))
    )
    mean = mean_of([(0.25, one), (0.75, other)])
    assert mean is not None
    made = one.families["make"][1]
    assert mean.families["make"][1] == pytest.approx(0.25 * made + 3.0)
    gap = less(one, mean).families["make"][1]
    assert 0.25 * gap + 0.75 * less(other, mean).families["make"][1] == pytest.approx(0.0, abs=1e-9)
    places, amounts = one.families["make"]
    shorter = tuple(index[1:] for index in places), amounts[1:]
    assert mean_of([(0.5, one), (0.5, replace(other, families={**other.families, "make": shorter}))]) is None
