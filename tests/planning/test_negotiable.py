"""The problem in proportion to its terms, against problems that are built for the terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from tests.planning.negotiated import IN_PROPORTION, RANGES, built, dense, some_terms

from dronedeal.planning.negotiable import Negotiable
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
