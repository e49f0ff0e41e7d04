"""Parts and successors."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.refresh import opened_by_projects


@rule("successor_cycle", severity="error")
def successor_cycle(deal: Deal) -> Iterator[Finding]:
    """Systems replace each other in a ring."""
    yield from _rings(deal, "systems", "successor_of")


@rule("successor_without_a_date", severity="warning")
def successor_without_a_date(deal: Deal) -> Iterator[Finding]:
    """A system replaces another, but nothing says from which month on, so that both stay on offer."""
    opened = opened_by_projects(deal)
    for row, system in enumerate(deal.systems):
        if system.successor_of is not None and system.available_from is None and system.id not in opened:
            yield drafts.cell(
                deal,
                ("systems", row, "available_from"),
                subject=f"available_from of '{system.id}'",
                found=f"nothing, though it replaces '{system.successor_of}'",
                allowed="the month in which it takes the place of its predecessor, as YYYY-MM",
                next_step="state the month; as it stands, both are on offer side by side",
            )


@rule("successor_before_predecessor", severity="error")
def successor_before_predecessor(deal: Deal) -> Iterator[Finding]:
    """A system is available no later than the one that it replaces, which could never be delivered."""
    dates = {system.id: system.available_from for system in deal.systems}
    opened = opened_by_projects(deal)
    for row, system in enumerate(deal.systems):
        before = dates.get(system.successor_of or "")
        if before is None or system.available_from is None or system.id in opened:
            continue
        if system.available_from <= before:
            yield drafts.cell(
                deal,
                ("systems", row, "available_from"),
                subject=f"available_from of '{system.id}'",
                found=f"{system.available_from}, when '{system.successor_of}' comes in {before}",
                allowed=f"a month after {before}, in which its predecessor is available",
                next_step="mend one of the two months, or leave successor_of blank",
            )


@rule("substitute_cycle", severity="error")
def substitute_cycle(deal: Deal) -> Iterator[Finding]:
    """Components are substitutes for each other in a ring."""
    yield from _rings(deal, "components", "substitute_for")


@rule("line_does_not_make_system", severity="error")
def line_does_not_make_system(deal: Deal) -> Iterator[Finding]:
    """A price or a parts list speaks of a system from a line that does not make it."""
    makes = lookup.systems_by_line(deal)
    known = {line.id for line in deal.lines}
    for table in ("prices", "system_components"):
        for row, record in enumerate(deal.table(table)):
            made = makes.get(record.line, set())
            if record.line in known and record.system not in made:
                yield drafts.cell(
                    deal,
                    (table, row, "line"),
                    subject=f"line of {drafts.row_name(table, record)}",
                    found=f"{drafts.quoted(record.line)}, which does not make {drafts.quoted(record.system)}",
                    allowed=f"a line that makes the system; '{record.line}' makes {drafts.listed(made)}",
                    next_step="name another line, leave the cell blank, or add the row to `line_systems`",
                )


def _rings(deal: Deal, table: str, column: str) -> Iterator[Finding]:
    rows = deal.table(table)
    links = {row.id: getattr(row, column) for row in rows if getattr(row, column) is not None}
    position = {row.id: number for number, row in enumerate(rows)}
    for ring in lookup.cycles(links):
        yield drafts.cell(
            deal,
            (table, position[ring[0]], column),
            subject=f"{column} of '{ring[0]}'",
            found=" → ".join((*ring, ring[0])),
            allowed="a chain that ends",
            next_step=f"leave {column} blank for one of them",
        )
