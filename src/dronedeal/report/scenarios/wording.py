"""Words of a plan on scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from dronedeal.report.wording import percent_text
from dronedeal.results.scenarios.record import Risk
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


_WHOSE: Mapping[str, str] = {
    "joint": "both sides together",
    "buyer": "the buyer",
    "seller": "the seller",
    "each": "either side by itself",
}


def risk_words(risk: Risk) -> str:
    """What was weighed, in words.

    >>> risk_words(Risk(0.1, "buyer", 0.5, before=0.0))
    'the worst 10% of the chances for the buyer weighed 50%'
    """
    share = percent_text(risk.share, 1 if risk.share < 0.1 else 0)
    return f"the worst {share} of the chances for {_WHOSE[risk.of]} weighed {percent_text(risk.weight)}"


def factor_text(row: Row) -> str:
    """What varies and how it turned out, in words.

    >>> factor_text({"factor": "budget", "subject": "army", "outcome": "cut"})
    'the budget of army: cut'
    """
    subject = "" if row["subject"] == "*" else f" of {row['subject']}"
    return f"{_FACTORS[row['factor']]}{subject}: {row['outcome']}"
