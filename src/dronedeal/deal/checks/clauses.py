"""Clauses."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.address import FORM, UnreadableAddressError
from dronedeal.deal.change_value import NUMERIC
from dronedeal.deal.checks.clause_subjects import is_key, matches_nothing, readable_changes, refusal
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.clause_cells import EVERYTHING, Cell, Subjects
from dronedeal.deal.clauses import Clause
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import Column
from dronedeal.deal.term_sheet import clause_range, is_computed, position, value_now
from dronedeal.errors import TermSheetError

_FORM = f"`{EVERYTHING}`, {FORM}, or `settings.key`"


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
    known = {clause.id: clause for clause in deal.clauses}
    for (table, row, column), name, asked in _positions(deal):
        clause = known.get(name)
        if clause is not None and not _is_within(clause, asked):
            yield drafts.cell(
                deal,
                (table, row, column),
                subject=f"{column} of clause '{name}'",
                found=drafts.number(asked),
                allowed=_bounds(clause),
                next_step="mend the position, or widen the bounds",
            )


@rule("clause_range_unknown", severity="error", needs=("buyer_positions", "seller_positions"))
def clause_range_unknown(deal: Deal) -> Iterator[Finding]:
    """A clause that changes something has neither bounds nor two positions: nothing says its range."""
    for row, clause in enumerate(deal.clauses):
        if not is_computed(deal, clause):
            continue
        try:
            clause_range(deal, clause)
        except TermSheetError:
            yield drafts.cell(
                deal,
                ("clauses", row, "lower" if clause.lower is None else "upper"),
                subject=f"range of clause '{clause.id}'",
                found="neither bounds nor two positions",
                allowed="a least and a greatest value",
                next_step="state lower and upper, or what both sides ask for",
            )


@rule("clause_without_positions", severity="warning", needs=("buyer_positions", "seller_positions"))
def clause_without_positions(deal: Deal) -> Iterator[Finding]:
    """Neither side says what it asks for in a clause, so that nobody can tell what it divides."""
    for row, clause in enumerate(deal.clauses):
        asked = (position(deal, clause, side="buyer"), position(deal, clause, side="seller"))
        if asked == (None, None) and is_computed(deal, clause):
            yield drafts.cell(
                deal,
                ("clauses", row, "buyer_position"),
                subject=f"positions of clause '{clause.id}'",
                found="none",
                allowed="what the buyer and the seller ask for",
                next_step="state at least one of the two, or an estimate of it",
            )


@rule("clause_subject_unreadable", severity="error")
def clause_subject_unreadable(deal: Deal) -> Iterator[Finding]:
    """The subject of a clause is not `*`, `table[key/key].column` of the schema or `settings.key`."""
    for row, clause, subjects in _named(deal):
        try:
            subjects.column(clause.subject)
        except UnreadableAddressError as fault:
            yield _of_subject(
                deal, row, found=drafts.quoted(clause.subject), allowed=_FORM, next_step=fault.next_step
            )


@rule("clause_subject_not_a_number", severity="error")
def clause_subject_not_a_number(deal: Deal) -> Iterator[Finding]:
    """The cells that a clause names hold no numbers, or tell rows apart."""
    for row, clause, column in _columns(deal):
        if column.kind not in NUMERIC or is_key(clause.subject):
            yield _of_subject(
                deal,
                row,
                found=f"{column.name}, which holds {column.allowed}"
                if column.kind not in NUMERIC
                else f"{column.name}, which is part of the key of its table",
                allowed="a column of numbers that is no key",
                next_step="write `*` and say in `clause_effects` what the clause makes of which cells",
            )


@rule("clause_subject_matches_nothing", severity="warning")
def clause_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A clause would change a row that is not in the deal."""
    for row, clause, subjects in _named(deal):
        finding = matches_nothing(deal, ("clauses", row, "subject"), subjects, clause.subject)
        if finding is not None:
            yield finding


