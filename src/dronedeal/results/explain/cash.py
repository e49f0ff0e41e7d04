"""The words of the seller's cash account."""

from __future__ import annotations

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, term
from dronedeal.results.reading import Reading


@term("cash_floor")
def cash_floor(reading: Reading, row: Coordinates) -> Term:
    """The least money that the seller keeps at the end of a year."""
    settings, year = reading.deal.settings, _year(reading, row)
    return Term(
        kind="cash_floor",
        about=settings.seller.id,
        year=year,
        address="settings.cash.floor",
        says=f"the account of {settings.seller.id} is down to its floor at the end of fiscal year {year}",
        size=max(1.0, abs(reading.data.cash.floor) * MONEY_UNIT),
        one_more=f"a floor higher by one {settings.currency}",
        unit="base-year money",
        rate=1 / MONEY_UNIT,
    )


@term("reinvested")
def reinvested(reading: Reading, row: Coordinates) -> Term:
    """The share of the proceeds that must be put back."""
    settings, year = reading.deal.settings, _year(reading, row)
    share = reading.data.cash.reinvestment_share
    return Term(
        kind="reinvestment",
        about=settings.seller.id,
        year=year,
        address="settings.cash.reinvestment_share",
        says=f"{settings.seller.id} puts {share:.0%} of the proceeds of fiscal year {year} into its fund",
        size=1.0,
        one_more=f"one more {settings.currency} put in",
        unit="base-year money",
        rate=1 / MONEY_UNIT,
    )


def _year(reading: Reading, row: Coordinates) -> int:
    data = reading.data
    return data.buyer_years.names[int(data.tree.stage[row["node"]])]
