"""The problem with its terms open, against problems under given terms and another solver interface."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.planning.negotiated import RANGES, built, dense, some_terms

from dronedeal.planning.negotiable import Negotiable
from dronedeal.planning.open_terms import OpenTerms, open_terms
from dronedeal.planning.problem import Problem
from dronedeal.planning.survey import negotiable


@pytest.fixture(scope="module")
def found() -> Negotiable:
    return negotiable(RANGES, built)


@pytest.fixture(scope="module")
def opened(found: Negotiable) -> OpenTerms:
    return open_terms(found)


def best(problem: Problem, weights: tuple[float, float], least: tuple[float, float]) -> float:
    """The best weighted sum of the utilities, rules kept, by another solver interface."""
    objective, rows = np.array(weights) @ problem.utility, dense(problem)
    found = milp(
        -objective,
        integrality=problem.is_integer.astype(int),
        bounds=Bounds(problem.lower, np.where(problem.is_violation, 0.0, problem.upper)),
        constraints=[
            LinearConstraint(rows, problem.row_lower, problem.row_upper),
            LinearConstraint(problem.utility, np.array(least) - problem.utility_constant, np.inf),
        ],
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return -np.inf
    return float(objective @ found.x + np.array(weights) @ problem.utility_constant)


def test_limits_stand_where_they_are_loosest(opened: OpenTerms) -> None:
    assert opened.left_out == {}
    assert set(opened.loose) == {"own_needs", "firm", "ceiling", "work_share"}
    assert opened.loose["own_needs"] == pytest.approx(0.5)
    assert opened.loose["ceiling"] == pytest.approx(900_000.0)
    assert opened.loose["work_share"] == pytest.approx(0.1)


@given(seed=st.integers(0, 10_000))
@how(deadline=None, max_examples=12)
def test_a_plan_under_terms_is_a_mix_of_corners_with_the_same_money(
    found: Negotiable, opened: OpenTerms, seed: int
) -> None:
    terms = some_terms(seed) | dict(opened.loose)
    plan = np.random.default_rng(seed).uniform(0.0, 9.0, found.middle.n_columns)
    values, problem = opened.spread(plan, terms), found.at(terms)
    np.testing.assert_allclose(opened.collapsed(values), plan, atol=1e-9)
    np.testing.assert_allclose(opened.problem.utilities(values), problem.utilities(plan), atol=1e-6)
    rows = opened.problem.matrix.times(values)[: problem.n_rows]
    np.testing.assert_allclose(rows, problem.matrix.times(plan), rtol=1e-9, atol=1e-6)
    assert opened.implied(values) == pytest.approx(terms, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0)])
def test_no_terms_beat_open_terms_and_some_come_near(
    found: Negotiable, opened: OpenTerms, weights: tuple[float, float]
) -> None:
    least = (0.0, 0.3)
    bound = best(opened.problem, weights, least)
    reached = [
        best(
            found.at(dict(opened.loose) | {"price": price, "royalty": royalty, "advance": advance}),
            weights,
            least,
        )
        for price in np.linspace(700.0, 1200.0, 6)
        for royalty in (0.0, 0.3)
        for advance in (0.0, 0.5)
    ]
    assert max(reached) <= bound + 1e-9
    # The price may differ from one delivery to the next in the bound, and not in a plan.
    assert max(reached) >= bound - 0.25 * abs(bound)


def test_a_price_that_nothing_is_bought_at_is_not_implied(opened: OpenTerms) -> None:
    assert set(opened.implied(np.zeros(opened.problem.n_columns))) == set(opened.loose)
