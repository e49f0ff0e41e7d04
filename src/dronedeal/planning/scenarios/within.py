"""A part of a scenario tree: the path to some scenarios and these, with their arrays.

Parts are what a tree too large for one problem is planned in. A part keeps the figures of its nodes, and what
a stock may take in them by all that follows in the whole tree; its chances are those that its scenarios have
where one of them is known to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.planning.data import PlanningData
from dronedeal.planning.scenarios.by_node import OnTree, at_nodes, figures_at
from dronedeal.planning.tree import FloatArray, IntArray, Tree


@dataclass(frozen=True)
class Part:
    """Some scenarios of a deal on a tree, on a tree of their own.

    Parameters
    ----------
    nodes : (n,) number of each of its nodes in the whole tree
    slots : (n_slots,) number of each of its slots in the whole tree
    chance : of its scenarios together in the whole tree
    placed : the deal on them alone
    """

    nodes: IntArray
    slots: IntArray
    chance: float
    placed: OnTree

    @property
    def tree(self) -> ScenarioTree:
        """Its scenarios."""
        return self.placed.tree

    @property
    def place(self) -> dict[str, IntArray]:
        """Numbers in the whole tree, by axis."""
        return {"node": self.nodes, "slot": self.slots}


def part_of(
    placed: OnTree, leaves: Sequence[int], *, weights: Sequence[float] | None = None, room: FloatArray
) -> Part:
    """Some scenarios of a tree as a tree of their own.

    Parameters
    ----------
    placed : the deal on the whole tree
    leaves : numbers of their last nodes
    weights : what each counts for; None: its chance
    room : (R, n_nodes) of stocks in the whole tree, `stock_room(placed.data)`

    Examples
    --------
    >>> from dronedeal import read
    >>> from dronedeal.deal.scenario_tree import single_scenario
    >>> from dronedeal.planning.blocks.decisions import stock_room
    >>> from dronedeal.planning.scenarios.by_node import on_tree
    >>> placed = on_tree(read("deals/first-deal"), single_scenario(["2027", "2028"]))
    >>> part_of(placed, [1], room=stock_room(placed.data)).nodes.tolist()
    [0, 1]
    """
    tree = placed.tree
    chosen = sorted(leaves)
    own = [tree.nodes[leaf].probability for leaf in leaves] if weights is None else list(weights)
    weight = dict(zip(leaves, own, strict=True))
    total = sum(own)
    nodes = np.array(sorted({node for leaf in chosen for node in tree.path_to(leaf)}), dtype=np.int64)
    at = {number: position for position, number in enumerate(nodes.tolist())}
    probability = np.zeros(len(nodes))
    probability[[at[leaf] for leaf in chosen]] = [weight[leaf] / total for leaf in chosen]
    parent = [at.get(tree.nodes[number].parent, -1) for number in nodes.tolist()]
    for position in range(len(nodes) - 1, 0, -1):
        probability[parent[position]] += probability[position]
    cut = ScenarioTree(
        tuple(
            replace(tree.nodes[number], parent=parent[position], probability=float(probability[position]))
            for position, number in enumerate(nodes.tolist())
        )
    )
    data, slots = _within(placed.data, nodes, cut, room)
    own_placed = OnTree(cut, data, tuple(placed.matching[node] for node in nodes.tolist()))
    chance = sum(tree.nodes[leaf].probability for leaf in chosen)
    return Part(nodes, slots, chance, own_placed)


def _within(
    data: PlanningData, nodes: IntArray, cut: ScenarioTree, room: FloatArray
) -> tuple[PlanningData, IntArray]:
    """The arrays of some nodes, and the numbers of their slots in the whole tree."""
    whole = data.tree
    tree = Tree(
        parent=np.array([node.parent for node in cut.nodes], dtype=np.int64),
        probability=np.array([node.probability for node in cut.nodes]),
        stage=whole.stage[nodes],
        first_month=whole.first_month[nodes],
        end_month=whole.end_month[nodes],
        has_own_figures=True,
    )
    slots = np.concatenate(
        [np.arange(whole.first_slot[node], whole.last_slot[node] + 1) for node in nodes.tolist()]
    )
    figures = replace(figures_at(data.at_node, nodes), room=room[:, nodes])
    return at_nodes(data, tree, nodes, slots, figures), slots
