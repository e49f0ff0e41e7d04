"""What making units cost on learning curves, worked out anew from the rows of a deal.

One product and month after the other; the cost of a month is integrated numerically, so that nothing is
shared with the closed forms of the plan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dronedeal.deal.production import LineSystem

Product = tuple[str | None, str]
_WIDEST_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Experience:
    """Experience of one product: at the start of each month, what others brought then, and at the end."""

    at_start: tuple[float, ...]
    learnt: tuple[float, ...]
    at_end: float


def learns(row: LineSystem) -> bool:
    """Whether the unit cost of a product falls with experience."""
    return row.learning_slope is not None and row.learning_slope < 1


def experience_of(
    row: LineSystem, rows: Sequence[LineSystem], made: Mapping[Product, Sequence[float]], months: int
) -> Experience:
    """`E[t+1] = κ · (E[t] + make[t]) + Σ_j σ · make_j[t − lag]`, from the units already made.

    Parameters
    ----------
    row : the product that learns
    rows : all of `line_systems`
    made : (line, system) → units started in each month; a product that is missing made nothing
    months : length of the plan
    """
    own = made.get((row.line, row.system), [0.0] * months)
    others = [
        made[other.line, other.system]
        for other in rows
        if other is not row
        and row.learning_group is not None
        and other.learning_group == row.learning_group
        and (other.line, other.system) in made
    ]
    keep = math.exp(math.log1p(-row.forgetting_rate) / 12)
    level, learnt = float(row.units_already_made or 0.0), 0.0
    levels, arrivals = [level], [0.0]
    for month in range(1, months):
        at = month - 1 - row.transfer_lag_months
        learnt = row.transfer_share * sum(other[at] for other in others) if at >= 0 else 0.0
        level = keep * (level + own[month - 1]) + learnt
        levels.append(level)
        arrivals.append(learnt)
    return Experience(tuple(levels), tuple(arrivals), level + own[-1])


def monthly_cost(
    row: LineSystem, unit_cost: float, experience: Experience, units: Sequence[float]
) -> list[float]:
    """Cost of the units of each month, start-up premium included.

    Parameters
    ----------
    unit_cost : of the row, in the money wanted
    experience : of the product
    units : started in each month
    """
    dear_left = row.startup_units
    costs = []
    for month, quantity in enumerate(units):
        dear = min(quantity, dear_left)
        dear_left -= dear
        cost = _run(row, experience.at_start[month], quantity) if learns(row) else quantity
        costs.append(unit_cost * (cost + row.startup_premium * dear))
    return costs


def relative_unit_cost(row: LineSystem, experience: float) -> float:
    """Cost of one more unit over the unit cost of the row."""
    assert row.learning_slope is not None
    doublings = math.log2(experience / (row.units_already_made or 1.0))
    average = 1.0 + math.log2(row.learning_slope) if row.learning_theory == "cumulative_average" else 1.0
    return average * math.pow(row.learning_slope, doublings)


def _run(row: LineSystem, start: float, units: float) -> float:
    """`∫ c(E) dE` from a start over some units, by Simpson's rule in the logarithm of experience."""
    if units <= 0:
        return 0.0
    span = math.log1p(units / start)
    steps = 2 * math.ceil(span / (2 * _WIDEST_STEP))
    width = span / steps
    total = 0.0
    for step in range(steps + 1):
        weight = 1 if step in (0, steps) else 4 if step % 2 else 2
        at = start * math.exp(step * width)
        total += weight * relative_unit_cost(row, at) * at
    return total * width / 3
