"""What no plan under any terms beats, in the two utilities alone.

The linear problem behind a question has two columns for the utilities, and the duals of the rows that define
them are weights `w` for which its optimum is the greatest `w · u` of all plans: nothing else of the problem
joins plan and question. Every question so leaves a half-plane `w · u ≤ v` behind that holds for all later
ones, and after a few of them the next bound is the optimum of a problem with two columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import SIDES, Aim
from dronedeal.solving.interface import (
    MatrixForm,
    Solution,
    SolveOptions,
    Solver,
    Termination,
    never_stop,
    no_progress,
)

# Two weights whose directions differ by less are one.
_SAME = 1e-9


class Supports:
    """Half-planes that hold every plan, and points of the relaxation that lie on them.

    Parameters
    ----------
    solver : for the problems with two columns
    """

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self.weights = np.zeros((0, SIDES))
        self.limits = np.zeros(0)
        self.points = np.zeros((0, SIDES))

    @classmethod
    def of(cls, solver: Solver, *, weights: ArrayLike, limits: ArrayLike, points: ArrayLike) -> Supports:
        """Half-planes that are known: (k, 2) weights, (k,) limits, and (l, 2) points of the relaxation."""
        found = cls(solver)
        found.weights = np.array(weights, dtype=float).reshape(-1, SIDES)
        found.limits = np.array(limits, dtype=float)
        found.points = np.array(points, dtype=float).reshape(-1, SIDES)
        return found

    def copy(self) -> Supports:
        """The same, to be added to apart."""
        other = Supports(self._solver)
        other.weights, other.limits, other.points = self.weights, self.limits.copy(), self.points
        return other

    def add(self, weights: FloatArray, best: FloatArray) -> None:
        """No plan has a greater weighted sum of its utilities than the best of the relaxation.

        Parameters
        ----------
        weights : (2,) not below 0 and not both 0; best : (2,) utilities, million
        """
        self.limit(weights, float(weights @ best))
        self.points = np.vstack([self.points, best])

    def limit(self, weights: FloatArray, limit: float) -> None:
        """No plan has a greater weighted sum of its utilities than a limit.

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

    def learn(self, other: Supports) -> None:
        """Keep what others hold, of which each weight and each point once."""
        for weights, limit in zip(other.weights, other.limits, strict=True):
            self.limit(weights, float(limit))
        is_new = ~(other.points[:, None] == self.points[None]).all(axis=2).any(axis=1)
        self.points = np.vstack([self.points, other.points[is_new]])

    def bound(self, aim: Aim) -> float:
        """What no plan's aim is above; minus infinity where none can keep the floors, infinity if unknown."""
        if not len(self.limits):
            return np.inf
        found = self._solve(aim, -self.weights, -self.limits, np.zeros(0))
        if found.termination is Termination.INFEASIBLE:
            return -np.inf
        return found.objective if found.termination is Termination.OPTIMAL else np.inf

    def reached(self, aim: Aim) -> float:
        """What the relaxation itself is sure to reach: the aim at the best mix of its points.

        The bound of another question is no lower than this; minus infinity where nothing is known.
        """
        found = self._of_points(aim) if len(self.points) else None
        return -np.inf if found is None else found.objective

    def mixed(self, aim: Aim) -> tuple[FloatArray, FloatArray] | None:
        """The best mix of the points for an aim, and the weights by which a better point would be told.

        Returns
        -------
        (k,) shares and (2,) weights, the greatest of them 1; None where no mix serves the aim
        """
        found = self._of_points(aim)
        if found is None or found.values is None or found.row_duals is None:
            return None
        weights = np.maximum(-found.row_duals[:SIDES], 0.0)
        shares = np.maximum(found.values[len(aim.objective) :], 0.0)
        return shares / shares.sum(), weights / max(weights.max(), 1e-300)

    def _of_points(self, aim: Aim) -> Solution | None:
        """The best mix of the points; None where there is none."""
        count = len(self.points)
        # u ≤ Σ share · point, and the shares add up to 1 at most and at least.
        rows = np.zeros((SIDES + 2, SIDES + count))
        rows[:SIDES, :SIDES], rows[:SIDES, SIDES:] = -np.eye(SIDES), self.points.T
        rows[SIDES, SIDES:], rows[SIDES + 1, SIDES:] = 1.0, -1.0
        found = self._solve(aim, rows, np.array([0.0, 0.0, 1.0, -1.0]), np.zeros(count))
        return found if found.termination is Termination.OPTIMAL else None

    def _solve(self, aim: Aim, rows: FloatArray, lower: FloatArray, shares: FloatArray) -> Solution:
        """The best aim where rows over the utilities and some shares keep their limits.

        Parameters
        ----------
        rows : (m, 2 + k) over utilities and shares; lower : (m,); shares : (k,) least shares
        """
        extra, count, wide = len(aim.objective), len(rows), rows.shape[1] - SIDES
        full = np.zeros((count + len(aim.lower), extra + wide))
        full[:count, :SIDES], full[:count, extra:] = rows[:, :SIDES], rows[:, SIDES:]
        full[count:, :extra] = aim.rows
        return self._solver.solve(
            MatrixForm(
                objective=np.concatenate([aim.objective, np.zeros(wide)]),
                constant=aim.constant,
                lower=np.concatenate([aim.floors, np.full(aim.parts, -np.inf), shares]),
                upper=np.full(extra + wide, np.inf),
                is_integer=np.zeros(extra + wide, dtype=bool),
                row_lower=np.concatenate([lower, aim.lower]),
                row_upper=np.full(len(full), np.inf),
                matrix=_dense(full),
            ),
            options=SolveOptions(),
            step="bound",
            start=None,
            on_progress=no_progress,
            should_stop=never_stop,
        )


def _dense(rows: FloatArray) -> SparseRows:
    count, width = rows.shape
    start = width * np.arange(count + 1, dtype=np.int64)
    return SparseRows(start, np.tile(np.arange(width, dtype=np.int64), count), rows.ravel())
