"""What a plan violates, in the words of the contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.problem import Family
from dronedeal.results.agreement import to_seller_by_year
from dronedeal.results.reading import Reading
from dronedeal.results.ruling import Ruling, broken_unit, is_at_most
from dronedeal.results.seller_cash import planned_closing
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]


def violations(reading: Reading) -> list[Row]:
    """Rules that the plan breaks, worst first by the share of the term that is broken."""
    problem = reading.problem
    is_broken = problem.is_broken(reading.values)
    rows: list[tuple[float, Row]] = []
    for name, describe in _VIOLATIONS.items():
        family = problem.columns[f"{name}_violation"]
        for offset in range(family.count):
            most = float(problem.upper[family.start + offset])
            if is_broken[family.start + offset]:
                row = {"kind": name} | describe(reading, family, offset)
                scale = MONEY_UNIT if name in ("budget", "ceiling", "cash_floor") else 1.0
                rows.append((row["quantity"] / max(most * scale, 1e-12), row))
    return [row for _, row in sorted(rows, key=lambda item: -item[0])]


def _firm_minimum(reading: Reading, family: Family, offset: int) -> Row:
    number, node = int(family.coordinates["price"][offset]), int(family.coordinates["node"][offset])
    price, tree = reading.deal.prices[number], reading.data.tree
    is_at_price = reading.data.prices.row[reading.data.pairs.product, tree.stage[node]] == number
    taken = float(reading.ship[is_at_price][:, tree.slot_node == node].sum())
    quantity = float(reading.data.prices.firm_minimum[number]) - taken
    words = (
        f"{quantity:,.1f} units of the firm minimum of {price.firm_minimum or 0:,.0f} of {price.system} in "
        f"fiscal year {price.fiscal_year} are not taken"
    )
    return {
        "subject": subject(price.system, price.line),
        "fiscal_year": price.fiscal_year,
        "quantity": quantity,
        "unit": "units",
        "words": words,
    }


def _home_need(reading: Reading, family: Family, offset: int) -> Row:
    number = int(family.coordinates["need"][offset])
    need = reading.deal.home_needs[number]
    quantity = float(reading.short_home[number])
    words = (
        f"own need {need.id} in fiscal year {need.fiscal_year} is {quantity:,.1f} units behind its monthly "
        f"pace at worst; {need.required_share:.0%} of {reading.data.home.quantity[number]:,.0f} units come "
        "first"
    )
    return {
        "subject": need.id,
        "fiscal_year": need.fiscal_year,
        "quantity": quantity,
        "unit": "units",
        "words": words,
    }


def _return_share(reading: Reading, family: Family, offset: int) -> Row:
    line = reading.deal.lines[family.coordinates["line"][offset]]
    year = reading.data.seller_years.names[family.coordinates["seller_year"][offset]]
    quantity = _not_returned(reading, int(family.coordinates["line"][offset]), year)
    words = (
        f"line {line.id} returns {quantity:,.1f} units less in fiscal year {year} than "
        f"{line.return_share:.0%} of its output"
    )
    return {"subject": line.id, "fiscal_year": year, "quantity": quantity, "unit": "units", "words": words}


def _not_returned(reading: Reading, line: int, year: int) -> float:
    data = reading.data
    months = data.tree.slot_month
    window = data.seller_years.months_in(year)
    inside = (months >= window.start) & (months < window.stop)
    products = np.flatnonzero(data.products.line == line)
    good = (data.products.yield_rate[products, None] * reading.make[products][:, inside]).sum()
    returned = reading.home[np.isin(data.home.product, products)][:, inside].sum()
    return float(data.lines.return_share[line] * good - returned)


def _budget(reading: Reading, family: Family, offset: int) -> Row:
    budget = reading.deal.budgets[family.coordinates["budget"][offset]]
    currency = reading.deal.settings.currency
    number = int(family.coordinates["budget"][offset])
    amount = float(reading.spend[number].sum() - reading.data.budgets.amount[number]) * MONEY_UNIT
    words = (
        f"{budget.appropriation} money of {budget.branch} voted in fiscal year {budget.fiscal_year} is "
        f"overspent by {currency} {amount:,.0f} (then-year)"
    )
    return {
        "subject": subject(budget.branch, budget.appropriation),
        "fiscal_year": budget.fiscal_year,
        "quantity": amount,
        "unit": currency,
        "words": words,
    }


def _ceiling(reading: Reading, _family: Family, _offset: int) -> Row:
    currency, limit = reading.deal.settings.currency, reading.data.terms.ceiling * MONEY_UNIT
    amount = float(to_seller_by_year(reading).sum()) - limit
    words = (
        f"payments to {reading.deal.settings.seller.id} are {currency} {amount:,.0f} (then-year) above the "
        f"ceiling of {currency} {limit:,.0f}"
    )
    return {
        "subject": reading.deal.settings.seller.id,
        "fiscal_year": reading.data.buyer_years.names[-1],
        "quantity": amount,
        "unit": currency,
        "words": words,
    }


def _rule(reading: Reading, family: Family, offset: int) -> Row:
    number, node = int(family.coordinates["rule"][offset]), int(family.coordinates["node"][offset])
    (standing,) = (found for found in Ruling(reading).standings if (found.rule, found.node) == (number, node))
    rule = reading.deal.rules[number]
    year = reading.data.buyer_years.names[int(reading.data.tree.stage[node])]
    unit = broken_unit(rule, reading.deal.settings.currency)
    quantity = standing.broken * (MONEY_UNIT if unit == reading.deal.settings.currency else 1.0)
    return {
        "subject": rule.id,
        "fiscal_year": year,
        "quantity": quantity,
        "unit": unit,
        "words": f"rule {rule.id} is not kept in fiscal year {year}: {quantity:,.1f} {unit} are "
        f"{'too many' if is_at_most(rule) else 'missing'}",
    }


def _cash_floor(reading: Reading, family: Family, offset: int) -> Row:
    node = int(family.coordinates["node"][offset])
    currency, floor = reading.deal.settings.currency, reading.data.cash.floor * MONEY_UNIT
    amount = floor - float(planned_closing(reading)[node])
    year = reading.data.buyer_years.names[int(reading.data.tree.stage[node])]
    seller = reading.deal.settings.seller.id
    words = (
        f"the account of {seller} is {currency} {amount:,.0f} below its floor of {currency} {floor:,.0f} "
        f"at the end of fiscal year {year}"
    )
    return {"subject": seller, "fiscal_year": year, "quantity": amount, "unit": currency, "words": words}


_VIOLATIONS = {
    "home_need": _home_need,
    "rule": _rule,
    "firm_minimum": _firm_minimum,
    "return_share": _return_share,
    "budget": _budget,
    "ceiling": _ceiling,
    "cash_floor": _cash_floor,
}
