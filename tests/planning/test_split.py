"""Columns and rows of learning groups, and the rows that groups share."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.split import REST, split


def matrix_of(rows: list[list[int]]) -> SparseRows:
    lengths = [len(row) for row in rows]
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return SparseRows(start, np.array([column for row in rows for column in row]), np.ones(sum(lengths)))


def test_what_hangs_on_a_group_is_its_own_and_what_joins_two_is_shared() -> None:
    """Columns 0 and 4 make what learns; 1 hangs on 0, 3 on 4, 2 on both, 5 and 6 on one another only."""
    rows = [[0, 1], [3, 4], [1, 2, 3], [5, 6], []]
    found = split(matrix_of(rows), np.array([0, REST, REST, REST, 1, REST, REST]))
    assert found.column.tolist() == [0, 0, REST, 1, 1, REST, REST]
    assert found.shared.tolist() == [2]
    assert found.rows_of(0).tolist() == [0]
    assert found.rows_of(1).tolist() == [1]
    assert found.rows_of(REST).tolist() == [3, 4]
    assert found.columns_of(REST).tolist() == [2, 5, 6]


def test_short_rows_come_first() -> None:
    """A long row would join columns 0 and 2 if it came first, and make the short one shared."""
    rows = [[0, 1, 2, 3], [2, 3], [1, 0]]
    found = split(matrix_of(rows), np.array([0, REST, 1, REST]))
    assert found.column.tolist() == [0, 0, 1, 1]
    assert found.shared.tolist() == [0]


def test_columns_of_one_group_are_one_from_the_start() -> None:
    rows = [[0, 2], [1, 3]]
    found = split(matrix_of(rows), np.array([0, 0, REST, REST]))
    assert found.column.tolist() == [0, 0, 0, 0]
    assert not len(found.shared)
