"""What the rules of clauses and of their effects ask alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dronedeal.deal import drafts
from dronedeal.deal.address import UnreadableAddressError, read_address
from dronedeal.deal.change_value import UnusableValueError, with_value
from dronedeal.deal.clause_cells import EVERYTHING, CellChange, Subjects, with_cells
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.schema import TABLES
from dronedeal.deal.setting_path import LIST_KEYS, SETTINGS, is_setting


def is_key(subject: str) -> bool:
    """Whether the cells of a readable subject tell rows apart, so that nobody could find them again."""
    if is_setting(subject):
        above, _, name = subject.rpartition(".")
        return any(f".{items}[" in above and name in keys for items, keys in LIST_KEYS.items())
    address = read_address(subject)
    return address.column in TABLES[address.table].key


def matches_nothing(
    deal: Deal, where: tuple[str, int, str], subjects: Subjects, subject: str
) -> Finding | None:
    """The finding that a subject names no row of the deal; None where it names one, or nobody can tell."""
    try:
        if is_setting(subject) or subjects.cells(subject):
            return None
        table = read_address(subject).table
    except UnreadableAddressError:
        return None
    if not deal.is_given(table):
        return None
    row = deal.table(where[0])[where[1]]
    name = f"clause '{row.id}'" if where[0] == "clauses" else f"an effect of clause '{row.clause}'"
    return drafts.cell(
        deal,
        where,
        subject=f"subject of {name}",
        found=drafts.quoted(subject),
        allowed=f"the key of a row of `{table}`: {', '.join(TABLES[table].key)}",
        next_step=f"mend the key, or add the row to `{table}`",
    )


def readable_changes(deal: Deal) -> Iterator[CellChange]:
    """What the clauses change, as far as it can be read, in the order of clauses and effects."""
    subjects = Subjects(deal)
    named = [("clauses", row, each.subject, None) for row, each in enumerate(deal.clauses)]
    effects = [
        ("clause_effects", row, each.subject, (each.buyer_value, each.seller_value))
        for row, each in enumerate(deal.clause_effects)
    ]
    for table, row, subject, ends in [*named, *effects]:
        if subject == EVERYTHING:
            continue
        try:
            yield subjects.change(subject, (table, row), ends=ends)
        except (UnreadableAddressError, UnusableValueError):
            continue


def refusal(deal: Deal, change: CellChange, value: Any) -> UnusableValueError | None:
    """Why the cells of a change cannot hold a value of the clause or, of an effect, of the cells; None where
    they can.

    Each record is asked on its own: what another clause does to the same row is not known here.
    """
    try:
        new = change.at(value, None) if change.ends is None else value
        for cell in change.cells:
            if cell.table == SETTINGS:
                with_cells(deal, [(cell, change.column, new)])
            else:
                with_value(deal.table(cell.table)[cell.row], change.column, new)
    except UnusableValueError as fault:
        return fault
    return None
