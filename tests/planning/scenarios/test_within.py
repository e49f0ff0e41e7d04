"""Parts of a scenario tree with their arrays, and how a tree is cut into them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain

from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.lp_format import lp_text
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.grow import exact_tree, scenario_tree
from dronedeal.planning.scenarios.parts import cut_of, leaves_after, part_ahead
from dronedeal.planning.scenarios.within import part_of


@pytest.fixture(scope="module")
def placed() -> OnTree:
    deal = uncertain()
    return on_tree(deal, scenario_tree(deal, leaves=12, seed=1))


def test_all_scenarios_together_are_the_whole_tree(placed: OnTree) -> None:
    part = part_of(placed, placed.tree.leaves, room=stock_room(placed.data))
    assert part.chance == pytest.approx(1.0)
    assert part.nodes.tolist() == list(range(len(placed.tree.nodes)))
    assert lp_text(build_problem(part.placed.data)) == lp_text(build_problem(placed.data))


def test_one_scenario_has_the_rows_and_columns_of_its_path(placed: OnTree) -> None:
    leaf = placed.tree.leaves[2]
    part = part_of(placed, [leaf], room=stock_room(placed.data))
    one, other = build_problem(part.placed.data), build_problem(along(placed.data, leaf))
    assert part.chance == placed.tree.nodes[leaf].probability
    for name in ("lower", "row_lower", "row_upper", "utility", "is_integer"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert np.array_equal(one.matrix.value, other.matrix.value)
    # Other scenarios that follow the first year can ask for less of a stock.
    assert (one.upper <= other.upper).all()


def test_a_part_has_the_figures_and_the_chances_of_its_nodes(placed: OnTree) -> None:
    leaves = placed.tree.leaves[1:4]
    part = part_of(placed, leaves, room=stock_room(placed.data))
    chances = np.array([placed.tree.nodes[leaf].probability for leaf in leaves])
    assert part.chance == pytest.approx(chances.sum())
    assert part.placed.data.tree.probability[1:] == pytest.approx(chances / chances.sum())
    assert np.array_equal(
        part.placed.data.requirements.objective, placed.data.requirements.objective[:, part.nodes]
    )
    assert np.array_equal(placed.data.tree.slot_node[part.slots], part.nodes[part.placed.data.tree.slot_node])


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
    placed = on_tree(deal, exact_tree(deal))
    part = part_ahead(placed, 0, room=stock_room(placed.data), most_nodes=5)
    assert len(part.nodes) == 5
    assert len(leaves_after(placed, 0)) == len(placed.tree.leaves) > 50
    assert sum(part.tree.nodes[leaf].probability for leaf in part.tree.leaves) == pytest.approx(1.0)
