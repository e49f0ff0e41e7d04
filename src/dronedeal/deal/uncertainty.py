"""What may turn out differently."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dronedeal.deal.record import Amount, FiscalYear, Fraction, Id, Kind, Record, Text, column

UncertainFactor = Literal[
    "buyer_need",
    "home_need",
    "line_outage",
    "component_supply",
    "budget",
    "price",
    "permit_delay",
    "integration_delay",
    "effectiveness",
]
Coefficient = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False), Kind("number")]


class Uncertainty(Record):
    """One outcome of one factor of the scenario tree."""

    factor: UncertainFactor = column("What varies")
    subject: Text = column("Row that varies, by its id; `*` for all rows of the factor")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer from which the outcome holds")
    outcome: Id = column("Name of the outcome")
    probability: Fraction = column(
        "Chance of the outcome; the chances of one factor, subject and year sum to 1", unit="probability"
    )
    multiplier: Amount = column("What the varying figure is multiplied by", unit="factor")


class Correlation(Record):
    """Two factors of the scenario tree that tend to turn out alike."""

    factor: UncertainFactor = column("What varies")
    subject: Text = column("Row that varies, as in `uncertainty`")
    other_factor: UncertainFactor = column("What varies with it")
    other_subject: Text = column("Row that varies with it, as in `uncertainty`")
    coefficient: Coefficient = column(
        "Correlation of the two, by rank of their multipliers: 1 both high or both low, 0 independent, "
        "-1 one high where the other is low; it acts between outcomes of the same fiscal year",
        unit="coefficient",
    )