@rule("clause_bound_refused", severity="error")
def clause_bound_refused(deal: Deal) -> Iterator[Finding]:
    """A bound or position of a clause is a value that its cells cannot hold."""
    subjects = Subjects(deal)
    for row, clause, column in _columns(deal):
        if column.kind not in NUMERIC:
            continue
        change = subjects.change(clause.subject, ("clauses", row))
        for name in ("buyer_position", "seller_position", "lower", "upper"):
            value = getattr(clause, name)
            fault = None if value is None else refusal(deal, change, value)
            if fault is not None:
                yield drafts.cell(
                    deal,
                    ("clauses", row, name),
                    subject=f"{name} of clause '{clause.id}'",
                    found=fault.found,
                    allowed=fault.allowed,
                    next_step=fault.next_step,
                )


@rule("clause_stands_outside_bounds", severity="warning")
def clause_stands_outside_bounds(deal: Deal) -> Iterator[Finding]:
    """The deal as it stands has a value of a clause that cannot be agreed."""
    for row, clause, column in _columns(deal):
        value = value_now(deal, clause) if column.kind in NUMERIC else None
        if value is not None and not _is_within(clause, value):
            yield _of_subject(
                deal,
                row,
                found=f"{drafts.number(value)} in {clause.subject}",
                allowed=_bounds(clause),
                next_step="mend the cell, or widen the bounds",
            )


@rule("clauses_overlap", severity="error")
def clauses_overlap(deal: Deal) -> Iterator[Finding]:
    """Two clauses, or two effects of one clause, change the same cell."""
    first: dict[Cell, tuple[str, int]] = {}
    for change in readable_changes(deal):
        other = next((first[cell] for cell in change.cells if cell in first), None)
        if other is not None:
            yield drafts.cell(
                deal,
                (*change.stated, "subject"),
                subject=drafts.row_name(change.stated[0], deal.table(change.stated[0])[change.stated[1]]),
                found=f"{drafts.quoted(change.subject)}, with a cell that {deal.place(*other)} changes too",
                allowed="cells that nothing else changes",
                next_step="narrow one of the two subjects, or leave one out",
            )
        for cell in change.cells:
            first.setdefault(cell, change.stated)


def _positions(deal: Deal) -> Iterator[tuple[tuple[str, int, str], str, float]]:
    """Every position that is stated, with its cell and clause."""
    for row, clause in enumerate(deal.clauses):
        for column in ("buyer_position", "seller_position"):
            asked = getattr(clause, column)
            if asked is not None:
                yield ("clauses", row, column), clause.id, asked
    for table in ("buyer_positions", "seller_positions"):
        for row, own in enumerate(deal.table(table)):
            yield (table, row, "position"), own.clause, own.position


def _named(deal: Deal) -> Iterator[tuple[int, Clause, Subjects]]:
    """The clauses that name cells."""
    subjects = Subjects(deal)
    for row, clause in enumerate(deal.clauses):
        if clause.subject != EVERYTHING:
            yield row, clause, subjects


def _columns(deal: Deal) -> Iterator[tuple[int, Clause, Column]]:
    """The clauses whose subject can be read, with the column that it names."""
    for row, clause, subjects in _named(deal):
        try:
            yield row, clause, subjects.column(clause.subject)
        except UnreadableAddressError:
            continue


def _of_subject(deal: Deal, row: int, *, found: str, allowed: str, next_step: str) -> Finding:
    return drafts.cell(
        deal,
        ("clauses", row, "subject"),
        subject=f"subject of clause '{deal.clauses[row].id}'",
        found=found,
        allowed=allowed,
        next_step=next_step,
    )


def _is_within(clause: Clause, value: float) -> bool:
    if clause.lower is not None and clause.upper is not None and clause.lower > clause.upper:
        return True  # nothing is between reversed bounds, which are found once
    is_above = clause.lower is None or value >= clause.lower
    return is_above and (clause.upper is None or value <= clause.upper)


def _bounds(clause: Clause) -> str:
    lower = "" if clause.lower is None else f"at least {drafts.number(clause.lower)}"
    upper = "" if clause.upper is None else f"at most {drafts.number(clause.upper)}"
    return " and ".join(part for part in (lower, upper) if part)
