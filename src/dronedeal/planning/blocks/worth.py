"""Utility terms of both sides: expected, discounted, in base-year millions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dronedeal.planning.blocks.registry import utility
from dronedeal.planning.curves import Curves
from dronedeal.planning.data import BUYER, SELLER, PlanningData
from dronedeal.planning.instalments import instalments
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@utility("coverage_value")
def coverage_value(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer: `δ(last) · w · (value_threshold·low + value_objective·high)`; `w` as in the model."""
    requirements, tree = data.requirements, data.tree
    years = data.buyer_years
    share = np.array([years.share(year) for year in years.names])
    for name, value in (("low", requirements.value_threshold), ("high", requirements.value_objective)):
        family = build.columns[name]
        requirement, node = family.coordinates["requirement"], family.coordinates["node"]
        part = np.where(requirements.is_stock[requirement], share[tree.stage[node]], 1.0)
        weight = build.present_value(BUYER, tree.last_slot[node])
        build.add_utility(BUYER, family.numbers, weight * part * value[requirement])


def delivery_money(data: PlanningData, product: IntArray, slot: IntArray) -> dict[str, list[FloatArray]]:
    """(buyer, seller) money for delivering one unit of a product in a slot, by item of the utilities.

    `purchases`: the buyer pays `price` unless it operates the line; the seller receives it where it does.
    `royalties`: the seller receives `royalty·price` on its designs made by others; the buyer pays it where
    it operates the line. Million of undiscounted base-year money, receipts positive.
    """
    year = data.year_index(slot)
    price = data.prices.price[product, year]
    royalty = data.prices.royalty[product, year] * price
    operator = data.products.operator[product]
    is_due = data.products.is_owned_by_seller[product] & (operator != SELLER)
    return {
        "purchases": [-price * (operator != BUYER), price * (operator == SELLER)],
        "royalties": [-royalty * (is_due & (operator == BUYER)), royalty * is_due],
    }


def delivery_worth(data: PlanningData, product: IntArray, slot: IntArray) -> list[FloatArray]:
    """(buyer, seller) expected present value of the money for delivering one unit of a product in a slot."""
    money = delivery_money(data, product, slot)
    worth = []
    for party in (BUYER, SELLER):
        discount = data.discount[party]
        total = data.tree.expected_discount(discount, slot) * money["royalties"][party]
        for of, paid, share in instalments(data, product, slot):
            part = data.tree.expected_discount(discount, paid) * money["purchases"][party][of] * share
            np.add.at(total, of, part)
        worth.append(total)
    return worth


def _monthly_deliveries(data: PlanningData, build: ProblemBuilder) -> Iterator[tuple[Family, IntArray]]:
    """The families of deliveries by month, each with the product of its columns."""
    ship, pool = build.columns["ship"], build.columns["pool"]
    yield ship, data.pairs.product[ship.coordinates["pair"]]
    yield pool, pool.coordinates["product"]


