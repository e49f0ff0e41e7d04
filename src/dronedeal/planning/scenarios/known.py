"""Trees of which something is known before the first decision, or on which one thing more turns out."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from dronedeal.deal.scenario_tree import ScenarioNode, ScenarioTree
from dronedeal.planning.scenarios.factors import Factor


def known_from(tree: ScenarioTree, firsts: Collection[int]) -> ScenarioTree:
    """The tree that is left once it is known that the second year begins in one of some nodes.

    The first year is planned for the same figures as ever; only the chances of what follows are others.

    Parameters
    ----------
    firsts : nodes of the second year that stay possible; their chances are divided by what they add up to

    Examples
    --------
    >>> root = ScenarioNode("2027", -1, 1.0, {})
    >>> tree = ScenarioTree((root, ScenarioNode("a", 0, 0.25, {}), ScenarioNode("b", 0, 0.75, {})))
    >>> [(node.name, node.probability) for node in known_from(tree, [1]).nodes]
    [('2027', 1.0), ('a', 1.0)]
    """
    reached = math.fsum(tree.nodes[node].probability for node in firsts)
    place, kept = {0: 0}, [tree.nodes[0]]
    for number, node in enumerate(tree.nodes):
        is_kept = number in firsts if node.parent == 0 else node.parent in place
        if node.parent >= 0 and is_kept:
            place[number] = len(kept)
            chance = node.probability / reached
            kept.append(replace(node, parent=place[node.parent], probability=chance))
    return ScenarioTree(tuple(kept))


def with_factor(tree: ScenarioTree, factor: Factor) -> tuple[ScenarioTree, tuple[tuple[int, ...], ...]]:
    """The tree on which one factor more turns out at the beginning of the second year, whatever else does.

    Parameters
    ----------
    factor : that is independent of all that varies

    Returns
    -------
    the tree, and for each outcome of the factor the nodes of the second year in which it is in force
    """
    nodes, place = [tree.nodes[0]], {(0, at): 0 for at in range(len(factor.outcomes))}
    firsts: list[list[int]] = [[] for _ in factor.outcomes]
    for number, node in enumerate(tree.nodes[1:], start=1):
        for at, (outcome, chance) in enumerate(zip(factor.outcomes, factor.probability, strict=True)):
            place[number, at] = len(nodes)
            if node.parent == 0:
                firsts[at].append(len(nodes))
            nodes.append(
                ScenarioNode(
                    f"{node.name}/{outcome.name}",
                    place[node.parent, at],
                    node.probability * chance,
                    {**node.outcomes, factor.varied: outcome},
                )
            )
    return ScenarioTree(tuple(nodes)), tuple(map(tuple, firsts))
