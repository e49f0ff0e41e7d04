"""Raw cells with their addresses: what a CSV file and a sheet of a workbook have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dronedeal.deal.place import Place


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that holds no value: a formula, an error value, a time of day.

    `found` is shown to the user, `next_step` says what to write instead.
    """

    found: str
    next_step: str


CellValue = str | int | float | bool | dt.date | dt.datetime | Unusable | None


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row cannot be cut into cells, and where."""

    line: int
    column: int
    subject: str
    found: str
    next_step: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file.

    Parameters
    ----------
    line : 1-based line or sheet row where the row begins
    cells : the cells from column 1 on
    cell_lines : line of each cell, where some begin below `line`; empty otherwise
    fault : why the row could not be read to its end
    """

    line: int
    cells: Sequence[CellValue]
    cell_lines: Sequence[int] = ()
    fault: RowFault | None = None

    def line_of(self, index: int) -> int:
        """Line of the cell of that 0-based index."""
        return self.cell_lines[index] if index < len(self.cell_lines) else self.line


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of one table in one file or sheet, header first, comments and blank rows left out.

    `is_csv` says that texts carry the apostrophe that keeps spreadsheet programs from running them.
    """

    file: str
    sheet: str | None
    rows: Iterable[RawRow]
    is_csv: bool

    def place(self, line: int | None = None, column: int | None = None, name: str | None = None) -> Place:
        """Address in this file or sheet."""
        return Place(self.file, line, column, name, self.sheet)


def is_blank(value: CellValue) -> bool:
    """Whether a cell holds nothing but blank space."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_left_out(cells: Sequence[CellValue]) -> bool:
    """Whether a row is blank, or a comment: its first cell begins with `#`."""
    first = cells[0] if cells else None
    if isinstance(first, str) and first.lstrip().startswith("#"):
        return True
    return is_blank(first) and all(is_blank(cell) for cell in cells)
