"""The seller's cash account: what the flows of the utilities leave in it at the end of every year.

The rows are built after the utilities, out of the flows that those booked, so that a family which moves
money of the seller is in its account without a word here but the entry that it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dronedeal.planning.blocks.registry import closing, columns, utility
from dronedeal.planning.blocks.violations import add_violation
from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray

# Entry of the account for each item of the utilities that books money of the seller.
CASH_ENTRIES: Mapping[str, str] = {
    "purchases": "receipts",
    "rebates": "receipts",
    "royalties": "royalties",
    "licence_fees": "licence_fees",
    "other_sales": "other_sales",
    "fixed_cost": "fixed_cost",
    "investment": "investment",
    "integration_cost": "cooperation",
    "project_cost": "cooperation",
    "substitutes": "substitutes",
}
# What the deal brings in, of which a share may have to be reinvested.
PROCEEDS = frozenset({"receipts", "royalties", "licence_fees"})


def entry_of(item: str) -> str:
    """Entry of the seller's account that an item of the utilities belongs to."""
    if item not in CASH_ENTRIES:
        raise KeyError(f"the item {item} books money of the seller; name its entry in CASH_ENTRIES")
    return CASH_ENTRIES[item]


def greatest_unit_cost(data: PlanningData) -> FloatArray:
    """(K, n_slots) most that one unit started can cost, in millions, whatever is learnt or forgotten.

    `marginal_k · κ_k^(−b_k·t) + startup_cost_k` of a curve: no experience is less than what is left in month
    `t` of the units already made, and every unit may be one of the first; else the unit cost of the product.
    """
    curves, tree = data.curves, data.tree
    cost: FloatArray = np.repeat(data.products.unit_cost[:, None], tree.n_slots, axis=1)
    cost[curves.product] = curves.greatest_unit_cost[:, tree.slot_month]
    return cost


def _nodes(data: PlanningData) -> IntArray:
    """Every node of the tree where an account is kept; else none."""
    return np.arange(data.tree.n_nodes if data.cash.is_kept else 0, dtype=np.int64)


@columns("cash")
def cash(data: PlanningData, build: ProblemBuilder) -> None:
    """`cash[n]`, of either sign: money in the seller's account at the end of a year."""
    node = _nodes(data)
    build.add_free_columns("cash", {"node": node}, node=node)


@columns("reinvest")
def reinvest(data: PlanningData, build: ProblemBuilder) -> None:
    """`reinvest[n] ≥ 0`: money that goes from the account into the seller's fund in a year."""
    node = _nodes(data)
    build.add_columns("reinvest", {"node": node}, node=node)


