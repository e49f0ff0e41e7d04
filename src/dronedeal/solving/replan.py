"""Re-planning what is left of a deal once a year has begun: a linear problem, restarted hot.

What happened in the years before is a number, and so is every opening, step, work and project that the
signed plan begins. What is left is linear: what is made, delivered and paid in the years to come, with
contract quantities that need not be whole and costs at the tangents of the signed plan. It starts from the
basis that the signed plan has for the figures as stated, so that the same future gives the same numbers
whatever was planned before it, and in whichever thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sparse

from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.scenarios.carry import column_places, row_places
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs_calls import BASIC, LOWER, basis_codes, basis_of, solved_from
from dronedeal.solving.interface import MatrixForm, Solution, SolveOptions
from dronedeal.solving.slim import Slim, slimmed

# Decisions that stay as they were signed.
HELD = ("open", "step", "integrate", "begin")
# A unit of the price of violations costs so many times all that the plan is worth; see `blocks.violations`.
_KEPT_FIRST = 10.0
# Where even broken terms leave no plan, a unit of any row costs so many times the dearest unit of a term.
_LAST_RESORT = 100.0
_NOISE = 1e-9


@dataclass(frozen=True)
class Left:
    """What is left to decide.

    Parameters
    ----------
    form : the linear problem in these columns and rows
    column, row : their numbers in the whole problem
    """

    form: MatrixForm
    column: IntArray
    row: IntArray


@dataclass(frozen=True)
class _Start:
    """What is left of the signed plan at a stage, and its best basis.

    column, row : numbers in the whole problem; columns, rows : their statuses
    """

    column: IntArray
    row: IntArray
    columns: IntArray
    rows: IntArray


class Replanner:
    """Re-plans of one signed plan.

    Parameters
    ----------
    problem : for the figures as stated
    values : (n,) its columns in the signed plan
    stages : as which begin there may be a re-plan
    """

    def __init__(self, problem: Problem, values: FloatArray, *, stages: Sequence[int]) -> None:
        self._problem = problem
        worth = float(np.abs(problem.utilities(values)).sum())
        self._weight = _KEPT_FIRST * max(1.0, worth)
        self._slopes = None if problem.curves is None else problem.curves.slopes(values)
        self._starts: dict[int, _Start] = {}
        for stage in stages:
            self._starts[stage] = _start(self._left(problem, values, stage))

    def replan(self, problem: Problem, values: FloatArray, *, stage: int) -> FloatArray:
        """(n,) the plan from a stage on that is best for a problem, all before it as it was.

        Rules that collide are broken by as little as they must; see `results.stress` for what counts.

        Parameters
        ----------
        problem : with the figures as they are seen when the stage begins
        values : (n,) its columns as they were planned so far
        stage : from 1 on
        """
        left = self._left(problem, values, stage)
        found = self._hot(problem, left, stage)
        if found is None:
            elastic = self._elastic(left.form).values
            found = None if elastic is None else elastic[: len(left.column)]
        planned = values.copy()
        if found is not None:
            planned[left.column] = np.clip(found, left.form.lower, left.form.upper)
        planned[np.abs(planned) < _NOISE] = 0.0
        return planned

    def _left(self, problem: Problem, values: FloatArray, stage: int) -> Left:
        is_free = problem.node >= stage
        for name in HELD:
            is_free[problem.columns[name].slice] = False
        matrix = sparse.csr_array(
            (problem.matrix.value, problem.matrix.column, problem.matrix.start),
            shape=(problem.n_rows, problem.n_columns),
        )
        done = matrix @ np.where(is_free, 0.0, values)
        column = np.flatnonzero(is_free)
        rest = matrix[:, column]
        row = np.flatnonzero(np.diff(rest.indptr))
        rest = rest[row]
        worth = problem.utility.sum(axis=0)
        if self._slopes is not None:
            at = column_places(problem, self._problem)
            worth = worth + np.where(at >= 0, self._slopes.sum(axis=0)[at], 0.0)
        form = MatrixForm(
            objective=(worth - self._weight * problem.violation_price)[column],
            constant=0.0,
            lower=problem.lower[column],
            upper=np.where(problem.is_violation, np.inf, problem.upper)[column],
            is_integer=np.zeros(len(column), dtype=bool),
            row_lower=(problem.row_lower - done)[row],
            row_upper=(problem.row_upper - done)[row],
            matrix=SparseRows(
                rest.indptr.astype(np.int64), rest.indices.astype(np.int64), rest.data.astype(np.float64)
            ),
        )
        return Left(form, column, row)

    def _hot(self, problem: Problem, left: Left, stage: int) -> FloatArray | None:
        """(k,) the best of what is left, from the basis of the signed plan; None where there is none."""
        slim = slimmed(left.form)
        if slim is None or not len(slim.column):
            return None if slim is None else slim.value
        basis = self._basis(problem, left.column[slim.column], left.row[slim.row], stage=stage)
        solution = solved_from(slim.form, basis, options=SolveOptions())
        return None if solution.values is None else slim.whole(solution.values)

    def _basis(self, problem: Problem, column: IntArray, row: IntArray, *, stage: int) -> Any:
        """The basis of the signed plan, each column and row by its name.

        What is not in it is at its lower bound, or a row that does not bind. HiGHS mends what is no basis
        here.

        Parameters
        ----------
        column, row : (k,), (l,) numbers in the problem
        """
        start = self._starts[stage]
        at = _place_in(start.column, column_places(problem, self._problem)[column])
        on = _place_in(start.row, row_places(problem, self._problem)[row])
        columns = np.where(at >= 0, start.columns[at], LOWER)
        rows = np.where(on >= 0, start.rows[on], BASIC)
        return basis_of(columns, rows, is_alien=True)

    def _elastic(self, form: MatrixForm) -> Solution:
        """The same problem where every row may be broken, at a price above that of every term."""
        rows, columns = len(form.row_lower), len(form.lower)
        eye = sparse.identity(rows, format="csr")
        matrix = sparse.csr_array(
            (form.matrix.value, form.matrix.column, form.matrix.start), shape=(rows, columns)
        )
        whole = sparse.hstack([matrix, eye, -eye], format="csr")
        dear = _LAST_RESORT * float(np.abs(form.objective).max(initial=1.0))
        wider = replace(
            form,
            objective=np.concatenate([form.objective, np.full(2 * rows, -dear)]),
            lower=np.concatenate([form.lower, np.zeros(2 * rows)]),
            upper=np.concatenate([form.upper, np.full(2 * rows, np.inf)]),
            is_integer=np.zeros(columns + 2 * rows, dtype=bool),
            matrix=SparseRows(
                whole.indptr.astype(np.int64), whole.indices.astype(np.int64), whole.data.astype(np.float64)
            ),
        )
        return solved_from(wider, None, options=SolveOptions())


def _start(left: Left) -> _Start:
    """The best basis of what is left of the signed plan; without any, each column at its lower bound."""
    slim = slimmed(left.form) or Slim(
        left.form, np.arange(len(left.column)), np.arange(len(left.row)), np.zeros(len(left.column))
    )
    basis = solved_from(slim.form, None, options=SolveOptions()).basis
    known = (np.full(len(slim.column), LOWER), np.full(len(slim.row), BASIC))
    return _Start(
        left.column[slim.column], left.row[slim.row], *(known if basis is None else basis_codes(basis))
    )


def _place_in(numbers: IntArray, wanted: IntArray) -> IntArray:
    """(n,) where each wanted number stands in a rising list; -1 where it does not."""
    if not len(numbers):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    found: IntArray = np.where(numbers[at] == wanted, at, -1)
    return found
