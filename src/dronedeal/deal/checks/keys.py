"""Keys and references."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import TABLES, Column


@rule("duplicate_key", severity="error")
def duplicate_key(deal: Deal) -> Iterator[Finding]:
    """Two rows of a table have the same key; blank cells count as equal."""
    for name, table in TABLES.items():
        if not table.key:
            continue
        rows = deal.table(name)
        keys = [tuple(getattr(row, column) for column in table.key) for row in rows]
        for row, first in lookup.repeats(keys):
            yield drafts.cell(
                deal,
                (name, row, table.key[0]),
                subject=drafts.row_name(name, rows[row]),
                found=f"the same key as in {deal.place(name, first)}",
                allowed=f"one row for each {', '.join(table.key)}",
                next_step="merge the two rows, or change one of them",
            )


@rule("dangling_reference", severity="error")
def dangling_reference(deal: Deal) -> Iterator[Finding]:
    """A cell names a party, an index or a row of another table that is not in the deal."""
    names_of = {column.refers_to: _names(deal, column.refers_to) for _, column in _references()}
    for table, column in _references():
        if column.refers_to in TABLES and not deal.is_given(column.refers_to):
            continue
        target, known = _where(column.refers_to), names_of[column.refers_to]
        for row, record in enumerate(deal.table(table)):
            for name in _cited(getattr(record, column.name)):
                if name not in known:
                    yield drafts.cell(
                        deal,
                        (table, row, column.name),
                        subject=f"{column.name} of {drafts.row_name(table, record)}",
                        found=drafts.quoted(name),
                        allowed=f"an id of {target}: {known.text}",
                        next_step=known.advice(name, otherwise=f"add '{name}' to {target}"),
                    )


@rule("unknown_index", severity="error")
def unknown_index(deal: Deal) -> Iterator[Finding]:
    """A party of `deal.yaml` names an escalation index that has no row in `indices`."""
    known = _names(deal, "indices")
    for position, party in enumerate(deal.settings.parties):
        index = party.escalation_index
        if index is not None and index not in known:
            yield drafts.at(
                deal.settings_place(f"parties.{position}.escalation_index"),
                subject=f"escalation_index of party '{party.id}'",
                found=drafts.quoted(index),
                allowed=f"an id of `indices`: {known.text}",
                next_step=known.advice(
                    index,
                    otherwise="add its rows to `indices`, or leave the key out: prices then do not change",
                ),
            )


def _references() -> Iterator[tuple[str, Column]]:
    for name, table in TABLES.items():
        for column in table.columns:
            if column.refers_to:
                yield name, column


def _cited(value: object) -> tuple[str, ...]:
    """The ids in a cell: none, one, or a list of them."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _names(deal: Deal, target: str) -> drafts.Names:
    rows = deal.settings.parties if target == "parties" else deal.table(target)
    return drafts.Names(row.id for row in rows)


def _where(target: str) -> str:
    return "`parties` in deal.yaml" if target == "parties" else f"`{target}`"
