"""The top: nothing is proven before every subtree has a cut, and rounding proves nothing either."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import dronedeal.solving.stochastic.top as module
from dronedeal.errors import SolverError
from dronedeal.solving.interface import Solution, SolveOptions, Termination, never_stop
from dronedeal.solving.stochastic import StagedBuilder
from dronedeal.solving.stochastic.split import cut
from dronedeal.solving.stochastic.top import Top


def top(*, is_integer: bool = False) -> Top:
    stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    built = stages.column(0, "built", cost=2, upper=9, is_integer=is_integer)
    stages.row(0, "some", {built: 1}, lower=0.5)
    for node in (1, 2):
        sold = stages.column(node, "sold", cost=-3)
        stages.row(node, "as built", {sold: 1, built: -1}, upper=0)
    split = cut(stages.staged(), 1)
    return Top(split.top, split.weight, constant=10.0)


def test_a_bound_is_given_once_every_subtree_has_a_cut() -> None:
    upper = top()
    assert upper.solve(should_stop=never_stop).bound == -np.inf
    for subtree in (0, 1):
        upper.add(subtree, np.array([0]), np.array([-3.0]), 0.0)
    upper.flush(0)
    answer = upper.solve(should_stop=never_stop)
    assert answer.values == pytest.approx([9.0])
    assert answer.estimates == pytest.approx([-27.0, -27.0])
    assert answer.bound == pytest.approx(10 + 18 - 27)
    assert upper.cost(np.array([9.0])) == pytest.approx(28.0)


def test_a_cut_of_feasibility_keeps_the_state_away() -> None:
    upper = top()
    # 4 − x ≤ 0
    upper.add(-1, np.array([0]), np.array([-1.0]), 4.0)
    upper.flush(0)
    assert upper.solve(should_stop=never_stop).values == pytest.approx([4.0])
    upper.add(-1, np.array([0]), np.array([-1.0]), 12.0)
    upper.flush(1)
    assert upper.solve(should_stop=never_stop).termination is Termination.INFEASIBLE


def test_whole_numbers_are_found_with_the_cuts() -> None:
    upper = top(is_integer=True)
    for subtree in (0, 1):
        upper.add(subtree, np.array([0]), np.array([-1.0]), 0.0)
    upper.flush(0)
    assert upper.solve(should_stop=never_stop).values == pytest.approx([0.5])
    answer = upper.solve_whole(options=SolveOptions(gap=0.0), should_stop=never_stop)
    assert answer.values == pytest.approx([1.0])
    assert answer.bound == pytest.approx(10 + 2 - 1)


def test_an_optimum_without_a_plan_is_looked_for_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presolve undone, an optimum can miss its limits by more than a last digit."""
    read, told = module.read_solution, []

    def missed_at_first(highs: Any, *, is_mip: bool) -> Solution:
        found = read(highs, is_mip=is_mip)
        told.append(found.termination)
        return replace(found, values=None) if len(told) < 3 else found

    monkeypatch.setattr(module, "read_solution", missed_at_first)
    assert top().solve(should_stop=never_stop).values == pytest.approx([0.5])
    assert told == [Termination.OPTIMAL] * 3


def test_an_optimum_that_never_has_a_plan_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    read = module.read_solution
    monkeypatch.setattr(
        module, "read_solution", lambda highs, *, is_mip: replace(read(highs, is_mip=is_mip), values=None)
    )
    with pytest.raises(SolverError, match="top of the tree with optimal; please report"):
        top().solve(should_stop=never_stop)
