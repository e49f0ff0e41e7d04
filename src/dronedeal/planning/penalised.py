"""Violations as ordinary decisions: at a price while a plan is looked for, up to a limit once it stands.

Futures can break terms whatever is done. A problem that may break nothing has no plan then, and one that
may break anything says little about the best plan. So a plan is looked for with violations at a price some
times as high as what the dearest unit brings, which keeps the problem as easy as one without; and a plan
that stands is compared with all plans that break no term by more than it does, for which limits are enough.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray

# To break a term by one unit costs so many times what the dearest unit brings; by money, so many times that.
_TIMES = 20.0
# Terms in money; all others are in units.
_IN_MONEY = ("budget_violation", "cash_floor_violation", "ceiling_violation")
# How much further than a plan others may break a term: the last digits of a solver.
_LAST_DIGITS = 1e-6


def dearest(data: PlanningData) -> float:
    """Million that one unit brings or costs at most, and at least 1 as one million of money does."""
    figures = (data.prices.price, data.home.value, data.products.unit_cost)
    return max(1.0, *(float(each.max(initial=0.0)) for each in figures))


def softened(problem: Problem, dearest_unit: float) -> Problem:
    """The problem with its violations as ordinary columns at a price that hardly any plan is worth.

    Every plan is possible then. The price is borne by the seller and weighed with the chance of the node, as
    all that the plan is worth.

    Parameters
    ----------
    dearest_unit : million that one unit brings at most
    """
    price = np.where(problem.is_violation, _TIMES * dearest_unit, 0.0)
    for name in _IN_MONEY:
        if name in problem.columns:
            family = problem.columns[name].slice
            price[family] = np.where(problem.is_violation[family], _TIMES, 0.0)
    utility = problem.utility.copy()
    utility[SELLER] -= price * problem.tree.probability[problem.node]
    return replace(problem, utility=utility, violation_price=np.zeros(problem.n_columns))


def limited(problem: Problem, values: FloatArray, *, room: float = _LAST_DIGITS) -> Problem:
    """The problem that may break each term as far as a plan breaks it, and no further.

    Its violations are ordinary columns without a price: a bound of it is one of all plans that break no term
    by more than this plan does.

    Parameters
    ----------
    values : (n,) the plan
    room : how much further, relative to what the plan breaks
    """
    most = np.minimum(problem.upper, np.maximum(values, 0.0) * (1.0 + room))
    upper = np.where(problem.is_violation, most, problem.upper)
    return replace(problem, upper=upper, violation_price=np.zeros(problem.n_columns))


def expected_price(problem: Problem) -> FloatArray:
    """(n,) price of one unit of each violation, weighed with the chance of its node."""
    price: FloatArray = problem.violation_price * problem.tree.probability[problem.node]
    return price


def violated(problem: Problem, values: FloatArray) -> float:
    """The expected priced sum of the violations of a plan; 0 where it is rounding."""
    return float(np.where(problem.is_broken(values), expected_price(problem) * values, 0.0).sum())


def by_kind(problem: Problem, values: FloatArray) -> dict[str, float]:
    """What a plan breaks of each kind of term on average over the scenarios, in units or in millions."""
    chance = problem.tree.probability[problem.node]
    broken = np.where(problem.is_broken(values), values, 0.0)
    found = {}
    for name, family in problem.columns.items():
        of = family.slice
        if broken[of].any():
            found[name.removesuffix("_violation")] = float(chance[of] @ broken[of])
    return found
