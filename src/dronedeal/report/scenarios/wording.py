"""Words of a plan on scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from dronedeal.results.shape import Row

MEASURE_NAMES: Mapping[str, str] = {
    "joint": "Worth to both sides",
    "buyer": "Worth to the buyer",
    "seller": "Worth to the seller",
    "coverage": "Coverage",
    "cost": "What the buyer pays",
    "own_needs": "Own needs met",
    "cash": "Cash of the seller",
    "broken_terms": "Terms broken",
}
_FACTORS: Mapping[str, str] = {
    "buyer_need": "the buyer's need",
    "home_need": "the seller's own need",
    "line_outage": "output",
    "component_supply": "supply of parts",
    "budget": "the budget",
    "price": "the price",
    "permit_delay": "export permits",
    "integration_delay": "integration work",
    "effectiveness": "effectiveness",
}


def factor_text(row: Row) -> str:
    """What varies and how it turned out, in words.

    >>> factor_text({"factor": "budget", "subject": "army", "outcome": "cut"})
    'the budget of army: cut'
    """
    subject = "" if row["subject"] == "*" else f" of {row['subject']}"
    return f"{_FACTORS[row['factor']]}{subject}: {row['outcome']}"
