"""What a few problems tell about all others: which are built, and which terms are out of proportion."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from tests.planning.negotiated import RANGES, built, dense, some_terms

from dronedeal.planning.negotiable import Negotiable, TermRange
from dronedeal.planning.problem import Problem
from dronedeal.planning.survey import negotiable


@pytest.fixture(scope="module")
def found() -> Negotiable:
    return negotiable(RANGES, built)


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
