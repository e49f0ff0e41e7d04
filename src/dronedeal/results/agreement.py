"""Tables of what the agreement comes to: payments to the seller and commitments by fiscal year."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading

Row = dict[str, Any]


def to_seller_by_year(reading: Reading) -> FloatArray:
    """(nodes,) then-year currency that the buyer owes the seller for the deliveries of each year."""
    data, tree = reading.data, reading.data.tree
    product = data.pairs.product
    operator = data.products.operator[product]
    royalty = data.prices.royalty[product][:, tree.stage]
    is_due = (operator == BUYER) & data.products.is_owned_by_seller[product]
    share = np.where((operator == SELLER)[:, None], 1.0, is_due[:, None] * royalty)
    delivered = np.add.reduceat(reading.ship, tree.first_slot, axis=1)
    owed: FloatArray = (share * reading.price * delivered).sum(axis=0) * data.budgets.index[tree.stage]
    return owed


def commitments(reading: Reading) -> list[Row]:
    """What is owed to the seller for the deliveries of each year, and what is firm, in then-year money."""
    data, prices = reading.data, reading.data.prices
    owed = to_seller_by_year(reading)
    firm = np.zeros(len(owed))
    base_price = np.zeros(len(prices.row_year))
    has_price = prices.row >= 0
    base_price[prices.row[has_price]] = prices.price[has_price]
    supplier = {system.id: system.supplier for system in reading.deal.systems}
    is_sellers = [supplier[row.system] == reading.deal.settings.seller.id for row in reading.deal.prices]
    amount = base_price * prices.firm_minimum * np.array(is_sellers, dtype=float) * MONEY_UNIT
    for number in np.flatnonzero(amount > 0).tolist():
        firm[prices.row_year[number]] += amount[number] * data.budgets.index[prices.row_year[number]]
    return [
        {
            "fiscal_year": year,
            "to_seller": float(owed[at]),
            "to_seller_so_far": float(owed[: at + 1].sum()),
            "firm": float(firm[at]),
            "firm_later": float(firm[at + 1 :].sum()),
        }
        for at, year in enumerate(data.buyer_years.names)
    ]
