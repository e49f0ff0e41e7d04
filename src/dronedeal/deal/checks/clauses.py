"""Clauses."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.address import FORM, Address, KeyIndex, UnreadableAddressError, read_address
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import TABLES
from dronedeal.deal.terms import Clause

_EVERYTHING = "*"
_FORM = f"`{_EVERYTHING}`, or {FORM}"


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
        try:
            _address(clause)
        except UnreadableAddressError as fault:
            yield drafts.cell(
                deal,
                ("clauses", row, "subject"),
                subject=f"subject of clause '{clause.id}'",
                found=drafts.quoted(clause.subject),
                allowed=_FORM,
                next_step=fault.next_step,
            )


@rule("clause_subject_matches_nothing", severity="warning")
def clause_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A clause would change a row that is not in the deal."""
    keys = KeyIndex(deal)
    for row, clause in enumerate(deal.clauses):
        try:
            address = _address(clause)
        except UnreadableAddressError:
            continue
        if address is None or not deal.is_given(address.table):
            continue
        if not keys.rows(address.table, address.key):
            yield drafts.cell(
                deal,
                ("clauses", row, "subject"),
                subject=f"subject of clause '{clause.id}'",
                found=drafts.quoted(clause.subject),
                allowed=f"the key of a row of `{address.table}`: {', '.join(TABLES[address.table].key)}",
                next_step=f"mend the key, or add the row to `{address.table}`",
            )


def _address(clause: Clause) -> Address | None:
    """The cells that a clause is about; None where it is about the whole deal."""
    return None if clause.subject == _EVERYTHING else read_address(clause.subject)


def _is_within(clause: Clause, position: float) -> bool:
    is_above = clause.lower is None or position >= clause.lower
    return is_above and (clause.upper is None or position <= clause.upper)


def _bounds(clause: Clause) -> str:
    lower = "" if clause.lower is None else f"at least {drafts.number(clause.lower)}"
    upper = "" if clause.upper is None else f"at most {drafts.number(clause.upper)}"
    return " and ".join(part for part in (lower, upper) if part)
