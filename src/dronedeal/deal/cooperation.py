"""Work that the two sides do together: integration and technical-cooperation projects."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Amount,
    Fraction,
    Id,
    IdList,
    MoneyRecord,
    Months,
    Number,
    NumberList,
    Text,
    column,
)


class Integration(MoneyRecord):
    """Work before a system may be fielded with a branch."""

    system: Id = column("System", refers_to="systems")
    branch: Id = column("Branch", refers_to="branches")
    standard: Text = column("Standard or approval that the work leads to; shared work is counted once")
    cost: Amount = column("Cost of the work", unit="currency")
    appropriation: Id | None = column(
        "Appropriation that pays for it; blank: any money of the branch", default=None
    )
    months: Months = column("Months that the work takes", unit="months")
    payer: Id = column("Party that pays", refers_to="parties")


class Project(MoneyRecord):
    """A technical-cooperation project that a plan may choose."""

    id: Id = column("Name of the project inside the deal")
    name: Text = column("What is done, in words")
    systems: IdList = column("Systems that it changes, separated by semicolons", refers_to="systems")
    cost_by_year: NumberList = column(
        "Cost in its first, second … year, separated by semicolons", unit="currency per year"
    )
    buyer_share: Fraction = column("Share of the cost that the buyer bears", unit="share of cost")
    months: Months = column("Months from start to effect", unit="months")
    effect: Literal["effectiveness", "unit_cost", "successor", "compliant_part", "interface"] = column(
        "What changes when it ends"
    )
    effect_value: Number | None = column(
        "Size of the effect: added effectiveness, factor on unit cost, or more parts a year",
        default=None,
        unit="by effect",
    )
    effect_subject: Id | None = column(
        "Successor system, component, or branch whose integration work is no longer needed; by effect",
        default=None,
    )
    success_probability: Fraction = column("Chance that it succeeds", default=1.0, unit="probability")
    result_owner: Id = column("Party that owns the result", refers_to="parties")
