"""The problem in proportion to its terms, against problems that are built for the terms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from tests.planning.negotiated import IN_PROPORTION, RANGES, built, dense, some_terms

from dronedeal.planning.negotiable import Negotiable, TermRange
from dronedeal.planning.problem import Problem
from dronedeal.planning.survey import negotiable


@pytest.fixture(scope="module")
def found() -> Negotiable:
    return negotiable(RANGES, built)


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


def test_a_term_without_a_range_is_structural() -> None:
    found = negotiable([TermRange("price", 900.0, 900.0)], built)
    assert dict(found.structural) == {"price": "its range is a single value"}


def test_a_term_between_whole_numbers_is_not_in_proportion() -> None:
    def stepped(terms: Mapping[str, float]) -> Problem:
        return built({"price": 700.0 + 500.0 * (terms.get("step", 0.0) > 0.4)})

    found = negotiable([TermRange("step", 0.0, 1.0)], stepped)
    assert dict(found.structural) == {"step": "the middle of its range is not half-way between both ends"}


def test_few_problems_are_built() -> None:
    asked: list[Mapping[str, float]] = []

    def counted(terms: Mapping[str, float]) -> Problem:
        asked.append(terms)
        return built(terms)

    negotiable(RANGES, counted)
    assert len(asked) <= 5 * len(RANGES)


def test_a_term_out_of_proportion_stays_as_it_is_while_others_are_asked(found: Negotiable) -> None:
    """The survey stands on the deal as it is: what a permit leaves open is what it leaves open now."""
    assert found.middle.columns["ship"].count == built({}).columns["ship"].count


def test_a_term_at_the_end_of_its_range_may_be_there_now() -> None:
    now = {"advance": 0.0, "price": 700.0, "firm": 0.0, "permit": 0.0}
    ends = negotiable(RANGES, lambda terms: built({"permit": 0.0} | dict(terms)), now=now)
    assert dict(ends.structural) == {"permit": "it changes what can be decided"}
    terms = some_terms(3)
    np.testing.assert_allclose(
        dense(ends.at(terms)), dense(built(terms | {"permit": 0.0})), rtol=1e-9, atol=1e-9
    )
