"""The terms of payment to the seller."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.rebates import rebate_of_seller
from dronedeal.planning.blocks.registry import columns, rows
from dronedeal.planning.blocks.violations import add_violation, firm_cost
from dronedeal.planning.data import BUYER, SELLER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@columns("ceiling_violation")
def ceiling_violation(data: PlanningData, build: ProblemBuilder) -> None:
    """`v[n] ≥ 0`: then-year money paid to the seller beyond the ceiling, on each path to its last year."""
    last = int(data.tree.stage.max())
    node = np.flatnonzero(data.tree.stage == last) if data.terms.has_ceiling else np.empty(0, dtype=np.int64)
    # Only firm minima can force money to be spent.
    add_violation(build, "ceiling", {"node": node}, np.full(len(node), firm_cost(data)))


@rows("ceiling")
def ceiling(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ index · (to_seller · delivery − rebates) ≤ ceiling + v` over the years of every path.

    `to_seller` is the price of what the seller makes, and the royalty on what the buyer makes of its designs.
    """
    violation = build.columns["ceiling_violation"]
    last = violation.coordinates["node"]
    family = build.add_rows("ceiling", {"node": last}, count=len(last), upper=data.terms.ceiling)
    build.add_entries(family.numbers, violation.numbers, -1.0)
    column, pair, node = deliveries(data, build)
    paid = to_seller(data, pair, node)
    amounts = [(column, node, paid)]
    for rebated, year, rebate in rebate_of_seller(data, build):
        amounts.append((rebated, year, -rebate * data.budgets.index[data.tree.stage[year]]))
    for row, end in zip(family.numbers, last, strict=True):
        path = data.tree.path_to(int(end))
        for paid_for, in_node, amount in amounts:
            on_path = np.isin(in_node, path) & (amount != 0)
            build.add_entries(np.full(on_path.sum(), row), paid_for[on_path], amount[on_path])


def to_seller(data: PlanningData, pair: IntArray, node: IntArray) -> FloatArray:
    """Then-year millions that the buyer pays to the seller for one unit of each pair in a node's year."""
    year, case, product = data.tree.stage[node], data.tree.case[node], data.pairs.product[pair]
    operator = data.products.operator[product]
    royalty = (operator == BUYER) & data.products.is_owned_by_seller[product]
    share = np.where(operator == SELLER, 1.0, royalty * data.prices.royalty[product, case])
    paid: FloatArray = share * data.prices.price[product, case] * data.budgets.index[year]
    return paid
