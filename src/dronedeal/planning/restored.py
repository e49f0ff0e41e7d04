"""The columns of a problem that a plan decides, from what the plan says it does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dronedeal.planning.data import PlanningData
from dronedeal.planning.frozen import BEGUN, DECIDED, Name
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray


def decided_values(problem: Problem, data: PlanningData, quantities: Mapping[Name, float]) -> FloatArray:
    """(n,) what a plan decides in each column; NaN in columns that follow from others, such as stocks.

    Parameters
    ----------
    quantities : of each decision, by the name of the column that it would have were deliveries by month

    Raises
    ------
    KeyError : a decision that no column stands for
    """
    values = np.full(problem.n_columns, np.nan)
    for family in (*DECIDED, *BEGUN, "pool", "assign"):
        values[problem.columns[family].slice] = 0.0
    at = {
        family: {name: number for number, name in enumerate(problem.labels[axis])}
        for family, axis in _AXES.items()
    }
    month = {label: slot for slot, label in enumerate(problem.labels["slot"])}
    column = {
        family: problem.columns[family].lookup(len(problem.labels[axis]), data.tree.n_slots)
        for family, axis in _AXES.items()
    }
    for (family, about, when), quantity in quantities.items():
        number, slot = at[family][about], month[when]
        place = int(column[family][number, slot])
        if place < 0 and family == "ship":
            _add_pooled(problem, data, values, at=(number, slot), quantity=quantity)
        elif place < 0:
            raise KeyError((family, about, when))
        elif family in BEGUN:
            values[_since(column[family][number], slot)] = 1.0
        else:
            values[place] += quantity
    is_whole = problem.is_whole & np.isfinite(values)
    values[is_whole] = np.round(values[is_whole])
    return values


_AXES = {
    "make": "product", "ship": "pair", "home": "home_pair", "sale": "sale_pair", "open": "line",
    "step": "line", "swap": "swap", "integrate": "work", "begin": "project",
}  # fmt: skip


def _add_pooled(
    problem: Problem, data: PlanningData, values: FloatArray, *, at: tuple[int, int], quantity: float
) -> None:
    """A delivery out of a pool: it counts in the month's pool and in the year's assignment."""
    pair, slot = at
    node, product = int(data.tree.slot_node[slot]), int(data.pairs.product[pair])
    pool = problem.columns["pool"].lookup(data.products.count, data.tree.n_slots)[product, slot]
    assign = problem.columns["assign"].lookup(data.pairs.count, data.tree.n_nodes)[pair, node]
    if pool < 0 or assign < 0:
        raise KeyError((problem.labels["pair"][pair], problem.labels["slot"][slot]))
    values[pool] += quantity
    values[assign] += quantity


def _since(column: IntArray, slot: int) -> IntArray:
    """Columns of one thing from a slot on."""
    later: IntArray = column[slot:]
    return later[later >= 0]
