"""Named violations: what a plan may break when the user's rules collide (rule R7).

Each has a price for one unit, used only to choose among collisions; wherever a plan without violations
exists they are all zero. The prices put own needs first, then hard rules, firm minima and returned
output, then money.
"""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import columns
from dronedeal.planning.data import BUYER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray

# Price of breaking the whole of one term. Divided by the most that the term can be broken by it is the
# price of one unit, so that terms in units and terms in money are weighed by the share that is broken.
WHOLE_TERM = {
    "home_need": 1000.0,
    "rule": 500.0,
    "firm_minimum": 100.0,
    "return_share": 100.0,
    "budget": 10.0,
    "ceiling": 10.0,
    "cash_floor": 10.0,
}


@columns("firm_minimum_violation")
def firm_minimum(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[ρ,n] ≥ 0`: units of a firm minimum that are not taken in the year."""
    stage_of_row = data.prices.row_year
    price, node = np.nonzero(
        ((data.prices.firm_minimum > 0) & data.prices.is_in_use)[:, None]
        & (stage_of_row[:, None] == data.tree.stage[None, :])
    )
    add_violation(build, "firm_minimum", {"price": price, "node": node}, data.prices.firm_minimum[price])


@columns("home_need_violation")
def home_need(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[h,n] ≥ 0`: units by which an own need is behind its monthly pace, at worst."""
    needs: list[int] = []
    nodes: list[int] = []
    firsts: list[int] = []
    for number in range(data.home.count):
        for window in data.tree.windows(data.seller_years.months_in(int(data.home.year[number]))):
            needs.append(number)
            nodes.append(int(data.tree.slot_node[window[-1]]))
            firsts.append(int(data.tree.slot_node[window[0]]))
    need, first = np.array(needs, dtype=np.int64), np.array(firsts, dtype=np.int64)
    required = data.home.required_share[need] * data.at_node.home[need, first]
    add_violation(build, "home_need", {"need": need, "node": np.array(nodes, dtype=np.int64)}, required)


@columns("return_share_violation")
def return_share(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[l,y,n] ≥ 0`: units of output that did not return to the owner in a year of the seller."""
    lines: list[int] = []
    years: list[int] = []
    nodes: list[int] = []
    for line in np.flatnonzero(data.lines.return_share > 0).tolist():
        for at, year in enumerate(data.seller_years.names):
            for window in data.tree.windows(data.seller_years.months_in(year)):
                lines.append(line)
                years.append(at)
                nodes.append(int(data.tree.slot_node[window[-1]]))
    coordinates = {
        "line": np.array(lines, dtype=np.int64),
        "seller_year": np.array(years, dtype=np.int64),
        "node": np.array(nodes, dtype=np.int64),
    }
    add_violation(build, "return_share", coordinates, _most_output(data)[coordinates["line"]])


def _most_output(data: PlanningData) -> FloatArray:
    """(L,) units that must return when a line runs a whole year at its greatest capacity."""
    lines, products = data.lines, data.products
    made = products.line >= 0
    units_per_load = np.zeros(lines.count)
    np.maximum.at(units_per_load, products.line[made], products.yield_rate[made] / products.load[made])
    capacity = lines.initial + lines.step_size * lines.max_steps
    most: FloatArray = 12 * lines.return_share * capacity * units_per_load
    return most


@columns("budget_violation")
def budget(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[b,n] ≥ 0`: then-year money spent beyond a budget row, on each path to its last valid year."""
    budgets: list[int] = []
    nodes: list[int] = []
    for row in range(data.budgets.count):
        for window in data.tree.node_windows(int(data.budgets.first[row]), int(data.budgets.last[row])):
            budgets.append(row)
            nodes.append(int(window[-1]))
    number = np.array(budgets, dtype=np.int64)
    # Only firm minima can force money to be spent, so no budget need be exceeded by more than they cost
    # with the integration work that they wait for.
    forced = np.full(len(number), firm_cost(data) + _firm_work(data))
    add_violation(build, "budget", {"budget": number, "node": np.array(nodes, dtype=np.int64)}, forced)


def firm_cost(data: PlanningData) -> float:
    """Then-year millions that all firm minima cost at the dearest product of their price row."""
    dearest = np.zeros(len(data.prices.firm_minimum))
    has_price = data.prices.row >= 0
    then_year = data.prices.price * data.budgets.index[None, data.case_stage]
    np.maximum.at(dearest, data.prices.row[has_price], then_year[has_price])
    return float((dearest * data.prices.firm_minimum).sum())


def _firm_work(data: PlanningData) -> float:
    """Then-year millions of the integration work, paid by the buyer, that firm minima may wait for."""
    is_firm = np.isin(data.prices.row, np.flatnonzero(data.prices.firm_minimum > 0)).any(axis=1)
    works = np.isin(data.works.system, data.products.system[is_firm]) & (data.works.payer == BUYER)
    index = data.budgets.index[data.buyer_years.by_month - data.buyer_years.names[0]]
    return float((data.works.cost[works] * index).max(axis=1, initial=0.0).sum())


def add_violation(
    build: ProblemBuilder, kind: str, coordinates: dict[str, IntArray], most: FloatArray
) -> None:
    """Violations from 0 to the most that a term can be broken by; terms that cannot be are left at 0."""
    price = WHOLE_TERM[kind] / np.where(most > 0, most, 1.0)
    node = coordinates["node"]
    build.add_columns(f"{kind}_violation", coordinates, node=node, upper=most, violation_price=price)
