"""Learning curves: what one unit and a run of units cost after so many have been made.

Two theories are kept apart by name. With slope `s` and `b = -log2(s)`:

- unit theory (Crawford 1944): the n-th unit costs `a·n^-b`; a run costs the sum over its units;
- cumulative-average theory (Wright 1936): the first n units cost `a·n^-b` on average, `a·n^(1-b)` together.

Sources: T. P. Wright, "Factors affecting the cost of airplanes", Journal of the Aeronautical Sciences 3(4),
1936; J. R. Crawford, "Learning curve, ship curve, ratios, related data", Lockheed, 1944.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dronedeal.errors import InputError

Theory = Literal["unit", "cumulative_average"]
FloatArray = npt.NDArray[np.float64]
_INSIDE = np.linspace(0.0, 1.0, 66)[1:-1]


def exponent(slope: float) -> float:
    """`b = -log2(slope)`; 0 for a slope of 1.

    Raises
    ------
    InputError
        where the slope is not in (0.5, 1]

    Examples
    --------
    >>> round(exponent(0.8), 6)
    0.321928
    """
    if not 0.5 < slope <= 1:
        raise InputError(
            f"learning slope: found {slope}; allowed: above 0.5 and at most 1, cost ratio per doubling"
        )
    return -math.log2(slope)


def crawford_unit_cost(first_unit_cost: float, slope: float, *, unit: int) -> float:
    """Cost of the n-th unit under the unit theory, `a·n^-b`.

    >>> round(crawford_unit_cost(100, 0.8, unit=8), 9)
    51.2
    """
    return first_unit_cost * math.pow(unit, -exponent(slope))


def crawford_run_cost(first_unit_cost: float, slope: float, *, units: int) -> float:
    """Cost of the first n units under the unit theory, `a·Σ k^-b`, summed unit by unit.

    >>> round(crawford_run_cost(100, 0.8, units=8), 3)
    534.591
    """
    numbers = np.arange(1, units + 1, dtype=np.float64)
    return float(first_unit_cost * math.fsum((numbers ** -exponent(slope)).tolist()))


def wright_run_cost(first_unit_cost: float, slope: float, *, units: float) -> float:
    """Cost of the first n units under the cumulative-average theory, `a·n^(1-b)`.

    >>> round(wright_run_cost(100, 0.8, units=8), 9)
    409.6
    """
    return first_unit_cost * math.pow(units, 1 - exponent(slope))


@dataclass(frozen=True)
class CostCurve:
    """Cost of further units on a line that has already made some.

    Parameters
    ----------
    unit_cost : cost of one unit at the prior experience: of the unit itself under the unit theory, of the
        average unit so far under the cumulative-average theory, currency per unit
    prior : units already made, above 0
    slope : cost ratio per doubling of experience, in (0.5, 1]
    theory : which of the two theories

    Examples
    --------
    >>> curve = CostCurve(100.0, 1000.0, 0.8)
    >>> round(curve.marginal(2000.0), 9)
    80.0
    """

    unit_cost: float
    prior: float
    slope: float
    theory: Theory = "unit"

    def __post_init__(self) -> None:
        exponent(self.slope)
        if not self.prior > 0:
            raise InputError(
                f"units already made: found {self.prior}; allowed: above 0; "
                "a curve needs the experience behind its unit cost"
            )

    @property
    def exponent(self) -> float:
        """`b` of the slope."""
        return exponent(self.slope)

    @property
    def _scale(self) -> float:
        """Marginal cost at the prior experience."""
        share = 1.0 if self.theory == "unit" else 1.0 - self.exponent
        return self.unit_cost * share

    def marginal(self, experience: float) -> float:
        """Cost of one more unit at an experience, `c·(E/E0)^-b`, times `1 − b` under the average theory."""
        return float(self._scale * (experience / self.prior) ** -self.exponent)

    def cumulative(self, units: FloatArray | float) -> FloatArray:
        """Cost of the next so many units, `∫ marginal`, a concave function of the units.

        Under the unit theory the sum over single units is replaced by the integral, which for a prior of a
        hundred units and more differs by less than half a per cent of one unit's cost.
        """
        power = 1.0 - self.exponent
        after = (self.prior + np.asarray(units, dtype=np.float64)) ** power
        total: FloatArray = self._scale * self.prior**self.exponent * (after - self.prior**power) / power
        return total

    def breakpoints(self, most: float, *, tolerance: float) -> FloatArray:
        """Fewest points on [0, most] whose chords understate the cumulative cost by at most a share of it.

        The chords of a concave curve lie below it, so a plan made with chords costs at least as much as it
        says, and at most `1/(1 − tolerance)` times that. Each chord is made as long as the tolerance allows:
        the first is short, because its error is a share of a cost that is itself small.

        Parameters
        ----------
        most : greatest number of units
        tolerance : share of the cumulative cost, at every number of units

        Returns
        -------
        (n,) units, from 0 to `most`

        Examples
        --------
        >>> curve = CostCurve(100.0, 1000.0, 0.85)
        >>> points = curve.breakpoints(100_000.0, tolerance=0.005)
        >>> len(points), bool(curve.chord_error(points) <= 0.005)
        (15, True)
        """
        if most <= 0 or self.exponent == 0:
            return np.array([0.0, max(most, 0.0)])
        points = [0.0]
        while points[-1] < most:
            points.append(self._farthest(points[-1], most, tolerance))
        return np.array(points)

    def _farthest(self, left: float, most: float, tolerance: float) -> float:
        """The farthest end of a chord that keeps to the tolerance, found by bisection."""
        if self._chord_error(left, most) <= tolerance:
            return most
        low, high = left, most
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self._chord_error(left, middle) <= tolerance else (low, middle)
        return low

    def chord_error(self, points: FloatArray) -> float:
        """Largest share by which chords through points understate the cumulative cost.

        Parameters
        ----------
        points : (n,) units, ascending from 0
        """
        return max(self._chord_error(left, right) for left, right in itertools.pairwise(points.tolist()))

    def _chord_error(self, left: float, right: float) -> float:
        ends = self.cumulative(np.array([left, right]))
        slope = (ends[1] - ends[0]) / (right - left)
        at = left + (right - left) * _INSIDE
        cost = self.cumulative(at)
        error = float(((cost - ends[0] - slope * (at - left)) / cost).max())
        # At no units at all the share is that of the marginal costs.
        return error if left > 0 else max(error, 1.0 - slope / self.marginal(self.prior))
