"""Arrays of a deal along single paths."""

from __future__ import annotations

from tests.planning.scenarios.test_by_node import same, uncertain

from dronedeal.planning.lp_format import lp_text
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.fresh import State, fresh_path, path_tree
from dronedeal.planning.scenarios.grow import Stage, stages_of
from dronedeal.planning.scenarios.paths import Kept, PathArrays


def some_states(deal_stages: tuple[Stage, ...]) -> list[tuple[State, ...]]:
    return [fresh_path(deal_stages, seed=2, path=number) for number in range(1, 4)]


def test_arrays_of_a_path_are_those_of_its_tree() -> None:
    deal = uncertain()
    arrays = PathArrays(deal)
    for states in some_states(stages_of(deal)):
        tree = path_tree(arrays.years.names, states)
        ours, usual = arrays.along(states).data, on_tree(deal, tree).data
        assert not same(ours, usual)
        assert lp_text(build_problem(ours)) == lp_text(build_problem(usual))


def test_the_results_used_last_are_kept() -> None:
    kept, made = Kept(2), []

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
