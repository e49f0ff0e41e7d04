"""Points of a negotiation chosen by name, with what their plans leave each side."""

from __future__ import annotations

import pytest
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.errors import CommandError
from dronedeal.negotiation.chosen import chosen_point, point_names


@pytest.mark.parametrize("name", point_names(full_negotiation()))
def test_every_point_can_be_chosen_by_its_name(name: str) -> None:
    chosen = chosen_point(full_negotiation(), name)
    assert chosen.name == name
    assert chosen_point(full_negotiation(), name.replace("_", "-")) == chosen
    assert dict(chosen.terms)
    worth = chosen.utilities
    if worth is None:
        assert chosen.least == {}
    else:
        assert 0 <= worth.buyer - chosen.least["buyer"] < 1
        assert 0 <= worth.seller - chosen.least["seller"] < 1


def test_fair_points_come_first_then_the_frontier_then_the_openings() -> None:
    names = point_names(full_negotiation())
    assert names[0] == "nash"
    assert names[4] == "p01"
    assert names[-1] == "opening_seller"


def test_a_name_that_no_point_has_is_told_with_those_that_there_are() -> None:
    with pytest.raises(CommandError, match="point 'p99': no point has this name; allowed: nash, "):
        chosen_point(full_negotiation(), "p99")
    with pytest.raises(CommandError, match="no point has this name"):
        chosen_point(negotiation_without_zone(), "nash")
