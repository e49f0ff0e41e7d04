"""From raw rows to validated records, with every error at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column, Table
from dronedeal.files.apostrophe import unmarked
from dronedeal.files.cells import CellError, describe, parse_cell
from dronedeal.files.findings import FindingLog, error
from dronedeal.files.grid import CellValue, RawRow, RawTable, is_blank
from dronedeal.files.limits import MAX_COLUMNS, MAX_COUNTED_FINDINGS, MAX_ROWS
from dronedeal.files.suggestion import did_you_mean, quoted


@dataclass(frozen=True)
class TableRows:
    """The rows of one file or sheet, where each was read, and what was wrong."""

    rows: tuple[Frozen, ...]
    origins: tuple[RowOrigin, ...]
    findings: tuple[Finding, ...]


def read_table(raw: RawTable, table: Table) -> TableRows:
    """Records of a table from its raw rows, header first.

    Parameters
    ----------
    raw : rows with their lines
    table : the table of the schema
    """
    reading = _Reading(raw, table)
    reading.run()
    return TableRows(tuple(reading.rows), tuple(reading.origins), reading.log.findings)


def too_many_rows(place: Place) -> Finding:
    """More rows than a table may have; `place` is the first of them."""
    return error(
        "limit",
        place,
        "the table has too many rows",
        allowed=f"at most {MAX_ROWS:,} rows",
        next_step="sum up or remove rows",
    )


_NO_REAL_FIGURE = 1e9


class _Reading:
    """One pass over one table; a fault in a row never stops the pass."""

    def __init__(self, raw: RawTable, table: Table) -> None:
        self.raw = raw
        self.table = table
        self.log = FindingLog(raw.place())
        self.rows: list[Frozen] = []
        self.origins: list[RowOrigin] = []
        self.columns: list[tuple[int, Column]] = []
        self.numbers: dict[str, int] = {}
        self.nameless: tuple[int, ...] = ()
        self.missing: frozenset[str] = frozenset()
        self.width = 0

    def run(self) -> None:
        rows = iter(self.raw.rows)
        header = next(rows, None)
        if header is None:
            self.log.add(
                "header",
                self.raw.place(1),
                f"the table {self.table.name} has no header row",
                next_step="write the column names in the first row, or remove the empty table",
            )
        elif self._read_header(header):
            self._read_rows(rows)

    # the header

    def _read_header(self, header: RawRow) -> bool:
        """Note the columns; False where no row below could be read."""
        if header.fault:
            self._note_row_fault(header)
            return False
        if (separator := self._wrong_separator(header)) is not None:
            self.log.add(
                "header",
                self.raw.place(header.line),
                "the cells of the file are not separated by commas",
                found=f"the separator {separator}",
                allowed="commas",
                next_step="save the file as comma-separated CSV with decimal points",
            )
            return False
        cells = header.cells
        self.width = max((index + 1 for index, cell in enumerate(cells) if not is_blank(cell)), default=0)
        if self.width > MAX_COLUMNS:
            self.log.add(
                "limit",
                self.raw.place(header.line, MAX_COLUMNS + 1),
                "the header has too many cells",
                found=str(self.width),
                allowed=f"at most {MAX_COLUMNS}",
                next_step="remove the columns that are not part of the table",
            )
            return False
        self._read_names(header)
        return self._note_missing_columns(header)

    def _wrong_separator(self, header: RawRow) -> str | None:
        only = header.cells[0]
        if not self.raw.is_csv or len(header.cells) != 1 or not isinstance(only, str):
            return None
        separators = {";": "semicolon", "\t": "tab", "|": "bar"}
        return next((f"'{name}'" for sign, name in separators.items() if sign in only), None)

    def _read_names(self, header: RawRow) -> None:
        known = {column.name: column for column in self.table.columns}
        nameless = []
        for index, cell in enumerate(header.cells[: self.width]):
            name = cell.strip() if isinstance(cell, str) else cell
            place = self.raw.place(header.line_of(index), index + 1)
            if is_blank(name):
                nameless.append(index)
            elif not isinstance(name, str) or name not in known:
                step = "remove the column, or put its text into `note`"
                self.log.add(
                    "header",
                    place,
                    f"the table {self.table.name} has no column of this name",
                    found=describe(name),
                    next_step=did_you_mean(str(name), known, otherwise=step),
                )
            elif name in self.numbers:
                first = self.raw.place(header.line_of(self.numbers[name] - 1), self.numbers[name])
                self.log.add(
                    "header",
                    place,
                    f"the column {name} stands twice",
                    found=quoted(name),
                    allowed=f"one column of a name; the first one: {first}",
                    next_step="rename or remove one of the two",
                )
            else:
                self.numbers[name] = index + 1
                self.columns.append((index, known[name]))
        self.nameless = tuple(nameless)

    def _note_missing_columns(self, header: RawRow) -> bool:
        missing = [
            column.name
            for column in self.table.columns
            if column.is_required and column.name not in self.numbers
        ]
        for name in missing:
            self.log.add(
                "header",
                self.raw.place(header.line),
                f"the table {self.table.name} lacks the column {name}",
                allowed=self.table.column(name).allowed,
                next_step=f"add a column {name}: {self.table.column(name).meaning}",
            )
        self.missing = frozenset(missing)
        return bool(self.columns)

    # the rows

    def _read_rows(self, rows: Iterator[RawRow]) -> None:
        for count, row in enumerate(rows, start=1):
            if self.log.count >= MAX_COUNTED_FINDINGS:
                self.log.stop_at(self.raw.place(row.line))
                return
            if count > MAX_ROWS:
                self.log.extend([too_many_rows(self.raw.place(row.line))])
                return
            if row.fault:
                self._note_row_fault(row)
            else:
                self._read_row(row)

    def _note_row_fault(self, row: RawRow) -> None:
        fault = row.fault
        assert fault is not None
        self.log.add(
            "row",
            self.raw.place(fault.line, fault.column),
            fault.subject,
            found=fault.found,
            next_step=fault.next_step,
        )

    def _read_row(self, row: RawRow) -> None:
        cells = row.cells
        before = self.log.count
        values: dict[str, object] = {}
        refused: set[str] = set()
        for index, column in self.columns:
            if index >= len(cells):
                continue
            raw = self._stripped(cells[index], column)
            if raw is None:
                continue
            try:
                values[column.name] = parse_cell(raw, column)
            except CellError as fault:
                refused.add(column.name)
                self._note_cell(row, column, found=fault.found or describe(raw), next_step=fault.next_step)
        self._note_stray_cells(row)
        record = self._record(row, values, refused)
        if record is not None and self.log.count == before:
            self.rows.append(record)
            self.origins.append(self._origin(row))

    def _stripped(self, raw: CellValue, column: Column) -> CellValue:
        """The cell without blank space around it; None where nothing is left."""
        if not isinstance(raw, str):
            return raw
        text = raw.strip()
        if self.raw.is_csv and text[:1] == "'" and column.kind in ("text", "text_list"):
            return unmarked(text)
        return text or None

    def _note_stray_cells(self, row: RawRow) -> None:
        """Values to the right of the header, or below a header cell without a name."""
        cells = row.cells
        stray = [index for index in self.nameless if index < len(cells) and not is_blank(cells[index])]
        stray += [index for index in range(self.width, len(cells)) if not is_blank(cells[index])][:1]
        for index in stray:
            beyond = index >= self.width
            self.log.add(
                "row",
                self.raw.place(row.line_of(index), index + 1),
                "the row has more cells than the header"
                if beyond
                else "a cell stands in a column without a name",
                found=describe(cells[index]),
                allowed=f"{self.width} cells" if beyond else "cells below a column name",
                next_step="enclose texts and numbers that hold commas in quotation marks, or remove the cell"
                if self.raw.is_csv
                else "remove the cell, or write a column name above it",
            )

    def _record(self, row: RawRow, values: Mapping[str, object], refused: set[str]) -> Frozen | None:
        try:
            return self.table.record.model_validate(values)
        except ValidationError as fault:
            self._note_refusals(row, fault, refused)
            return None

    def _note_refusals(self, row: RawRow, fault: ValidationError, refused: set[str]) -> None:
        for detail in fault.errors(include_url=False):
            name = str(detail["loc"][0]) if detail["loc"] else ""
            if name in refused or name in self.missing:
                continue
            refused.add(name)
            if not name:
                self.log.add("row", self.raw.place(row.line), detail["msg"], next_step="mend the row")
            elif detail["type"] == "missing":
                self._note_cell(
                    row,
                    self.table.column(name),
                    found="a blank cell",
                    next_step="fill the cell; this column has no default",
                )
            else:
                column = self.table.column(name)
                self._note_cell(
                    row,
                    column,
                    found=self._found(row, name, detail),
                    next_step=refusal_advice(detail, column),
                )

    def _found(self, row: RawRow, name: str, detail: Any) -> str:
        raw = row.cells[self.numbers[name] - 1]
        return describe(detail["input"] if isinstance(detail["input"], str | int | float) else raw)

    def _note_cell(self, row: RawRow, column: Column, *, found: str, next_step: str) -> None:
        number = self.numbers[column.name]
        self.log.add(
            "cell",
            self.raw.place(row.line_of(number - 1), number, column.name),
            f"{column.name} of {self.table.name}",
            found=found,
            allowed=column.allowed,
            next_step=next_step,
        )

    def _origin(self, row: RawRow) -> RowOrigin:
        if not row.cell_lines:
            return RowOrigin(self.raw.file, row.line, self.numbers, self.raw.sheet)
        lines = {name: row.line_of(number - 1) for name, number in self.numbers.items()}
        shifted = {name: line for name, line in lines.items() if line != row.line}
        return RowOrigin(self.raw.file, row.line, self.numbers, self.raw.sheet, shifted)


def refusal_advice(detail: Any, column: Column) -> str:
    """What to do about a value that the record refuses."""
    kind = detail["type"]
    if kind == "string_too_long":
        return "shorten the text"
    if kind == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    if column.kind in ("id", "id_list"):
        return "write a short name of letters, digits, `_`, `.` and `-`, such as strike-drone_2"
    limits = (each for each in (detail.get("ctx") or {}).values() if isinstance(each, int | float))
    limit = next(limits, 0.0)
    if abs(limit) >= _NO_REAL_FIGURE:  # `allowed` leaves such limits out, for no real figure comes near
        return f"write a number of at most {abs(limit):,.0f} in size"
    return "write a value that is allowed"
