"""What the lines of a plan have learnt."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.curves import Curves
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading

Row = dict[str, Any]


def learning(reading: Reading) -> list[Row]:
    """One row for each product that learns: its experience and its unit cost from start to end."""
    curves = reading.problem.curves
    if curves is None:
        return []
    return [
        _row(reading, curves, number)
        for number in range(curves.data.count)
        if curves.data.exponent[number] > 0
    ]


def _row(reading: Reading, curves: Curves, number: int) -> Row:
    data, tree = curves.data, curves.tree
    product = int(data.product[number])
    source = reading.deal.line_systems[product]
    made = reading.make[data.product]
    experience = curves.experience(made)[number]
    learnt = curves.received(made)[number]
    probability = tree.probability[tree.slot_node]
    last = np.flatnonzero(tree.slot_month == reading.data.calendar.months - 1)
    end = float(probability[last] @ (experience + made[number])[last])
    start, units = float(data.prior[number]), float(probability @ made[number])
    gained = float(probability @ learnt)
    cost = float(probability @ reading.production_cost[product]) * MONEY_UNIT
    return {
        "line": source.line,
        "system": source.system,
        "learning_group": source.learning_group,
        "experience_start": start,
        "made": units,
        "learnt": gained,
        "forgotten": _lost(start + units + gained, end),
        "experience_end": end,
        "unit_cost_start": _unit_cost(curves, number, np.array([start])),
        "unit_cost_end": _unit_cost(curves, number, (experience + made[number])[last], probability[last]),
        "unit_cost": cost / units if units > 0 else None,
    }


def _lost(without: float, end: float) -> float:
    """What was forgotten; a rounding error is nothing."""
    lost = without - end
    return lost if lost > 1e-9 * without else 0.0


def _unit_cost(
    curves: Curves, number: int, experience: FloatArray, probability: FloatArray | float = 1.0
) -> float:
    """Expected cost of one more unit in currency, `c·(E/P)^-b`."""
    data = curves.data
    cost = data.marginal[number] * (experience / data.prior[number]) ** -data.exponent[number]
    return float((cost * probability).sum()) * MONEY_UNIT
