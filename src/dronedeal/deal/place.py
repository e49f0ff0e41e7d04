"""Where in the user's files a row or a cell stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def column_letters(number: int) -> str:
    """Spreadsheet letters of a 1-based column number.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number > 0:
        number, remainder = divmod(number - 1, 26)
        letters = chr(ord("A") + remainder) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Place:
    """One address: a file with line and column, or a workbook with sheet and cell.

    Parameters
    ----------
    file : path as the user knows it, relative to the deal folder
    line : 1-based line of the text file, or 1-based row of the sheet; None for the whole file
    column : 1-based column of the table; None for the whole line
    name : name of the column or key
    sheet : sheet of a workbook; None for a text file
    """

    file: str
    line: int | None = None
    column: int | None = None
    name: str | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        where = self._workbook_text() if self.sheet is not None else self._file_text()
        return f"{where} ({self.name})" if self.name else where

    def _workbook_text(self) -> str:
        text = f"{self.file}, sheet {self.sheet}"
        if self.line is None:
            return text if self.column is None else f"{text}, column {column_letters(self.column)}"
        if self.column is None:
            return f"{text}, row {self.line}"
        return f"{text}, cell {column_letters(self.column)}{self.line}"

    def _file_text(self) -> str:
        if self.line is None:
            return self.file
        if self.column is None:
            return f"{self.file}, line {self.line}"
        return f"{self.file}, line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class RowOrigin:
    """Where one table row was read, with the true line of each of its cells.

    Parameters
    ----------
    file, sheet : as in `Place`
    line : 1-based line or row where the row begins
    columns : 1-based column number by column name
    cell_lines : line by column name, only for cells that begin below `line` (quoted newlines)
    """

    file: str
    line: int
    columns: Mapping[str, int] = field(default_factory=dict)
    sheet: str | None = None
    cell_lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, column: str | None = None) -> Place:
        """Address of one cell of the row, or of the row itself."""
        if column is None:
            return Place(self.file, self.line, None, None, self.sheet)
        line = self.cell_lines.get(column, self.line)
        return Place(self.file, line, self.columns.get(column), column, self.sheet)
