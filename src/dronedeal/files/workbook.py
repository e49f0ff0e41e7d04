"""The cells of a workbook, received from the process that reads it.

Merged areas count at their top left cell and are blank elsewhere. Hidden rows, columns and sheets are
read like any other. A formula is an error: what it shows depends on the program that opens it.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.files.findings import error
from dronedeal.files.grid import CellValue, RawRow, RawTable, Unusable, is_left_out
from dronedeal.files.limits import (
    MAX_WORKBOOK_CELLS,
    MAX_WORKBOOK_CHARACTERS,
    WORKBOOK_SECONDS,
)

_CHILD = Path(__file__).with_name("workbook_child.py")
_MOST_MERGED_ROWS = 1_000_000
_LONGEST_LINE = 8 * 1024 * 1024


@dataclass
class Sheet:
    """One sheet: its rows that are not blank, by ascending number."""

    name: str
    numbers: list[int] = field(default_factory=list)
    rows: list[dict[int, CellValue]] = field(default_factory=list)

    def raw_table(self, file: str) -> RawTable:
        """The rows as raw rows, comments left out."""
        return RawTable(file, self.name, self._raw_rows(), is_csv=False)

    def _raw_rows(self) -> Iterator[RawRow]:
        for number, cells in zip(self.numbers, self.rows, strict=True):
            row = [cells.get(column) for column in range(1, max(cells, default=0) + 1)]
            if not is_left_out(row):
                yield RawRow(number, row)


def read_sheets(
    path: Path, file: str, *, left_out: Mapping[str, Sequence[str]] | None = None
) -> tuple[list[Sheet], list[Finding]]:
    """The sheets of a workbook and what was wrong with the file itself.

    Parameters
    ----------
    path : the workbook
    file : how the user knows it
    left_out : `sheets` by name, and all of some `owners`, whose cells are not even parsed
    """
    words = json.dumps(left_out or {})
    command = [sys.executable, "-I", "-W", "ignore", str(_CHILD), str(path.absolute()), words]
    receiver = _Receiver(file)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        watch = threading.Timer(WORKBOOK_SECONDS, child.kill)
        watch.start()
        try:
            assert child.stdout is not None
            receiver.receive(child.stdout)
        finally:
            watch.cancel()
            child.kill()
    return receiver.sheets, receiver.findings


class _Receiver:
    """Takes the lines of the child process and trusts none of them to be small."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[Sheet] = []
        self.findings: list[Finding] = []
        self.cells = 0
        self.characters = 0
        self.is_ended = False

    def receive(self, lines: IO[bytes]) -> None:
        while not self.is_ended:
            line = lines.readline(_LONGEST_LINE)
            self.characters += len(line)
            if self.characters > MAX_WORKBOOK_CHARACTERS or self.cells > MAX_WORKBOOK_CELLS:
                self._stop({"stop": "too_many_cells", "allowed": MAX_WORKBOOK_CELLS})
            elif not line.endswith(b"\n"):
                self._stop({"stop": "time"})
            else:
                self._try_line(line)

    def _try_line(self, line: bytes) -> None:
        try:
            self._take(json.loads(line))
        except (ValueError, LookupError, TypeError):  # not what the reading process prints of itself
            self._stop({"stop": "damaged"})

    def _take(self, words: dict[str, Any]) -> None:
        if "sheet" in words:
            self.sheets.append(Sheet(words["sheet"]))
        elif "row" in words and "cells" in words:
            self.cells += len(words["cells"])
            self.sheets[-1].numbers.append(words["row"])
            self.sheets[-1].rows.append(
                {column: _value(kind, value) for column, kind, value in words["cells"]}
            )
        elif "merged" in words:
            self._blank_merged(self.sheets[-1], words["merged"])
        elif "end" in words:
            self.is_ended = True
        elif "fault" in words:
            self.findings.append(self._finding(words["fault"], words))
        else:
            self._stop(words)

    def _stop(self, words: dict[str, Any]) -> None:
        self.findings.append(self._finding(words["stop"], words))
        self.is_ended = True

    def _finding(self, reason: str, words: dict[str, Any]) -> Finding:
        sheet = self.sheets[-1].name if self.sheets else None
        subject, next_step = _REASONS[reason]
        unit = _UNITS.get(reason, "")
        found = _shown(words["found"], unit) if "found" in words else ""
        if not found and "part" in words:
            found = f"in the part {words['part']}"
        allowed = f"at most {_shown(words['allowed'], unit)}" if "allowed" in words else ""
        place = Place(self.file, words.get("row"), words.get("column"), sheet=sheet)
        return error("workbook", place, subject, found=found, allowed=allowed, next_step=next_step)

    def _blank_merged(self, sheet: Sheet, areas: list[list[int]]) -> None:
        work = 0
        for first_row, first_column, last_row, last_column in areas:
            start, end = bisect_left(sheet.numbers, first_row), bisect_right(sheet.numbers, last_row)
            work += end - start
            if work > _MOST_MERGED_ROWS:
                self.findings.append(self._finding("too_many_merged", {}))
                return
            for number, cells in zip(sheet.numbers[start:end], sheet.rows[start:end], strict=True):
                for column in [column for column in cells if first_column <= column <= last_column]:
                    if (number, column) != (first_row, first_column):
                        del cells[column]


