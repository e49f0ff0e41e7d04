"""How a scenario tree that is too large for one problem is cut into parts.

Scenarios that share their first years are planned together as long as their nodes and the years before them
are no more than so many. Where more follow a node, its own decisions are made looking ahead to a few of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.scenarios.reduce import reduced
from dronedeal.planning.scenarios.within import Part, part_of
from dronedeal.planning.tree import FloatArray


@dataclass(frozen=True)
class Cut:
    """A tree in parts.

    Parameters
    ----------
    ahead : nodes that are decided alone, looking ahead, by stage; parents come first
    whole : nodes whose whole future is planned at once; together these hold every scenario once
    """

    ahead: tuple[tuple[int, ...], ...]
    whole: tuple[int, ...]


def cut_of(children: Sequence[Sequence[int]], *, most_nodes: int) -> Cut:
    """Cut a tree so that no part has more nodes than allowed, where a single scenario has no more.

    Parameters
    ----------
    children : of each node, parents before their children
    most_nodes : of a part, the years before it included

    Examples
    --------
    A root, two nodes after it, two more after each of them:

    >>> cut_of([[1, 2], [3, 4], [5, 6], [], [], [], []], most_nodes=4)
    Cut(ahead=((0,),), whole=(1, 2))
    """
    below = [1] * len(children)
    for node in range(len(children) - 1, -1, -1):
        below[node] += sum(below[child] for child in children[node])
    ahead: list[tuple[int, ...]] = []
    whole: list[int] = []
    layer = [0]
    before = 0
    while layer:
        small = [node for node in layer if before + below[node] <= most_nodes or not children[node]]
        large = tuple(node for node in layer if node not in set(small))
        whole += small
        if large:
            ahead.append(large)
        layer = [child for node in large for child in children[node]]
        before += 1
    return Cut(tuple(ahead), tuple(sorted(whole)))


def leaves_after(placed: OnTree, node: int) -> list[int]:
    """Last nodes of the scenarios that pass through a node."""
    children = placed.tree.children
    found, layer = [], [node]
    while layer:
        found += [each for each in layer if not children[each]]
        layer = [child for each in layer for child in children[each]]
    return found


def part_ahead(placed: OnTree, node: int, *, room: FloatArray, most_nodes: int) -> Part:
    """A node with the years before it and a few scenarios after it that stand for all of them.

    One of them is the hardest, which no choice of the nearest would keep, where there is room for two. With
    room for three another one stands for all that share the next year with it: what is kept back for the
    hardest is kept back there, too, and costs most there. The others stand for the rest best.

    Parameters
    ----------
    room : (R, n_nodes) of stocks in the whole tree
    most_nodes : of the part, where one scenario has no more
    """
    leaves = leaves_after(placed, node)
    for groups in _groupings(placed, node, leaves):
        *few, rest = groups
        for count in range(min(len(rest), most_nodes), 0, -1):
            seen = [_standing_for(placed, group, 1, room=room) for group in few]
            seen.append(_standing_for(placed, rest, count, room=room))
            weights = {leaf: weight for each in seen for leaf, weight in each.items()}
            if _count_nodes(placed, list(weights)) <= most_nodes or (count == 1 and not few):
                return part_of(placed, list(weights), weights=list(weights.values()), room=room)
    raise AssertionError("the last grouping always has room for one scenario")


def _groupings(placed: OnTree, node: int, leaves: list[int]) -> Iterator[list[list[int]]]:
    """Scenarios in groups, the hardest first: by itself, those that share its next year, all others.

    The finest grouping comes first; the last one is all of them together.
    """
    hard = hardest(placed, leaves)
    if hard is not None:
        depth = placed.tree.stage[node] + 1
        near = placed.tree.path_to(hard)[depth]
        beside = [leaf for leaf in leaves if leaf != hard and placed.tree.path_to(leaf)[depth] == near]
        rest = [leaf for leaf in leaves if placed.tree.path_to(leaf)[depth] != near]
        if beside and rest:
            yield [[hard], beside, rest]
        if beside or rest:
            yield [[hard], [leaf for leaf in leaves if leaf != hard]]
    yield [leaves]


def hardest(placed: OnTree, leaves: Sequence[int]) -> int | None:
    """The scenario that asks most of the seller: own needs, by their value, for each unit of output.

    None where there are no own needs, or all scenarios ask the same.

    Parameters
    ----------
    leaves : numbers of the last nodes of the scenarios
    """
    data, figures = placed.data, placed.data.at_node
    asked = [float((data.home.required_share * data.home.value) @ figures.home[:, leaf]) for leaf in leaves]
    output = [float(figures.initial[:, list(placed.tree.path_to(leaf))].sum()) for leaf in leaves]
    each = [need / max(made, 1e-9) for need, made in zip(asked, output, strict=True)]
    if max(each) <= min(each) * (1.0 + 1e-9):
        return None
    return leaves[each.index(max(each))]


def _standing_for(placed: OnTree, leaves: list[int], count: int, *, room: FloatArray) -> dict[int, float]:
    """So many scenarios that stand for some scenarios best, and the chances that they then have."""
    part = part_of(placed, leaves, room=room)
    number = {each.name: at for at, each in enumerate(placed.tree.nodes)}
    fewer = reduced(part.tree, leaves=count).tree
    kept = [fewer.nodes[leaf] for leaf in fewer.leaves]
    return {number[each.name]: each.probability * part.chance for each in kept}


def _count_nodes(placed: OnTree, leaves: Sequence[int]) -> int:
    return len({node for leaf in leaves for node in placed.tree.path_to(leaf)})
