"""The seller's own needs and other buyers."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("home_need_without_one_subject", severity="error")
def home_need_without_one_subject(deal: Deal) -> Iterator[Finding]:
    """A need of the seller must name exactly one of `role` and `system`."""
    for row, need in enumerate(deal.home_needs):
        if (need.role is None) == (need.system is None):
            yield drafts.cell(
                deal,
                ("home_needs", row, "role"),
                subject=f"what counts for home need '{need.id}' in {need.fiscal_year}",
                found="neither role nor system" if need.role is None else "both role and system",
                allowed="exactly one of role and system",
                next_step="fill in one of them and leave the other one blank",
            )


@rule("home_need_without_line", severity="warning")
def home_need_without_line(deal: Deal) -> Iterator[Finding]:
    """No line that makes something for a need of the seller is its own or returns output."""
    makes = lookup.systems_by_line(deal)
    made: set[str] = set()
    for line in deal.lines:
        if lookup.serves_home(deal, line):
            made |= makes.get(line.id, set())
    by_role, words = lookup.systems_by_role(deal), drafts.listed(made)
    known = {system.id for system in deal.systems}
    for row, need in enumerate(deal.home_needs):
        wanted = lookup.systems_of_need(need, by_role) & known
        # a need that names nothing known has its own finding
        if wanted and wanted.isdisjoint(made):
            column = "role" if need.system is None else "system"
            yield drafts.cell(
                deal,
                ("home_needs", row, column),
                subject=f"home need '{need.id}' in {need.fiscal_year}",
                found=f"{column} {drafts.quoted(getattr(need, column))}, which no line makes for the seller",
                allowed=f"a system from a line of the seller or one that returns output: {words}",
                next_step="add the line to `line_systems`; until then the need is short in every plan",
            )


@rule("other_buyer_of_unmade_system", severity="warning")
def other_buyer_of_unmade_system(deal: Deal) -> Iterator[Finding]:
    """Another buyer wants a system that no line of the seller makes."""
    makes = lookup.systems_by_line(deal)
    made: set[str] = set()
    for line in deal.lines:
        if lookup.is_side(deal, line.operator, "seller"):
            made |= makes.get(line.id, set())
    known, words = {system.id for system in deal.systems}, drafts.listed(made)
    for row, customer in enumerate(deal.other_buyers):
        if customer.system in known - made:
            yield drafts.cell(
                deal,
                ("other_buyers", row, "system"),
                subject=f"system of other buyer '{customer.id}' in {customer.fiscal_year}",
                found=drafts.quoted(customer.system),
                allowed=f"a system from a line that the seller operates: {words}",
                next_step="add the line to `line_systems`, or take the row out; as it stands nothing is sold",
            )