@utility("purchases")
def purchases(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer `− δ·price·delivery` unless it operates the line; seller `+ δ·price·delivery` where it does.

    What the seller makes is paid in the instalments of the terms: `δ` is then that of each instalment.
    """
    for family, product in _monthly_deliveries(data, build):
        slot = family.coordinates["slot"]
        money = delivery_money(data, product, slot)["purchases"]
        for party in (BUYER, SELLER):
            for of, paid, share in instalments(data, product, slot):
                build.add_flow(party, family.numbers[of], money[party][of] * share, slot=paid)


@utility("royalties")
def royalties(data: PlanningData, build: ProblemBuilder) -> None:
    """Seller `+ δ·royalty·price·delivery` on its designs made by others; the buyer pays on its own lines."""
    for family, product in _monthly_deliveries(data, build):
        slot = family.coordinates["slot"]
        money = delivery_money(data, product, slot)["royalties"]
        for party in (BUYER, SELLER):
            build.add_flow(party, family.numbers, money[party], slot=slot)


@utility("other_sales")
def other_sales(data: PlanningData, build: ProblemBuilder) -> None:
    """Seller: `+ δ·price·sale` from other buyers."""
    sale = build.columns["sale"]
    price = data.sales.price[data.sales.customer[sale.coordinates["sale_pair"]]]
    build.add_flow(SELLER, sale.numbers, price, slot=sale.coordinates["slot"])


@utility("own_needs_value")
def own_needs_value(data: PlanningData, build: ProblemBuilder) -> None:
    """Seller: `+ δ·value·home` for own needs met."""
    home = build.columns["home"]
    value = data.home.value[data.home.need[home.coordinates["home_pair"]]]
    build.add_utility(SELLER, home.numbers, build.present_value(SELLER, home.coordinates["slot"]) * value)


@utility("production_cost")
def production_cost(data: PlanningData, build: ProblemBuilder) -> None:
    """Operator of the line: `− δ·unit_cost·make`; of a product with a curve `− δ·∫ c(E) dE`.

    The integral is the part of the utilities that is not linear, and stands in the curves of the problem.
    """
    build.curves = cost_curves(data, build)
    make = build.columns["make"]
    product, slot = make.coordinates["product"], make.coordinates["slot"]
    is_flat = ~np.isin(product, data.curves.product)
    for party in (BUYER, SELLER):
        chosen = is_flat & (data.products.operator[product] == party)
        cost = data.products.unit_cost[product[chosen]]
        build.add_utility(party, make.numbers[chosen], -build.present_value(party, slot[chosen]) * cost)


def cost_curves(data: PlanningData, build: ProblemBuilder) -> Curves | None:
    """The curves of the deal on the columns `make`, weighted with the discount of their operators."""
    curves, slots = data.curves, np.arange(data.tree.n_slots)
    if not curves.count:
        return None
    weight = np.zeros((curves.count, len(slots)))
    for party in (BUYER, SELLER):
        weight[curves.party == party] = build.present_value(party, slots)
    make = build.columns["make"].lookup(data.products.count, len(slots))
    return Curves(curves, data.tree, make[curves.product], weight, most=curves.most[:, data.tree.slot_month])


@utility("fixed_cost")
def fixed_cost(data: PlanningData, build: ProblemBuilder) -> None:
    """Operator: `− δ·fixed_cost` in every month in which a line is open."""
    lines, tree = data.lines, data.tree
    existing = ~lines.is_candidate & (lines.fixed_cost > 0) & (lines.operator < 2)
    for number in np.flatnonzero(existing).tolist():
        party = int(lines.operator[number])
        slots = np.flatnonzero(tree.slot_month >= lines.available_from[number])
        build.add_constant_flow(party, -float(lines.fixed_cost[number]), slot=slots)
    opened = build.columns["open"].lookup(lines.count, tree.n_slots)
    for lag, slots, ancestors in tree.lags():
        is_running = (lag >= lines.open_lead) & (lines.fixed_cost > 0)
        line, position = np.nonzero((opened[:, ancestors] >= 0) & is_running[:, None])
        for party in (BUYER, SELLER):
            chosen = lines.operator[line] == party
            cost = lines.fixed_cost[line[chosen]]
            decided = opened[line[chosen], ancestors[position[chosen]]]
            build.add_flow(party, decided, -cost, slot=slots[position[chosen]])


@utility("investment")
def investment(data: PlanningData, build: ProblemBuilder) -> None:
    """Investor: `− δ·open_cost·open − δ·step_cost·step`, paid in the month of decision."""
    lines = data.lines
    for name, cost in (("open", lines.open_cost), ("step", lines.step_cost)):
        family = build.columns[name]
        line, slot = family.coordinates["line"], family.coordinates["slot"]
        for party in (BUYER, SELLER):
            chosen = lines.investor[line] == party
            build.add_flow(party, family.numbers[chosen], -cost[line[chosen]], slot=slot[chosen])


@utility("licence_fees")
def licence_fees(data: PlanningData, build: ProblemBuilder) -> None:
    """Operator `− δ·licence_fee·open`, seller `+ δ·licence_fee·open`, in the month of decision."""
    lines, opened = data.lines, build.columns["open"]
    line, slot = opened.coordinates["line"], opened.coordinates["slot"]
    fee = lines.licence_fee[line]
    for party, sign, is_due in ((BUYER, -1.0, lines.operator[line] == BUYER), (SELLER, 1.0, fee > 0)):
        chosen = is_due & (fee > 0)
        build.add_flow(party, opened.numbers[chosen], sign * fee[chosen], slot=slot[chosen])
