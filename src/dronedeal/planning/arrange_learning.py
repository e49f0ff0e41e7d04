"""From the rows of `line_systems` to the learning curves of the plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dronedeal.deal.production import LineSystem
from dronedeal.planning.curves import CurveData
from dronedeal.planning.data import LineData, ProductData
from dronedeal.planning.tree import FloatArray
from dronedeal.quantities.learning import CostCurve


def learning_curves(
    rows: Sequence[LineSystem], products: ProductData, lines: LineData, *, months: int
) -> CurveData:
    """Curves of the products that learn, pay a start-up premium, or teach one that learns.

    Parameters
    ----------
    rows : of `line_systems`; they are the first products, in the same order
    products, lines : arrays of the deal
    months : length of the plan
    """
    pairs = _pairs(rows)
    givers = {giver for _, giver in pairs}
    chosen = [
        number
        for number, row in enumerate(rows)
        if _learns(row) or (row.startup_premium > 0 and row.startup_units > 0) or number in givers
    ]
    place = {number: at for at, number in enumerate(chosen)}
    curves = [_curve(rows[number], float(products.unit_cost[number])) for number in chosen]
    kept = [rows[number] for number in chosen]
    index = np.array(chosen, dtype=np.int64)
    startup = np.array([row.startup_premium for row in kept], dtype=np.float64)
    return CurveData(
        product=index,
        line=products.line[index],
        party=products.operator[index],
        prior=np.array([curve.prior for curve in curves], dtype=np.float64),
        marginal=np.array([curve.marginal(curve.prior) for curve in curves], dtype=np.float64),
        exponent=np.array([curve.exponent for curve in curves], dtype=np.float64),
        keep=np.array([(1 - row.forgetting_rate) ** (1 / 12) for row in kept], dtype=np.float64),
        startup_cost=startup * products.unit_cost[index],
        startup_units=np.array([row.startup_units for row in kept], dtype=np.float64),
        taker=np.array([place[taker] for taker, _ in pairs], dtype=np.int64),
        giver=np.array([place[giver] for _, giver in pairs], dtype=np.int64),
        share=np.array([rows[taker].transfer_share for taker, _ in pairs], dtype=np.float64),
        lag=np.array([rows[taker].transfer_lag_months for taker, _ in pairs], dtype=np.int64),
        most=_most_made(products, lines, months)[index],
    )


def _learns(row: LineSystem) -> bool:
    return row.learning_slope is not None and row.learning_slope < 1


def _pairs(rows: Sequence[LineSystem]) -> list[tuple[int, int]]:
    """(taker, giver): a product that learns, and another one of its group."""
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.learning_group is not None:
            groups.setdefault(row.learning_group, []).append(number)
    return [
        (taker, giver)
        for taker, row in enumerate(rows)
        if _learns(row) and row.transfer_share > 0 and row.learning_group is not None
        for giver in groups[row.learning_group]
        if giver != taker
    ]


def _curve(row: LineSystem, unit_cost: float) -> CostCurve:
    """The curve of a row; a product that does not learn has a flat one, whatever was made before."""
    if not _learns(row):
        return CostCurve(unit_cost, 1.0, 1.0)
    return CostCurve(unit_cost, row.units_already_made or 1.0, row.learning_slope or 1.0, row.learning_theory)


def _most_made(products: ProductData, lines: LineData, months: int) -> FloatArray:
    """(K, T) units that each product can have started by the end of each month, its line to itself.

    Every opening and step is taken in the first month; nothing less is a bound.
    """
    month = np.arange(months)
    opened = np.clip((month - lines.open_lead[:, None] + 1) / lines.ramp[:, None], 0.0, 1.0)
    stepped = np.clip((month - lines.step_lead[:, None] + 1) / lines.ramp[:, None], 0.0, 1.0)
    existing = lines.is_working(month)
    first = np.where(lines.is_candidate[:, None], opened, existing) * lines.initial[:, None]
    grown = stepped * (lines.step_size * lines.max_steps)[:, None]
    # Nothing leaves the line before it is available, whatever capacity it has been given.
    capacity = np.where(month >= lines.available_from[:, None], first + grown, 0.0)
    most = np.zeros((products.count, months))
    made = products.line >= 0
    most[made] = np.cumsum(capacity, axis=1)[products.line[made]] / products.load[made, None]
    return most
