"""Learning written naively: one product and month after the other, on one path, from the rows of a deal.

Nothing here is shared with the planning code: experience is carried from month to month in a dictionary, and
what a month costs is added up over many thin slices of its output.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dronedeal.deal.production import LineSystem

Product = tuple[str, str]
Output = Mapping[Product, Sequence[float]]
SLICES = 400


def experience(rows: Sequence[LineSystem], output: Output, *, months: int) -> dict[Product, list[float]]:
    """Experience of each product at the start of each month, and at the end of the plan."""
    found: dict[Product, list[float]] = {}
    for row in rows:
        level = row.units_already_made or 0.0
        levels = [level]
        for month in range(months):
            kept = (1 - row.forgetting_rate) ** (1 / 12) * (level + output[row.line, row.system][month])
            level = kept + sum(
                row.transfer_share * output[other.line, other.system][month - row.transfer_lag_months]
                for other in rows
                if other is not row
                and row.learning_group is not None
                and other.learning_group == row.learning_group
                and month >= row.transfer_lag_months
            )
            levels.append(level)
        found[row.line, row.system] = levels
    return found


def cost(rows: Sequence[LineSystem], output: Output, *, months: int) -> dict[Product, list[float]]:
    """Cost of each product in each month, in the currency of its row."""
    levels = experience(rows, output, months=months)
    found = {}
    for row in rows:
        product = row.line, row.system
        made = 0.0
        costs = []
        for month in range(months):
            units = output[product][month]
            costs.append(_run(row, levels[product][month], units) + _premium(row, made, units))
            made += units
        found[product] = costs
    return found


def _run(row: LineSystem, start: float, units: float) -> float:
    """Middle of each slice times its width; slices of equal ratio, because the curve starts steep."""
    unit_cost = row.unit_cost * (1 + row.cost_premium)
    if row.learning_slope is None or not row.units_already_made or not units:
        return unit_cost * units
    power = math.log(row.learning_slope) / math.log(2)
    scale = unit_cost * (1 + power if row.learning_theory == "cumulative_average" else 1)
    ratio = ((start + units) / start) ** (1 / SLICES)
    total = 0.0
    for number in range(SLICES):
        left = start * ratio**number
        width = left * (ratio - 1)
        total += scale * ((left + width / 2) / row.units_already_made) ** power * width
    return total


def _premium(row: LineSystem, made: float, units: float) -> float:
    dear = min(made + units, row.startup_units) - min(made, row.startup_units)
    return row.startup_premium * row.unit_cost * (1 + row.cost_premium) * dear
