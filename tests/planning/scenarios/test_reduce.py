"""Trees with fewer scenarios."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.planning.scenarios.uncertain import THREE, TWO, with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.reduce import reduced


def tree() -> ScenarioTree:
    return exact_tree(
        with_uncertainty(four_years(), ("buyer_need", "*", 2028, THREE), ("budget", "army", 2029, TWO))
    )


def distance(of: ScenarioTree, kept: tuple[int, ...]) -> float:
    """Worked out anew: every scenario's chance times the way to the nearest kept one."""
    path = {
        leaf: [of.multiplier(node, key) for node in of.path_to(leaf) for key in of.varied]
        for leaf in of.leaves
    }
    apart = {
        (a, b): sum(abs(x - y) for x, y in zip(path[a], path[b], strict=True)) for a in path for b in path
    }
    return sum(of.nodes[leaf].probability * min(apart[leaf, other] for other in kept) for leaf in path)


def test_a_tree_that_is_small_enough_stays_as_it_is() -> None:
    found = reduced(tree(), leaves=6)
    assert found.tree == tree()
    assert found.distance == 0.0


def test_the_first_scenario_kept_is_the_one_nearest_to_all() -> None:
    whole = tree()
    best = min(distance(whole, (leaf,)) for leaf in whole.leaves)
    found = reduced(whole, leaves=1)
    assert found.distance == pytest.approx(best)
    assert len(found.tree.leaves) == 1
    assert found.tree.nodes[found.tree.leaves[0]].probability == pytest.approx(1.0)


def test_distance_falls_as_more_is_kept_and_is_near_the_best_choice() -> None:
    whole = tree()
    found = [reduced(whole, leaves=count) for count in range(1, 7)]
    distances = [each.distance for each in found]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] == 0.0
    best = min(distance(whole, pair) for pair in combinations(whole.leaves, 2))
    assert best <= found[1].distance <= 1.5 * best
    for each in found:
        assert sum(each.tree.nodes[leaf].probability for leaf in each.tree.leaves) == pytest.approx(1.0)
