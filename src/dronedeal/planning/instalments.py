"""When the price of a delivery by the seller is paid: in advance, at delivery, after the year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.tree import FloatArray, IntArray

Instalment = tuple[IntArray, IntArray, FloatArray]


def instalments(data: PlanningData, product: IntArray, slot: IntArray) -> Iterator[Instalment]:
    """The parts in which the price of deliveries is paid.

    Terms of payment hold for what the seller makes; everything else is paid at delivery. Of the price `p`
    of a delivery in year `y`, `advance_share · p` is paid in the first month of `y`,
    `retention_share · p · index(y) / index(y')` in the month `y'` of the retention, the rest at delivery.

    Parameters
    ----------
    product, slot : (n,) product and slot of each delivery

    Yields
    ------
    of : (m,) number of the delivery; it may stand twice where the tree branches in between
    paid : (m,) slot in which the part is paid
    share : (m,) of the base-year price, in base-year money of the year in which it is paid
    """
    terms, tree = data.terms, data.tree
    everything = np.arange(len(slot))
    is_sellers = data.products.operator[product] == SELLER
    early, late = terms.advance_share * is_sellers, terms.retention_share * is_sellers
    yield everything, slot, 1.0 - early - late
    if terms.advance_share > 0:
        yield everything, tree.first_slot[tree.slot_node[slot]], early
    if terms.retention_share > 0:
        for node in range(tree.n_nodes):
            of = everything[(tree.slot_node[slot] == node) & is_sellers]
            for paid in retention_slots(data, node).tolist():
                later = tree.slot_node[paid]
                growth = data.budgets.index[tree.stage[node]] / data.budgets.index[tree.stage[later]]
                yield of, np.full(len(of), paid), late[of] * growth


def retention_slots(data: PlanningData, node: int) -> IntArray:
    """(paths,) slots in which what was kept back in a node's year is paid, one on each path through it."""
    tree = data.tree
    month = int(tree.end_month[node]) - 1 + data.terms.retention_months
    slots = np.flatnonzero(tree.slot_month == min(month, data.calendar.months - 1))
    return np.array(
        [slot for slot in slots if node in tree.path_to(int(tree.slot_node[slot]))], dtype=np.int64
    )
