"""How a large scenario tree is cut into parts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.planning.scenarios.years import four_years

from dronedeal.deal.scenario_tree import Varied
from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.scenarios import parts
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.planning.scenarios.parts import (
    cut_of,
    hardest,
    leaves_after,
    part_ahead,
)


def test_every_scenario_is_in_one_part_and_no_part_is_too_large() -> None:
    draw = np.random.default_rng(3)
    for _ in range(50):
        children: list[list[int]] = [[]]
        layer = [0]
        for _ in range(int(draw.integers(1, 5))):
            following = []
            for node in layer:
                for _ in range(int(draw.integers(1, 4))):
                    children[node].append(len(children))
                    following.append(len(children))
                    children.append([])
            layer = following
        depth = 1
        node = 0
        while children[node]:
            node, depth = children[node][0], depth + 1
        most = depth + int(draw.integers(0, 6))
        cut = cut_of(children, most_nodes=most)
        seen: list[int] = []
        for start in cut.whole:
            below = [start]
            for each in below:
                below += children[each]
            seen += [each for each in below if not children[each]]
            before = 0
            at = start
            while at:
                at = next(number for number, each in enumerate(children) if at in each)
                before += 1
            assert before + len(below) <= most
        assert sorted(seen) == [number for number, each in enumerate(children) if not each]
        assert not set(cut.whole) & {node for layer in cut.ahead for node in layer}


def test_who_looks_ahead_sees_few_scenarios_with_the_chances_of_all() -> None:
    deal = uncertain()
    placed = on_tree(deal, scenario_tree(deal, leaves=40))
    part = part_ahead(placed, 0, room=stock_room(placed.data), most_nodes=5)
    assert len(part.nodes) == 5
    assert len(leaves_after(placed, 0)) == len(placed.tree.leaves) > 20
    assert sum(part.tree.nodes[leaf].probability for leaf in part.tree.leaves) == pytest.approx(1.0)


def test_who_looks_ahead_sees_the_hardest_scenario_with_its_own_chance() -> None:
    deal = uncertain()
    placed = on_tree(deal, scenario_tree(deal, leaves=40))
    leaves = leaves_after(placed, 0)
    hard = hardest(placed, leaves)
    assert hard is not None
    tree = placed.tree
    asked = {leaf: tree.multiplier(leaf, Varied("home_need", "*")) for leaf in leaves}
    output = {leaf: tree.multiplier(leaf, Varied("line_outage", "home")) for leaf in leaves}
    assert asked[hard] == max(asked.values())
    assert output[hard] == min(output.values())
    part = part_ahead(placed, 0, room=stock_room(placed.data), most_nodes=5)
    seen = {part.tree.nodes[leaf].name: part.tree.nodes[leaf].probability for leaf in part.tree.leaves}
    assert seen[tree.nodes[hard].name] == pytest.approx(tree.nodes[hard].probability)
    assert hardest(placed, [hard]) is None
    alone = part_ahead(placed, 0, room=stock_room(placed.data), most_nodes=2)
    assert len(alone.tree.leaves) == 1


def test_with_room_for_three_one_scenario_stands_for_those_that_share_a_year_with_the_hardest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deal = with_uncertainty(
        four_years(),
        ("buyer_need", "*", 2028, {"heavier": (0.1, 3.0), "stated": (0.9, 1.0)}),
        ("buyer_need", "*", 2029, {"heavier": (0.2, 3.0), "lower": (0.3, 0.9), "stated": (0.5, 1.0)}),
    )
    placed = on_tree(deal, scenario_tree(deal, leaves=6))
    tree, room = placed.tree, stock_room(placed.data)
    hard = tree.leaves[0]
    monkeypatch.setattr(parts, "hardest", lambda _, leaves: hard)
    near = tree.path_to(hard)[1]

    def seen(most_nodes: int) -> dict[bool, list[float]]:
        part = part_ahead(placed, 0, room=room, most_nodes=most_nodes)
        numbers = {tree.nodes[each].name: each for each in range(len(tree.nodes))}
        chances: dict[bool, list[float]] = {True: [], False: []}
        for leaf in part.tree.leaves:
            node = part.tree.nodes[leaf]
            chances[near in tree.path_to(numbers[node.name])].append(round(node.probability, 9))
        return chances

    own = round(tree.nodes[hard].probability, 9)
    both = round(tree.nodes[near].probability - own, 9)
    short = tree.n_stages
    three = seen(3 * short - 3)
    assert sorted(three[True]) == sorted([own, both])
    assert sum(three[False]) == pytest.approx(1.0 - own - both)
    assert own in seen(2 * short - 1)[True]
    assert len(seen(short)[True] + seen(short)[False]) == 1
