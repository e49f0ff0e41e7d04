"""Some scenarios of a tree as a tree of their own, with their arrays."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.scenarios.test_by_node import uncertain

from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.lp_format import lp_text
from dronedeal.planning.model import build_problem
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
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
