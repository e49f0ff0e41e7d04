"""Who else needs the output: the seller's own forces and other buyers."""

from __future__ import annotations

from dronedeal.deal.record import Amount, FiscalYear, Fraction, Id, MoneyRecord, Text, column


class HomeNeed(MoneyRecord):
    """The seller's own need in one fiscal year of the seller, served before surplus is exported."""

    id: Id = column("Name of the need inside the deal; one row for each fiscal year")
    role: Id | None = column("Role that a system must have to count; give this or `system`", default=None)
    system: Id | None = column(
        "The one system that counts; give this or `role`", default=None, refers_to="systems"
    )
    fiscal_year: FiscalYear = column("Fiscal year of the seller")
    quantity: Amount = column("Units needed over the whole fiscal year", unit="units per year")
    required_share: Fraction = column(
        "Share of the need that must be met before anything is exported",
        default=1.0,
        unit="share of quantity",
    )
    service_level: Fraction = column(
        "Chance with which that share must be met in a plan for many futures; 1: in every future. A plan for "
        "one future meets it in any case",
        default=1.0,
        unit="probability",
    )
    value: Amount = column("Worth of one unit to the seller", unit="currency per unit")


class OtherBuyer(MoneyRecord):
    """A third customer for one system in one fiscal year of the seller."""

    id: Id = column("Name of the customer inside the deal; one row for each system and fiscal year")
    name: Text | None = column("Name in words", default=None)
    tier: Id = column("Group of customers, such as gulf or europe")
    system: Id = column("System", refers_to="systems")
    fiscal_year: FiscalYear = column("Fiscal year of the seller")
    maximum: Amount = column("Most units in the year", unit="units per year")
    price: Amount = column("Price of one unit", unit="currency per unit")
