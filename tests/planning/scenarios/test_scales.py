"""Arrays of a state by multiplication, against the deal arranged anew for that state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.planning.scenarios.test_by_node import uncertain
from tests.planning.scenarios.test_paths import differing, learning

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.planning.arrange import arrange
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.scales import SCALES, scaled, without_scales
from dronedeal.planning.scenarios.under import state_deal


@pytest.mark.parametrize("make", [uncertain, learning])
def test_a_state_by_multiplication_is_the_deal_arranged_anew(make: Callable[[], Deal]) -> None:
    deal = make()
    states = [node.outcomes for node in exact_tree(deal).nodes]
    changed = [state for state in states if any(each.factor in SCALES for each in state)]
    assert changed
    for state in changed[:: max(1, len(changed) // 3)]:
        rest = without_scales(state)
        assert not {each.factor for each in rest} & SCALES
        matching = assess(state_deal(deal, rest))
        found = scaled(arrange(state_deal(deal, rest), matching), deal, state)
        assert not differing(found, arrange(state_deal(deal, state), matching))


def test_a_state_of_nothing_but_other_factors_keeps_its_arrays() -> None:
    deal = uncertain()
    data = arrange(deal, assess(deal))
    assert scaled(data, deal, {}) is data
