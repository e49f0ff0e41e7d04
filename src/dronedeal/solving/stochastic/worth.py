"""What information is worth: perfect information, a plan on the tree, waiting one stage.

All in the units of the cost, after Birge and Louveaux, "Introduction to Stochastic Programming", chapter 4:

    EVPI = HN − WS        here-and-now cost minus the mean cost of those who know the future
    VSS  = EEV − HN       cost of the plan made for the mean future, in the real tree, minus here-and-now
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.engine import Engine, Serial
from dronedeal.errors import InputError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import Termination
from dronedeal.solving.stochastic.solution import TreeSolution
from dronedeal.solving.stochastic.solve import solve_tree
from dronedeal.solving.stochastic.staged import Matrix, NodeBlock, StagedProblem


@dataclass(frozen=True)
class Worth:
    """What something is worth, with the bounds of both costs that it is the difference of.

    Parameters
    ----------
    value : difference of the two best costs found
    least, most : limits of it that the proven bounds allow; `most` is ∞ where one of them has no plan
    """

    value: float
    least: float
    most: float


def value_of_perfect_information(
    staged: StagedProblem, *, gap: float = 1e-6, engine: Engine | None = None
) -> Worth:
    """Expected value of perfect information: what knowing the whole future today would save; never below 0.

    Parameters
    ----------
    staged : a problem whose cost is the plain mean
    gap : to which every problem is solved
    engine : where scenarios are solved; None: one after the other

    Examples
    --------
    >>> from dronedeal.solving.stochastic import StagedBuilder, value_of_perfect_information
    >>> stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    >>> now = stages.column(0, "now", cost=4)
    >>> for node, need in ((1, 2), (2, 6)):
    ...     later = stages.column(node, "later", cost=10)
    ...     stages.row(node, "need", {now: 1, later: 1}, lower=need)
    >>> round(value_of_perfect_information(stages.staged()).value, 6)
    8.0
    """
    return value_of_waiting(staged, stages=staged.n_stages - 1, gap=gap, engine=engine)


def value_of_waiting(
    staged: StagedProblem, *, stages: int = 1, gap: float = 1e-6, engine: Engine | None = None
) -> Worth:
    """What it would save if all decisions before a stage could wait for what that stage makes known.

    Parameters
    ----------
    stages : the stage waited for; 1 lets the root decide after the first news, the last stage is
        perfect information
    """
    if not 0 <= stages < staged.n_stages:
        raise InputError(f"stages {stages} is not in the tree; give 0 to {staged.n_stages - 1}")
    if staged.joint is not None:
        raise InputError("rows that join several branches have no meaning once each branch decides alone")
    solve = _Solve(gap)
    here = solve(staged)
    nodes = [node for node in range(staged.n_nodes) if _is_known_at(staged, node, stages)]
    apart = list((engine or Serial()).map(solve, [known_from(staged, node) for node in nodes]))
    weight = staged.probability[nodes]
    return _difference(here, apart, weight)


def value_of_stochastic_solution(staged: StagedProblem, *, gap: float = 1e-6) -> Worth:
    """What planning on the tree saves against a root that is planned for the mean future; never below 0.

    The nodes of a stage must have the same columns and rows, for their numbers are averaged; the value
    is ∞ where the plan for the mean future cannot be carried out in some future.
    """
    solve = _Solve(gap)
    mean = solve(mean_path(staged))
    here = solve(staged)
    if mean.values is None:
        raise InputError(f"the mean future has no plan ({mean.termination.value}); the value cannot be told")
    fixed = with_root(staged, mean.values[: staged.blocks[0].n_columns])
    return _difference(solve(fixed), [here], np.ones(1))


def known_from(staged: StagedProblem, node: int) -> StagedProblem:
    """The part of a tree that is left once a node is known to be reached: its path and what follows it."""
    path = [int(above) for above in staged.path[node] if above >= 0]
    below = [later for later in range(staged.n_nodes) if staged.path[later, staged.depth[node]] == node]
    kept = path[:-1] + below
    place = {old: new for new, old in enumerate(kept)}
    parent = np.array([place.get(int(staged.parent[old]), -1) for old in kept], dtype=np.int64)
    reached = float(staged.probability[node])
    chance = [1.0] * (len(path) - 1) + [float(staged.probability[later]) / reached for later in below]
    blocks = tuple(staged.blocks[old] for old in kept)
    return StagedProblem(parent, np.array(chance), blocks, staged.constant)


def mean_path(staged: StagedProblem) -> StagedProblem:
    """One scenario in which every number is the mean of its stage."""
    blocks = [_mean_block(staged, np.flatnonzero(staged.depth == depth)) for depth in range(staged.n_stages)]
    parent = np.arange(len(blocks), dtype=np.int64) - 1
    return StagedProblem(parent, np.ones(len(blocks)), tuple(blocks), staged.constant)


def with_root(staged: StagedProblem, values: FloatArray) -> StagedProblem:
    """The same problem with the columns of the root held at given values."""
    root = staged.blocks[0]
    held = np.where(root.is_integer, np.round(values), values)
    held = np.clip(held, root.lower, root.upper)
    return replace(staged, blocks=(replace(root, lower=held, upper=held), *staged.blocks[1:]))


class _Solve:
    """Solves one problem; travels to other processes."""

    def __init__(self, gap: float) -> None:
        self.gap = gap

    def __call__(self, staged: StagedProblem) -> TreeSolution:
        return solve_tree(staged, gap=self.gap)


def _is_known_at(staged: StagedProblem, node: int, depth: int) -> bool:
    """Whether a node of some chance is at a depth, or a leaf before it."""
    is_there = staged.depth[node] == depth or (staged.depth[node] < depth and not staged.children[node])
    return bool(is_there and staged.probability[node] > 0)


def _difference(more: TreeSolution, less: Sequence[TreeSolution], weight: FloatArray) -> Worth:
    """Cost of the first minus the mean cost of the others."""
    for found in (*less, more):
        is_fine = found.has_values or (found is more and found.termination is Termination.INFEASIBLE)
        if not is_fine:
            raise InputError(
                f"a part of the problem has no plan ({found.termination.value}); the value cannot be told"
            )
    cost = float(weight @ [found.cost for found in less])
    bound = float(weight @ [found.cost_bound for found in less])
    if not more.has_values:
        return Worth(np.inf, np.inf, np.inf)
    return Worth(more.cost - cost, more.cost_bound - cost, more.cost - bound)


def _mean_block(staged: StagedProblem, nodes: IntArray) -> NodeBlock:
    blocks = [staged.blocks[node] for node in nodes]
    first = blocks[0]
    shapes = {(block.n_columns, block.n_rows, tuple(sorted(block.links))) for block in blocks}
    if len(shapes) > 1 or any((block.is_integer != first.is_integer).any() for block in blocks):
        raise InputError(
            f"the nodes of stage {staged.depth[nodes[0]]} differ in columns, rows or links; "
            "a mean future is defined only where they have the same"
        )
    weight = staged.probability[nodes] / staged.probability[nodes].sum()

    def mean(part: Callable[[NodeBlock], FloatArray]) -> FloatArray:
        return _sum(weight, [part(block) for block in blocks])

    def mean_matrix(part: Callable[[NodeBlock], Matrix]) -> Matrix:
        total = part(first) * float(weight[0])
        for share, block in zip(weight[1:], blocks[1:], strict=True):
            total = total + part(block) * float(share)
        return total.tocsr()

    def link(lag: int) -> Matrix:
        return mean_matrix(lambda block: block.links[lag])

    return NodeBlock(
        cost=mean(lambda block: block.cost),
        lower=mean(lambda block: block.lower),
        upper=mean(lambda block: block.upper),
        is_integer=first.is_integer,
        row_lower=mean(lambda block: block.row_lower),
        row_upper=mean(lambda block: block.row_upper),
        own=mean_matrix(lambda block: block.own),
        links={lag: link(lag) for lag in first.links},
    )


def _sum(weight: FloatArray, numbers: Sequence[FloatArray]) -> FloatArray:
    """(k,) weighted sum in which 0 × ∞ counts as 0; equal numbers have exactly equal sums."""
    total = np.zeros(len(numbers[0]))
    for share, row in zip(weight.tolist(), numbers, strict=True):
        if share > 0:
            total += np.where(np.isfinite(row), share * row, row)
    return total
