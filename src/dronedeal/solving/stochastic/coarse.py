"""A coarse tree whose prices give the first cuts of the full one.

Each node keeps a few children, each for a group of the children that the full tree has, with the chances
of the group. The prices of the coarse tree's rows are then prices for the full tree too: those of a node are
taken over from its image, times its own chance. Any multipliers make a valid cut, and these make good ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import ShouldStop, SolveOptions, no_progress
from dronedeal.solving.stochastic.extensive import solve_whole
from dronedeal.solving.stochastic.split import Shape, Split
from dronedeal.solving.stochastic.staged import NodeBlock, StagedProblem

# Children that a node of the coarse tree keeps, stage by stage, and its size at most.
_WIDTHS = (3, 3, 2, 2, 2, 1)
_MOST_SHARE, _LEAST_SUBTREES = 0.2, 20


@dataclass(frozen=True, eq=False)
class CoarseTree:
    """A coarse tree and the nodes of the full one that it keeps.

    image : (n_coarse,) node of the full tree; children : of each coarse node, in the order of their groups
    """

    staged: StagedProblem
    image: IntArray
    children: tuple[tuple[int, ...], ...]


def coarse_tree(staged: StagedProblem) -> CoarseTree:
    """The coarse tree of a tree, whole numbers left aside."""
    image, parent, probability = [0], [-1], [1.0]
    at = 0
    while at < len(image):
        below = staged.children[image[at]]
        depth = int(staged.depth[image[at]])
        width = min(len(below), _WIDTHS[min(depth, len(_WIDTHS) - 1)])
        for group in np.array_split(np.array(below, dtype=np.int64), width) if width else []:
            chances = staged.probability[group]
            share = chances.sum() / max(staged.probability[list(below)].sum(), 1e-300)
            image.append(int(group[len(group) // 2]))
            parent.append(at)
            probability.append(probability[at] * float(share))
        at += 1
    blocks = tuple(_relaxed(staged.blocks[node]) for node in image)
    made = StagedProblem(np.array(parent), np.array(probability), blocks)
    return CoarseTree(made, np.array(image), made.children)


@dataclass(frozen=True, eq=False)
class FirstSteps:
    """What a coarse tree knows of the full one.

    Parameters
    ----------
    multipliers : for subtrees, each with the number of its shape
    point : (n,) columns of the top as in the coarse plan, near a good one, as a rule not feasible
    of_split : multipliers for the subtrees of another split of the same tree
    """

    multipliers: list[tuple[int, FloatArray]]
    point: FloatArray | None
    of_split: Callable[[Split], list[tuple[int, FloatArray]]]


def first_steps(
    staged: StagedProblem, split: Split, *, time_limit: float | None, should_stop: ShouldStop
) -> FirstSteps:
    """What the coarse tree's prices and plan tell of the full tree.

    Nothing where the coarse tree would be no smaller, or has no optimum.
    """
    nothing = FirstSteps([], None, lambda split: [])
    if len(split.roots) < _LEAST_SUBTREES:
        return nothing
    coarse = coarse_tree(staged)
    if coarse.staged.n_nodes > _MOST_SHARE * staged.n_nodes:
        return nothing
    options = SolveOptions(time_limit=time_limit)
    found = solve_whole(coarse.staged, options=options, on_progress=no_progress, should_stop=should_stop)
    if found.row_duals is None or found.values is None:
        return nothing
    prices = _prices(coarse.staged, -found.row_duals)

    def of_split(chosen: Split) -> list[tuple[int, FloatArray]]:
        roots = np.flatnonzero(coarse.staged.depth == chosen.depth).tolist()
        return [
            (number, _taken_over(shape, coarse, prices, root))
            for number, shape in enumerate(chosen.shapes)
            for root in roots
            if _is_alike(shape, staged, coarse, root)
        ]

    return FirstSteps(of_split(split), _top_plan(staged, split, coarse, found.values), of_split)


def _top_plan(
    staged: StagedProblem, split: Split, coarse: CoarseTree, values: FloatArray
) -> FloatArray | None:
    """(n,) columns of the top, node by node those of its image in the coarse plan."""
    start, image, parts = coarse.staged.column_start, {0: 0}, []
    for node in split.top.nodes.tolist():
        at = image[node]
        part = values[start[at] : start[at + 1]]
        if len(part) != staged.blocks[node].n_columns:
            return None
        parts.append(part)
        below, groups = staged.children[node], coarse.children[at]
        for position, child in enumerate(below):
            image[child] = groups[position * len(groups) // len(below)]
    return np.concatenate(parts)


def _relaxed(block: NodeBlock) -> NodeBlock:
    if not block.is_integer.any():
        return block
    return NodeBlock(
        block.cost,
        block.lower,
        block.upper,
        np.zeros(block.n_columns, dtype=bool),
        block.row_lower,
        block.row_upper,
        block.own,
        block.links,
    )


def _prices(staged: StagedProblem, duals: FloatArray) -> list[FloatArray]:
    """Prices of the rows of each node once it is reached."""
    ends = np.cumsum([block.n_rows for block in staged.blocks])[:-1]
    return [
        part / share if share > 0 else part * 0.0
        for part, share in zip(np.split(duals, ends), staged.probability, strict=True)
    ]


def _is_alike(shape: Shape, staged: StagedProblem, coarse: CoarseTree, root: int) -> bool:
    """Whether the blocks of a coarse subtree have the rows that the shape's nodes have, stage by stage."""
    at, of = root, int(shape.roots[0])
    while True:
        if coarse.staged.blocks[at].n_rows != staged.blocks[of].n_rows:
            return False
        if not coarse.children[at] or not staged.children[of]:
            return not coarse.children[at] and not staged.children[of]
        at, of = coarse.children[at][0], staged.children[of][0]


def _taken_over(shape: Shape, coarse: CoarseTree, prices: list[FloatArray], root: int) -> FloatArray:
    """(m,) multipliers of a subtree, node by node those of its image times its chance."""
    template = shape.template
    image = {0: root}
    parts = []
    for at in range(len(template.nodes)):
        below = shape.children[at]
        groups = coarse.children[image[at]]
        for position, child in enumerate(below):
            image[child] = groups[position * len(groups) // len(below)]
        parts.append(prices[image[at]] * shape.conditional[at])
    return np.concatenate(parts)
