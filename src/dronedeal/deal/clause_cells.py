"""Which cells a clause changes, and what it makes of them at each value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from dronedeal.deal.address import KeyIndex, read_address
from dronedeal.deal.between import between, end_value
from dronedeal.deal.change_value import WHOLE, UnusableValueError, with_value, with_values
from dronedeal.deal.clauses import Clause
from dronedeal.deal.deal import Deal
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES, Column
from dronedeal.deal.setting_path import SETTINGS, change_settings, is_setting

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a deal.

    Parameters
    ----------
    table : name of the schema, or `settings`
    row : 0-based; 0 for settings
    name : of the column; of a setting its whole path
    """

    table: str
    row: int
    name: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """What a clause makes of the cells of one subject.

    Parameters
    ----------
    subject : as it is written
    stated : table and 0-based row that state it
    column : of the cells
    cells : those that the subject names; none where it names nothing
    values : (n_cells,) what stands in them
    ends : value at the buyer's and at the seller's position; None: the cells take the value of the clause
    """

    subject: str
    stated: tuple[str, int]
    column: Column
    cells: tuple[Cell, ...]
    values: tuple[object, ...]
    ends: tuple[object, object] | None

    def at(self, value: float, share: Fraction | None) -> object:
        """What stands in the cells where the clause has this value.

        Parameters
        ----------
        value : of the clause
        share : of the way from the buyer's to the seller's position; None where `ends` is None

        Raises
        ------
        UnusableValueError : where the cells take whole numbers only and the value is none
        """
        if self.ends is not None and share is not None:
            return between(self.ends, share, self.column)
        if self.column.kind not in WHOLE:
            return value
        if not value.is_integer():
            step = f"write {round(value)}, the nearest whole number"
            raise UnusableValueError(found=repr(value), allowed=self.column.allowed, next_step=step)
        return int(value)


class Subjects:
    """The cells that subjects of clauses name in one deal; each table is walked once."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._keys = KeyIndex(deal)

    def column(self, subject: str) -> Column:
        """Column of the cells of a subject.

        Raises
        ------
        UnreadableAddressError : where it is neither an address nor a path of the settings
        """
        if is_setting(subject):
            return self._settings(subject)[0][0]
        address = read_address(subject)
        return TABLES[address.table].column(address.column)

    def cells(self, subject: str) -> list[tuple[Cell, object]]:
        """Cells that a subject names, each with what stands in it.

        Raises
        ------
        UnreadableAddressError : where it is neither an address nor a path of the settings
        """
        if is_setting(subject):
            return [(cell, value) for _, cell, value in self._settings(subject)]
        address = read_address(subject)
        rows = self._deal.table(address.table)
        return [
            (Cell(address.table, row, address.column), getattr(rows[row], address.column))
            for row in self._keys.rows(address.table, address.key)
        ]

    def change(
        self, subject: str, stated: tuple[str, int], *, ends: tuple[str | None, str | None] | None = None
    ) -> CellChange:
        """What a clause makes of the cells of a subject.

        Parameters
        ----------
        subject : address or path
        stated : table and 0-based row that state it
        ends : text of the value at the buyer's and at the seller's position, None for a blank cell; without
            ends the cells take the value of the clause

        Raises
        ------
        UnreadableAddressError : where the subject is neither an address nor a path of the settings
        UnusableValueError : where the column cannot take the value at one end
        """
        column, found = self.column(subject), self.cells(subject)
        values = None if ends is None else (end_value(ends[0], column), end_value(ends[1], column))
        cells, present = tuple(cell for cell, _ in found), tuple(value for _, value in found)
        return CellChange(subject, stated, column, cells, present, values)

    def changes(self, clause: Clause) -> tuple[CellChange, ...]:
        """All that a clause changes; nothing where its subject is `*` and it has no effects.

        Raises
        ------
        UnreadableAddressError, UnusableValueError : as `change`
        """
        if clause.subject != EVERYTHING:
            row = next(row for row, each in enumerate(self._deal.clauses) if each.id == clause.id)
            return (self.change(clause.subject, ("clauses", row)),)
        return tuple(
            self.change(
                effect.subject, ("clause_effects", row), ends=(effect.buyer_value, effect.seller_value)
            )
            for row, effect in enumerate(self._deal.clause_effects)
            if effect.clause == clause.id
        )

    def _settings(self, path: str) -> list[tuple[Column, Cell, object]]:
        found: list[tuple[Column, Cell, object]] = []

        def note(record: Frozen, column: Column, name: str) -> Frozen:
            found.append((column, Cell(SETTINGS, 0, name), getattr(record, column.name)))
            return record

        change_settings(self._deal.settings, path, leaf=note)
        return found


def with_cells(deal: Deal, values: Iterable[tuple[Cell, Column, object]]) -> Deal:
    """The deal with other values in some cells; rows keep their places, owners and addresses.

    Parameters
    ----------
    deal : as it stands
    values : cells with their columns and new values; no cell twice

    Raises
    ------
    UnusableValueError : where a record does not allow a value
    """
    rows: dict[str, dict[int, list[tuple[Column, object]]]] = {}
    settings = deal.settings
    for cell, column, value in values:
        if cell.table == SETTINGS:
            settings = change_settings(settings, cell.name, leaf=partial(_exchanged, value))
        else:
            rows.setdefault(cell.table, {}).setdefault(cell.row, []).append((column, value))
    tables = {name: _with_rows(deal.table(name), changed) for name, changed in rows.items()}
    return replace(deal, settings=settings, **tables)  # type: ignore[arg-type]


def _exchanged(value: object, record: Frozen, column: Column, name: str) -> Frozen:
    return with_value(record, column, value)


def _with_rows(rows: Sequence[Any], changed: dict[int, list[tuple[Column, object]]]) -> tuple[Frozen, ...]:
    return tuple(
        with_values(row, changed[number]) if number in changed else row for number, row in enumerate(rows)
    )
