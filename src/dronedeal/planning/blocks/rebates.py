"""What price tiers and bundles give back, settled in the last month of the buyer's year."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import utility
from dronedeal.planning.blocks.tiers import tier_of_row
from dronedeal.planning.data import BUYER, SELLER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@utility("rebates")
def rebates(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer `+ δ(last)·rebate`, seller `− δ(last)·rebate` for each unit at its tier and each set.

    Where another makes a design of the seller, the royalty falls with the price; the buyer's own line saves
    the royalty only.
    """
    family = build.columns["tier"]
    money = tier_money(data, **family.coordinates)
    slot = data.tree.last_slot[family.coordinates["node"]]
    for party in (BUYER, SELLER):
        is_owed = money[party] != 0
        build.add_flow(party, family.numbers[is_owed], money[party][is_owed], slot=slot[is_owed])
    sets = build.columns["sets"]
    rebate = data.terms.bundles.rebate[sets.coordinates["bundle"]]
    slot = data.tree.last_slot[sets.coordinates["node"]]
    build.add_flow(BUYER, sets.numbers, rebate, slot=slot)
    build.add_flow(SELLER, sets.numbers, -rebate, slot=slot)


def tier_money(
    data: PlanningData, *, price: IntArray, operator: IntArray, node: IntArray, **_other_axes: IntArray
) -> list[FloatArray]:
    """(buyer, seller) what one unit at a tier changes, million of base-year money, receipts positive.

    Parameters
    ----------
    price, operator, node : (n,) row of `prices` of the tier, role of who makes the unit, node of its year
    """
    tiers = data.terms.tiers
    number = tier_of_row(data)[price]
    rebate = data.at_node.rebate[number, node]
    royalty = rebate * tiers.royalty[number]
    return [
        np.where(operator == BUYER, royalty, rebate),
        -np.where(operator == SELLER, rebate, royalty),
    ]


def rebate_by_group(
    data: PlanningData, build: ProblemBuilder
) -> list[tuple[IntArray, IntArray, IntArray, FloatArray]]:
    """Column, payment group, node and base-year millions that one unit takes off what the group pays."""
    tier, given = build.columns["tier"], build.columns["given"]
    number, node = tier_of_row(data)[tier.coordinates["price"]], tier.coordinates["node"]
    return [
        (tier.numbers, tier.coordinates["group"], node, data.at_node.rebate[number, node]),
        (
            given.numbers,
            given.coordinates["group"],
            given.coordinates["node"],
            data.terms.bundles.rebate[given.coordinates["bundle"]],
        ),
    ]


def rebate_of_seller(
    data: PlanningData, build: ProblemBuilder
) -> list[tuple[IntArray, IntArray, FloatArray]]:
    """Column, node and base-year millions that one unit takes off what the seller is paid by the buyer."""
    tier, sets = build.columns["tier"], build.columns["sets"]
    operator = tier.coordinates["operator"]
    money = -tier_money(data, **tier.coordinates)[SELLER]
    # what a third party's line pays to the seller is no payment of the buyer
    money = np.where(operator > SELLER, 0.0, money)
    return [
        (tier.numbers, tier.coordinates["node"], money),
        (sets.numbers, sets.coordinates["node"], data.terms.bundles.rebate[sets.coordinates["bundle"]]),
    ]
