"""Clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dronedeal.deal.checks import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import TABLES
from dronedeal.deal.terms import Clause

_SUBJECT = re.compile(r"(?P<table>[a-z_]+)\[(?P<key>[^\[\]]*)\]\.(?P<column>[a-z_]+)")
_FORM = "`*`, or `table[key/key].column` with the key cells in order, `*` for any of them"


@rule("clause_bounds_reversed", severity="error")
def clause_bounds_reversed(deal: Deal) -> Iterator[Finding]:
    """The least value of a clause is above its greatest value."""
    for row, clause in enumerate(deal.clauses):
        if clause.lower is not None and clause.upper is not None and clause.lower > clause.upper:
            yield drafts.cell(
                deal,
                ("clauses", row, "lower"),
                subject=f"lower of clause '{clause.id}'",
                found=drafts.number(clause.lower),
                allowed=f"at most upper, {drafts.number(clause.upper)}",
                next_step="exchange the two bounds, or mend one of them",
            )


@rule("clause_position_outside_bounds", severity="error")
def clause_position_outside_bounds(deal: Deal) -> Iterator[Finding]:
    """A side asks for a value of a clause that cannot be agreed."""
    for row, clause in enumerate(deal.clauses):
        for column in ("buyer_position", "seller_position"):
            position = getattr(clause, column)
            if position is not None and not _is_within(clause, position):
                yield drafts.cell(
                    deal,
                    ("clauses", row, column),
                    subject=f"{column} of clause '{clause.id}'",
                    found=drafts.number(position),
                    allowed=_bounds(clause),
                    next_step="mend the position, or widen the bounds",
                )


@rule("clause_subject_unreadable", severity="error")
def clause_subject_unreadable(deal: Deal) -> Iterator[Finding]:
    """The subject of a clause is not `*` and not `table[key/key].column` of the schema."""
    for row, clause in enumerate(deal.clauses):
        wrong = _unreadable(clause.subject)
        if wrong:
            yield drafts.cell(
                deal,
                ("clauses", row, "subject"),
                subject=f"subject of clause '{clause.id}'",
                found=drafts.quoted(clause.subject),
                allowed=_FORM,
                next_step=wrong,
            )


@rule("clause_subject_matches_nothing", severity="warning")
def clause_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A clause would change a row that is not in the deal."""
    keys = _Keys(deal)
    for row, clause in enumerate(deal.clauses):
        match = None if _unreadable(clause.subject) else _SUBJECT.fullmatch(clause.subject)
        if match is not None and not keys.has(match["table"], match["key"]):
            yield drafts.cell(
                deal,
                ("clauses", row, "subject"),
                subject=f"subject of clause '{clause.id}'",
                found=drafts.quoted(clause.subject),
                allowed=f"the key of a row of `{match['table']}`: {', '.join(TABLES[match['table']].key)}",
                next_step=f"mend the key, or add the row to `{match['table']}`",
            )


def _unreadable(subject: str) -> str:
    """What is wrong with the form of a subject, as the next step; empty where nothing is."""
    if subject == "*":
        return ""
    match = _SUBJECT.fullmatch(subject)
    if match is None:
        return "write it in that form, such as prices[kestrel/*/2027].unit_price"
    tables = {name: table for name, table in TABLES.items() if table.key}
    table = tables.get(match["table"])
    if table is None:
        otherwise = f"use a table with a key: {', '.join(tables)}"
        return drafts.Names(tables).advice(match["table"], otherwise=otherwise)
    columns = {column.name for column in table.columns}
    if match["column"] not in columns:
        otherwise = f"use a column of `{table.name}`"
        return drafts.Names(columns).advice(match["column"], otherwise=otherwise)
    if match["key"].count("/") >= len(table.key):
        return f"give at most {len(table.key)} key cells: {', '.join(table.key)}"
    return ""


class _Keys:
    """Which keys the tables of a deal hold; each table is walked once for each number of key cells."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._found: dict[tuple[str, int], set[tuple[str, ...]]] = {}

    def has(self, table: str, key: str) -> bool:
        """Whether a row has these key cells; cells left off at the end, and `*`, stand for any."""
        parts = tuple(part.strip() for part in key.split("/"))
        keys = self._first_cells(table, len(parts))
        if "*" not in parts:
            return parts in keys
        return any(all(part in ("*", own) for part, own in zip(parts, row, strict=True)) for row in keys)

    def _first_cells(self, table: str, count: int) -> set[tuple[str, ...]]:
        if (table, count) not in self._found:
            names = TABLES[table].key[:count]
            rows = self._deal.table(table)
            self._found[table, count] = {
                tuple(_cell_text(getattr(row, name)) for name in names) for row in rows
            }
        return self._found[table, count]


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    return drafts.number(value) if isinstance(value, int | float) else str(value)


def _is_within(clause: Clause, position: float) -> bool:
    is_above = clause.lower is None or position >= clause.lower
    return is_above and (clause.upper is None or position <= clause.upper)


def _bounds(clause: Clause) -> str:
    lower = "" if clause.lower is None else f"at least {drafts.number(clause.lower)}"
    upper = "" if clause.upper is None else f"at most {drafts.number(clause.upper)}"
    return " and ".join(part for part in (lower, upper) if part)
