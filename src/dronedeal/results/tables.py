"""Monthly tables of a plan: deliveries, production, stock, capacity, openings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading

Row = dict[str, Any]


def _entries(table: FloatArray) -> Iterator[tuple[int, int, float]]:
    """(slot, number, value) of the non-zero entries, month by month."""
    slots, numbers = np.nonzero(table.T)
    for slot, number in zip(slots.tolist(), numbers.tolist(), strict=True):
        yield slot, number, float(table[number, slot])


def _product_names(reading: Reading) -> list[tuple[str, str | None]]:
    """(system, line) of each product; no line for a market product."""
    deal, products = reading.deal, reading.data.products
    return [
        (deal.systems[system].id, None if line < 0 else deal.lines[line].id)
        for system, line in zip(products.system, products.line, strict=True)
    ]


def shipments(reading: Reading) -> list[Row]:
    """Units delivered to requirements, by month."""
    data, deal = reading.data, reading.deal
    names = _product_names(reading)
    years = data.buyer_years.by_month
    first_year = data.buyer_years.names[0]
    rows = []
    for slot, pair, quantity in _entries(reading.ship):
        system, line = names[data.pairs.product[pair]]
        requirement = deal.requirements[data.pairs.requirement[pair]]
        year = int(years[data.tree.slot_month[slot]])
        price = float(reading.price[pair, data.tree.slot_node[slot]])
        rows.append(
            {
                "month": reading.slot_label(slot),
                "fiscal_year": year,
                "branch": requirement.branch,
                "requirement": requirement.id,
                "system": system,
                "line": line,
                "quantity": quantity,
                "effective_quantity": quantity * float(data.pairs.effectiveness[pair, year - first_year]),
                "unit_price": price,
                "amount": quantity * price,
                "amount_then_year": quantity * price * float(data.budgets.index[year - first_year]),
            }
        )
    return rows


def production(reading: Reading) -> list[Row]:
    """Units started on each line, by month."""
    names, products = _product_names(reading), reading.data.products
    rows = []
    for slot, product, quantity in _entries(reading.make):
        system, line = names[product]
        amount = float(reading.production_cost[product, slot]) * MONEY_UNIT
        rows.append(
            {
                "month": reading.slot_label(slot),
                "line": line,
                "system": system,
                "quantity": quantity,
                "good_quantity": quantity * float(products.yield_rate[product]),
                "unit_cost": amount / quantity,
                "amount": amount,
            }
        )
    return rows


def stock(reading: Reading) -> list[Row]:
    """Finished units at the end of each month."""
    names = _product_names(reading)
    return [
        {
            "month": reading.slot_label(slot),
            "line": names[product][1],
            "system": names[product][0],
            "quantity": quantity,
        }
        for slot, product, quantity in _entries(np.maximum(reading.stock, 0.0))
    ]


def capacity(reading: Reading) -> list[Row]:
    """Load that each line can carry and does carry, by month."""
    lines = reading.deal.lines
    return [
        {
            "month": reading.slot_label(slot),
            "line": lines[line].id,
            "quantity": quantity,
            "used": min(float(reading.used[line, slot]), quantity),
        }
        for slot, line, quantity in _entries(reading.capacity)
    ]


def openings(reading: Reading) -> list[Row]:
    """Lines opened and steps added."""
    data, deal = reading.data, reading.deal
    lines = data.lines
    rows = []
    no_fee = np.zeros(lines.count)
    for kind, decided, lead, cost, fee in (
        ("open", reading.opened, lines.open_lead, lines.open_cost, lines.licence_fee),
        ("step", reading.steps, lines.step_lead, lines.step_cost, no_fee),
    ):
        for slot, line, quantity in _entries(decided):
            month = int(data.tree.slot_month[slot])
            rows.append(
                {
                    "line": deal.lines[line].id,
                    "kind": kind,
                    "decided": data.calendar.label(month),
                    "effective": data.calendar.label(month + int(lead[line])),
                    "quantity": quantity,
                    "amount": quantity * float(cost[line]) * MONEY_UNIT,
                    "investor": deal.lines[line].investor or deal.lines[line].operator,
                    "licence_fee": quantity * float(fee[line]) * MONEY_UNIT,
                }
            )
    return rows


def home_supply(reading: Reading) -> list[Row]:
    """Units delivered to own needs, by month."""
    data, deal = reading.data, reading.deal
    names = _product_names(reading)
    rows = []
    for slot, pair, quantity in _entries(reading.home):
        need = int(data.home.need[pair])
        system, line = names[data.home.product[pair]]
        rows.append(
            {
                "month": reading.slot_label(slot),
                "fiscal_year": deal.home_needs[need].fiscal_year,
                "need": deal.home_needs[need].id,
                "system": system,
                "line": line,
                "quantity": quantity,
                "amount": quantity * float(data.home.value[need]) * MONEY_UNIT,
            }
        )
    return rows


def home_coverage(reading: Reading) -> list[Row]:
    """How far each own need is served in its year."""
    home = reading.data.home
    supplied = np.zeros(home.count)
    np.add.at(supplied, home.need, reading.home.sum(axis=1))
    return [
        {
            "need": row.id,
            "fiscal_year": row.fiscal_year,
            "needed": float(home.quantity[number]),
            "required": float(home.quantity[number] * home.required_share[number]),
            "quantity": float(supplied[number]),
            "shortfall": float(reading.short_home[number]),
        }
        for number, row in enumerate(reading.deal.home_needs)
    ]


def other_sales(reading: Reading) -> list[Row]:
    """Units sold to other buyers, by month."""
    data, deal = reading.data, reading.deal
    names = _product_names(reading)
    rows = []
    for slot, pair, quantity in _entries(reading.sale):
        number = int(data.sales.customer[pair])
        customer = deal.other_buyers[number]
        price = float(data.sales.price[number]) * MONEY_UNIT
        rows.append(
            {
                "month": reading.slot_label(slot),
                "fiscal_year": customer.fiscal_year,
                "customer": customer.id,
                "tier": customer.tier,
                "system": customer.system,
                "line": names[data.sales.product[pair]][1],
                "quantity": quantity,
                "unit_price": price,
                "amount": quantity * price,
            }
        )
    return rows
