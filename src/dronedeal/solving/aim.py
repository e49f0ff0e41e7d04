"""An aim in both utilities: floors, weighted sums, lesser gains, logs from above.

max  Σ_i a_i · u_i + Σ_k t_k      t_k ≤ b_r · u + d_r      u_i ≥ floor_i
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.tree import FloatArray

# Positions of the two utilities come first in every row.
SIDES = 2
# A floor is kept up to this share.
_TOLERANCE = 1e-8


@dataclass(frozen=True)
class Aim:
    """What is to be maximised, in million.

    Parameters
    ----------
    objective : (2 + k,) weight of the utilities of buyer and seller, and of k parts that rows bound
    constant : added to it
    rows : (m, 2 + k) in utilities and parts; lower : (m,) `rows · (u, t) ≥ lower`
    floors : (2,) least utility of each side; minus infinity for none
    """

    objective: FloatArray
    constant: float
    rows: FloatArray
    lower: FloatArray
    floors: FloatArray

    @property
    def parts(self) -> int:
        """Number of parts."""
        return len(self.objective) - SIDES

    def parts_at(self, utilities: FloatArray) -> FloatArray:
        """(k,) the greatest that each part can be at two utilities."""
        found = np.zeros(self.parts)
        for part in range(self.parts):
            bounding = self.rows[:, SIDES + part] < 0
            found[part] = np.min(self.rows[bounding, :SIDES] @ utilities - self.lower[bounding])
        return found

    def softened(self, price: float) -> Aim:
        """The same with floors that may be missed, each million at a price: `− price · max(0, floor − u)`.

        Parameters
        ----------
        price : of what is missing; above what a floor costs the aim it is missed only where it must be
        """
        sides = np.flatnonzero(np.isfinite(self.floors))
        count, old = len(sides), len(self.objective)
        rows = np.zeros((len(self.rows) + 2 * count, old + count))
        rows[: len(self.rows), :old] = self.rows
        lower = np.concatenate([self.lower, price * self.floors[sides], np.zeros(count)])
        # t ≤ price · (u − floor) and t ≤ 0
        missed, kept = len(self.rows) + np.arange(count), len(self.rows) + count + np.arange(count)
        rows[missed, sides] = price
        rows[missed, old + np.arange(count)] = rows[kept, old + np.arange(count)] = -1.0
        objective = np.append(self.objective, np.ones(count))
        return replace(self, objective=objective, rows=rows, lower=lower, floors=np.full(SIDES, -np.inf))

    def worth(self, utilities: FloatArray) -> float:
        """The aim at two utilities."""
        of_sides = self.objective[:SIDES] @ utilities
        return float(of_sides + self.objective[SIDES:] @ self.parts_at(utilities) + self.constant)

    def missing(self, utilities: FloatArray) -> FloatArray:
        """(2,) million by which each floor is missed; 0 where it is kept."""
        floors = np.where(np.isfinite(self.floors), self.floors, -np.inf)
        short = np.maximum(floors - utilities, 0.0)
        tolerance = _TOLERANCE * np.maximum(1.0, np.where(np.isfinite(floors), np.abs(floors), 0.0))
        return np.where(short <= tolerance, 0.0, short)

    def admits(self, utilities: FloatArray) -> bool:
        """Whether two utilities keep floors and rows that bound no part."""
        if self.missing(utilities).any():
            return False
        keeps = ~(self.rows[:, SIDES:] < 0).any(axis=1)
        short = self.lower[keeps] - self.rows[keeps, :SIDES] @ utilities
        return bool((short <= _TOLERANCE * np.maximum(1.0, np.abs(self.lower[keeps]))).all())
