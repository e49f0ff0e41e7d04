"""A plan and its deal as the report reads them: rows, names, years, units and sums."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from dronedeal.assessment.worth import with_worth
from dronedeal.deal import Deal
from dronedeal.deal.requirements import Requirement
from dronedeal.quantities.calendar import Calendar, FiscalYears
from dronedeal.report.names import Names
from dronedeal.report.wording import money_text

if TYPE_CHECKING:
    from dronedeal.results.plan import Plan

Row = Mapping[str, Any]
Key = TypeVar("Key", bound=Hashable)

# A quantity counts as reached when it is short by less than this share of itself: far above the
# solver's feasibility tolerance, far below one unit of any requirement.
REACHED = 1e-6


@dataclass(frozen=True)
class View:
    """Read-only access to one plan of one deal.

    Parameters
    ----------
    plan : the plan
    deal : the deal that it was made for
    """

    plan: Plan
    deal: Deal

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Requirements with the values that the preferences leave, where they state none."""
        return with_worth(self.deal).requirements

    def rows(self, table: str) -> Sequence[Row]:
        """Rows of a plan table."""
        return self.plan.tables.get(table, ())

    @cached_property
    def names(self) -> Names:
        """Readable names of the ids of the deal."""
        return Names(self.deal)

    @cached_property
    def calendar(self) -> Calendar:
        """The months of the plan."""
        return Calendar(self.plan.start, self.plan.months)

    @cached_property
    def buyer_years(self) -> FiscalYears:
        """Fiscal years of the buyer."""
        return FiscalYears(self.calendar, self.deal.settings.buyer.fiscal_year_start)

    @cached_property
    def seller_years(self) -> FiscalYears:
        """Fiscal years of the seller."""
        return FiscalYears(self.calendar, self.deal.settings.seller.fiscal_year_start)

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        return self.plan.currency

    @property
    def base_unit(self) -> str:
        """Unit of base-year money."""
        return f"{self.currency}, base-year {self.plan.price_base_year}"

    @property
    def then_unit(self) -> str:
        """Unit of then-year money."""
        return f"{self.currency}, then-year"

    @property
    def utility_unit(self) -> str:
        """Unit of objectives and utilities."""
        return f"{self.currency}, base-year {self.plan.price_base_year}, discounted"

    def money(self, amount: float) -> str:
        """An amount rounded for a sentence."""
        return money_text(amount, self.currency)

    @property
    def buyer(self) -> str:
        """The buyer inside a sentence."""
        return self.names.short_party("buyer")

    @property
    def seller(self) -> str:
        """The seller inside a sentence."""
        return self.names.short_party("seller")

    @property
    def last_month(self) -> str:
        """Last month of the plan as YYYY-MM."""
        return self.calendar.label(self.plan.months - 1)

    @cached_property
    def seller_systems(self) -> frozenset[str]:
        """Ids of the systems that the seller offers."""
        seller = self.deal.settings.seller.id
        return frozenset(system.id for system in self.deal.systems if system.supplier == seller)

    @cached_property
    def effectiveness(self) -> Mapping[tuple[str, str], float]:
        """Effective units for one unit shipped, by (requirement, system), as the shipments state it."""
        units: dict[tuple[str, str], tuple[float, float]] = {}
        for row in self.rows("shipments"):
            key = (row["requirement"], row["system"])
            quantity, effective = units.get(key, (0.0, 0.0))
            units[key] = (quantity + row["quantity"], effective + row["effective_quantity"])
        return {key: effective / quantity for key, (quantity, effective) in units.items() if quantity > 0}

    def year_text(self, year: int, years: FiscalYears) -> str:
        """A fiscal year; one that is only partly inside the plan says how many months are."""
        months = len(years.months_in(year))
        return f"FY{year}" if months in (0, 12) else f"FY{year} ({months} mo.)"


def totals(rows: Iterable[Row], key: Callable[[Row], Key], *columns: str) -> dict[Key, tuple[float, ...]]:
    """Sums of columns by key, in the order in which the keys first appear."""
    sums: dict[Key, list[float]] = {}
    for row in rows:
        entry = sums.setdefault(key(row), [0.0] * len(columns))
        for place, column in enumerate(columns):
            entry[place] += row[column]
    return {name: tuple(values) for name, values in sums.items()}


def total(rows: Iterable[Row], column: str) -> float:
    """Sum of one column."""
    return float(sum(row[column] for row in rows))


def is_reached(short: float, target: float) -> bool:
    """Whether a shortage is nothing but rounding against its target."""
    return short <= REACHED * max(1.0, abs(target))
