"""The seller's cash account of a plan, year by year of the buyer."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.blocks.seller_cash import entry_of, greatest_unit_cost
from dronedeal.planning.data import MONEY_UNIT, SELLER
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import CASH_COSTS, CASH_RECEIPTS

Row = dict[str, Any]


def cash(reading: Reading, production: list[Row]) -> list[Row]:
    """What comes into the account and what leaves it in each year; no row where no account is kept.

    Parameters
    ----------
    reading : the solution
    production : rows of the plan's table, at what the units really cost

    Returns
    -------
    one row a year in undiscounted base-year currency; costs are stated as amounts paid, above zero
    """
    account, data = reading.data.cash, reading.data
    if not account.is_kept:
        return []
    entries = _entries(reading) | {"production": _true_production(reading, production)}
    missing = planned_closing(reading)
    rows: list[Row] = []
    balance = account.opening * MONEY_UNIT
    floor = account.floor * MONEY_UNIT
    for at, year in enumerate(data.buyer_years.names):
        row: Row = {"fiscal_year": year, "opening": balance}
        for name, amounts in entries.items():
            sign = 1.0 if name in CASH_RECEIPTS else -1.0
            # A sum of money that is zero has no sign.
            row[name] = sign * float(amounts[at]) + 0.0
            balance += float(amounts[at])
        planned = float(missing[at])
        row |= {
            "closing": balance,
            "planned_closing": planned,
            "floor": floor,
            "short": _short(floor, planned),
        }
        rows.append(row)
    return rows


def planned_closing(reading: Reading) -> FloatArray:
    """(nodes,) currency at the end of each year, were every unit made at its greatest cost."""
    data = reading.data
    total = np.sum(list(_entries(reading).values()), axis=0) - _by_node(
        reading, (greatest_unit_cost(data) * reading.make)[data.products.operator == SELLER] * MONEY_UNIT
    )
    closing: FloatArray = np.zeros(data.tree.n_nodes)
    for node, parent in enumerate(data.tree.parent.tolist()):
        before = data.cash.opening * MONEY_UNIT if parent < 0 else closing[parent]
        closing[node] = before + total[node]
    return closing


def _short(floor: float, closing: float) -> float:
    """What is missing to the floor; a rounding error is not missing."""
    short = floor - closing
    return short if short > 1e-6 * max(1.0, abs(floor), abs(closing)) else 0.0


def _entries(reading: Reading) -> dict[str, FloatArray]:
    """(nodes,) currency of each entry of the account but production; what is paid is below zero."""
    problem, data = reading.problem, reading.data
    entries = {name: np.zeros(data.tree.n_nodes) for name in (*CASH_RECEIPTS, *CASH_COSTS)}
    for flow in problem.flows:
        moved = flow.value * reading.values[flow.column] * MONEY_UNIT
        np.add.at(entries[entry_of(flow.item)], data.tree.slot_node[flow.slot], moved)
    for constant in problem.constant_flows:
        node = data.tree.slot_node[constant.slot]
        np.add.at(entries[entry_of(constant.item)], node, constant.value * MONEY_UNIT)
    value = data.home.value[data.home.need][:, None] * data.cash.home_receipt_share * MONEY_UNIT
    entries["own_needs"] += _by_node(reading, reading.home * value)
    entries["reinvested"] -= reading.values[problem.columns["reinvest"].slice] * MONEY_UNIT
    return entries


def _by_node(reading: Reading, amounts: FloatArray) -> FloatArray:
    """(nodes,) sums over the rows of an array and the slots of each node."""
    total: FloatArray = np.add.reduceat(amounts.sum(axis=0), reading.data.tree.first_slot)
    return total


def _true_production(reading: Reading, production: list[Row]) -> FloatArray:
    """(years,) currency that the seller's lines pay for what they make, below zero."""
    data = reading.data
    run = {line.id for line in reading.deal.lines if line.operator == reading.deal.settings.seller.id}
    paid: FloatArray = np.zeros(data.tree.n_nodes)
    for row in production:
        if row["line"] in run:
            month = data.calendar.index(row["month"])
            paid[data.buyer_years.of(month) - data.buyer_years.names[0]] -= row["amount"]
    return paid
