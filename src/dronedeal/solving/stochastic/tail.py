"""The mean of the worst outcomes (CVaR) as columns and rows on the tree.

`tail` is the share of worst outcomes, 0 < tail ≤ 1, so that tail 1 is the plain mean. With costs 10, 20,
30 and 40 of equal chance and tail 0.4 the worst 0.4 are the 40 (0.25) and 0.15 of the 30:
(10 + 4.5) / 0.4 = 36.25.

    CVaR = min over η of  η + 1/tail · Σ_s p_s · max(0, cost_s − η)

after Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2 (2000) 21–41.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from dronedeal.errors import InputError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.stochastic.staged import Matrix, NodeBlock, StagedProblem


def check_tail(tail: float | None, tail_weight: float) -> None:
    """Raise InputError where a tail or its weight cannot be used."""
    if tail is not None and not 0 < tail <= 1:
        raise InputError(
            f"tail {tail} is not a share of outcomes; give more than 0 and at most 1 (the mean of all)"
        )
    if not 0 <= tail_weight <= 1:
        raise InputError(
            f"tail_weight {tail_weight} is not a share; give 0 (the mean only) to 1 (the tail only)"
        )


def mean_of_worst(costs: FloatArray, probability: FloatArray, *, tail: float) -> float:
    """Mean of the worst share of outcomes, from the outcomes themselves.

    Parameters
    ----------
    costs, probability : (n_scenarios,)
    tail : share of worst outcomes

    Examples
    --------
    >>> import numpy as np
    >>> mean_of_worst(np.array([10.0, 20.0, 30.0, 40.0]), np.full(4, 0.25), tail=0.4)
    36.25
    """
    check_tail(tail, 1.0)
    worst = np.argsort(-costs, kind="stable")
    left = np.clip(tail - np.concatenate([[0.0], np.cumsum(probability[worst])[:-1]]), 0.0, None)
    taken = np.minimum(probability[worst], left)
    return float(taken @ costs[worst] / taken.sum())


def with_tail(staged: StagedProblem, *, tail: float | None, tail_weight: float = 1.0) -> StagedProblem:
    """The same problem with `(1 − tail_weight) · mean + tail_weight · CVaR` of the cost as its objective.

    Each node gets one more column, the cost so far on the path to it, the root one for η and each leaf one
    for what exceeds η. All of them stand after the columns that the node had.

    Parameters
    ----------
    tail : share of worst outcomes; None or 1: the problem stays as it is
    tail_weight : weight of the tail against the mean
    """
    check_tail(tail, tail_weight)
    if tail is None or tail == 1 or tail_weight == 0:
        return staged
    is_leaf = np.isin(np.arange(staged.n_nodes), staged.leaves)
    made: dict[tuple[int, ...], NodeBlock] = {}
    blocks = []
    for node, block in enumerate(staged.blocks):
        # Nodes that shared their arrays go on sharing them.
        parent = staged.blocks[max(0, int(staged.parent[node]))]
        key = (id(block), int(staged.depth[node]), int(is_leaf[node]), parent.n_columns)
        if key not in made:
            made[key] = _extended(staged, node, is_leaf=bool(is_leaf[node]), tail=tail, weight=tail_weight)
        blocks.append(made[key])
    joint = staged.joint
    if joint is not None:
        joint = replace(joint, matrix=_spread(joint.matrix, staged, blocks))
    return StagedProblem(staged.parent, staged.probability, tuple(blocks), staged.constant, joint)


def without_tail(values: FloatArray, staged: StagedProblem, extended: StagedProblem) -> FloatArray:
    """Values of the columns of the problem as it was before `with_tail`."""
    if extended is staged:
        return values
    return values[_kept(staged, extended.column_start[:-1])]


def _kept(staged: StagedProblem, starts: IntArray) -> IntArray:
    """(n_columns,) place of each old column where the columns of each node start at new places."""
    counts = np.diff(staged.column_start)
    kept: IntArray = np.arange(staged.n_columns) + np.repeat(starts - staged.column_start[:-1], counts)
    return kept


def _spread(matrix: Matrix, staged: StagedProblem, blocks: list[NodeBlock]) -> Matrix:
    starts = np.concatenate([[0], np.cumsum([block.n_columns for block in blocks])])
    place = _kept(staged, starts[:-1])
    return sparse.csr_array(
        (matrix.data, place[matrix.indices], matrix.indptr), shape=(matrix.shape[0], int(starts[-1]))
    )


def _extended(staged: StagedProblem, node: int, *, is_leaf: bool, tail: float, weight: float) -> NodeBlock:
    """A node with its cost so far, and η at the root, the excess at a leaf."""
    block, depth = staged.blocks[node], int(staged.depth[node])
    k, is_root = block.n_columns, depth == 0
    more = 1 + is_root + is_leaf
    # Cost so far − cost here − cost so far of the parent = 0.
    so_far = np.zeros(k + more)
    so_far[:k], so_far[k] = -block.cost, 1.0
    own_rows, row_lower, row_upper = [so_far], [0.0], [0.0]
    cost = np.concatenate([(1 - weight) * block.cost, np.zeros(more)])
    lower = np.concatenate([block.lower, np.full(more, -np.inf)])
    upper = np.concatenate([block.upper, np.full(more, np.inf)])
    if is_root:
        cost[k + 1] = weight
    if is_leaf:
        cost[-1], lower[-1] = weight / tail, 0.0
        # Excess ≥ cost so far − η.
        excess = np.zeros(k + more)
        excess[-1], excess[k] = 1.0, -1.0
        if is_root:
            excess[k + 1] = 1.0
        own_rows, row_lower, row_upper = [so_far, excess], [0.0, 0.0], [0.0, np.inf]
    own = sparse.vstack([_wider(block.own, k + more), sparse.csr_array(np.array(own_rows))], format="csr")
    return NodeBlock(
        cost=cost,
        lower=lower,
        upper=upper,
        is_integer=np.concatenate([block.is_integer, np.zeros(more, dtype=bool)]),
        row_lower=np.concatenate([block.row_lower, row_lower]),
        row_upper=np.concatenate([block.row_upper, row_upper]),
        own=own,
        links=_extended_links(staged, node, is_leaf=is_leaf),
    )


def _extended_links(staged: StagedProblem, node: int, *, is_leaf: bool) -> dict[int, Matrix]:
    block, depth = staged.blocks[node], int(staged.depth[node])
    links = {}
    for lag in {*block.links, *((1, depth) if is_leaf and depth else (1,) if depth else ())}:
        ancestor = int(staged.path[node, depth - lag])
        k = staged.blocks[ancestor].n_columns
        width = k + 1 + (staged.depth[ancestor] == 0)
        old = block.links.get(lag)
        top = sparse.csr_array((block.n_rows, width)) if old is None else _wider(old, width)
        rows = np.zeros((1 + is_leaf, width))
        if lag == 1:
            rows[0, k] = -1.0
        if is_leaf and lag == depth:
            rows[1, k + 1] = 1.0
        links[lag] = sparse.vstack([top, sparse.csr_array(rows)], format="csr")
    return links


def _wider(matrix: Matrix, columns: int) -> Matrix:
    return sparse.csr_array((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], columns))
