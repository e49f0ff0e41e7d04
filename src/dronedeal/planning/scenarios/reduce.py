"""A tree with fewer scenarios, near to the given one, with the distance between the two."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.planning.tree import FloatArray


@dataclass(frozen=True)
class Reduced:
    """A tree with fewer leaves.

    Parameters
    ----------
    tree : the scenarios that were kept, with the chances of those that were not added to the nearest
    distance : Kantorovich distance between the scenarios of both trees; 0: nothing was lost
    """

    tree: ScenarioTree
    distance: float


def reduced(tree: ScenarioTree, *, leaves: int) -> Reduced:
    """Keep so many scenarios that those left out are near to one that is kept.

    Fast forward selection: scenarios are taken one after the other, each the one that lowers the distance
    most (Heitsch and Römisch, Scenario reduction algorithms in stochastic programming, 2003). Two scenarios
    are as far from each other as the sum of the differences of their multipliers over all years. What is
    left out gives its chance to the nearest kept one, which is optimal, and the distance is then
    `Σ_{left out} p · min_kept c` (Dupačová, Gröwe-Kuska and Römisch, Scenario reduction in stochastic
    programming, 2003, theorem 2). It compares whole scenarios; that something turns out earlier in the
    reduced tree than in the given one is not in it.

    Parameters
    ----------
    leaves : most scenarios that are kept, at least 1

    Examples
    --------
    >>> from dronedeal.deal.scenario_tree import single_scenario
    >>> reduced(single_scenario(["2027", "2028"]), leaves=1).distance
    0.0
    """
    if leaves >= len(tree.leaves):
        return Reduced(tree, 0.0)
    chance = np.array([tree.nodes[leaf].probability for leaf in tree.leaves])
    apart = _apart(tree)
    nearest = np.full(len(chance), np.inf)
    kept: list[int] = []
    for _ in range(max(1, leaves)):
        cost = chance @ np.minimum(nearest[:, None], apart)
        cost[kept] = np.inf
        kept.append(int(np.argmin(cost)))
        nearest = np.minimum(nearest, apart[:, kept[-1]])
    kept.sort()
    of = np.argmin(apart[:, kept], axis=1)
    of[kept] = np.arange(len(kept))
    weight = np.zeros(len(kept))
    np.add.at(weight, of, chance)
    return Reduced(_with_leaves(tree, [tree.leaves[at] for at in kept], weight), float(chance @ nearest))


def _apart(tree: ScenarioTree) -> FloatArray:
    """(leaves, leaves) sum of the differences of all multipliers in all years."""
    path = np.array(
        [
            [tree.multiplier(node, varied) for node in tree.path_to(leaf) for varied in tree.varied]
            for leaf in tree.leaves
        ]
    ).reshape(len(tree.leaves), -1)
    apart = np.zeros((len(path), len(path)))
    for column in path.T:
        apart += np.abs(column[:, None] - column[None, :])
    return apart


def _with_leaves(tree: ScenarioTree, leaves: list[int], weight: FloatArray) -> ScenarioTree:
    """The part of the tree that leads to some leaves, with new chances of these."""
    probability = np.zeros(len(tree.nodes))
    probability[leaves] = weight
    for number in range(len(tree.nodes) - 1, 0, -1):
        probability[tree.nodes[number].parent] += probability[number]
    alive = sorted({node for leaf in leaves for node in tree.path_to(leaf)})
    at = {number: position for position, number in enumerate(alive)}
    nodes = [
        replace(
            tree.nodes[number],
            parent=at.get(tree.nodes[number].parent, -1),
            probability=float(probability[number]),
        )
        for number in alive
    ]
    return ScenarioTree(tuple(nodes))
