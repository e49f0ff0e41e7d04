"""What is agreed: prices, composition rules and bundles."""

from __future__ import annotations

from typing import Literal

from dronedeal.deal.record import (
    Amount,
    FiscalYear,
    Flag,
    Fraction,
    Id,
    IdList,
    MoneyRecord,
    Month,
    Number,
    NumberList,
    Text,
    TextList,
    column,
)


class Price(MoneyRecord):
    """The price at which the buyer can have a system in one fiscal year of the buyer."""

    system: Id = column("System", refers_to="systems")
    line: Id | None = column("Only from this line; blank: from every line", default=None, refers_to="lines")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer in which it is delivered")
    tier_from: Amount = column(
        "Quantity in the year from which the price holds", default=0.0, unit="units per year"
    )
    tier_kind: Literal["all_units", "incremental"] = column(
        "Of several tiers: `all_units`, the price of the tier reached holds for every unit of the year; "
        "`incremental`, each price holds for the units inside its tier",
        default="all_units",
    )
    unit_price: Amount = column("Price of one unit", unit="currency per unit")
    firm_minimum: Amount | None = column(
        "Quantity that the buyer commits to take in the year", default=None, unit="units per year"
    )
    option_quantity: Amount | None = column(
        "Further quantity that the buyer may call off at the price", default=None, unit="units per year"
    )
    maximum: Amount | None = column(
        "Most units on sale in the year; blank: no limit but capacity", default=None, unit="units per year"
    )
    royalty: Fraction = column(
        "Share of the price that the operator of the line pays to the owner of the design",
        default=0.0,
        unit="share of price",
    )
    escalation_index: Id | None = column(
        "Index of the escalation clause: `escalation_share` of the price follows it from the price base year "
        "to the year of delivery; blank: no clause",
        default=None,
        refers_to="indices",
    )
    escalation_share: Fraction = column(
        "Share of the price that follows `escalation_index`; the rest stays as it is in then-year money",
        default=1.0,
        unit="share of price",
    )


class Rule(MoneyRecord):
    """A composition rule: what a purchase may be made of, and when."""

    id: Id = column("Name of the rule inside the deal")
    kind: Literal[
        "component_origin_limit",
        "local_content",
        "work_share",
        "export_permit",
        "price_cap",
        "exclusion",
        "mix",
        "either_or",
    ] = column("What the rule limits")
    subject: Text = column(
        "A system, role, domain, component category or line that it applies to; `*` for all"
    )
    branch: Id | None = column(
        "Only for this branch; blank: for every branch", default=None, refers_to="branches"
    )
    origin: TextList = column(
        "Countries that the rule speaks of, two-letter codes separated by semicolons", default=()
    )
    limit: Number | None = column(
        "Share for limits and shares, months for a permit, amount for a price cap, number of systems for "
        "an either_or; blank for an exclusion",
        default=None,
        unit="by kind",
    )
    direction: Literal["at_least", "at_most"] | None = column(
        "Of a work_share, mix or either_or: whether the limit is the least or the most; blank: at_least of "
        "a work_share or mix, at_most of an either_or",
        default=None,
    )
    measure: Literal["value", "units"] = column(
        "Of a work_share or mix: whether deliveries count by their price or by the unit", default="value"
    )
    within: Text | None = column(
        "Of a mix: the system, role, domain, component category or line whose deliveries the subject is a "
        "share of; blank: all deliveries",
        default=None,
    )
    systems: IdList = column(
        "Of an either_or: the systems among which to choose, separated by semicolons",
        default=(),
        refers_to="systems",
    )
    valid_from: Month | None = column("First month of the rule; blank: from the start", default=None)
    valid_until: Month | None = column("Last month of the rule; blank: to the end", default=None)
    is_hard: Flag = column("Whether the rule may never be broken", default=True)
    violation_price: Amount | None = column(
        "Price of breaking a rule that is not hard: for each unit that breaks it, of a share for the whole "
        "of it; of a work_share or mix for each unit, or each unit of money, that is short; of a price cap "
        "for each unit of money above the cap",
        default=None,
        unit="currency per unit of violation",
    )


class Bundle(MoneyRecord):
    """A rebate for systems that are bought together in one fiscal year of the buyer."""

    id: Id = column("Name of the bundle inside the deal")
    fiscal_year: FiscalYear = column("Fiscal year of the buyer in which the sets are delivered")
    systems: IdList = column(
        "Systems of a set, separated by semicolons; what the seller makes of them counts", refers_to="systems"
    )
    quantities: NumberList = column("Units of each system in a set, in the same order", unit="units per set")
    rebate: Amount = column("Rebate for each whole set", unit="currency per set")
