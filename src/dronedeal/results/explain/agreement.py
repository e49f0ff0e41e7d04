"""The words of the terms of payment."""

from __future__ import annotations

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, cell_address, term
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject


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


@term("tier_floor")
def tier_floor(reading: Reading, row: Coordinates) -> Term:
    """Units that are bought only to reach a tier."""
    price = reading.deal.prices[row["price"]]
    data = reading.data
    start = float(data.terms.tiers.start[data.terms.tiers.row == row["price"]][0])
    return Term(
        kind="tier",
        about=subject(price.system, price.line),
        year=price.fiscal_year,
        address=cell_address(reading, "prices", row["price"], "tier_from"),
        says=f"{price.system} is bought up to the tier of {price.tier_from:,.0f} in fiscal year "
        f"{price.fiscal_year} for its price",
        size=max(1.0, start),
        one_more="a tier that begins one unit later",
    )
