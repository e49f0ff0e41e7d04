"""Costs that fall with experience (rule 11), as far as a linear model can hold them.

A linear model cannot hold the curve, but it can hold it between two straight lines: what a unit costs at
least, after all experience that there can ever be, and what it costs at most. What a given production
costs is worked out on the curve itself, month by month.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import quad

if TYPE_CHECKING:
    from benchmarks.outside_tables import FloatArray, Tables

    from dronedeal.deal.production import LineSystem


def exponent(row: LineSystem) -> float:
    """`b = −log2 slope`; 0 where nothing is learnt."""
    return 0.0 if row.learning_slope is None else -math.log2(row.learning_slope)


def theory(row: LineSystem) -> float:
    """What the unit after the first so many costs, as a share of what the deal states."""
    return 1 - exponent(row) if row.learning_theory == "cumulative_average" else 1.0


def has_curve(tables: Tables, row: LineSystem) -> bool:
    """Whether the product learns, pays a start-up premium or teaches another one that learns."""
    takers = [
        each
        for each in tables.deal.line_systems
        if each.learning_group is not None and each.learning_group == row.learning_group
        if exponent(each) > 0 and each.transfer_share > 0
    ]
    return exponent(row) > 0 or row.startup_premium * row.startup_units > 0 or bool(takers)


def greatest(tables: Tables, row: LineSystem) -> FloatArray:
    """(months,) most that a unit can cost: nothing is learnt, all is forgotten, the premium is paid."""
    months = np.arange(tables.months)
    kept = (1 - row.forgetting_rate) ** (months / 12)
    premium = row.startup_premium if row.startup_units > 0 else 0.0
    cost: FloatArray = theory(row) * kept ** -exponent(row) + premium
    return cost


def least(tables: Tables, row: LineSystem) -> FloatArray:
    """(months,) least that a unit can cost: every line of the group at its full size all the time."""
    share = 1.0
    if exponent(row) > 0:
        gained = _most(tables, row)
        if row.learning_group is not None:
            others = (each for each in tables.deal.line_systems if each.learning_group == row.learning_group)
            gained += row.transfer_share * sum(_most(tables, each) for each in others if each is not row)
        before = row.units_already_made or 0.0
        share = theory(row) * ((before + gained) / before) ** -exponent(row)
    return np.full(tables.months, share)


def _most(tables: Tables, row: LineSystem) -> float:
    line = next(line for line in tables.deal.lines if line.id == row.line)
    size = line.initial_capacity + line.step_size * line.max_steps
    return tables.months * line.availability * size / row.load_per_unit


def production_cost(tables: Tables, made: Mapping[tuple[str, str], FloatArray]) -> dict[str, float]:
    """Discounted cost of a production on its curves, by role of the operator, millions.

    Parameters
    ----------
    made : (months,) units started, by line and system
    """
    cost: dict[str, float] = defaultdict(float)
    stated = tables.make.stated_cost.to_numpy().reshape(-1, tables.months)
    for k, row in enumerate(tables.deal.line_systems):
        role = tables.product.operator[k]
        if role == "third":
            continue
        others = [
            made[each.line, each.system]
            for each in tables.deal.line_systems
            if each is not row and each.learning_group is not None
            if each.learning_group == row.learning_group
        ]
        share = _shares(row, made[row.line, row.system], others)
        cost[role] += float((tables.month[role].to_numpy() * stated[k] * share).sum())
    return cost


def _shares(row: LineSystem, made: FloatArray, others: Iterable[FloatArray]) -> FloatArray:
    """(months,) cost of what is made in each month, in units at the stated cost."""
    taught = row.transfer_share * sum(others, start=np.zeros(len(made)))
    experience, started = row.units_already_made or 0.0, 0.0
    kept = (1 - row.forgetting_rate) ** (1 / 12)
    cost = np.zeros(len(made))
    for t, units in enumerate(made):
        if t:
            arrived = taught[t - 1 - row.transfer_lag_months] if t > row.transfer_lag_months else 0.0
            experience = kept * (experience + made[t - 1]) + arrived
        cost[t] = units if not exponent(row) else theory(row) * _area(row, experience, units)
        premium = max(0.0, min(started + units, row.startup_units) - started)
        cost[t] += row.startup_premium * premium
        started += units
    return cost


def _area(row: LineSystem, start: float, units: float) -> float:
    before, power = row.units_already_made or 0.0, -exponent(row)
    return float(quad(lambda made: (made / before) ** power, start, start + units, epsabs=1e-9)[0])
