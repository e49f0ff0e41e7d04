"""What joint production is judged against: the same deal without the lines of one side.

A baseline is the same problem with columns held at zero, so that it has the same rules, the same prices
and the same worth, and a plan cannot be worse than a baseline that breaks nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from dronedeal.planning.data import SELLER, BoolArray
from dronedeal.planning.model import Model
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray

BaselineKind = Literal["all_seller", "all_buyer"]
BASELINES: tuple[BaselineKind, ...] = ("all_seller", "all_buyer")


def baseline_model(model: Model, kind: BaselineKind) -> Model:
    """The same model with the lines of one side out of the deal.

    `all_seller`: no line of another operator makes a system that the seller owns, and no line that makes
    nothing else is opened or enlarged. `all_buyer`: nothing is delivered to the buyer from a line that the
    seller operates. Firm minima that nothing is left to serve bind nobody.

    Parameters
    ----------
    model : of the deal, as built; it stays as it is
    kind : which baseline
    """
    problem = model.problem
    upper = problem.upper.copy()
    upper[_closed_columns(model, kind)] = 0.0
    price = problem.violation_price.copy()
    # A violation without a price is not a violation: the firm minimum may be missed by all of it.
    price[_firm_minima_of_nobody(model, kind)] = 0.0
    return Model(model.data, replace(problem, upper=upper, violation_price=price))


def _is_out(model: Model, kind: BaselineKind) -> BoolArray:
    """(K,) whether a product is made (all_seller) or delivered (all_buyer) no more."""
    products = model.data.products
    made = products.line >= 0
    if kind == "all_seller":
        out: BoolArray = made & products.is_owned_by_seller & (products.operator != SELLER)
    else:
        out = made & (products.operator == SELLER)
    return out


def _closed_columns(model: Model, kind: BaselineKind) -> IntArray:
    data, problem = model.data, model.problem
    out = _is_out(model, kind)
    if kind == "all_buyer":
        is_pair_out = out[data.pairs.product]
        axes = {"ship": ("pair", is_pair_out), "assign": ("pair", is_pair_out), "pool": ("product", out)}
    else:
        idle = _lines_left_idle(model, out)
        axes = {"make": ("product", out), "open": ("line", idle), "step": ("line", idle)}
    return np.concatenate(
        [_of(problem, name, axis=axis, is_out=is_out) for name, (axis, is_out) in axes.items()]
    )


def _of(problem: Problem, name: str, *, axis: str, is_out: BoolArray) -> IntArray:
    family = problem.columns[name]
    numbers: IntArray = family.numbers[is_out[family.coordinates[axis]]]
    return numbers


def _lines_left_idle(model: Model, out: BoolArray) -> BoolArray:
    """(L,) whether everything that a line makes is out."""
    products, count = model.data.products, model.data.lines.count
    made = products.line >= 0
    n_out = np.bincount(products.line[made & out], minlength=count)
    n_made = np.bincount(products.line[made], minlength=count)
    idle: BoolArray = (n_out == n_made) & (n_made > 0)
    return idle


def _firm_minima_of_nobody(model: Model, kind: BaselineKind) -> IntArray:
    """Violations of firm minima at whose price nothing is left that could be delivered."""
    data = model.data
    out, stock = _is_out(model, kind), data.products.initial_stock
    left: FloatArray = np.where(out & ((kind == "all_buyer") | (stock == 0)), 0.0, 1.0)
    served = np.zeros(len(data.prices.row_year))
    product, year = np.nonzero(data.prices.row >= 0)
    np.add.at(served, data.prices.row[product, year], left[product])
    family = model.problem.columns["firm_minimum_violation"]
    numbers: IntArray = family.numbers[served[family.coordinates["price"]] == 0]
    return numbers
