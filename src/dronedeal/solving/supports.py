"""What no plan under any terms beats, in the two utilities alone.

The linear problem behind a question has two columns for the utilities, and the duals of the rows that define
them are weights `w` for which its optimum is the greatest `w · u` of all plans: nothing else of the problem
joins plan and question. Every question so leaves a half-plane `w · u ≤ v` behind that holds for all later
ones, and after a few of them the next bound is the optimum of a problem with two columns.
"""

from __future__ import annotations

import numpy as np

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import SIDES, Aim
from dronedeal.solving.interface import MatrixForm, SolveOptions, Solver, Termination, never_stop, no_progress

# Two weights whose directions differ by less are one.
_SAME = 1e-9


class Supports:
    """Half-planes that hold every plan.

    Parameters
    ----------
    solver : for the problems with two columns
    """

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self.weights = np.zeros((0, SIDES))
        self.limits = np.zeros(0)

    def add(self, weights: FloatArray, limit: float) -> None:
        """No plan has `weights · utilities` above a limit.

        Parameters
        ----------
        weights : (2,) not below 0 and not both 0; limit : million
        """
        size = float(np.abs(weights).max())
        unit, limit = np.maximum(weights, 0.0) / size, limit / size
        same = np.abs(self.weights - unit).max(axis=1, initial=0.0) < _SAME
        if same.any():
            self.limits[same] = np.minimum(self.limits[same], limit)
            return
        self.weights = np.vstack([self.weights, unit])
        self.limits = np.append(self.limits, limit)

    def bound(self, aim: Aim) -> float:
        """What no plan's aim is above; minus infinity where none can keep the floors, infinity if unknown.

        Parameters
        ----------
        aim : see `Aim`
        """
        count, extra = len(self.limits), len(aim.objective)
        rows = np.zeros((count + len(aim.lower), extra))
        rows[:count, :SIDES] = -self.weights
        rows[count:] = aim.rows
        found = self._solver.solve(
            MatrixForm(
                objective=aim.objective,
                constant=aim.constant,
                lower=np.concatenate([aim.floors, np.full(aim.parts, -np.inf)]),
                upper=np.full(extra, np.inf),
                is_integer=np.zeros(extra, dtype=bool),
                row_lower=np.concatenate([-self.limits, aim.lower]),
                row_upper=np.full(len(rows), np.inf),
                matrix=_dense(rows),
            ),
            options=SolveOptions(),
            step="bound",
            start=None,
            on_progress=no_progress,
            should_stop=never_stop,
        )
        if found.termination is Termination.INFEASIBLE:
            return -np.inf
        return found.objective if found.termination is Termination.OPTIMAL else np.inf


def _dense(rows: FloatArray) -> SparseRows:
    count, width = rows.shape
    start = width * np.arange(count + 1, dtype=np.int64)
    return SparseRows(start, np.tile(np.arange(width, dtype=np.int64), count), rows.ravel())
