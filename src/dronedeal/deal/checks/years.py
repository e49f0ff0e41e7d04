"""Fiscal years and months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.lookup import Side
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding

_SIDE_OF_YEARS: Mapping[str, Side] = {
    "requirement_quantities": "buyer",
    "prices": "buyer",
    "bundles": "buyer",
    "uncertainty": "buyer",
    "component_supply": "seller",
    "home_needs": "seller",
    "other_buyers": "seller",
}


@rule("fiscal_year_outside_calendar", severity="error")
def fiscal_year_outside_calendar(deal: Deal) -> Iterator[Finding]:
    """A row speaks of a fiscal year that has no month inside the plan."""
    for table, side in _SIDE_OF_YEARS.items():
        years = lookup.fiscal_years(deal, side)
        names = range(0) if years is None else years.names
        for row, record in enumerate(deal.table(table)):
            if names and record.fiscal_year not in names:
                yield drafts.cell(
                    deal,
                    (table, row, "fiscal_year"),
                    subject=f"fiscal year of {drafts.row_name(table, record)}",
                    found=str(record.fiscal_year),
                    allowed=f"a fiscal year of the {side} inside the plan: {drafts.years(names)}",
                    next_step="mend the year, take the row out, or change `start` and `months` in deal.yaml",
                )


@rule("budget_outside_calendar", severity="error")
def budget_outside_calendar(deal: Deal) -> Iterator[Finding]:
    """Money that cannot be spent in any fiscal year of the plan."""
    years = lookup.fiscal_years(deal, "buyer")
    for row, budget in enumerate(deal.budgets):
        first, last = budget.fiscal_year, budget.fiscal_year + max(1, int(budget.years_valid)) - 1
        if years is not None and (last < years.names[0] or first > years.names[-1]):
            yield drafts.cell(
                deal,
                ("budgets", row, "fiscal_year"),
                subject=f"money of {drafts.row_name('budgets', budget)}",
                found=f"it can be spent in {drafts.years(range(first, last + 1))}",
                allowed=f"at least one of the buyer's fiscal years {drafts.years(years.names)}",
                next_step="mend `fiscal_year` or `years_valid`, or take the row out",
            )


@rule("month_outside_calendar", severity="warning")
def month_outside_calendar(deal: Deal) -> Iterator[Finding]:
    """A system, line or rule begins after the plan ends, or a rule ends before it begins."""
    last = lookup.calendar(deal).label(deal.settings.months - 1)
    for table, column in (
        ("systems", "available_from"),
        ("lines", "available_from"),
        ("rules", "valid_from"),
    ):
        for row, record in enumerate(deal.table(table)):
            month = getattr(record, column)
            if month is not None and month > last:
                yield _never(
                    deal, (table, row, column), month, f"a month up to the last one of the plan, {last}"
                )
    for row, limit in enumerate(deal.rules):
        if limit.valid_until is not None and limit.valid_until < deal.settings.start:
            allowed = f"a month from the start of the plan, {deal.settings.start}"
            yield _never(deal, ("rules", row, "valid_until"), limit.valid_until, allowed)


def _never(deal: Deal, where: tuple[str, int, str], month: str, allowed: str) -> Finding:
    table, row, column = where
    return drafts.cell(
        deal,
        where,
        subject=f"{column} of {drafts.row_name(table, deal.table(table)[row])}",
        found=month,
        allowed=allowed,
        next_step="mend the month; as it stands, the row changes nothing in the plan",
    )
