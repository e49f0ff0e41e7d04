"""Addresses of cells, `table[key/key].column`: how clauses and changes say what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dronedeal.deal import drafts
from dronedeal.deal.deal import Deal
from dronedeal.deal.schema import TABLES

ANY = "*"
FORM = (
    "`table[key/key].column` with the key cells in order, `*` for any of them; `table[#3].column` for the "
    "third row of a table without a key"
)
_ADDRESS = re.compile(r"(?P<table>[A-Za-z_]+)\[(?P<key>[^\[\]]*)\]\.(?P<column>[A-Za-z_]+)")
_BETWEEN_KEY_CELLS = re.compile(r"[/,]")
_ROW_NUMBER = re.compile(r"#[1-9][0-9]{0,8}")


class UnreadableAddressError(Exception):
    """A text is not the address of any cell; those who asked for it say where it stands."""

    def __init__(self, *, found: str, allowed: str, next_step: str) -> None:
        self.found = found
        self.allowed = allowed
        self.next_step = next_step
        super().__init__(f"found {found}; allowed: {allowed}; {next_step}")


@dataclass(frozen=True, slots=True)
class Address:
    """Cells of one column in the rows that a key names.

    Parameters
    ----------
    table, column : names of the schema
    key : first key cells of the rows as text, `*` for any; cells left off at the end stand for any too; of a
        table without a key `#3` for its third row, or `*` for any
    """

    table: str
    key: tuple[str, ...]
    column: str

    def __str__(self) -> str:
        return f"{self.table}[{'/'.join(self.key)}].{self.column}"


def read_address(text: str) -> Address:
    """The address that a text states.

    Parameters
    ----------
    text : such as `prices[kestrel/*/2027].unit_price`; commas between key cells do as well;
        `trials[#3].version` for the third row of a table without a key

    Raises
    ------
    UnreadableAddressError : where the form, the table, the column or the number of key cells is wrong

    Examples
    --------
    >>> str(read_address("budgets[army,2028].amount"))
    'budgets[army/2028].amount'
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise UnreadableAddressError(
            found=drafts.quoted(text),
            allowed=FORM,
            next_step="write it in that form, such as prices[kestrel/*/2027].unit_price",
        )
    table = TABLES.get(match["table"])
    if table is None:
        otherwise = f"use a table of the deal: {', '.join(TABLES)}"
        step = drafts.Names(TABLES).advice(match["table"], otherwise=otherwise)
        raise UnreadableAddressError(
            found=drafts.quoted(match["table"]), allowed="a table of the deal", next_step=step
        )
    columns = [column.name for column in table.columns]
    if match["column"] not in columns:
        otherwise = f"use a column of `{table.name}`"
        raise UnreadableAddressError(
            found=drafts.quoted(match["column"]),
            allowed=", ".join(columns),
            next_step=drafts.Names(columns).advice(match["column"], otherwise=otherwise),
        )
    cells = tuple(cell.strip() for cell in _BETWEEN_KEY_CELLS.split(match["key"]))
    if not table.key:
        _require_row_number(table.name, match["key"].strip())
    elif len(cells) > len(table.key):
        step = f"give at most {len(table.key)} key cells: {', '.join(table.key)}"
        raise UnreadableAddressError(
            found=f"{len(cells)} key cells", allowed=", ".join(table.key), next_step=step
        )
    return Address(table.name, cells, match["column"])


def _require_row_number(table: str, text: str) -> None:
    if text != ANY and not _ROW_NUMBER.fullmatch(text):
        raise UnreadableAddressError(
            found=drafts.quoted(text),
            allowed=f"`#` and the number of a row, for `{table}` has no key; `*` for any row",
            next_step=f"count the rows below the headings and write {table}[#1].column for the first one",
        )


def row_key(number: int) -> str:
    """What stands in the brackets for a row of a table without a key.

    >>> row_key(0)
    '#1'
    """
    return f"#{number + 1}"


def key_text(cells: Iterable[object]) -> str:
    """The cells of a key as an address writes them.

    >>> key_text(["kestrel", None, 2027, 0.0])
    'kestrel//2027/0'
    """
    return "/".join(map(cell_text, cells))


def cell_text(value: object) -> str:
    """One key cell as an address writes it; blank where there is no value."""
    if value is None:
        return ""
    return drafts.number(value) if isinstance(value, int | float) else str(value)


class KeyIndex:
    """Which rows of a deal have which key cells; each table is walked once for each number of cells."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._found: dict[tuple[str, int], dict[tuple[str, ...], list[int]]] = {}

    def rows(self, table: str, key: Sequence[str]) -> list[int]:
        """0-based rows whose first key cells are these, in row order; `*` stands for any."""
        if not TABLES[table].key:
            return self._numbered(table, key[0])
        keys = self._first_cells(table, len(key))
        if ANY not in key:
            return keys.get(tuple(key), [])
        found = (
            rows
            for own, rows in keys.items()
            if all(cell in (ANY, part) for cell, part in zip(key, own, strict=True))
        )
        return sorted(row for rows in found for row in rows)

    def next_cells(self, table: str, key: Sequence[str]) -> set[str]:
        """What stands in the next key cell of the rows that have these first ones."""
        rows = self._deal.table(table)
        if not TABLES[table].key:
            return set(map(row_key, range(len(rows))))
        name = TABLES[table].key[len(key)]
        return {cell_text(getattr(rows[row], name)) for row in self.rows(table, key)}

    def _numbered(self, table: str, cell: str) -> list[int]:
        """Rows of a table without a key."""
        numbers = range(len(self._deal.table(table)))
        return list(numbers) if cell == ANY else [n for n in (int(cell[1:]) - 1,) if n in numbers]

    def _first_cells(self, table: str, count: int) -> dict[tuple[str, ...], list[int]]:
        if (table, count) not in self._found:
            names = TABLES[table].key[:count]
            keys: dict[tuple[str, ...], list[int]] = {}
            for number, row in enumerate(self._deal.table(table)):
                keys.setdefault(tuple(cell_text(getattr(row, name)) for name in names), []).append(number)
            self._found[table, count] = keys
        return self._found[table, count]
