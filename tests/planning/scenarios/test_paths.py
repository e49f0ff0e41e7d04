"""Arrays of a deal along single paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.scenarios.test_by_node import arrays, uncertain
from tests.planning.scenarios.uncertain import with_uncertainty

from dronedeal.deal import Deal
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.fresh import State, fresh_path, path_tree
from dronedeal.planning.scenarios.grow import Stage, stages_of
from dronedeal.planning.scenarios.paths import Kept, PathArrays


def learning() -> Deal:
    """Lines that learn, and whose output may fall."""
    return with_uncertainty(
        learning_deal(), ("line_outage", "*", 2028, {"struck": (0.5, 0.6), "whole": (0.5, 1.0)})
    )


def some_states(deal_stages: tuple[Stage, ...]) -> list[tuple[State, ...]]:
    return [fresh_path(deal_stages, seed=2, path=number) for number in range(1, 4)]


def differing(one: object, other: object) -> list[str]:
    """Names of arrays that differ by more than the order of multiplications does."""
    left, right = arrays(one), arrays(other)
    assert left.keys() == right.keys()
    return [
        name
        for name in left
        if left[name].shape != right[name].shape or not np.allclose(left[name], right[name], rtol=1e-12)
    ]


@pytest.mark.parametrize("make", [uncertain, learning])
def test_arrays_of_a_path_are_those_of_its_tree(make: Callable[[], Deal]) -> None:
    deal = make()
    of_paths = PathArrays(deal)
    for states in some_states(stages_of(deal)):
        tree = path_tree(of_paths.years.names, states)
        ours, usual = of_paths.along(states).data, on_tree(deal, tree).data
        assert not differing(ours, usual)
        one, other = build_problem(ours), build_problem(usual)
        assert one.columns.keys() == other.columns.keys()
        assert not differing(one, other)


def test_the_results_used_last_are_kept() -> None:
    kept, made = Kept(2), []

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
