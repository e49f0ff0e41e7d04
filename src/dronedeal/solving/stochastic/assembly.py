"""Some nodes of a staged problem as one matrix: the whole tree, its top, or one subtree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import MatrixForm
from dronedeal.solving.stochastic.staged import BoolArray, Matrix, StagedProblem


@dataclass(frozen=True, eq=False)
class Assembly:
    """Columns and rows of some nodes, one after the other.

    Parameters
    ----------
    nodes : their numbers, parents first
    column_start : (n_nodes + 1,) first column of each of these nodes
    lower, upper, is_integer : (n,)
    cost : (n,) times the weight of the node
    row_lower, row_upper : (m,)
    matrix : (m, n) coefficients of these columns
    state : (m, d) coefficients of columns of ancestors outside
    state_lag, state_column : (d,) where such a column stands: stages back from the first node, and its
        number in that ancestor
    """

    nodes: IntArray
    column_start: IntArray
    lower: FloatArray
    upper: FloatArray
    is_integer: BoolArray
    cost: FloatArray
    row_lower: FloatArray
    row_upper: FloatArray
    matrix: Matrix
    state: Matrix
    state_lag: IntArray
    state_column: IntArray


class _Entries:
    """Loose entries of a matrix, block by block."""

    def __init__(self) -> None:
        self.rows: list[IntArray] = []
        self.columns: list[IntArray] = []
        self.values: list[FloatArray] = []

    def add(self, block: Matrix, row: int, column: int) -> None:
        """Put a block where its first row and column are given."""
        counts = np.diff(block.indptr)
        self.rows.append(np.repeat(np.arange(row, row + len(counts), dtype=np.int64), counts))
        self.columns.append(block.indices.astype(np.int64) + column)
        self.values.append(block.data)

    def joined(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Row, column and value of all entries."""
        if not self.rows:
            none = np.zeros(0, dtype=np.int64)
            return none, none, np.zeros(0)
        return np.concatenate(self.rows), np.concatenate(self.columns), np.concatenate(self.values)


def assemble(staged: StagedProblem, nodes: IntArray, *, weight: FloatArray) -> Assembly:
    """The columns and rows of some nodes as one matrix.

    Parameters
    ----------
    nodes : (k,) parents first; each but the first has its parent among them
    weight : (k,) factor of each node's cost, its probability
    """
    blocks = [staged.blocks[node] for node in nodes]
    starts = np.concatenate([[0], np.cumsum([block.n_columns for block in blocks])]).astype(np.int64)
    row_starts = np.concatenate([[0], np.cumsum([block.n_rows for block in blocks])]).astype(np.int64)
    place = {int(node): at for at, node in enumerate(nodes)}
    first = int(staged.depth[nodes[0]])
    inside, outside = _Entries(), _Entries()
    widest = 1 + max((block.n_columns for block in staged.blocks[: int(nodes[0]) + 1]), default=0)
    for at, (node, block) in enumerate(zip(nodes, blocks, strict=True)):
        row = int(row_starts[at])
        inside.add(block.own, row, int(starts[at]))
        for lag, matrix in block.links.items():
            depth = int(staged.depth[node]) - lag
            if depth >= first:
                inside.add(matrix, row, int(starts[place[int(staged.path[node, depth])]]))
            else:
                # Place a column of an ancestor outside by how far above the first node it stands.
                outside.add(matrix, row, (first - depth) * widest)
    m, n = int(row_starts[-1]), int(starts[-1])
    rows, columns, values = inside.joined()
    state, used = _compact(outside, m)
    return Assembly(
        nodes=nodes,
        column_start=starts,
        lower=_joined([block.lower for block in blocks]),
        upper=_joined([block.upper for block in blocks]),
        is_integer=np.concatenate([block.is_integer for block in blocks]).astype(bool),
        cost=_joined([block.cost * share for block, share in zip(blocks, weight, strict=True)]),
        row_lower=_joined([block.row_lower for block in blocks]),
        row_upper=_joined([block.row_upper for block in blocks]),
        matrix=_compressed(rows, columns, values, (m, n)),
        state=state,
        state_lag=used // widest,
        state_column=used % widest,
    )


def _joined(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts).astype(float)


def _compressed(rows: IntArray, columns: IntArray, values: FloatArray, shape: tuple[int, int]) -> Matrix:
    matrix = sparse.csr_array((values, (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    return matrix


def _compact(outside: _Entries, m: int) -> tuple[Matrix, IntArray]:
    rows, columns, values = outside.joined()
    used, position = np.unique(columns, return_inverse=True)
    return _compressed(rows, position.astype(np.int64), values, (m, len(used))), used.astype(np.int64)


def whole(staged: StagedProblem) -> MatrixForm:
    """The extensive form: one problem over all scenarios, its objective minus the expected cost.

    `max −Σ_n p_n · cost_n · x_n`, for every solver of this package maximises.
    """
    nodes = np.arange(staged.n_nodes, dtype=np.int64)
    parts = assemble(staged, nodes, weight=staged.probability)
    matrix, lower, upper = parts.matrix, parts.row_lower, parts.row_upper
    if staged.joint is not None:
        matrix = sparse.vstack([matrix, staged.joint.matrix], format="csr")
        lower, upper = np.append(lower, staged.joint.lower), np.append(upper, staged.joint.upper)
    return MatrixForm(
        objective=-parts.cost,
        constant=-staged.constant,
        lower=parts.lower,
        upper=parts.upper,
        is_integer=parts.is_integer,
        row_lower=lower,
        row_upper=upper,
        matrix=sparse_rows(matrix),
    )


def sparse_rows(matrix: Matrix) -> SparseRows:
    """The same matrix as the solvers take it."""
    return SparseRows(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
