"""The words of the terms of payment."""

from __future__ import annotations

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, term
from dronedeal.results.reading import Reading


@term("ceiling")
def ceiling(reading: Reading, _row: Coordinates) -> Term:
    """The ceiling of all payments to the seller."""
    seller = reading.deal.settings.seller.id
    return Term(
        kind="ceiling",
        about=seller,
        year=reading.data.buyer_years.names[-1],
        address="settings.terms.ceiling",
        says=f"the ceiling of the payments to {seller} is used up",
        size=reading.data.terms.ceiling * MONEY_UNIT,
        one_more=f"one more {reading.deal.settings.currency} (then-year)",
        unit="then-year money",
        rate=1 / MONEY_UNIT,
    )
