"""Reads an untrusted workbook in a process of its own and prints its cells as JSON lines.

Run as a script, `python -I workbook_child.py PATH LEFT_OUT`; `LEFT_OUT` is a JSON object that names `sheets`
and `owners` whose sheets are not opened. It imports nothing of this package, so that it
starts fast and a fault in it can touch nothing. Before the workbook is opened the process gives up
the right to much memory, much time and to writing files. Each line of the output is one of

- `{"sheet": name}`: the rows that follow belong to this sheet,
- `{"row": number, "cells": [[column, type, value], …]}`: cells that are not blank; type is one of
  `s` text, `n` number, `b` truth value, `d` date, `t` date with time, `x` a cell that cannot be used,
- `{"merged": [[first row, first column, last row, last column], …]}`: merged areas of the sheet,
- `{"fault": reason, …}`: why nothing more follows of this sheet,
- `{"stop": reason, …}`: why nothing more follows at all,
- `{"end": true}`: everything was read.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import signal
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 3
MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 128 * 1024 * 1024
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 4 * 1024 * 1024
MAX_ROW = 250_000
MAX_COLUMN = 200
MAX_CELLS = 400_000
MAX_CHARACTERS = 32_767
MAX_MERGED = 10_000
MAX_NUMBER = 1e300

_CHUNK = 1024 * 1024
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_HARMLESS_ENCODINGS = (b"utf-8", b"us-ascii", b"ascii")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class StopError(Exception):
    """Reading ends here; `reason` and `details` become the last line of the output."""

    def __init__(self, reason: str, **details: object) -> None:
        self.reason = reason
        self.details = details
        super().__init__(reason)


class SheetError(StopError):
    """Reading ends for one sheet."""


def main(path: str, left_out: dict[str, list[str]]) -> None:
    """Print the cells of the workbook at `path`, but for the sheets that are left out."""
    reader_class = _reader_class()  # loaded before any limit counts, so that its compiled form can be stored
    _limit_process()
    try:
        _check_parts(path)
        for sheet in _sheets(reader_class, path):
            if not _is_left_out(sheet.title, left_out):
                _try_sheet(sheet)
        _print({"end": True})
    except StopError as stop:
        _print({"stop": stop.reason, **stop.details})
    except MemoryError:
        _print({"stop": "memory"})
    except Exception as fault:
        # whatever a damaged workbook makes the parser raise is a fault of the workbook
        _print({"stop": "damaged", "found": _shown(fault)})


def _is_left_out(title: str, left_out: dict[str, list[str]]) -> bool:
    """Whether a sheet is one of those, or its name begins with an owner: `seller.prices`, `seller~lines`."""
    owner = re.split("[.~]", title, maxsplit=1)[0] if re.search("[.~]", title) else ""
    return title in left_out.get("sheets", ()) or owner in left_out.get("owners", ())


def _try_sheet(sheet: Any) -> None:
    try:
        _print_sheet(sheet)
    except SheetError as fault:
        _print({"fault": fault.reason, **fault.details})
    except (StopError, MemoryError):
        raise
    except Exception as fault:  # as in `main`
        _print({"fault": "damaged", "found": _shown(fault)})


def _shown(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:200]


def _limit_process() -> None:
    try:
        import resource
    except ImportError:  # not on this system; the parent still limits time and output
        return
    signal.signal(signal.SIGXCPU, _out_of_time)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime) + CPU_SECONDS
    for kind, soft, hard in (
        (resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        most = resource.getrlimit(kind)[1]
        most = hard if most == resource.RLIM_INFINITY else min(hard, most)
        resource.setrlimit(kind, (min(soft, most), most))


def _out_of_time(number: int, frame: object) -> None:
    raise StopError("time", allowed=CPU_SECONDS)


def _print(words: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")


# the zip file, before any of it is parsed


def _check_parts(path: str) -> None:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError):
        raise StopError("not_a_workbook") from None
    with archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise StopError("too_many_parts", found=len(parts), allowed=MAX_PARTS)
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if unpacked > MAX_UNPACKED_BYTES:
            raise StopError("too_large_unpacked", found=unpacked, allowed=MAX_UNPACKED_BYTES)
        if unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1):
            raise StopError("too_strongly_packed", found=unpacked // max(packed, 1), allowed=MAX_RATIO)
        for part in parts:
            _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse parts that are encrypted, or that define entities; only XML parts are looked into."""
    if part.flag_bits & 0x1:
        raise StopError("encrypted", part=part.filename)
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    tail, rows, cells = b"", 0, 0
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            if not tail:
                _check_encoding(chunk, part.filename)
            if b"http://purl.oclc.org/ooxml" in chunk:
                raise StopError("strict", part=part.filename)
            if b"<!DOCTYPE" in tail + chunk or b"<!ENTITY" in tail + chunk:
                raise StopError("entities", part=part.filename)
            rows, cells = rows + chunk.count(b"<row "), cells + chunk.count(b"<c ")
            if rows > MAX_ROW:
                raise StopError("too_many_rows", part=part.filename, allowed=MAX_ROW)
            if cells > MAX_CELLS:
                raise StopError("too_many_cells", part=part.filename, allowed=MAX_CELLS)
            tail = chunk[-16:]


