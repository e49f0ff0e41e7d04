"""Column families: what a plan decides."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import columns
from dronedeal.planning.contracts import is_branched
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


def _grid(first: int, second: int) -> tuple[IntArray, IntArray]:
    """All pairs of two index ranges, the first slowest."""
    return np.repeat(np.arange(first), second), np.tile(np.arange(second), first)


def _line_products(data: PlanningData) -> IntArray:
    return np.flatnonzero(data.products.line >= 0)


@columns("make")
def make(data: PlanningData, build: ProblemBuilder) -> None:
    """`make[k,s] ≥ 0`: units of a product started in a month, from the line's first month on."""
    product, slot = _product_slots(data)
    is_on = data.tree.slot_month[slot] >= data.lines.available_from[data.products.line[product]]
    product, slot = product[is_on], slot[is_on]
    build.add_columns("make", {"product": product, "slot": slot}, node=data.tree.slot_node[slot])


@columns("stock")
def stock(data: PlanningData, build: ProblemBuilder) -> None:
    """`stock[k,s] ≥ 0`: finished units of a line product at the end of a month.

    Of a product with a curve `stock[k,last] ≤ initial_stock`: nothing is made only to be learnt from.
    """
    product, slot = _product_slots(data)
    is_last = data.tree.slot_month[slot] == data.calendar.months - 1
    is_limited = is_last & np.isin(product, data.curves.product)
    upper = np.where(is_limited, data.products.initial_stock[product], np.inf)
    node = data.tree.slot_node[slot]
    build.add_columns("stock", {"product": product, "slot": slot}, node=node, upper=upper)


def _product_slots(data: PlanningData) -> tuple[IntArray, IntArray]:
    chosen = _line_products(data)
    position, slot = _grid(len(chosen), data.tree.n_slots)
    return chosen[position], slot


@columns("ship")
def ship(data: PlanningData, build: ProblemBuilder) -> None:
    """`ship[p,s] ≥ 0`: units delivered for a requirement in a month, where a year's pool is not exact."""
    pair, slot = _grid(data.pairs.count, data.tree.n_slots)
    kept = data.is_deliverable[pair, slot] & ~data.is_pooled[pair, data.tree.slot_node[slot]]
    pair, slot = pair[kept], slot[kept]
    build.add_columns("ship", {"pair": pair, "slot": slot}, node=data.tree.slot_node[slot])


@columns("assign")
def assign(data: PlanningData, build: ProblemBuilder) -> None:
    """`assign[p,n] ≥ 0`: units that a requirement takes in a year out of the product's pool.

    It is a contract quantity, in whole units: a small one is an integer of the search.
    """
    pair, node = np.nonzero(data.is_pooled)
    build.add_columns(
        "assign",
        {"pair": pair, "node": node},
        node=node,
        is_integer=is_branched(data)[pair, data.tree.case[node]],
        is_whole=data.has_whole_units,
    )


@columns("pool")
def pool(data: PlanningData, build: ProblemBuilder) -> None:
    """`pool[k,s] ≥ 0`: units of a product delivered in a month to the requirements that share its pool."""
    has_pool = np.zeros((data.products.count, data.tree.n_nodes), dtype=bool)
    pair, node = np.nonzero(data.is_pooled)
    has_pool[data.pairs.product[pair], node] = True
    product, slot = np.nonzero(has_pool[:, data.tree.slot_node])
    build.add_columns("pool", {"product": product, "slot": slot}, node=data.tree.slot_node[slot])


@columns("home")
def home(data: PlanningData, build: ProblemBuilder) -> None:
    """`home[q,s] ≥ 0`: units delivered to the seller's own need in the months of its year."""
    years = data.home.year[data.home.need]
    pair, slot = _year_slots(data, years)
    build.add_columns("home", {"home_pair": pair, "slot": slot}, node=data.tree.slot_node[slot])


@columns("sale")
def sale(data: PlanningData, build: ProblemBuilder) -> None:
    """`sale[q,s] ≥ 0`: units sold to another buyer in the months of its year."""
    years = data.sales.year[data.sales.customer]
    pair, slot = _year_slots(data, years)
    build.add_columns("sale", {"sale_pair": pair, "slot": slot}, node=data.tree.slot_node[slot])


def _year_slots(data: PlanningData, years: IntArray) -> tuple[IntArray, IntArray]:
    """Every (pair, slot) whose slot lies in the pair's fiscal year of the seller."""
    slot_year = data.seller_years.by_month[data.tree.slot_month]
    pair, slot = _grid(len(years), data.tree.n_slots)
    inside = slot_year[slot] == years[pair]
    return pair[inside], slot[inside]


