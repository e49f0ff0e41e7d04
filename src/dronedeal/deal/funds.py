"""Money and time: budgets, escalation indices, exchange rates."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Amount,
    CurrencyCode,
    FiscalYear,
    Id,
    MoneyRecord,
    Positive,
    PriceBasis,
    Record,
    column,
)


class Budget(MoneyRecord):
    """Money of a branch: one appropriation of one fiscal year."""

    branch: Id = column("Branch", refers_to="branches")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer in which the money is voted")
    appropriation: Id = column("Kind of money, such as procurement or operations")
    amount: Amount = column("Money for the needs of this deal", unit="currency")
    years_valid: Positive = column(
        "Fiscal years in which it can be spent, the first included", default=1.0, unit="fiscal years"
    )
    price_basis: PriceBasis = column(
        "`then_year`: money as voted; `base_year`: prices of the deal's price base year", default="then_year"
    )


class Index(Record):
    """One value of an escalation index."""

    id: Id = column("Name of the index")
    fiscal_year: FiscalYear = column("Fiscal year of the party that uses the index")
    value: Positive = column("Price level; only ratios between years matter", unit="index points")
    kind: Literal["procurement", "labour", "producer", "consumer", "other"] = column("What prices it follows")


class Rate(Record):
    """One exchange rate against the deal's currency."""

    id: CurrencyCode = column("Currency, three-letter code")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer")
    value: Positive = column("Deal currency for one unit of this currency", unit="deal currency per unit")
    kind: Literal["average", "end_of_year", "forecast"] = column("How it was taken", default="average")
