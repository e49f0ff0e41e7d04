"""Own needs that must be met with a probability, not in every scenario.

A need with a `service_level` below 1 may fall behind its pace in scenarios whose chances add up to no more
than what the level leaves:

    short[h,n] ≤ required[h,n] · missed[h,n],   Σ_n p_n · missed[h,n] ≤ 1 − level_h

over the nodes `n` in which the need's year ends, `missed` binary, so that the chance is counted exactly
(chance constraints of scenarios: Luedtke, Ahmed and Nemhauser, Mathematical Programming 122 (2010) 247–272).
What is short within the level is no violation. On a single path the need is met: there is nothing to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dronedeal.deal import Deal
from dronedeal.planning.problem import Family, Problem, SparseRows
from dronedeal.planning.tree import FloatArray, IntArray

SHORT = "home_need_violation"
MISSED = "missed"
ROWS = "service_level"
# Room for chances that do not add up to the last digit.
_ROOM = 1e-9


def service_levels(deal: Deal) -> FloatArray:
    """(H,) probability with which each row of `home_needs` must be met; 1: in every scenario."""
    return np.array([row.service_level for row in deal.home_needs])


def has_service_levels(deal: Deal) -> bool:
    """Whether some own need may be missed in some scenarios, which then hang together by one row each."""
    return bool((service_levels(deal) < 1).any())


def with_service_levels(problem: Problem, levels: Sequence[float] | FloatArray) -> Problem:
    """The problem of a tree in which own needs are met with a stated probability.

    Parameters
    ----------
    problem : on a tree
    levels : (H,) probability of each need, as the rows of `home_needs`

    Returns
    -------
    Problem with the binary columns `missed` and the rows `missed_short` and `service_level` at the end; the
    same problem on a single path, and where every need must be met in all scenarios
    """
    level, short = np.asarray(levels, dtype=float), problem.columns[SHORT]
    if problem.tree.is_path or short.count == 0:
        return problem
    need = short.coordinates["need"]
    chosen = np.flatnonzero(level[need] < 1)
    if len(chosen) == 0:
        return problem
    column = short.start + chosen
    return _joined(problem, column, need[chosen], level)


def _joined(problem: Problem, column: IntArray, need: IntArray, level: FloatArray) -> Problem:
    count, n = len(column), problem.n_columns
    missed = n + np.arange(count, dtype=np.int64)
    node = problem.node[column]
    kept = np.unique(need)
    matrix = _Rows(problem.matrix)
    for each, own in zip(column.tolist(), missed.tolist(), strict=True):
        matrix.add([each, own], [1.0, -float(problem.upper[each])])
    for number in kept.tolist():
        mine = need == number
        matrix.add(missed[mine], problem.tree.probability[node[mine]])
    price = problem.violation_price.copy()
    price[column] = 0.0
    no = np.zeros(count)
    is_counted = np.ones(count, dtype=bool)
    start, coordinates = problem.n_rows, {"need": need, "node": node}
    return replace(
        problem,
        columns={**problem.columns, MISSED: Family(MISSED, n, count, coordinates)},
        rows={
            **problem.rows,
            "missed_short": Family("missed_short", start, count, coordinates),
            ROWS: Family(ROWS, start + count, len(kept), {"need": kept}),
        },
        lower=np.concatenate([problem.lower, no]),
        upper=np.concatenate([problem.upper, no + 1.0]),
        is_integer=np.concatenate([problem.is_integer, is_counted]),
        is_whole=np.concatenate([problem.is_whole, ~is_counted]),
        node=np.concatenate([problem.node, node]),
        row_lower=np.concatenate([problem.row_lower, np.full(count + len(kept), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper, no, 1.0 - level[kept] + _ROOM]),
        matrix=matrix.done,
        utility=np.concatenate([problem.utility, np.zeros((2, count))], axis=1),
        violation_price=np.concatenate([price, no]),
    )


class _Rows:
    """A matrix with rows added at the end."""

    def __init__(self, matrix: SparseRows) -> None:
        self._ends = [matrix.start]
        self._columns, self._values = [matrix.column], [matrix.value]
        self._count = int(matrix.start[-1])

    def add(self, columns: Sequence[int] | IntArray, values: Sequence[float] | FloatArray) -> None:
        """One more row."""
        self._columns.append(np.asarray(columns, dtype=np.int64))
        self._values.append(np.asarray(values, dtype=float))
        self._count += len(columns)
        self._ends.append(np.array([self._count], dtype=np.int64))

    @property
    def done(self) -> SparseRows:
        """The whole matrix."""
        return SparseRows(
            np.concatenate(self._ends), np.concatenate(self._columns), np.concatenate(self._values)
        )