def _shown(amount: object, unit: str) -> str:
    return f"{amount:,}{unit}" if isinstance(amount, int) else str(amount)


def _value(kind: str, value: Any) -> CellValue:
    if kind == "d":
        return dt.date.fromisoformat(value)
    if kind == "t":
        return dt.datetime.fromisoformat(value)
    if kind == "x":
        reason, shown = value
        subject, next_step = _UNUSABLE[reason]
        return Unusable(f"{subject} {shown}", next_step)
    plain: CellValue = value
    return plain


_UNITS = {
    "too_many_parts": " parts",
    "too_large_unpacked": " bytes",
    "too_strongly_packed": " times its size",
    "too_many_rows": " rows",
    "too_many_cells": " cells",
    "too_many_merged": " merged areas",
    "time": " seconds of computing time",
}

_UNUSABLE = {
    "formula": ("the formula", "paste the value instead (copy the cell, then paste special, values)"),
    "error": ("the error value", "mend what the cell was computed from and paste the value"),
    "long": ("a text of", "shorten it"),
    "time": ("the time", "write a plain value; times of day and durations are not read"),
    "number": ("the number", "write a number between -1e15 and 1e15"),
}

_SAVE_AGAIN = "open it in a spreadsheet program and save it again"
_FEWER_SHEETS = "save only the sheets of the deal in a new workbook"
_FOLDER_INSTEAD = f"{_FEWER_SHEETS}, or use a folder of CSV tables"

_REASONS = {
    "not_a_workbook": (
        "the file is not an .xlsx workbook, or it is damaged",
        "open it in a spreadsheet program and save it as .xlsx",
    ),
    "encrypted": ("the workbook is protected by a password", "remove the password and save it again"),
    "too_many_parts": (
        "the workbook has too many parts",
        _FEWER_SHEETS,
    ),
    "too_large_unpacked": (
        "the workbook is too large once unpacked",
        _FEWER_SHEETS,
    ),
    "too_strongly_packed": (
        "the workbook unpacks to many times its size, as no real one does",
        _FEWER_SHEETS,
    ),
    "entities": (
        "the workbook defines entities (DOCTYPE), as no spreadsheet program does",
        _SAVE_AGAIN,
    ),
    "encoding": ("a part of the workbook is not UTF-8", _SAVE_AGAIN),
    "strict": ("the workbook has the format “Strict Open XML”", "save it as an ordinary .xlsx workbook"),
    "memory": ("the workbook needs too much memory", _FEWER_SHEETS),
    "time": (
        "the workbook takes too long to read",
        _FOLDER_INSTEAD,
    ),
    "too_many_rows": ("a sheet has too many rows", _FOLDER_INSTEAD),
    "too_many_cells": (
        "the workbook has too many cells",
        _FOLDER_INSTEAD,
    ),
    "damaged": (
        "the workbook cannot be read from here on",
        _SAVE_AGAIN,
    ),
    "outside": (
        "a cell stands far outside the table",
        "delete the cell; delete whole rows and columns beyond the table to be sure",
    ),
    "too_many_merged": ("the sheet has too many or overlapping merged areas", "unmerge the cells"),
}