@columns("cash_floor_violation")
def cash_floor_violation(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[n] ≥ 0`: money that is missing to the floor of the account at the end of a year."""
    node = _nodes(data)
    add_violation(build, "cash_floor", {"node": node}, np.full(len(node), _most_missing(data)))


def _most_missing(data: PlanningData) -> float:
    """Millions by which the floor can be missed: what must be paid in any case, were nothing received.

    Fixed costs of the seller's lines, all their openings and steps, and what own needs and firm minima cost
    to make, each on the dearest line that could. To do nothing costs less, so that no plan has to miss the
    floor by more.
    """
    lines, account = data.lines, data.cash
    fixed = float(lines.fixed_cost[lines.operator == SELLER].sum()) * data.calendar.months
    built = lines.open_cost * lines.is_candidate + lines.step_cost * lines.max_steps
    invested = float(built[lines.investor == SELLER].sum())
    return max(0.0, account.floor - account.opening) + fixed + invested + _forced_production(data)


def _forced_production(data: PlanningData) -> float:
    """Millions that own needs and firm minima can cost to make on lines of the seller."""
    products, home, prices = data.products, data.home, data.prices
    made = (products.operator == SELLER) & (products.line >= 0)
    per_unit = np.zeros(products.count)
    per_unit[made] = greatest_unit_cost(data)[made].max(axis=1) / products.yield_rate[made]
    dearest_need = np.zeros(home.count)
    np.maximum.at(dearest_need, home.need, per_unit[home.product])
    dearest_price = np.zeros(len(prices.firm_minimum))
    product, year = np.nonzero(prices.row >= 0)
    np.maximum.at(dearest_price, prices.row[product, year], per_unit[product])
    needed = (dearest_need * home.required_share * home.quantity).sum()
    return float(needed + (dearest_price * prices.firm_minimum).sum())


@utility("reinvestment")
def reinvestment(data: PlanningData, build: ProblemBuilder) -> None:
    """Seller: `+ δ(end of the year)·(fund_value − 1)·reinvest`, the worth of the fund less what it takes."""
    family = build.columns["reinvest"]
    slot = data.tree.last_slot[family.coordinates["node"]]
    build.add_utility(
        SELLER, family.numbers, build.present_value(SELLER, slot) * (data.cash.fund_value - 1.0)
    )


@closing("cash_balance")
def cash_balance(data: PlanningData, build: ProblemBuilder) -> None:
    """`cash[n] = cash[parent] + Σ flows + home_receipt_share·Σ value·home − Σ greatest cost·make − reinvest`.

    The account of the root begins with `opening`; flows are in undiscounted base-year money.
    """
    tree, account = data.tree, build.columns["cash"]
    node = account.coordinates["node"]
    start = np.where(tree.parent[node] < 0, data.cash.opening, 0.0)
    for constant in build.constant_flows if account.count else ():
        entry_of(constant.item)
        np.add.at(start, tree.slot_node[constant.slot], constant.value)
    family = build.add_rows("cash_balance", {"node": node}, count=len(node), lower=start, upper=start)
    if not account.count:
        return
    build.add_entries(family.numbers, account.numbers, 1.0)
    has_parent = tree.parent[node] >= 0
    build.add_entries(family.numbers[has_parent], account.start + tree.parent[node[has_parent]], -1.0)
    build.add_entries(family.numbers, build.columns["reinvest"].numbers, 1.0)
    for flow in build.flows:
        entry_of(flow.item)
        moves = flow.value != 0
        row = family.start + tree.slot_node[flow.slot[moves]]
        build.add_entries(row, flow.column[moves], -flow.value[moves])
    _add_production(data, build, family)
    _add_own_needs(data, build, family)


def _add_production(data: PlanningData, build: ProblemBuilder, family: Family) -> None:
    make = build.columns["make"]
    product, slot = make.coordinates["product"], make.coordinates["slot"]
    is_paid = data.products.operator[product] == SELLER
    cost = greatest_unit_cost(data)[product, slot]
    row = family.start + data.tree.slot_node[slot]
    build.add_entries(row[is_paid], make.numbers[is_paid], cost[is_paid])


def _add_own_needs(data: PlanningData, build: ProblemBuilder, family: Family) -> None:
    home = build.columns["home"]
    value = data.home.value[data.home.need[home.coordinates["home_pair"]]]
    row = family.start + data.tree.slot_node[home.coordinates["slot"]]
    build.add_entries(row, home.numbers, -data.cash.home_receipt_share * value)


@closing("cash_floor")
def cash_floor(data: PlanningData, build: ProblemBuilder) -> None:
    """`cash[n] + v[n] ≥ floor` at the end of every year."""
    account = build.columns["cash"]
    family = build.add_rows("cash_floor", account.coordinates, count=account.count, lower=data.cash.floor)
    build.add_entries(family.numbers, account.numbers, 1.0)
    build.add_entries(family.numbers, build.columns["cash_floor_violation"].numbers, 1.0)


@closing("reinvested")
def reinvested(data: PlanningData, build: ProblemBuilder) -> None:
    """`reinvest[n] ≥ reinvestment_share · Σ proceeds` of the year, `=` where `fund_value ≤ 1`."""
    family = build.columns["reinvest"]
    # Money that is worth no more in the fund goes there only as far as it must: a plan says which amount.
    upper = np.inf if data.cash.fund_value > 1.0 else 0.0
    rows = build.add_rows("reinvested", family.coordinates, count=family.count, lower=0.0, upper=upper)
    build.add_entries(rows.numbers, family.numbers, 1.0)
    share = data.cash.reinvestment_share
    for flow in build.flows if family.count and share > 0 else ():
        if entry_of(flow.item) in PROCEEDS:
            moves = flow.value != 0
            row = rows.start + data.tree.slot_node[flow.slot[moves]]
            build.add_entries(row, flow.column[moves], -share * flow.value[moves])
