"""All cuts known of one shape; the top holds only those that it once violated."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.stochastic.cuts import Cut
from dronedeal.solving.stochastic.staged import BoolArray

# What one shape's intercepts may take, in numbers.
_MOST_INTERCEPTS = 4_000_000


class Pool:
    """Cuts of one shape: `θ_j ≥ slope_k · x_j + intercept_kj`.

    Parameters
    ----------
    n : subtrees of the shape
    d : columns of their state
    """

    def __init__(self, n: int, d: int) -> None:
        self.slope: FloatArray = np.zeros((0, d))
        self.intercept: FloatArray = np.zeros((0, n))
        self.is_active: BoolArray = np.zeros((0, n), dtype=bool)
        self._used: IntArray = np.zeros(0, dtype=np.int64)
        self._clock = 0

    def __len__(self) -> int:
        return len(self.slope)

    def add(self, cuts: list[Cut]) -> None:
        """Keep cuts; those that were of no use for longest go where there are too many."""
        if not cuts:
            return
        count = len(cuts)
        self._clock += 1
        self.slope = np.concatenate([self.slope, np.array([cut.slope for cut in cuts])])
        self.intercept = np.concatenate([self.intercept, np.array([cut.intercept for cut in cuts])])
        idle = np.zeros((count, self.intercept.shape[1]), dtype=bool)
        self.is_active = np.concatenate([self.is_active, idle])
        self._used = np.concatenate([self._used, np.full(count, self._clock)])
        most = max(200, _MOST_INTERCEPTS // max(1, self.intercept.shape[1]))
        if len(self) > most:
            kept = np.sort(np.argsort(self._used, kind="stable")[len(self) - most // 2 :])
            self.slope, self.intercept = self.slope[kept], self.intercept[kept]
            self.is_active, self._used = self.is_active[kept], self._used[kept]

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """All that is known, by name."""
        return {
            "slope": self.slope,
            "intercept": self.intercept,
            "is_active": self.is_active,
            "used": self._used,
            "clock": np.array(self._clock),
        }

    def restore(self, state: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what was known, as `state` gave it."""
        self.slope, self.intercept = state["slope"], state["intercept"]
        self.is_active, self._used = state["is_active"], state["used"]
        self._clock = int(state["clock"])

    def values(self, states: FloatArray, members: IntArray) -> FloatArray:
        """(n,) what the cuts say that some subtrees cost; −∞ without cuts.

        Parameters
        ----------
        states : (n, d) state of each; members : (n,)
        """
        if not len(self):
            return np.full(len(members), -np.inf)
        best: FloatArray = (self.slope @ states.T + self.intercept[:, members]).max(axis=0)
        return best

    def most_violated(
        self, states: FloatArray, estimates: FloatArray, tolerance: float
    ) -> list[tuple[int, int]]:
        """For each subtree whose estimate a cut exceeds, the cut that exceeds it most: (cut, subtree).

        Parameters
        ----------
        states : (n, d); estimates : (n,) of the top
        tolerance : absolute excess that counts
        """
        if not len(self):
            return []
        values = self.slope @ states.T + self.intercept
        # A cut that the top has already cannot help it.
        values[self.is_active] = -np.inf
        best = values.argmax(axis=0)
        members = np.arange(values.shape[1])
        found = np.flatnonzero(values[best, members] > estimates + tolerance)
        self.is_active[best[found], found] = True
        self._used[best[found]] = self._clock
        return list(zip(best[found].tolist(), found.tolist(), strict=True))
