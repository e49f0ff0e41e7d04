"""What a plan violates, in the words of the contract."""

from __future__ import annotations

from typing import Any

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.problem import Family
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]


def violations(reading: Reading) -> list[Row]:
    """Rules that the plan breaks, worst first by the share of the term that is broken."""
    problem = reading.problem
    rows: list[tuple[float, Row]] = []
    for name, describe in _VIOLATIONS.items():
        family = problem.columns[f"{name}_violation"]
        for offset in range(family.count):
            number = family.start + offset
            quantity = float(reading.values[number])
            if quantity > 1e-6 * max(1.0, problem.upper[number]):
                share = quantity / max(float(problem.upper[number]), 1e-12)
                rows.append((share, {"kind": name} | describe(reading, family, offset, quantity)))
    return [row for _, row in sorted(rows, key=lambda item: -item[0])]


def _firm_minimum(reading: Reading, family: Family, offset: int, quantity: float) -> Row:
    price = reading.deal.prices[family.coordinates["price"][offset]]
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


def _home_need(reading: Reading, family: Family, offset: int, quantity: float) -> Row:
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


def _return_share(reading: Reading, family: Family, offset: int, quantity: float) -> Row:
    line = reading.deal.lines[family.coordinates["line"][offset]]
    year = reading.data.seller_years.names[family.coordinates["seller_year"][offset]]
    words = (
        f"line {line.id} returns {quantity:,.1f} units less in fiscal year {year} than "
        f"{line.return_share:.0%} of its output"
    )
    return {"subject": line.id, "fiscal_year": year, "quantity": quantity, "unit": "units", "words": words}


def _budget(reading: Reading, family: Family, offset: int, quantity: float) -> Row:
    budget = reading.deal.budgets[family.coordinates["budget"][offset]]
    currency = reading.deal.settings.currency
    amount = quantity * MONEY_UNIT
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


_VIOLATIONS = {
    "home_need": _home_need,
    "firm_minimum": _firm_minimum,
    "return_share": _return_share,
    "budget": _budget,
}
