"""The problem of one year when nobody looks beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import Problem, annual_problem, build


@pytest.fixture(scope="module")
def problem() -> Problem:
    deal = small_deal()
    return build(deal, assess(deal)).problem


def stage_of(problem: Problem, name: str) -> np.ndarray:
    return problem.tree.stage[problem.node[problem.columns[name].slice]]


def test_nothing_is_decided_for_later_years_but_stocks_and_money_carry_on(problem: Problem) -> None:
    first = annual_problem(problem, 0, None)
    for name in ("make", "ship", "assign", "open", "step", "home", "sale", "tier", "sets", "low"):
        later = stage_of(problem, name) == 1
        upper = first.upper[problem.columns[name].slice]
        assert (upper[later] == 0).all(), name
        assert (upper[~later] == problem.upper[problem.columns[name].slice][~later]).all()
    for name in ("stock", "hand", "spend", "cash"):
        chosen = problem.columns[name].slice
        assert (first.upper[chosen] == problem.upper[chosen]).all()
        assert (first.lower[chosen] == problem.lower[chosen]).all()


def test_what_later_years_demand_binds_nobody_yet(problem: Problem) -> None:
    first = annual_problem(problem, 0, None)
    firm = problem.rows["firm_minimum"]
    assert (first.row_lower[firm.slice] == -np.inf).all()
    pace = problem.rows["home_pace"]
    stage = problem.tree.stage[problem.tree.slot_node[pace.coordinates["slot"]]]
    assert (first.row_lower[pace.slice][stage == 0] == problem.row_lower[pace.slice][stage == 0]).all()
    assert (first.row_lower[pace.slice][stage == 1] == -np.inf).all()
    balance = problem.rows["stock_balance"].slice
    assert (first.row_lower[balance] == problem.row_lower[balance]).all()


def test_earlier_years_are_held_and_what_they_broke_is_settled(problem: Problem) -> None:
    decided = np.clip(np.arange(problem.n_columns) % 7.0, problem.lower, problem.upper)
    second = annual_problem(problem, 1, decided)
    is_earlier = problem.tree.stage[problem.node] == 0
    assert (second.lower[is_earlier] == decided[is_earlier]).all()
    assert (second.upper[is_earlier] == decided[is_earlier]).all()
    assert not second.is_violation[is_earlier].any()
    assert (second.upper[~is_earlier] == problem.upper[~is_earlier]).all()
    capacity = problem.rows["capacity"]
    stage = problem.tree.stage[problem.tree.slot_node[capacity.coordinates["slot"]]]
    assert (second.row_upper[capacity.slice][stage == 0] == np.inf).all()
    assert (
        second.row_upper[capacity.slice][stage == 1] == problem.row_upper[capacity.slice][stage == 1]
    ).all()
