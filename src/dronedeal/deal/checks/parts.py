"""Parts and successors."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal.checks import drafts, lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("successor_cycle", severity="error")
def successor_cycle(deal: Deal) -> Iterator[Finding]:
    """Systems replace each other in a ring."""
    yield from _rings(deal, "systems", "successor_of")


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
