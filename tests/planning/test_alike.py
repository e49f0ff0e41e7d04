"""What was found for a problem holds for another that differs in limits which are not reached."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.results.scenarios.branching import FIRST_DEAL

from dronedeal import read
from dronedeal.assessment import assess
from dronedeal.planning import Model, Problem, no_deal_columns
from dronedeal.planning.alike import holds_for
from dronedeal.planning.model import build
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver


@cache
def planned() -> tuple[Model, FloatArray]:
    deal = read(FIRST_DEAL)
    model = build(deal, assess(deal))
    found = solve_plan(
        model.problem, HighsSolver(), no_deal=no_deal_columns(model), options=SolveOptions(1e-5)
    )
    assert found.solution.values is not None
    return model, found.solution.values


def narrower(problem: Problem, row: int, *, upper: float) -> Problem:
    limits = problem.row_upper.copy()
    limits[row] = upper
    return replace(problem, row_upper=limits)


def test_a_limit_that_is_not_reached_may_be_narrower_and_none_may_be_wider() -> None:
    model, values = planned()
    problem = model.problem
    at = problem.matrix.times(values)
    has_room = np.isfinite(problem.row_upper) & (problem.row_upper > at + 1.0)
    row = int(np.flatnonzero(has_room)[0])
    one = narrower(problem, row, upper=float(at[row]) + 0.5)
    assert holds_for(problem, problem, values)
    assert holds_for(one, problem, values)
    assert not holds_for(problem, one, values)
    assert not holds_for(narrower(problem, row, upper=float(at[row]) - 0.5), problem, values)


@pytest.mark.parametrize("name", ["utility", "violation_price", "is_integer"])
def test_problems_that_differ_in_anything_else_are_not_alike(name: str) -> None:
    model, values = planned()
    changed = getattr(model.problem, name).copy()
    changed[..., 0] = ~changed[..., 0] if name == "is_integer" else changed[..., 0] + 1e-9
    assert not holds_for(replace(model.problem, **{name: changed}), model.problem, values)


def test_what_columns_are_called_decides_nothing() -> None:
    model, values = planned()
    labels = {**model.problem.labels, "node": ("another",)}
    assert holds_for(replace(model.problem, labels=labels), model.problem, values)
