"""How systems are made: lines, what they can make, parts and their supply."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Amount,
    Count,
    FiscalYear,
    Flag,
    Fraction,
    Id,
    MoneyRecord,
    Month,
    Months,
    Positive,
    Record,
    Text,
    column,
)

CountryCode = Text


class Line(MoneyRecord):
    """A production line, existing or candidate."""

    id: Id = column("Name of the line inside the deal")
    name: Text | None = column("Name as published", default=None)
    site: Text = column("Town or region")
    country: CountryCode = column("Country, two-letter code")
    operator: Id = column(
        "Party that runs it, pays its production and is paid for its output", refers_to="parties"
    )
    investor: Id | None = column(
        "Party that pays for opening and steps; blank: the operator", default=None, refers_to="parties"
    )
    status: Literal["existing", "candidate"] = column("Whether it works today or must be opened by the plan")
    initial_capacity: Amount = column(
        "Capacity today, or of a candidate once opened and ramped", unit="load units per month"
    )
    step_size: Amount = column("Capacity that one step adds", default=0.0, unit="load units per month")
    step_cost: Amount = column("Investment for one step", default=0.0, unit="currency")
    step_lead_months: Months = column(
        "Months from deciding a step to its first output", default=0, unit="months"
    )
    max_steps: Count = column("Most steps over the whole deal", default=0, unit="steps")
    open_cost: Amount = column("Investment to open a candidate", default=0.0, unit="currency")
    open_lead_months: Months = column(
        "Months from deciding to open to the first output", default=0, unit="months"
    )
    ramp_months: Months = column(
        "Months over which new capacity grows in equal parts to its full size", default=1, unit="months"
    )
    fixed_cost: Amount = column("Cost per year while the line is open", default=0.0, unit="currency per year")
    availability: Fraction = column(
        "Share of the capacity that is there on average", default=1.0, unit="share of capacity"
    )
    return_share: Fraction = column(
        "Share of the output that must go to the owner's own needs", default=0.0, unit="share of output"
    )
    technology_transfer_months: Months = column(
        "Months from deciding to open until the design is handed over; runs beside `open_lead_months`",
        default=0,
        unit="months",
    )
    licence_fee: Amount = column(
        "One payment of the operator to the seller when a line opens that makes its designs",
        default=0.0,
        unit="currency",
    )
    qualification_months: Months = column(
        "Months of qualification between opening and deliveries to the buyer", default=0, unit="months"
    )
    available_from: Month | None = column("First month of production of an existing line", default=None)


class LineSystem(MoneyRecord):
    """What a line can make, and at what cost."""

    line: Id = column("Line", refers_to="lines")
    system: Id = column("System that the line can make", refers_to="systems")
    load_per_unit: Positive = column("Capacity that one unit takes", default=1.0, unit="load units per unit")
    unit_cost: Amount = column("Cost of making one unit, all parts included", unit="currency per unit")
    cost_premium: Fraction = column(
        "Added share of cost on this line", default=0.0, unit="share of unit cost"
    )
    units_already_made: Amount | None = column(
        "Cumulative output when the deal starts, the experience behind `unit_cost`",
        default=None,
        unit="units",
    )
    learning_slope: Positive | None = column(
        "Cost ratio for each doubling of experience, in (0.5, 1]; blank: no learning",
        default=None,
        unit="ratio",
    )
    learning_theory: Literal["unit", "cumulative_average"] = column(
        "`unit` (Crawford) or `cumulative_average` (Wright)", default="unit"
    )
    learning_group: Id | None = column("What is made in one group shares experience", default=None)
    transfer_share: Fraction = column(
        "Share of the other lines' output that counts as experience here", default=0.0, unit="share of output"
    )
    transfer_lag_months: Months = column("Months until it counts", default=0, unit="months")
    forgetting_rate: Fraction = column(
        "Share of the experience that is lost in a year, below 1", default=0.0, unit="share per year"
    )
    startup_premium: Amount = column(
        "Added share of `unit_cost` of each of the first units made inside the plan",
        default=0.0,
        unit="share of unit cost",
    )
    startup_units: Amount = column("How many units pay `startup_premium`", default=0.0, unit="units")
    yield_rate: Positive = column(
        "Good units for each unit started, at most 1", default=1.0, unit="share of output"
    )
    initial_stock: Amount = column("Finished units in store when the deal starts", default=0.0, unit="units")


class Component(MoneyRecord):
    """A part that systems are made of."""

    id: Id = column("Name of the component inside the deal")
    name: Text = column("Name in words")
    category: Id = column("Kind of part, such as flight_controller, radio, camera, motor, battery")
    origin: CountryCode = column("Country of origin, two-letter code")
    unit_cost: Amount = column("Cost of one part", unit="currency per part")
    is_critical: Flag = column("Whether origin rules name this kind of part", default=False)
    substitute_for: Id | None = column("Component that it can replace", default=None, refers_to="components")
    premium: Fraction = column(
        "Added share of cost against the part that it replaces", default=0.0, unit="share of unit cost"
    )


class SystemComponent(Record):
    """How many of a component one unit of a system takes."""

    system: Id = column("System", refers_to="systems")
    component: Id = column("Component", refers_to="components")
    quantity: Positive = column("Parts in one unit", unit="parts per unit")
    line: Id | None = column("Only on this line; blank: on every line", default=None, refers_to="lines")


class ComponentSupply(Record):
    """The most of a component that can be had in one fiscal year of the seller."""

    component: Id = column("Component", refers_to="components")
    fiscal_year: FiscalYear = column("Fiscal year of the seller")
    limit: Amount = column("Most parts in the year", unit="parts per year")
