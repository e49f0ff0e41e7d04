"""Whole units: what must be whole is rounded down, and up only where a lower limit needs it.

Every quantity that comes out whole by itself stays free while the others are rounded, so that what one of
them leaves over, money or parts, goes to the next best use. The order is that of the columns, so the same
problem gives the same plan.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import Solution, Termination

# What the solver returns as whole may be off by its tolerance.
WHOLE = 1e-6
ROUNDS = 12
"""Rounds after which all quantities are held together, so that no new one comes out fractional."""


class HotProblem(Protocol):
    """A linear problem that is solved again and again from its last basis."""

    def hold(self, columns: IntArray, values: FloatArray) -> None:
        """Fix columns at values."""
        ...

    def release(self, columns: IntArray) -> None:
        """Give columns their own bounds back."""
        ...

    def resolve(self) -> Solution:
        """Solve from the last basis."""
        ...


def fractional(values: FloatArray, columns: IntArray) -> IntArray:
    """Those of some columns whose values are not whole.

    >>> fractional(np.array([1.0, 2.5, 3.0000001]), np.array([0, 1, 2])).tolist()
    [1]
    """
    chosen: IntArray = columns[np.abs(values[columns] - np.round(values[columns])) > WHOLE]
    return chosen


def make_whole(
    problem: HotProblem, columns: IntArray, solution: Solution, *, rounds: int = ROUNDS
) -> Solution | None:
    """The best plan that rounding finds with some columns whole; they end up held.

    Parameters
    ----------
    problem : its other integers are held
    columns : that must be whole, free so far
    solution : of the problem as it stands
    rounds : in which quantities that came out whole stay free

    Returns
    -------
    the solution with all columns whole; None where rounding one by one ran into a wall
    """
    for _ in range(rounds):
        assert solution.values is not None
        open_ones = fractional(solution.values, columns)
        if not len(open_ones):
            break
        settled = _settle(problem, open_ones, solution)
        if settled is None:
            return None
        solution = settled
    return _settle(problem, columns, solution)


def _settle(problem: HotProblem, columns: IntArray, solution: Solution) -> Solution | None:
    """Hold columns at their values rounded down; where that is impossible, halve them and try again."""
    assert solution.values is not None
    downwards = np.floor(solution.values[columns] + WHOLE)
    found = _try(problem, columns, downwards)
    if found is not None:
        return found
    if len(columns) == 1:
        return _try(problem, columns, downwards + 1.0)
    problem.release(columns)
    half = len(columns) // 2
    first = _settle(problem, columns[:half], solution)
    return None if first is None else _settle(problem, columns[half:], first)


def _try(problem: HotProblem, columns: IntArray, values: FloatArray) -> Solution | None:
    problem.hold(columns, values)
    solution = problem.resolve()
    return solution if solution.termination is Termination.OPTIMAL and solution.has_values else None
