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
    Positive,
    Record,
    Text,
    column,
)
from dronedeal.deal.systems import Domain
from dronedeal.errors import InputError


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
    value_threshold: Amount | None = column(
        "Worth of one effective unit up to the threshold; for a stock: worth of holding it for one year; "
        "blank: what the rows of `preferences` say",
        default=None,
        unit="currency per effective unit",
    )
    value_objective: Amount | None = column(
        "Worth of one effective unit between threshold and objective; at most the value up to the threshold; "
        "blank: what the rows of `preferences` say",
        default=None,
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

    @property
    def worth(self) -> tuple[float, float]:
        """Worth of one effective unit up to the threshold and beyond it, currency of the row.

        Raises
        ------
        InputError : where a value is blank; `assessment.worth.with_worth` fills it in from the preferences
        """
        if self.value_threshold is None or self.value_objective is None:
            blank = "value_threshold" if self.value_threshold is None else "value_objective"
            raise InputError(
                f"requirement '{self.id}': {blank} is blank; state it, or say in `preferences` what "
                "it is worth"
            )
        return self.value_threshold, self.value_objective


Part = Literal["threshold", "objective"]


class Preference(MoneyRecord):
    """A statement of what a requirement is worth: an amount, a substitute, or a comparison of two."""

    id: Id = column("Name of the statement inside the deal")
    requirement: Id = column("Requirement whose worth it is about", refers_to="requirements")
    part: Part = column(
        "Whether an effective unit up to the threshold is meant, or one between threshold and objective",
        default="threshold",
    )
    kind: Literal["amount", "substitute", "ranking"] = column(
        "`amount`: it is worth money; `substitute`: it is worth what a system costs, or what another "
        "requirement is worth, times a factor; `ranking`: it is worth at least as much as another requirement"
    )
    low: Positive | None = column(
        "Least worth of an amount, which must be stated; of a substitute or a ranking the least factor, "
        "blank: 1",
        default=None,
        unit="currency per effective unit, or factor",
    )
    high: Positive | None = column(
        "Greatest worth or factor; blank: the same as `low`; not for a ranking",
        default=None,
        unit="currency per effective unit, or factor",
    )
    system: Id | None = column(
        "System that is the substitute; what counts are its unit prices, from the lowest to the highest",
        default=None,
        refers_to="systems",
    )
    fiscal_year: FiscalYear | None = column(
        "Fiscal year of the buyer whose prices of the system count; blank: all years", default=None
    )
    other_requirement: Id | None = column(
        "Requirement that it is compared with; give this or `system`", default=None, refers_to="requirements"
    )
    other_part: Part = column("Which unit of that requirement is meant", default="threshold")


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
