"""Tables of what the agreement comes to: payments to the seller and commitments by fiscal year."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import BUYER, MONEY_UNIT, SELLER
from dronedeal.planning.instalments import retention_slots
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.rebates import rebates_of_seller

Row = dict[str, Any]


def to_seller_by_year(reading: Reading) -> FloatArray:
    """(nodes,) then-year currency that the buyer owes the seller for the deliveries of each year."""
    prices, royalties = _owed(reading)
    return prices + royalties - rebates_of_seller(reading)


def _owed(reading: Reading) -> tuple[FloatArray, FloatArray]:
    """(nodes,) then-year currency: prices of what the seller makes, royalties on what the buyer makes."""
    data, tree = reading.data, reading.data.tree
    product = data.pairs.product
    operator = data.products.operator[product]
    royalty = data.prices.royalty[product][:, tree.stage]
    is_due = (operator == BUYER) & data.products.is_owned_by_seller[product]
    delivered = np.add.reduceat(reading.ship, tree.first_slot, axis=1)
    amount = reading.price * delivered * data.budgets.index[tree.stage]
    return amount[operator == SELLER].sum(axis=0), (royalty * amount)[is_due].sum(axis=0)


def _firm(reading: Reading) -> FloatArray:
    """(years,) then-year price of the firm quantities of the seller's systems."""
    data, prices = reading.data, reading.data.prices
    supplier = {system.id: system.supplier for system in reading.deal.systems}
    is_sellers = [supplier[row.system] == reading.deal.settings.seller.id for row in reading.deal.prices]
    price = np.zeros(len(prices.row_year))
    has_price = prices.row >= 0
    price[prices.row[has_price]] = prices.price[has_price]
    amount = price * prices.firm_minimum * np.array(is_sellers, dtype=float) * MONEY_UNIT
    firm = np.zeros(len(data.buyer_years.names))
    is_firm = amount > 0
    year = prices.row_year[is_firm]
    np.add.at(firm, year, amount[is_firm] * data.budgets.index[year])
    return firm


def commitments(reading: Reading) -> list[Row]:
    """What is owed and paid to the seller by fiscal year, and what is firm, in then-year money."""
    data, terms = reading.data, reading.deal.settings.terms
    prices, royalties = _owed(reading)
    rebates = rebates_of_seller(reading)
    owed = prices + royalties - rebates
    kept_back = np.zeros(len(prices))
    for node in range(len(prices)):
        for paid in retention_slots(data, node).tolist():
            kept_back[data.tree.slot_node[paid]] += terms.retention_share * prices[node]
    at_delivery = 1.0 - terms.advance_share - terms.retention_share
    firm = _firm(reading)
    later = [float(firm[at + 1 :].sum()) for at in range(len(firm))]
    return [
        {
            "fiscal_year": year,
            "to_seller": float(owed[at]),
            "to_seller_so_far": float(owed[: at + 1].sum()),
            "paid_in_advance": float(terms.advance_share * prices[at]),
            "paid_at_delivery": float(at_delivery * prices[at] + royalties[at]),
            "paid_after_retention": float(kept_back[at]),
            "rebates": float(rebates[at]),
            "firm": float(firm[at]),
            "firm_later": later[at],
            "cancellation": terms.cancellation_share * later[at],
        }
        for at, year in enumerate(data.buyer_years.names)
    ]
