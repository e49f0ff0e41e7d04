"""What is on offer: systems and their published figures."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Count,
    Date,
    Flag,
    Id,
    IdList,
    Month,
    Months,
    Number,
    PartialDate,
    Record,
    Text,
    column,
)

Domain = Literal["air", "surface", "undersea", "ground"]


class System(Record):
    """A model on offer, or an alternative from elsewhere."""

    id: Id = column("Name of the system inside the deal")
    name: Text = column("Name as published")
    maker: Text = column("Company or bureau that designs it")
    supplier: Id = column(
        "Party that sells it; a system whose supplier is not the seller is an alternative from elsewhere",
        refers_to="parties",
    )
    domain: Domain = column("Where it moves")
    role: Id = column("What it is for; a requirement of the same role can be met by it")
    other_roles: IdList = column("Further roles, separated by semicolons", default=())
    design_version: Count = column(
        "Number of the present design version; trials of older ones count less", default=1, unit="version"
    )
    design_refresh_months: Months | None = column(
        "How often the maker replaces the design", default=None, unit="months"
    )
    successor_of: Id | None = column("System that this one replaces", default=None, refers_to="systems")
    available_from: Month | None = column("First month in which it can be delivered", default=None)


class Attribute(Record):
    """A published figure of a system, or a standard that it keeps."""

    system: Id = column("System", refers_to="systems")
    attribute: Id = column("Name of the figure, such as range or endurance")
    value: Number | None = column("The figure; blank for a standard that has none", default=None, unit="unit")
    unit: Text | None = column("Unit of the figure, such as km or h; `1` for a pure number", default=None)
    standard: Text | None = column(
        "Standard that the system keeps, such as an interface standard", default=None
    )
    is_tested: Flag = column("Whether the figure was tested by others than the maker", default=False)
    date: PartialDate | None = column(
        "When it was published: year, year-month or year-month-day", default=None
    )


class Trial(Record):
    """A test result: successes out of trials, or failures over an exposure."""

    system: Id = column("System", refers_to="systems")
    measure: Id = column("What was measured, such as mission_success")
    condition: Id = column("Circumstances of the test", default="any")
    setting: Literal["factory", "field"] = column("Where it was tested; factory results are discounted")
    tester: Text | None = column("Who tested", default=None)
    date: Date | None = column("Day of the test; needed for ageing and for reliability growth", default=None)
    n_trials: Count | None = column("Number of trials", default=None, unit="trials")
    n_successes: Count | None = column("Number of successes among them", default=None, unit="trials")
    exposure: Number | None = column(
        "Amount of use during the test, such as hours", default=None, unit="exposure_unit"
    )
    exposure_unit: Text | None = column("Unit of the exposure, such as h", default=None)
    failures: Count | None = column("Number of failures during the exposure", default=None, unit="failures")
    version: Count | None = column(
        "Design version that was tested; blank means the present version of the system",
        default=None,
        unit="version",
    )