def _check_encoding(start: bytes, name: str) -> None:
    """Other encodings could hide from the search for entities."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf").lstrip())
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start[:64]:
        raise StopError("encoding", part=name, found="UTF-16")
    if declared and declared[1].lower() not in _HARMLESS_ENCODINGS:
        raise StopError("encoding", part=name, found=declared[1].decode("ascii"))


# the sheets


def _reader_class() -> Any:
    """The reader of the workbook library, with the shared texts read exactly."""
    for optional in (
        "numpy",
        "lxml",
        "defusedxml",
    ):  # every machine reads alike, and fast
        sys.modules[optional] = None  # type: ignore[assignment]
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.xml.constants import SHARED_STRINGS

    # Opening a sheet looks for its stated size and, where none is stated, parses all of it for nothing,
    # before the sheet can be named in an error.
    ReadOnlyWorksheet._get_size = lambda sheet: None

    class Reader(ExcelReader):  # type: ignore[misc]
        """Takes shared texts as they are: the usual reader drops `x005F_` from them and keeps escapes."""

        def read_strings(self) -> None:
            part = self.package.find(SHARED_STRINGS)
            if part is not None:
                with self.archive.open(part.PartName[1:]) as source:
                    self.shared_strings = list(_shared_texts(source))

    return Reader


def _sheets(reader_class: Any, path: str) -> list[Any]:
    """Worksheets of the workbook in their order, hidden ones too, opened for reading only."""
    reader = reader_class(
        path, read_only=True, keep_vba=False, data_only=False, keep_links=False, rich_text=False
    )
    reader.read()
    return [sheet for sheet in reader.wb.worksheets if hasattr(sheet, "_worksheet_path")]


def _shared_texts(source: Any) -> Iterator[str]:
    from xml.etree.ElementTree import iterparse

    main_names = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    for _, element in iterparse(source):
        if element.tag == f"{main_names}si":
            runs = [element.findtext(f"{main_names}t") or ""]
            runs += [run.findtext(f"{main_names}t") or "" for run in element.findall(f"{main_names}r")]
            yield SharedText("".join(_unescaped(run) for run in runs))
            element.clear()


class SharedText(str):
    """A shared text whose escapes are undone already; texts inside cells still have theirs."""

    __slots__ = ()


def _unescaped(text: str) -> str:
    """Undo `_xHHHH_`, the way in which workbooks write characters that XML has no place for."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _print_sheet(sheet: Any) -> None:
    from openpyxl.worksheet._reader import WorkSheetParser  # the row-wise one would invent millions of rows

    book = sheet.parent
    _print({"sheet": sheet.title})
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for number, cells in parser.parse():
            if number <= last:
                raise SheetError("damaged", row=number, found="rows that are not in order")
            last = number
            _print_row(number, cells)
        areas = parser.merged_cells.mergeCell if parser.merged_cells is not None else []
        if len(areas) > MAX_MERGED:
            raise SheetError("too_many_merged", found=len(areas), allowed=MAX_MERGED)
        _print({"merged": [[area.min_row, area.min_col, area.max_row, area.max_col] for area in areas]})


_cells_seen = 0


def _print_row(number: int, cells: list[dict[str, Any]]) -> None:
    global _cells_seen
    written = []
    for cell in cells:
        if cell["value"] is None:
            continue
        column = cell["column"]
        if number > MAX_ROW or column > MAX_COLUMN:
            raise SheetError("outside", row=number, column=column)
        written.append([column, *_typed(cell["data_type"], cell["value"])])
    _cells_seen += len(written)
    if _cells_seen > MAX_CELLS:
        raise StopError("too_many_cells", row=number, allowed=MAX_CELLS)
    if written:
        _print({"row": number, "cells": written})


def _typed(data_type: str, value: Any) -> tuple[str, object]:
    """Type and value of a cell for the output."""
    if data_type == "f":
        text = value if isinstance(value, str) else getattr(value, "text", None) or "="
        return "x", ["formula", str(text)[:60]]
    if data_type == "e":
        return "x", ["error", str(value)[:60]]
    if isinstance(value, str):
        if len(value) > MAX_CHARACTERS:
            return "x", ["long", f"{len(value):,} characters"]
        return "s", value if isinstance(value, SharedText) else _unescaped(value)
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return ("d", value.date().isoformat()) if midnight else ("t", value.isoformat())
    if isinstance(value, dt.date):
        return "d", value.isoformat()
    if isinstance(value, (dt.time, dt.timedelta)):
        return "x", ["time", str(value)[:60]]
    return ("n", value) if abs(value) <= MAX_NUMBER else ("x", ["number", str(value)[:60]])


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {})
