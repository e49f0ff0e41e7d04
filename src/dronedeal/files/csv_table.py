"""Cutting the text of a CSV file into rows and cells, each with its true line.

The standard `csv` module tells the last line of a row only, and joins what stands behind a stray
quotation mark; here every cell keeps the line where it begins, and a broken row spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from dronedeal.files.grid import RawRow, RowFault, is_left_out
from dronedeal.files.limits import MAX_COLUMNS
from dronedeal.files.suggestion import quoted

_QUOTED_CELL = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_PLAIN_CELL = re.compile(r"[^,\n]*+")
_CLOSE_QUOTES = "enclose the whole cell in quotation marks and double those inside it"


def scan_rows(text: str) -> Iterator[RawRow]:
    """Rows of a CSV text, without blank rows and comment rows.

    Parameters
    ----------
    text : whole content of the file, lines ending in a line feed
    """
    position, line = 0, 1
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if _has_too_many_cells(text, position, end):
            row, after, after_line = _too_wide(line), end + 1, line + 1
        elif text.find('"', position, end) < 0:
            row, after, after_line = RawRow(line, text[position:end].split(",")), end + 1, line + 1
        else:
            row, after, after_line = _quoted_row(text, position, line=line)
        if not is_left_out(row.cells):
            yield row
        position, line = after, after_line


def first_line_beyond(text: str, limit: int) -> int | None:
    """Line of the row that is one too many for `limit` rows below the header; None where all fit."""
    if text.count("\n") <= limit:
        return None
    beyond = next(islice(scan_rows(text), limit + 1, None), None)
    return beyond.line if beyond else None


def _has_too_many_cells(text: str, start: int, end: int) -> bool:
    return end - start > MAX_COLUMNS and text.count(",", start, end) > 50 * MAX_COLUMNS


def _too_wide(line: int) -> RawRow:
    fault = RowFault(
        line,
        MAX_COLUMNS + 1,
        f"the row has more than {50 * MAX_COLUMNS} cells",
        "",
        f"a row has at most {MAX_COLUMNS} cells; remove the commas that are too many",
    )
    return RawRow(line, ["…"], fault=fault)


def _quoted_row(text: str, start: int, *, line: int) -> tuple[RawRow, int, int]:
    """A row with quotation marks, the position after it and the line after it."""
    cells: list[str] = []
    lines: list[int] = []
    position, at_line = start, line
    while True:
        lines.append(at_line)
        match = (_QUOTED_CELL if text.startswith('"', position) else _PLAIN_CELL).match(text, position)
        fault = _fault(text, position, match, place=(at_line, len(cells) + 1))
        if match is None or fault:
            return _broken_row(
                text, position, RawRow(line, [*cells, text[position : position + 60]], fault=fault), at_line
            )
        value = match[1].replace('""', '"') if match.re is _QUOTED_CELL else match[0]
        cells.append(value)
        at_line += value.count("\n")
        position = match.end()
        if position >= len(text) or text[position] == "\n":
            shifted = lines if at_line > line else []
            return RawRow(line, cells, shifted), position + 1, at_line + 1
        position += 1


def _broken_row(text: str, position: int, row: RawRow, line: int) -> tuple[RawRow, int, int]:
    """Go on at the line below the one where the faulty cell begins."""
    end = text.find("\n", position)
    return row, len(text) if end < 0 else end + 1, line + 1


def _fault(
    text: str, position: int, match: re.Match[str] | None, *, place: tuple[int, int]
) -> RowFault | None:
    line, column = place
    if match is None:
        shown = quoted(text[position : position + 60])
        return RowFault(line, column, "a quotation mark is opened and never closed", shown, _CLOSE_QUOTES)
    if match.re is _PLAIN_CELL and '"' in match[0]:
        return RowFault(
            line, column, "a quotation mark inside a cell without quotes", quoted(match[0]), _CLOSE_QUOTES
        )
    after = text[match.end() : match.end() + 1]
    if after not in ("", ",", "\n"):
        shown = quoted(text[position : match.end() + 1][-60:])
        return RowFault(
            line, column, "text follows the closing quotation mark of a cell", shown, _CLOSE_QUOTES
        )
    return None
