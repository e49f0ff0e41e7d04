"""A linear problem without what decides nothing.

That are fixed columns, rows that are the bound of one column, rows that no plan within the bounds can break,
and rows that hold all their columns at a bound, as those of a line that makes nothing: then its stock stays
empty month after month, and nothing of it is delivered. The simplex method takes time for every row, whether
it can bind or not. What is left here keeps its numbers, so that a basis of one problem can start another one
that was slimmed alike. (Forcing and redundant rows: Andersen and Andersen, Presolving in linear programming,
1995.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sparse

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import MatrixForm

# A row of one column with a smaller coefficient stays a row: its bound would be past the solver's precision.
_LEAST = 1e-6
# Bounds that cross by no more than this, of a large one relative to its size, only do so by rounding.
_CROSSED = 1e-7
_ROUNDS = 4
# A row that can only just be kept holds its columns at their bounds; of a large limit relative to its size.
_JUST = 1e-9
# Rows of more entries, which are few, are looked at once.
_SHORT = 20


@dataclass(frozen=True)
class Slim:
    """What is left of a linear problem.

    Parameters
    ----------
    form : of the same optimum
    column, row : (k,), (l,) their numbers in the whole problem
    value : (n,) of each column of the whole problem that is fixed; 0 for those that are left
    """

    form: MatrixForm
    column: IntArray
    row: IntArray
    value: FloatArray

    def whole(self, values: FloatArray) -> FloatArray:
        """(n,) columns of the whole problem out of those that are left."""
        found = self.value.copy()
        found[self.column] = values
        return found


class _Shape:
    """A form while it is slimmed."""

    def __init__(self, form: MatrixForm) -> None:
        self.form = form
        rows, columns = len(form.row_lower), len(form.lower)
        entry = form.matrix
        self.matrix = sparse.csr_array((entry.value, entry.column, entry.start), shape=(rows, columns))
        self.row_of_entry = entry.row_of_entry
        self.lower, self.upper = form.lower.copy(), form.upper.copy()
        self.row_lower, self.row_upper = form.row_lower.copy(), form.row_upper.copy()
        self.is_row, self.is_column = np.ones(rows, dtype=bool), np.ones(columns, dtype=bool)

    def fix(self) -> bool:
        """Take out columns whose bounds meet; whether there was any."""
        fixed = self.is_column & (self.lower == self.upper)
        if fixed.any():
            done = self.matrix @ np.where(fixed, self.lower, 0.0)
            self.row_lower -= done
            self.row_upper -= done
            self.is_column &= ~fixed
        return bool(fixed.any())

    def settle(self) -> bool:
        """Make bounds of rows of one column, and take out rows of none; whether some plan can be left."""
        entry = self.form.matrix
        live = self.is_row[self.row_of_entry] & self.is_column[entry.column] & (entry.value != 0)
        count = np.bincount(self.row_of_entry[live], minlength=len(self.is_row))
        is_single = self.is_row & (count == 1)
        of = live & is_single[self.row_of_entry]
        is_single[self.row_of_entry[of & (np.abs(entry.value) < _LEAST)]] = False
        of &= is_single[self.row_of_entry]
        self._bound(self.row_of_entry[of], entry.column[of], entry.value[of])
        empty = self.is_row & (count == 0)
        self.is_row &= ~(is_single | empty)
        size = np.maximum(1.0, np.abs(np.where(np.isfinite(self.row_lower), self.row_lower, 0.0)))
        is_kept = (self.row_lower <= _CROSSED * size) & (self.row_upper >= -_CROSSED * size)
        return bool(is_kept[empty].all())

    def force(self) -> bool:
        """Take out rows that cannot be broken, and fix the columns of those that can only just be kept.

        Whether no two rows hold a column at both its bounds: there no plan can be left.

        A column that is fixed can make rows of its own next: those alone are looked at again, if they are
        short enough for that to be little work.
        """
        by_column, limits = self.matrix.tocsc(), _limits(self.row_lower, self.row_upper)
        is_short = np.diff(self.matrix.indptr) <= _SHORT
        row = np.flatnonzero(self.is_row)
        while len(row):
            to_upper, to_lower = self._forced(row, limits)
            if self._is_wide(np.intersect1d(to_upper, to_lower)):
                return False
            self.lower[to_upper] = self.upper[to_upper]
            self.upper[to_lower] = self.lower[to_lower]
            _, at = _entries(by_column.indptr, np.concatenate([to_upper, to_lower]))
            is_next = np.zeros(len(self.is_row), dtype=bool)
            is_next[by_column.indices[at]] = True
            row = np.flatnonzero(is_next & self.is_row & is_short)
        return True

    def _is_wide(self, column: IntArray) -> bool:
        """Whether the bounds of any of these columns are further apart than by rounding."""
        lower, upper = self.lower[column], self.upper[column]
        return bool((upper - lower > _CROSSED * np.maximum(1.0, np.abs(upper))).any())

    def _forced(self, row: IntArray, limits: FloatArray) -> tuple[IntArray, IntArray]:
        """Columns that some rows hold at their upper, and at their lower bound; those rows go."""
        entry = self.form.matrix
        of, at = _entries(entry.start, row)
        column, value = entry.column[at], entry.value[at]
        is_live = self.is_column[column] & (value != 0)
        of, column, value = of[is_live], column[is_live], value[is_live]
        is_up, lower, upper = value > 0, self.lower[column], self.upper[column]
        low = np.bincount(of, value * np.where(is_up, lower, upper), minlength=len(row))
        high = np.bincount(of, value * np.where(is_up, upper, lower), minlength=len(row))
        is_idle = (low >= self.row_lower[row]) & (high <= self.row_upper[row])
        near = limits[:, row]
        is_least = (low >= near[0]) & (low <= near[1]) & ~is_idle
        is_most = (high >= near[2]) & (high <= near[3]) & ~is_idle & ~is_least
        self.is_row[row[is_idle | is_least | is_most]] = False
        is_held = (lower < upper) & (is_least | is_most)[of]
        is_high = is_most[of] == is_up
        return column[is_held & is_high], column[is_held & ~is_high]

    def _bound(self, row: IntArray, column: IntArray, value: FloatArray) -> None:
        is_up = value > 0
        least = np.where(is_up, self.row_lower[row], self.row_upper[row]) / value
        most = np.where(is_up, self.row_upper[row], self.row_lower[row]) / value
        np.maximum.at(self.lower, column, least)
        np.minimum.at(self.upper, column, most)

    def meet(self) -> bool:
        """Let bounds meet that cross by rounding; whether no others cross."""
        crossed = self.lower > self.upper
        size = np.maximum(1.0, np.abs(self.lower[crossed]))
        if (self.lower[crossed] - self.upper[crossed] > _CROSSED * size).any():
            return False
        self.upper[crossed] = self.lower[crossed]
        return True


def slimmed(form: MatrixForm) -> Slim | None:
    """A linear problem without columns and rows that decide nothing; None where no plan can be left.

    Parameters
    ----------
    form : without integers
    """
    shape = _Shape(form)
    if not _settled(shape):
        return None
    return _left(shape) if shape.force() and _settled(shape) else None


def _settled(shape: _Shape) -> bool:
    """Whether some plan can be left once fixed columns and rows of one column are taken out."""
    for _ in range(_ROUNDS):
        before = int(shape.is_row.sum())
        is_fixed = shape.fix()
        if not (shape.settle() and shape.meet()):
            return False
        if not is_fixed and before == int(shape.is_row.sum()):
            break
    return True


def _limits(lower: FloatArray, upper: FloatArray) -> FloatArray:
    """(4, m) from where to where the least of a row is its upper limit, and the most of it its lower one."""
    found = []
    for limit in (upper, lower):
        is_there = np.isfinite(limit)
        known = np.where(is_there, limit, 0.0)
        room = _JUST * np.maximum(1.0, np.abs(known))
        # Where there is no limit, nothing is between these.
        found += [np.where(is_there, known - room, np.inf), np.where(is_there, known + room, -np.inf)]
    return np.array(found)


def _entries(start: IntArray, numbers: IntArray) -> tuple[IntArray, IntArray]:
    """For each entry of some rows, or columns, which of them it is in, and its place in the matrix."""
    first, count = start[numbers], start[numbers + 1] - start[numbers]
    of = np.repeat(np.arange(len(numbers)), count)
    at: IntArray = np.arange(len(of)) + np.repeat(first - (np.cumsum(count) - count), count)
    return of, at


def _left(shape: _Shape) -> Slim:
    form, column, row = shape.form, np.flatnonzero(shape.is_column), np.flatnonzero(shape.is_row)
    matrix = sparse.csr_array(shape.matrix[row][:, column])
    value = np.where(shape.is_column, 0.0, shape.lower)
    slim = replace(
        form,
        objective=form.objective[column],
        constant=form.constant + float(form.objective @ value),
        lower=shape.lower[column],
        upper=shape.upper[column],
        is_integer=form.is_integer[column],
        row_lower=shape.row_lower[row],
        row_upper=shape.row_upper[row],
        matrix=SparseRows(
            matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.float64)
        ),
    )
    return Slim(slim, column, row, value)
