"""A problem falls apart into one for each learning group where the rows that they share are priced.

Rows are taken one by one, short ones first, and join the columns that they hold. A row that would join two
groups is *shared*: budgets, parts, the ceiling and the seller's cash, and capacity of lines that make systems
of several groups. Short rows first, because those that hold a group together are short. Every other row
belongs to one group, or to the rest of columns that no group needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import IntArray

REST = -1


@dataclass(frozen=True)
class Split:
    """Whose every column and row is.

    column : (n,) number of the group of a column, `REST` of none; row : (m,) likewise; shared : numbers of
    the rows that join groups, whose `row` says nothing
    """

    column: IntArray
    row: IntArray
    shared: IntArray

    def columns_of(self, group: int) -> IntArray:
        """Columns of a group, or of the rest."""
        return np.flatnonzero(self.column == group)

    def rows_of(self, group: int) -> IntArray:
        """Rows of a group, or of the rest, without shared ones."""
        is_own = self.row == group
        is_own[self.shared] = False
        return np.flatnonzero(is_own)


def split(matrix: SparseRows, group: IntArray) -> Split:
    """The groups of all columns and rows.

    Parameters
    ----------
    matrix : rows × columns
    group : (n,) group of the columns that define it, `REST` for all others
    """
    union = _Union(group)
    start, column = matrix.start.tolist(), matrix.column.tolist()
    shared = []
    for row in np.argsort(np.diff(matrix.start), kind="stable").tolist():
        if not union.join(column[start[row] : start[row + 1]]):
            shared.append(row)
    of_column = union.groups()
    of_row = np.full(len(start) - 1, REST)
    filled = np.flatnonzero(np.diff(matrix.start))
    of_row[filled] = of_column[matrix.column[matrix.start[filled]]]
    return Split(of_column, of_row, np.sort(np.array(shared, dtype=np.int64)))


class _Union:
    """Sets of columns, each of one group at most."""

    def __init__(self, group: IntArray) -> None:
        self._parent = list(range(len(group)))
        self._group = group.tolist()
        first: dict[int, int] = {}
        for column in np.flatnonzero(group != REST).tolist():
            self._parent[column] = first.setdefault(self._group[column], column)

    def join(self, columns: list[int]) -> bool:
        """Put columns into one set; False, and nothing done, where they are of two groups."""
        roots = sorted({self._root(column) for column in columns})
        groups = {self._group[root] for root in roots} - {REST}
        if len(groups) > 1:
            return False
        for root in roots[1:]:
            self._parent[root] = roots[0]
        for group in groups:
            self._group[roots[0]] = group
        return True

    def groups(self) -> IntArray:
        """(n,) group of each column."""
        return np.array([self._group[self._root(column)] for column in range(len(self._parent))])

    def _root(self, column: int) -> int:
        parent = self._parent
        while parent[column] != column:
            parent[column] = parent[parent[column]]
            column = parent[column]
        return column
