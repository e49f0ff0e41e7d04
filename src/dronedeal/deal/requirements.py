"""What the buyer's branches need."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Amount,
    FiscalYear,
    Flag,
    Fraction,
    Id,
    MoneyRecord,
    Number,
    Record,
    Text,
    column,
)
from dronedeal.deal.systems import Domain


class Branch(Record):
    """A service of the buyer."""

    id: Id = column("Name of the branch inside the deal")
    party: Id = column("Party that it belongs to", refers_to="parties")
    name: Text = column("Name as published")


class Requirement(MoneyRecord):
    """A need of a branch."""

    id: Id = column("Name of the requirement inside the deal")
    branch: Id = column("Branch that needs it", refers_to="branches")
    name: Text = column("What is needed, in words")
    role: Id = column("Role that a system must have to count")
    domain: Domain = column("Domain that a system must have to count")
    kind: Literal["stock", "use"] = column(
        "`use`: units delivered within a fiscal year count; `stock`: units on hand at the end of the year "
        "count"
    )
    value_threshold: Amount = column(
        "Worth of one effective unit up to the threshold; for a stock: worth of holding it for one year",
        unit="currency per effective unit",
    )
    value_objective: Amount = column(
        "Worth of one effective unit between threshold and objective; at most the value up to the threshold",
        unit="currency per effective unit",
    )
    loss_rate: Fraction = column(
        "Share of the stock on hand that is lost in a year", default=0.0, unit="share per year"
    )
    on_hand: Amount = column(
        "Effective units on hand when the deal starts", default=0.0, unit="effective units"
    )
    effectiveness_measure: Id | None = column(
        "Measure of the trials whose success probability is the effectiveness; blank: every unit counts "
        "in full",
        default=None,
    )
    effectiveness_condition: Id = column("Condition of those trials", default="any")
    appropriation: Id | None = column(
        "Appropriation that must pay; blank: any money of the branch", default=None
    )


class RequirementQuantity(Record):
    """Size of a requirement in one fiscal year of its branch's party."""

    requirement: Id = column("Requirement", refers_to="requirements")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer")
    threshold: Amount = column("Quantity that must be reached", unit="effective units")
    objective: Amount = column("Quantity that is desired; at least the threshold", unit="effective units")


class RequirementAttribute(Record):
    """A criterion of a requirement: a figure, a measured probability or a standard."""

    requirement: Id = column("Requirement", refers_to="requirements")
    attribute: Id | None = column("Published figure that is compared", default=None)
    measure: Id | None = column("Measure of the trials that is compared", default=None)
    condition: Id = column("Condition of those trials", default="any")
    standard: Text | None = column("Standard that a system must keep", default=None)
    direction: Literal["at_least", "at_most"] = column(
        "Which side of the threshold is good", default="at_least"
    )
    threshold: Number | None = column(
        "Least acceptable value; blank only for a standard", default=None, unit="unit"
    )
    objective: Number | None = column("Desired value", default=None, unit="unit")
    unit: Text | None = column("Unit of threshold and objective; `1` for a probability", default=None)
    hard: Flag = column("Whether a system that fails is not eligible", default=True)
    confidence: Fraction | None = column(
        "Probability with which a measured threshold must be met; blank: the deal's confidence",
        default=None,
        unit="probability",
    )
