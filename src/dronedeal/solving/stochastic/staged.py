"""A problem on a scenario tree, held node by node: what every method of this package works on.

A node of the tree owns columns and rows. Its rows may use its own columns and those of its ancestors, never
those of another branch, so that nothing is decided on what is not yet known (rule R4). Nodes that are
alike may share their arrays, which is what keeps large regular trees small in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from dronedeal.errors import InputError
from dronedeal.planning.tree import FloatArray, IntArray

Matrix: TypeAlias = sparse.csr_array
BoolArray: TypeAlias = npt.NDArray[np.bool_]

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class NodeBlock:
    """Columns and rows of one node.

    Parameters
    ----------
    cost : (k,) cost of one unit of each column if the node is reached, not times its probability
    lower, upper : (k,) bounds of the columns
    is_integer : (k,) whole numbers
    row_lower, row_upper : (r,) limits of the rows
    own : (r, k) coefficients of the node's own columns
    links : lag ≥ 1 → (r, k of the ancestor so many stages back) coefficients of that ancestor's columns
    """

    cost: FloatArray
    lower: FloatArray
    upper: FloatArray
    is_integer: BoolArray
    row_lower: FloatArray
    row_upper: FloatArray
    own: Matrix
    links: Mapping[int, Matrix] = field(default_factory=dict)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)


@dataclass(frozen=True, eq=False)
class JointRows:
    """Rows that join several branches, as a service level over all futures does.

    Only the extensive form can have them.

    matrix : (m, n) over all columns, in the order of nodes; lower, upper : (m,)
    """

    matrix: Matrix
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True, eq=False)
class StagedProblem:
    """Minimise the expected cost over a scenario tree.

    `min  constant + Σ_n probability_n · cost_n · x_n`   subject to the rows and bounds of every node.

    Parameters
    ----------
    parent : (n_nodes,) number of the parent; -1 for the root, which is node 0; parents come first
    probability : (n_nodes,) unconditional probability, 1 for the root
    blocks : one for each node
    constant : added to the cost
    joint : rows that join several branches; None: there are none

    Raises
    ------
    InputError
        where the tree, a probability or the size of a block is not as it must be

    Examples
    --------
    >>> import numpy as np
    >>> from scipy import sparse
    >>> none = np.zeros(0)
    >>> root = NodeBlock(np.array([3.0]), np.zeros(1), np.full(1, np.inf), np.zeros(1, bool), none, none,
    ...                  sparse.csr_array((0, 1)))
    >>> def needs(amount):
    ...     ones = sparse.csr_array([[1.0]])
    ...     return NodeBlock(np.array([5.0]), np.zeros(1), np.full(1, np.inf), np.zeros(1, bool),
    ...                      np.array([amount]), np.array([np.inf]), ones, {1: ones})
    >>> parent, probability = np.array([-1, 0, 0]), np.array([1.0, 0.5, 0.5])
    >>> staged = StagedProblem(parent, probability, (root, needs(1.0), needs(9.0)))
    >>> staged.n_columns, staged.n_stages, staged.leaves.tolist()
    (3, 2, [1, 2])
    """

    parent: IntArray
    probability: FloatArray
    blocks: tuple[NodeBlock, ...]
    constant: float = 0.0
    joint: JointRows | None = None

    def __post_init__(self) -> None:
        check_tree(self.parent, self.probability)
        if len(self.blocks) != self.n_nodes:
            raise InputError(f"{len(self.blocks)} blocks for {self.n_nodes} nodes; give one block a node")
        checked: set[tuple[int, ...]] = set()
        for node, block in enumerate(self.blocks):
            path = self.path[node]
            sizes = (id(block), *(self.blocks[path[self.depth[node] - lag]].n_columns for lag in block.links))
            if sizes not in checked:
                _check_block(self, node)
                checked.add(sizes)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @cached_property
    def depth(self) -> IntArray:
        """(n_nodes,) stages between the root and each node, 0 for the root."""
        depth = np.zeros(self.n_nodes, dtype=np.int64)
        for node in range(1, self.n_nodes):
            depth[node] = depth[self.parent[node]] + 1
        return depth

    @property
    def n_stages(self) -> int:
        """Number of stages, the root's included."""
        return int(self.depth.max()) + 1

    @cached_property
    def path(self) -> IntArray:
        """(n_nodes, n_stages) ancestor of each node at each depth, itself at its own; -1 beyond."""
        path = np.full((self.n_nodes, self.n_stages), -1, dtype=np.int64)
        for node in range(self.n_nodes):
            if node:
                path[node] = path[self.parent[node]]
            path[node, self.depth[node]] = node
        return path

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Children of each node, in their order."""
        children: list[list[int]] = [[] for _ in range(self.n_nodes)]
        for node in range(1, self.n_nodes):
            children[self.parent[node]].append(node)
        return tuple(map(tuple, children))

    @cached_property
    def leaves(self) -> IntArray:
        """(n_leaves,) nodes without children: one for each scenario."""
        return np.array([node for node, below in enumerate(self.children) if not below], dtype=np.int64)

    @cached_property
    def column_start(self) -> IntArray:
        """(n_nodes + 1,) first column of each node, the columns of all nodes in one line."""
        return np.concatenate([[0], np.cumsum([block.n_columns for block in self.blocks])]).astype(np.int64)

    @property
    def n_columns(self) -> int:
        """Number of columns of all nodes."""
        return int(self.column_start[-1])

    @cached_property
    def n_rows(self) -> int:
        """Number of rows of all nodes."""
        return sum(block.n_rows for block in self.blocks) + (len(self.joint.lower) if self.joint else 0)

    @cached_property
    def has_integers(self) -> bool:
        """Whether any column must be whole."""
        return any(block.is_integer.any() for block in self.blocks)

    def node_costs(self, values: FloatArray) -> FloatArray:
        """(n_nodes,) cost that each node causes if it is reached.

        Parameters
        ----------
        values : (n_columns,) in the order of nodes
        """
        start = self.column_start
        return np.array(
            [
                block.cost @ values[start[node] : start[node + 1]] if block.n_columns else 0.0
                for node, block in enumerate(self.blocks)
            ]
        )

    def cost_of(self, values: FloatArray) -> float:
        """Expected cost of a plan, the constant included."""
        return float(self.probability @ self.node_costs(values)) + self.constant

    def scenario_costs(self, values: FloatArray) -> FloatArray:
        """(n_leaves,) cost of each scenario, the constant included, in the order of `leaves`."""
        so_far = self.node_costs(values)
        for node in range(1, self.n_nodes):
            so_far[node] += so_far[self.parent[node]]
        costs: FloatArray = so_far[self.leaves] + self.constant
        return costs

    def violation(self, values: FloatArray) -> float:
        """Largest violation of a row or bound, by plain arithmetic, whatever a solver says of it."""
        worst = 0.0
        for node, block in enumerate(self.blocks):
            x = self._of(values, node)
            activity = block.own @ x
            for lag, matrix in block.links.items():
                activity = activity + matrix @ self._of(values, int(self.path[node, self.depth[node] - lag]))
            parts = (block.lower - x, x - block.upper, block.row_lower - activity, activity - block.row_upper)
            worst = max(worst, *(float(part.max(initial=0.0)) for part in parts))
        if self.joint is not None:
            activity = self.joint.matrix @ values
            worst = max(worst, float((self.joint.lower - activity).max(initial=0.0)))
            worst = max(worst, float((activity - self.joint.upper).max(initial=0.0)))
        return worst

    def _of(self, values: FloatArray, node: int) -> FloatArray:
        return values[self.column_start[node] : self.column_start[node + 1]]


def check_tree(parent: IntArray, probability: FloatArray) -> None:
    """Raise InputError where parents or unconditional probabilities do not make a tree."""
    if len(parent) == 0 or len(parent) != len(probability):
        raise InputError(
            f"{len(parent)} parents and {len(probability)} probabilities; give one of each a node"
        )
    if parent[0] != -1:
        raise InputError(f"node 0 has parent {parent[0]}; it is the root and must have parent -1")
    for node in range(1, len(parent)):
        if not 0 <= parent[node] < node:
            raise InputError(
                f"node {node} has parent {parent[node]}; a parent is a node with a smaller number, "
                f"0 to {node - 1}"
            )
    for node, value in enumerate(probability):
        if not 0 <= value <= 1 + _SUM_TOLERANCE:
            raise InputError(f"node {node} has probability {value}; a probability lies between 0 and 1")
    if abs(probability[0] - 1) > _SUM_TOLERANCE:
        raise InputError(f"the root has probability {probability[0]}; it must be 1")
    _check_sums(parent, probability)


def _check_sums(parent: IntArray, probability: FloatArray) -> None:
    total = np.zeros(len(parent))
    np.add.at(total, parent[1:], probability[1:])
    has_children = np.bincount(parent[1:], minlength=len(parent)) > 0
    wrong = np.flatnonzero(has_children & (np.abs(total - probability) > _SUM_TOLERANCE))
    if len(wrong):
        node = int(wrong[0])
        raise InputError(
            f"the children of node {node} have probabilities that sum to {total[node]:.12g}, but the node "
            f"has {probability[node]:.12g}; they must sum to it, and nothing is scaled for you"
        )


def _check_block(staged: StagedProblem, node: int) -> None:
    block = staged.blocks[node]
    k, r = block.n_columns, block.n_rows
    sizes = {
        "lower": (len(block.lower), k),
        "upper": (len(block.upper), k),
        "is_integer": (len(block.is_integer), k),
        "row_upper": (len(block.row_upper), r),
        "rows of own": (block.own.shape[0], r),
        "columns of own": (block.own.shape[1], k),
    }
    for lag, matrix in block.links.items():
        if not 1 <= lag <= staged.depth[node]:
            raise InputError(
                f"node {node}: a link {lag} stages back; the node has {staged.depth[node]} ancestors, "
                "give 1 to that"
            )
        ancestor = int(staged.path[node, staged.depth[node] - lag])
        sizes[f"rows of the link {lag} back"] = (matrix.shape[0], r)
        sizes[f"columns of the link {lag} back"] = (matrix.shape[1], staged.blocks[ancestor].n_columns)
    for what, (found, needed) in sizes.items():
        if found != needed:
            raise InputError(f"node {node}: {what} counts {found}; it must count {needed}")
    _check_numbers(block, node)


def _check_numbers(block: NodeBlock, node: int) -> None:
    numbers: Sequence[tuple[str, FloatArray]] = (
        ("cost", block.cost),
        ("a coefficient", block.own.data),
        *((f"a coefficient {lag} back", matrix.data) for lag, matrix in block.links.items()),
    )
    for what, values in numbers:
        if not np.isfinite(values).all():
            found = values[~np.isfinite(values)][0]
            raise InputError(f"node {node}: {what} is {found}; give a finite number")
    for what, low, high in (
        ("column", block.lower, block.upper),
        ("row", block.row_lower, block.row_upper),
    ):
        wrong = np.flatnonzero(~(low <= high))
        if len(wrong):
            at = int(wrong[0])
            raise InputError(
                f"node {node}: {what} {at} has lower {low[at]} and upper {high[at]}; "
                "lower must not exceed upper"
            )
