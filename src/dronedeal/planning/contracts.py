"""Contract quantities: how large each can be, and which of them the search decides as whole numbers."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.data import BoolArray, PlanningData
from dronedeal.planning.tree import FloatArray


def is_branched(data: PlanningData) -> BoolArray:
    """(P, Y) contract quantities that can only be small, so that the search decides them as integers."""
    if data.whole_units_up_to is None:
        return np.zeros((data.pairs.count, len(data.case_stage)), dtype=bool)
    small: BoolArray = most(data) <= data.whole_units_up_to
    return small


def most(data: PlanningData) -> FloatArray:
    """(P, Y) units that a contract quantity can be at most; inf where nothing limits it.

    That is what the requirement asks for, what is on sale, what the lines could have made by the end of the
    year, or what the money of the branch buys, whichever is least.
    """
    least: FloatArray = np.minimum(most_without_money(data), _paid(data))
    return least


def most_without_money(data: PlanningData) -> FloatArray:
    """(P, Y) the same whatever money there is: budgets may give way and rebates lower the price."""
    limits = (_asked_for(data), _on_sale(data), _made(data)[data.pairs.product])
    least: FloatArray = np.minimum.reduce(limits)
    return least


def _asked_for(data: PlanningData) -> FloatArray:
    """(P, Y) units up to the objective; of a stock up to the largest objective, with a year's losses."""
    requirements, pairs = data.requirements, data.pairs
    highest = np.maximum(requirements.objective.max(axis=1, initial=0.0), requirements.on_hand)
    months = np.array([len(span) for span in data.case_months])
    refill = 1.0 + (1.0 - requirements.loss_keep)[:, None] * months[None, :]
    effective = np.where(requirements.is_stock[:, None], highest[:, None] * refill, requirements.objective)
    units: FloatArray = np.divide(
        effective[pairs.requirement],
        pairs.effectiveness,
        out=np.full_like(pairs.effectiveness, np.inf),
        where=pairs.effectiveness > 0,
    )
    return units


def _on_sale(data: PlanningData) -> FloatArray:
    """(P, Y) maximum of the price row that holds; 0 where none does."""
    row = data.prices.row[data.pairs.product]
    limits = np.append(data.prices.maximum, 0.0)
    units: FloatArray = limits[row]
    return units


def _made(data: PlanningData) -> FloatArray:
    """(K, Y) units that a line can have made by the end of the year; no limit for a market product."""
    products, lines = data.products, data.lines
    ends = np.array([span[-1] + 1 for span in data.case_months], dtype=float)
    capacity = lines.initial + lines.step_size * lines.max_steps
    is_made = products.line >= 0
    each_month = np.zeros(products.count)
    each_month[is_made] = (
        products.yield_rate[is_made] * capacity[products.line[is_made]] / products.load[is_made]
    )
    units = products.initial_stock[:, None] + each_month[:, None] * ends[None, :]
    limited: FloatArray = np.where(is_made[:, None], units, np.inf)
    return limited


def _paid(data: PlanningData) -> FloatArray:
    """(P, Y) units that all the money valid in the year buys at its price; no limit for what is free."""
    requirements, pairs, budgets = data.requirements, data.pairs, data.budgets
    at = data.case_stage
    is_valid = (at >= budgets.first[:, None]) & (at <= budgets.last[:, None])
    money = budgets.fits.T.astype(float) @ (budgets.amount[:, None] * is_valid)
    cost = data.prices.price[pairs.product] * budgets.index[None, at]
    of_group = money[requirements.group[pairs.requirement]]
    units: FloatArray = np.divide(of_group, cost, out=np.full_like(of_group, np.inf), where=cost > 0)
    return units