@columns("open")
def open_line(data: PlanningData, build: ProblemBuilder) -> None:
    """`open[l,s] ∈ {0,1}`: a candidate line is opened in a decision month, early enough to make something."""
    line, slot = _decision_slots(data, data.lines.open_lead, data.lines.is_candidate)
    build.add_columns(
        "open", {"line": line, "slot": slot}, node=data.tree.slot_node[slot], upper=1.0, is_integer=True
    )


@columns("step")
def step(data: PlanningData, build: ProblemBuilder) -> None:
    """`step[l,s] ∈ {0, 1, …}`: capacity steps decided in a decision month."""
    may_step = (data.lines.max_steps > 0) & (data.lines.step_size > 0)
    line, slot = _decision_slots(data, data.lines.step_lead, may_step)
    upper = data.lines.max_steps[line].astype(float)
    build.add_columns(
        "step", {"line": line, "slot": slot}, node=data.tree.slot_node[slot], upper=upper, is_integer=True
    )


def _decision_slots(data: PlanningData, lead: IntArray, is_possible: np.ndarray) -> tuple[IntArray, IntArray]:
    line, slot = _grid(data.lines.count, data.tree.n_slots)
    month = data.tree.slot_month[slot]
    chosen = (
        is_possible[line]
        & (month % data.investment_months == 0)
        & (month + lead[line] < data.calendar.months)
    )
    return line[chosen], slot[chosen]


@columns("hand")
def hand(data: PlanningData, build: ProblemBuilder) -> None:
    """`0 ≤ hand[r,s] ≤ max(objective, on_hand)`: effective units of a stock on hand at the end of a month."""
    requirements = data.requirements
    chosen = np.flatnonzero(requirements.is_stock)
    position, slot = _grid(len(chosen), data.tree.n_slots)
    requirement = chosen[position]
    build.add_columns(
        "hand",
        {"requirement": requirement, "slot": slot},
        node=data.tree.slot_node[slot],
        upper=stock_room(data)[requirement, data.tree.slot_node[slot]],
    )


def stock_room(data: PlanningData) -> FloatArray:
    """(R, n_nodes) effective units of a stock that a node leaves room for.

    The largest objective of the years of a path, or what is on hand at first; where several paths go on from
    a node, the least of theirs, so that whatever turns out nobody has taken more than it asks for. Where the
    tree is part of a larger one, what that one says.
    """
    if data.at_node.room is not None:
        return data.at_node.room
    tree, requirements = data.tree, data.requirements
    room = np.maximum(requirements.objective[:, tree.case], requirements.on_hand[:, None])
    for node in range(tree.n_nodes):
        if tree.parent[node] >= 0:
            room[:, node] = np.maximum(room[:, node], room[:, tree.parent[node]])
    has_children = np.isin(np.arange(tree.n_nodes), tree.parent)
    room[:, has_children] = np.inf
    for node in range(tree.n_nodes - 1, 0, -1):
        room[:, tree.parent[node]] = np.minimum(room[:, tree.parent[node]], room[:, node])
    return room


@columns("low")
def low(data: PlanningData, build: ProblemBuilder) -> None:
    """`0 ≤ low[r,n] ≤ threshold`: effective units that count up to the threshold of the node's year."""
    _coverage(data, build, name="low", size=data.requirements.threshold)


@columns("high")
def high(data: PlanningData, build: ProblemBuilder) -> None:
    """`0 ≤ high[r,n] ≤ objective − threshold`: effective units from the threshold to the objective."""
    _coverage(data, build, name="high", size=data.requirements.objective - data.requirements.threshold)


def _coverage(data: PlanningData, build: ProblemBuilder, *, name: str, size: np.ndarray) -> None:
    requirement, node = _grid(data.requirements.count, data.tree.n_nodes)
    upper = size[requirement, data.tree.case[node]]
    is_asked = upper > 0
    requirement, node = requirement[is_asked], node[is_asked]
    build.add_columns(name, {"requirement": requirement, "node": node}, node=node, upper=upper[is_asked])


@columns("spend")
def spend(data: PlanningData, build: ProblemBuilder) -> None:
    """`spend[b,g,n] ≥ 0`: then-year money of a budget row spent in a year on a payment group that it fits."""
    budgets = data.budgets
    budget, group = np.nonzero(budgets.fits)
    position, node = _grid(len(budget), data.tree.n_nodes)
    year = data.tree.stage[node]
    is_valid = (year >= budgets.first[budget[position]]) & (year <= budgets.last[budget[position]])
    position, node = position[is_valid], node[is_valid]
    build.add_columns(
        "spend", {"budget": budget[position], "group": group[position], "node": node}, node=node
    )
