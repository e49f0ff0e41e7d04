"""Budgets and escalation indices."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.settings import Party
from dronedeal.quantities.calendar import FiscalYears


@rule("budget_years_not_whole", severity="error")
def budget_years_not_whole(deal: Deal) -> Iterator[Finding]:
    """Money is valid for a number of years that is not whole."""
    for row, budget in enumerate(deal.budgets):
        if not budget.years_valid.is_integer():
            yield drafts.cell(
                deal,
                ("budgets", row, "years_valid"),
                subject=f"years_valid of {drafts.row_name('budgets', budget)}",
                found=drafts.number(budget.years_valid),
                allowed="a whole number of fiscal years, the first included: 1, 2, 3 …",
                next_step="write the number of fiscal years in which the money can be spent",
            )


@rule("missing_index_year", severity="error")
def missing_index_year(deal: Deal) -> Iterator[Finding]:
    """An escalation index lacks the price base year or a fiscal year that money is counted in."""
    known: dict[str, set[int]] = {}
    for level in deal.indices:
        known.setdefault(level.id, set()).add(level.fiscal_year)
    for position, party in enumerate(deal.settings.parties):
        index = party.escalation_index
        # an index without any row has its own finding
        if index is None or index not in known:
            continue
        missing = _needed_years(deal, party) - known[index]
        if missing:
            yield drafts.at(
                deal.settings_place(f"parties.{position}.escalation_index"),
                subject=f"index '{index}' of party '{party.id}'",
                found=f"no value for {', '.join(str(year) for year in sorted(missing))}",
                allowed="a value for the price base year and every fiscal year of the party in the plan",
                next_step="add the missing years to `indices`; there are "
                f"{', '.join(str(year) for year in sorted(known[index]))}",
            )


def _needed_years(deal: Deal, party: Party) -> set[int]:
    years = FiscalYears(lookup.calendar(deal), party.fiscal_year_start)
    needed = {deal.settings.price_base_year, *years.names}
    if party.role == "buyer":
        needed |= {budget.fiscal_year for budget in deal.budgets if budget.price_basis == "base_year"}
    return needed
