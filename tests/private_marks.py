"""Marks in every field of a side's private tables, and the search for them in all that is written.

A mark is a word that stands nowhere else, such as `zqs0012k`, or in a field of numbers a number whose
digits stand nowhere else. Marked deals stay sound, so that they can be planned and negotiated.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from dronedeal.deal import TABLES
from dronedeal.deal.record import Owner

WORD = re.compile(r"zq[bs]\d{4}k")
_TAG = re.compile(r"<[^>]*>")
_SIGNS = re.compile(r"[^0-9a-z]+")
_SIGNIFICANT = 15
# Ids that shared rows cite are public, and what roles, units and conditions compare must stay what it is.
_PUBLIC = frozenset(
    {"home", "north", "border", "price", "royalty", "own_needs", "kestrel", "courier", "falcon"}
    | {
        "reconnaissance",
        "cargo",
        "range",
        "payload",
        "mission_success",
        "any",
        "northland",
        "riverland",
        "westmark",
    }
)
_FREE_IDS = ("learning_group", "appropriation", "tier", "category")


class Marks:
    """Plants marks of one side and knows them all.

    Parameters
    ----------
    side : whose private rows are marked
    """

    def __init__(self, side: Owner) -> None:
        self.side = side
        self.fields: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self.numbers: set[str] = set()
        self.series = "7319" if side == "buyer" else "7391"

    def word(self, field: str) -> str:
        """A new mark for a field of text."""
        mark = f"zq{self.side[0]}{len(self.fields):04}k"
        self.fields[mark] = field
        return mark

    def number(self, value: str, field: str) -> str:
        """A number near a value whose digits are a mark."""
        whole = str(int(float(value)))
        fraction = value.partition(".")[2]
        serial = f"{self.series}{len(self.fields):04}"
        room = _SIGNIFICANT - len(whole.lstrip("0")) - len(fraction) - len(serial)
        assert room >= 0, f"{field} {value} leaves no room for a mark"
        text = f"{whole}.{fraction}{'0' * room}{serial}"
        self.fields[text] = field
        self.numbers.add(text)
        return text

    def rows(self, table: str, rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        """The rows of a table with a mark in every field that can hold one."""
        return [
            {name: self._cell(table, name, value) for name, value in row.items() if value != ""}
            for row in rows
        ]

    def _cell(self, table: str, name: str, value: str) -> str:
        column, field = TABLES[table].column(name), f"{table}.{name}"
        if (
            column.kind in ("number", "fraction")
            and float(value) != 0
            and (name, value) != ("years_valid", "1")
        ):
            at_most = 1.0 if column.kind == "fraction" else 1e15
            return value if float(value) >= at_most else self.number(value, field)
        if name == "source":
            return f"https://example.org/{self.word(field)}"
        if column.kind == "text" and name not in ("subject", "unit", "exposure_unit", "standard"):
            return f"{value} {self.word(field)}"
        if column.kind == "id" and value not in _PUBLIC and (column.refers_to or name in (*_FREE_IDS, "id")):
            return self._id(value, field)
        return value

    def _id(self, value: str, field: str) -> str:
        """The same new name for the same id, wherever it stands."""
        if value not in self._ids:
            self._ids[value] = f"{value}-{self.word(field)}"
        return self._ids[value]

    def found_in(self, content: bytes) -> set[str]:
        """Marks of this side in the content of a file, inside packed files too."""
        found: set[str] = set()
        for part in parts(content):
            text = part.decode("utf-8", errors="ignore").lower()
            for plain in (text, _SIGNS.sub("", text), _SIGNS.sub("", _TAG.sub("", text))):
                found |= {mark for mark in WORD.findall(plain) if mark in self.fields}
            if self.series in text:
                digits = text.replace(".", "")
                found |= {mark for mark in self.numbers if mark in text or mark.replace(".", "") in digits}
        return found

    def found_below(self, *places: Path) -> dict[str, set[str]]:
        """Marks in the names and the content of all files below some folders, by file."""
        found = {}
        for place in places:
            for path in sorted(place.rglob("*")):
                marks = self.found_in(str(path.relative_to(place)).encode())
                marks |= self.found_in(path.read_bytes()) if path.is_file() else set()
                if marks:
                    found[str(path)] = marks
        return found


def parts(content: bytes) -> Iterator[bytes]:
    """A content and all that is packed in it: members of archives with names, tables of column files."""
    yield content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment
            for member in archive.infolist():
                yield member.filename.encode() + member.comment + member.extra
                yield from parts(archive.read(member))
    elif content[:4] == b"PAR1":
        yield pl.read_parquet(io.BytesIO(content)).write_csv().encode()


def write_table(path: Path, table: str, rows: Sequence[dict[str, str]]) -> None:
    """Write rows, which may lack columns, as a CSV table."""
    names = [column.name for column in TABLES[table].columns if any(column.name in row for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


_watched: list[str] = []
_touched: list[str] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _watched and event in ("open", "os.listdir", "os.scandir", "os.open") and arguments:
        path = arguments[0]
        if isinstance(path, str | bytes | Path):
            text = path.decode() if isinstance(path, bytes) else str(path)
            _touched.extend(text for folder in _watched if text == folder or text.startswith(f"{folder}/"))


sys.addaudithook(_hear)


@contextmanager
def watched(*folders: Path) -> Iterator[list[str]]:
    """The names of all that is opened or listed in some folders while the block runs."""
    _touched.clear()
    _watched.extend(map(str, folders))
    try:
        yield _touched
    finally:
        _watched.clear()
