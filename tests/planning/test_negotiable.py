"""The problem in proportion to its terms, against problems that are built for the terms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from tests.planning.small_deal import small_deal

from dronedeal import assessment, planning
from dronedeal.deal.change import apply_changes
from dronedeal.planning.negotiable import Negotiable, TermRange, negotiable
from dronedeal.planning.open_terms import OpenTerms, open_terms
from dronedeal.planning.problem import Problem

DEAL = small_deal()
# Cells and range of each term. The last one closes months and so changes what can be decided.
TERMS = {
    "price": ("prices[kite].unit_price", 700.0, 1200.0),
    "royalty": ("prices[kite].royalty", 0.0, 0.3),
    "advance": ("settings.terms.advance_share", 0.0, 0.5),
    "own_needs": ("home_needs[own].required_share", 0.5, 1.0),
    "firm": ("prices[kite].firm_minimum", 0.0, 300.0),
    "ceiling": ("settings.terms.ceiling", 500_000.0, 900_000.0),
    "work_share": ("rules[work].limit", 0.1, 0.4),
    "permit": ("rules[permit].limit", 0.0, 3.0),
}
RANGES = [TermRange(term, lower, upper) for term, (_, lower, upper) in TERMS.items()]
IN_PROPORTION = [span for span in RANGES if span.term != "permit"]


def built(terms: Mapping[str, float]) -> Problem:
    """The problem of the deal with its cells changed; terms that are not named stand half-way."""
    full = {span.term: span.middle for span in RANGES} | dict(terms)
    deal = apply_changes(DEAL, [f"{TERMS[term][0]}={value!r}" for term, value in full.items()])
    return planning.build(deal, assessment.assess(deal)).problem


@pytest.fixture(scope="module")
def found() -> Negotiable:
    return negotiable(RANGES, built)


@pytest.fixture(scope="module")
def opened(found: Negotiable) -> OpenTerms:
    return open_terms(found)


def dense(problem: Problem) -> np.ndarray:
    matrix = problem.matrix
    return csr_array(
        (matrix.value, matrix.column, matrix.start), shape=(problem.n_rows, problem.n_columns)
    ).toarray()


def some_terms(seed: int) -> dict[str, float]:
    draw = np.random.default_rng(seed)
    return {span.term: float(draw.uniform(span.lower, span.upper)) for span in IN_PROPORTION}


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


def test_a_term_that_closes_months_is_structural_and_says_why(found: Negotiable) -> None:
    assert dict(found.structural) == {"permit": "it changes what can be decided"}
    assert [span.term for span in found.ranges] == [span.term for span in IN_PROPORTION]


@given(seed=st.integers(0, 10_000))
@how(deadline=None, max_examples=12)
def test_the_problem_under_any_terms_is_the_one_that_would_be_built(found: Negotiable, seed: int) -> None:
    terms = some_terms(seed)
    expected, problem = built(terms), found.at(terms)
    np.testing.assert_allclose(dense(problem), dense(expected), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(problem.utility, expected.utility, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(problem.utility_constant, expected.utility_constant, rtol=1e-9)
    for side in ("lower", "row_lower", "row_upper"):
        np.testing.assert_allclose(getattr(problem, side), getattr(expected, side), rtol=1e-9, atol=1e-9)
    kept = ~problem.is_violation
    np.testing.assert_allclose(problem.upper[kept], expected.upper[kept], rtol=1e-9, atol=1e-9)


def test_terms_that_multiply_each_other_are_found_together(found: Negotiable) -> None:
    names = [span.term for span in found.ranges]
    pairs = {(names[one], names[other]) for one, other in found.pair}
    assert ("price", "royalty") in pairs
    assert ("price", "advance") in pairs
    assert not any("own_needs" in pair for pair in pairs)


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


def test_a_term_without_a_range_is_structural() -> None:
    found = negotiable([TermRange("price", 900.0, 900.0)], lambda terms: built({"permit": 1.0, **terms}))
    assert dict(found.structural) == {"price": "its range is a single value"}


def test_a_term_between_whole_numbers_is_not_in_proportion() -> None:
    def stepped(terms: Mapping[str, float]) -> Problem:
        return built({"permit": 1.0, "price": 700.0 + 500.0 * (terms.get("step", 0.5) > 0.4)})

    found = negotiable([TermRange("step", 0.0, 1.0)], stepped)
    assert dict(found.structural) == {"step": "the middle of its range is not half-way between both ends"}
