"""What may turn out differently."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import Amount, FiscalYear, Fraction, Id, Record, Text, column


class Uncertainty(Record):
    """One outcome of one factor of the scenario tree."""

    factor: Literal[
        "buyer_need",
        "home_need",
        "line_outage",
        "component_supply",
        "budget",
        "price",
        "permit_delay",
        "integration_delay",
        "effectiveness",
    ] = column("What varies")
    subject: Text = column("Row that varies, by its id; `*` for all rows of the factor")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer from which the outcome holds")
    outcome: Id = column("Name of the outcome")
    probability: Fraction = column(
        "Chance of the outcome; the chances of one factor, subject and year sum to 1", unit="probability"
    )
    multiplier: Amount = column("What the varying figure is multiplied by", unit="factor")
