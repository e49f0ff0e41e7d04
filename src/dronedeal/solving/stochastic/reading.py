"""A Problem of the planning layer, taken apart node by node."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from dronedeal.errors import InputError
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.forms import WEIGHTS, ObjectiveKind
from dronedeal.solving.stochastic.staged import (
    BoolArray,
    JointRows,
    Matrix,
    NodeBlock,
    StagedProblem,
    check_tree,
)


@dataclass(frozen=True, eq=False)
class Reading:
    """A problem taken apart.

    Parameters
    ----------
    staged : the problem, node by node
    order : (n,) number in the Problem of each column of the staged problem
    """

    staged: StagedProblem
    order: IntArray

    def in_problem_order(self, values: FloatArray) -> FloatArray:
        """(n,) values in the order of the Problem's columns."""
        placed = np.empty(len(values))
        placed[self.order] = values
        return placed


def read_problem(problem: Problem, *, objective: ObjectiveKind) -> Reading:
    """Take a Problem apart; costs are minus the utility of the side whose objective it is.

    The utilities of a Problem carry the probability of the node, `cost_n = −utility_n / probability_n`.

    Parameters
    ----------
    problem : one with linear utilities whose rows join columns of one path of its tree; rows that join
        several branches are kept apart, and only the extensive form can have them
    objective : whose utility is maximised, "joint" for the sum of both

    Raises
    ------
    InputError
        where costs fall with experience, or probabilities do not make a tree, or a node of probability 0
        has costs
    """
    if problem.curves is not None:
        raise InputError(
            "the problem has costs that fall with experience, which are not linear; "
            "give problem.chords(), which is worth at least as much, or problem.tangent(values)"
        )
    if objective not in WEIGHTS:
        raise InputError(f"objective {objective!r} is unknown; choose one of {', '.join(WEIGHTS)}")
    tree = problem.tree
    check_tree(tree.parent, tree.probability)
    weights = np.array(WEIGHTS[objective])
    taken = _Taken(problem, _costs(problem, weights))
    return Reading(taken.staged(-float(weights @ problem.utility_constant)), taken.order)


def _costs(problem: Problem, weights: FloatArray) -> FloatArray:
    """(n,) cost of each column if its node is reached."""
    expected = -(weights @ problem.utility)
    share = problem.tree.probability[problem.node]
    never = np.flatnonzero((share == 0) & (expected != 0))
    if len(never):
        number = int(never[0])
        raise InputError(
            f"column {problem.column_name(number)} has a cost, but its node {problem.node[number]} has "
            "probability 0; leave the node out of the tree"
        )
    costs: FloatArray = np.divide(expected, share, out=np.zeros(len(expected)), where=share > 0)
    return costs


class _Taken:
    """The parts of a problem, sorted by node."""

    def __init__(self, problem: Problem, cost: FloatArray) -> None:
        tree = problem.tree
        self.problem = problem
        self.cost = cost
        self.order = np.argsort(problem.node, kind="stable")
        counts = np.bincount(problem.node, minlength=tree.n_nodes)
        self.start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.place = np.empty(problem.n_columns, dtype=np.int64)
        self.place[self.order] = np.arange(problem.n_columns)
        self.depth, self.path = _paths(tree.parent)
        self.owner, self.is_joint = self._owners()

    def _owners(self) -> tuple[IntArray, BoolArray]:
        """Node of each row, the deepest of its columns, and whether the row leaves the path to it."""
        matrix, node = self.problem.matrix, self.problem.node
        row, entry_node = matrix.row_of_entry, node[matrix.column]
        # The deepest node of a row is found by one maximum over depth and number together.
        owner = np.zeros(self.problem.n_rows, dtype=np.int64)
        key = self.depth[entry_node] * len(self.depth) + entry_node
        np.maximum.at(owner, row, key)
        owner %= len(self.depth)
        on_path = self.path[owner[row], self.depth[entry_node]] == entry_node
        is_joint = np.zeros(self.problem.n_rows, dtype=bool)
        is_joint[row[~on_path]] = True
        return owner, is_joint

    def staged(self, constant: float) -> StagedProblem:
        """The staged problem."""
        problem = self.problem
        matrix = sparse.csr_array(
            (problem.matrix.value, self.place[problem.matrix.column], problem.matrix.start),
            shape=(problem.n_rows, problem.n_columns),
        )
        kept = np.flatnonzero(~self.is_joint)
        rows = kept[np.argsort(self.owner[kept], kind="stable")]
        row_start = np.concatenate(
            [[0], np.cumsum(np.bincount(self.owner[kept], minlength=len(self.depth)))]
        ).astype(np.int64)
        by_node = matrix[rows]
        blocks = tuple(
            self._block(node, rows[first:end], by_node[first:end])
            for node, (first, end) in enumerate(pairwise(row_start.tolist()))
        )
        tree = problem.tree
        return StagedProblem(tree.parent, tree.probability, blocks, constant, self._joint(matrix))

    def _block(self, node: int, rows: IntArray, matrix: Matrix) -> NodeBlock:
        columns = self.order[self.start[node] : self.start[node + 1]]
        problem = self.problem
        own = matrix[:, self.start[node] : self.start[node + 1]]
        links = {}
        for lag in range(1, int(self.depth[node]) + 1):
            ancestor = int(self.path[node, self.depth[node] - lag])
            part = matrix[:, self.start[ancestor] : self.start[ancestor + 1]]
            if part.nnz:
                links[lag] = part
        return NodeBlock(
            cost=self.cost[columns],
            lower=problem.lower[columns],
            upper=problem.upper[columns],
            is_integer=problem.is_integer[columns],
            row_lower=problem.row_lower[rows],
            row_upper=problem.row_upper[rows],
            own=own,
            links=links,
        )

    def _joint(self, matrix: Matrix) -> JointRows | None:
        rows = np.flatnonzero(self.is_joint)
        if not len(rows):
            return None
        return JointRows(matrix[rows], self.problem.row_lower[rows], self.problem.row_upper[rows])


def _paths(parent: IntArray) -> tuple[IntArray, IntArray]:
    """Depth of each node, and its ancestor at each depth."""
    n = len(parent)
    depth = np.zeros(n, dtype=np.int64)
    for node in range(1, n):
        depth[node] = depth[parent[node]] + 1
    path = np.full((n, int(depth.max()) + 1), -1, dtype=np.int64)
    for node in range(n):
        if node:
            path[node] = path[parent[node]]
        path[node, depth[node]] = node
    return depth, path
