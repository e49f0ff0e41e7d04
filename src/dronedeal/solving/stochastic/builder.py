"""An easy way to state a staged problem: a tree, then columns and rows of its nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from dronedeal.errors import InputError
from dronedeal.planning.problem import Problem, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray, Tree
from dronedeal.solving.stochastic.staged import NodeBlock, StagedProblem, check_tree


@dataclass(frozen=True)
class StageColumn:
    """A column of one node, to be named in rows: its node, its number in the node, its name."""

    node: int
    number: int
    name: str


@dataclass
class _Column:
    name: str
    cost: float
    lower: float
    upper: float
    is_integer: bool


@dataclass
class _Row:
    name: str
    terms: dict[StageColumn, float]
    lower: float
    upper: float


@dataclass
class _Node:
    columns: list[_Column] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)


class StagedBuilder:
    """States a problem on a scenario tree, cost by cost and row by row.

    The problem is `min Σ_n probability_n · cost_n · x_n`: a cost is stated as it falls due when its node is
    reached, and the probability is put in for you.

    Parameters
    ----------
    parent : (n_nodes,) parent of each node, -1 for the root, which is node 0; parents come first
    probability : (n_nodes,) of each node
    is_conditional : whether a probability is given the parent, so that those of children of one node sum to
        1; otherwise they sum to the probability of the parent. Sums are checked, never scaled.

    Examples
    --------
    Buy now at 1, or later at 3 once the need, 2 or 6 with equal chances, is known:

    >>> stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    >>> now = stages.column(0, "now", cost=1)
    >>> for node, need in ((1, 2), (2, 6)):
    ...     later = stages.column(node, "later", cost=3)
    ...     _ = stages.row(node, "need", {now: 1, later: 1}, lower=need)
    >>> problem = stages.problem()
    >>> [problem.column_name(number) for number in range(3)]
    ['now[0]', 'later[1]', 'later[2]']
    >>> from dronedeal import solve_tree
    >>> found = solve_tree(problem, objective="buyer")
    >>> round(found.cost, 6), round(stages.value(found, now), 6)
    (6.0, 6.0)
    """

    def __init__(
        self, parent: Sequence[int], probability: Sequence[float], *, is_conditional: bool = False
    ) -> None:
        self.parent = np.array(parent, dtype=np.int64)
        self.probability = np.array(probability, dtype=float)
        if is_conditional:
            self.probability = _unconditional(self.parent, self.probability)
        check_tree(self.parent, self.probability)
        self._nodes = [_Node() for _ in self.parent]

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    def ancestors(self, node: int) -> tuple[int, ...]:
        """The path from a node to the root, itself first."""
        path = [node]
        while self.parent[path[-1]] >= 0:
            path.append(int(self.parent[path[-1]]))
        return tuple(path)

    def column(
        self,
        node: int,
        name: str,
        *,
        cost: float = 0.0,
        lower: float = 0.0,
        upper: float = np.inf,
        is_integer: bool = False,
    ) -> StageColumn:
        """Declare a column that is decided at a node.

        Parameters
        ----------
        name : unlike any other in this node; the same name in several nodes makes one family
        cost : of one unit if the node is reached; minus for a receipt
        """
        self._check_node(node, f"column {name!r}")
        columns = self._nodes[node].columns
        if any(column.name == name for column in columns):
            raise InputError(
                f"node {node} has two columns named {name!r}; names within a node must be different"
            )
        columns.append(_Column(name, cost, lower, upper, is_integer))
        return StageColumn(node, len(columns) - 1, name)

    def row(
        self,
        node: int,
        name: str,
        terms: Mapping[StageColumn, float],
        *,
        lower: float = -np.inf,
        upper: float = np.inf,
    ) -> None:
        """Declare a row `lower ≤ Σ coefficient · column ≤ upper` of a node.

        Parameters
        ----------
        terms : columns of this node and of nodes on the path to it → coefficient

        Raises
        ------
        InputError
            where a column belongs to a node that is not on the path, for it cannot be known there
        """
        self._check_node(node, f"row {name!r}")
        path = self.ancestors(node)
        for column in terms:
            if column.node not in path:
                raise InputError(
                    f"row {name!r} of node {node} names {column.name}[{column.node}], which is not known "
                    f"there; a row may name columns of the nodes {', '.join(map(str, sorted(path)))}"
                )
        if not terms:
            raise InputError(f"row {name!r} of node {node} has no columns; name one at least")
        self._nodes[node].rows.append(_Row(name, dict(terms), lower, upper))

    def staged(self) -> StagedProblem:
        """The problem node by node."""
        return StagedProblem(
            self.parent, self.probability, tuple(self._block(node) for node in range(self.n_nodes))
        )

    def problem(self) -> Problem:
        """The problem in one matrix; the utility of the buyer is minus the expected cost."""
        if not any(part.rows for part in self._nodes):
            raise InputError("the problem has no rows; state one row at least")
        build = ProblemBuilder(
            tree=_yearly(self.parent, self.probability),
            labels={"node": tuple(map(str, range(self.n_nodes)))},
            discount=np.ones((2, int(_depth(self.parent).max()) + 1)),
        )
        number = self._add_columns(build)
        self._add_rows(build, number)
        return replace(build.build(), lower=np.array([column.lower for _, column in self._in_order()]))

    def value(self, solution: object, column: StageColumn) -> float:
        """Value of a column in a solution of `problem()`.

        Parameters
        ----------
        solution : what `solve_tree` gave; it has values
        """
        values = getattr(solution, "values", None)
        if values is None:
            raise InputError("the solution has no values; its status and termination say why")
        return float(values[self._numbers()[column.node, column.name]])

    def _check_node(self, node: int, what: str) -> None:
        if not 0 <= node < self.n_nodes:
            raise InputError(f"{what}: node {node} is not in the tree; its nodes are 0 to {self.n_nodes - 1}")

    def _in_order(self) -> list[tuple[int, _Column]]:
        """Node and column, by family in the order of first mention, then by node."""
        families: dict[str, list[tuple[int, _Column]]] = {}
        for node, part in enumerate(self._nodes):
            for column in part.columns:
                families.setdefault(column.name, []).append((node, column))
        return [entry for family in families.values() for entry in family]

    def _numbers(self) -> dict[tuple[int, str], int]:
        return {(node, column.name): number for number, (node, column) in enumerate(self._in_order())}

    def _add_columns(self, build: ProblemBuilder) -> dict[tuple[int, str], int]:
        entries = self._in_order()
        for name in dict.fromkeys(column.name for _, column in entries):
            members = [(node, column) for node, column in entries if column.name == name]
            node = np.array([node for node, _ in members], dtype=np.int64)
            build.add_columns(
                name,
                {"node": node},
                node=node,
                upper=np.array([column.upper for _, column in members]),
                is_integer=np.array([column.is_integer for _, column in members]),
            )
        number = self._numbers()
        cost = np.array([self.probability[node] * column.cost for node, column in entries])
        build.add_utility(0, np.arange(len(entries), dtype=np.int64), -cost)
        return number

    def _add_rows(self, build: ProblemBuilder, number: dict[tuple[int, str], int]) -> None:
        rows: dict[str, list[tuple[int, _Row]]] = {}
        for node, part in enumerate(self._nodes):
            for row in part.rows:
                rows.setdefault(row.name, []).append((node, row))
        for name, members in rows.items():
            family = build.add_rows(
                name,
                {"node": np.array([node for node, _ in members], dtype=np.int64)},
                count=len(members),
                lower=np.array([row.lower for _, row in members]),
                upper=np.array([row.upper for _, row in members]),
            )
            entries = [
                (family.start + at, number[column.node, column.name], value)
                for at, (_, row) in enumerate(members)
                for column, value in row.terms.items()
            ]
            row_of, column_of, values = zip(*entries, strict=True)
            build.add_entries(
                np.array(row_of, dtype=np.int64), np.array(column_of, dtype=np.int64), np.array(values, float)
            )

    def _block(self, node: int) -> NodeBlock:
        part = self._nodes[node]
        terms: dict[int, list[tuple[int, int, float]]] = {0: []}
        path = self.ancestors(node)
        for at, row in enumerate(part.rows):
            for column, value in row.terms.items():
                terms.setdefault(path.index(column.node), []).append((at, column.number, value))
        matrices = {
            lag: _matrix(entries, len(part.rows), len(self._nodes[path[lag]].columns))
            for lag, entries in terms.items()
        }
        return NodeBlock(
            cost=np.array([column.cost for column in part.columns], dtype=float),
            lower=np.array([column.lower for column in part.columns], dtype=float),
            upper=np.array([column.upper for column in part.columns], dtype=float),
            is_integer=np.array([column.is_integer for column in part.columns], dtype=bool),
            row_lower=np.array([row.lower for row in part.rows], dtype=float),
            row_upper=np.array([row.upper for row in part.rows], dtype=float),
            own=matrices.pop(0),
            links=matrices,
        )


def _matrix(entries: list[tuple[int, int, float]], rows: int, columns: int) -> sparse.csr_array:
    row = np.array([entry[0] for entry in entries], dtype=np.int64)
    column = np.array([entry[1] for entry in entries], dtype=np.int64)
    value = np.array([entry[2] for entry in entries], dtype=float)
    return sparse.csr_array((value, (row, column)), shape=(rows, columns))


def _unconditional(parent: IntArray, probability: FloatArray) -> FloatArray:
    product = probability.copy()
    for node in range(1, len(parent)):
        if 0 <= parent[node] < node:
            product[node] *= product[parent[node]]
    return product


def _depth(parent: IntArray) -> IntArray:
    depth = np.zeros(len(parent), dtype=np.int64)
    for node in range(1, len(parent)):
        depth[node] = depth[parent[node]] + 1
    return depth


def _yearly(parent: IntArray, probability: FloatArray) -> Tree:
    """The tree with one month a node: a plain staged problem has no calendar."""
    depth = _depth(parent)
    return Tree(parent=parent, probability=probability, stage=depth, first_month=depth, end_month=depth + 1)
