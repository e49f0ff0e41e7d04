"""Cuts that hold whatever the solver's rounding: bounds on what a subtree costs, from any multipliers.

For a subtree `V_j(x) = min q_j·y` with `lo_j ≤ W y + S x ≤ hi_j` and `l_j ≤ y ≤ u_j`, and any multipliers π
of its rows,

    V_j(x) ≥ −(S'π)·x + π⁺·lo_j − π⁻·hi_j + Σ_k min over [l, u] of (q_j − W'π)_k · y_k

by weak duality, after Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear programming",
Mathematical Programming 99 (2004) 283–296. The slope is the same for all subtrees with the same W and S, and
only the intercept is their own: one solve gives a cut to each of them.

A column without a bound is taken to stay below a box, far beyond the numbers of the subtree; the last term is
then the solver's rounding error times that box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.stochastic.split import Shape, Stamps

_BOX = 1e4


@dataclass(frozen=True, eq=False)
class Cut:
    """`θ_j ≥ slope · x + intercept_j` for every subtree of a shape.

    slope : (d,) per unit of each state column; intercept : (n,) one for each subtree
    """

    slope: FloatArray
    intercept: FloatArray


class CutMaker:
    """Makes cuts of one shape from multipliers of its rows."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        box = _BOX * _scale(shape)
        self._lower, self._upper = shape.lower.bounded(box), shape.upper.bounded(box)
        varying = shape.cost.varying
        self._varying_lower, self._varying_upper = self._lower.at(varying), self._upper.at(varying)
        self._may_rise = np.isfinite(shape.row_lower.base)
        self._may_fall = np.isfinite(shape.row_upper.base)

    def cut(self, multipliers: FloatArray) -> Cut:
        """A cut under what each subtree costs.

        Parameters
        ----------
        multipliers : (m,) change of the cost per unit of each row's limit, from any source
        """
        shape, pi = self.shape, self._allowed(multipliers)
        reduced = shape.cost.base - shape.template.matrix.T @ pi
        # Costs that differ from subtree to subtree are put in afterwards.
        varying = shape.cost.varying
        activity = shape.cost.base[varying] - reduced[varying]
        reduced[varying] = 0.0
        intercept = self._rows(pi) + self._columns(reduced)
        if len(varying):
            own = shape.cost.values - activity
            intercept = intercept + (np.maximum(own, 0) * self._varying_lower).sum(axis=1)
            intercept = intercept + (np.minimum(own, 0) * self._varying_upper).sum(axis=1)
        return Cut(-(shape.template.state.T @ pi), intercept)

    def feasibility(self, multipliers: FloatArray) -> Cut:
        """A cut that every state with a feasible subtree keeps at or below 0.

        Parameters
        ----------
        multipliers : (m,) of the least sum of row violations, so between −1 and 1
        """
        pi = np.clip(self._allowed(multipliers), -1.0, 1.0)
        reduced = -(self.shape.template.matrix.T @ pi)
        return Cut(-(self.shape.template.state.T @ pi), self._rows(pi) + self._columns(reduced))

    def trivial(self) -> FloatArray:
        """(n,) a lower bound of each subtree's cost from its bounds alone; −∞ where columns have none."""
        shape = self.shape
        lowest = np.zeros(shape.n)
        for member in range(shape.n):
            cost = shape.cost.full(member)
            ends = np.where(cost > 0, shape.lower.full(member), shape.upper.full(member))
            used = np.flatnonzero(cost)
            lowest[member] = (cost[used] * ends[used]).sum()
        return lowest

    def _allowed(self, multipliers: FloatArray) -> FloatArray:
        """Multipliers of the sign that their rows allow."""
        rising = np.where(self._may_rise, np.maximum(multipliers, 0.0), 0.0)
        falling = np.where(self._may_fall, np.minimum(multipliers, 0.0), 0.0)
        allowed: FloatArray = rising + falling
        return allowed

    def _rows(self, pi: FloatArray) -> FloatArray:
        limits = self.shape.row_lower.dot(np.maximum(pi, 0)) + self.shape.row_upper.dot(np.minimum(pi, 0))
        total: FloatArray = limits
        return total

    def _columns(self, reduced: FloatArray) -> FloatArray:
        ends = self._lower.dot(np.maximum(reduced, 0)) + self._upper.dot(np.minimum(reduced, 0))
        total: FloatArray = ends
        return total


def _scale(shape: Shape) -> float:
    """The largest number that the values of a subtree can be expected to reach."""

    def largest(stamps: Stamps) -> float:
        both = np.concatenate([stamps.base, stamps.values.ravel()])
        return float(np.abs(both[np.isfinite(both)]).max(initial=1.0))

    limits = max(map(largest, (shape.lower, shape.upper, shape.row_lower, shape.row_upper)))
    return limits * float(np.abs(shape.template.matrix.data).max(initial=1.0))
