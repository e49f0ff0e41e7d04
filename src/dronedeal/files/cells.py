"""From the raw value of a cell to the value of its column, by the cell types of the schema."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from dronedeal.deal.schema import Column
from dronedeal.files.grid import CellValue, Unusable
from dronedeal.files.limits import MAX_CELL_CHARACTERS
from dronedeal.files.suggestion import did_you_mean, quoted

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0*)?")
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_LIST_ITEM = re.compile(r"(?:[^;\\]|\\.)*+", re.DOTALL)
_LIST_ESCAPE = re.compile(r"\\([;\\])")

EMPTY_LIST = ";"
"""How a list without items is written where a blank cell would say something else."""


class CellError(Exception):
    """A cell that cannot be read; never leaves this package."""

    def __init__(self, next_step: str, *, found: str | None = None) -> None:
        self.next_step = next_step
        self.found = found
        super().__init__(next_step)


Parser = Callable[[CellValue, Column], object]


def parse_cell(raw: CellValue, column: Column) -> object:
    """Value of a cell that is not blank.

    Parameters
    ----------
    raw : text, stripped of blank space around it, or the typed value of a workbook cell
    column : the column, whose `kind` says what is expected

    Raises
    ------
    CellError : with what to write instead

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> parse_cell("12.5", TABLES["prices"].column("unit_price"))
    12.5
    """
    if isinstance(raw, Unusable):
        raise CellError(raw.next_step, found=raw.found)
    if isinstance(raw, str) and len(raw) > MAX_CELL_CHARACTERS:
        raise CellError("shorten it", found=f"a text of {len(raw):,} characters")
    return _PARSERS[column.kind](raw, column)


def _as_text(raw: CellValue) -> str:
    """Text of a cell; spreadsheet programs turn typed figures and days into numbers and dates."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        raise CellError("format the cell as text and type the value again")
    if isinstance(raw, (int, float)):
        return number_text(raw)
    if isinstance(raw, dt.datetime | dt.date):
        return _day_of(raw).isoformat()
    raise CellError("write plain text")


def number_text(value: float) -> str:
    """The shortest text that reads back as exactly this number.

    >>> number_text(5.0), number_text(0.1), number_text(-0.0)
    ('5', '0.1', '-0.0')
    """
    if isinstance(value, int):
        return str(value)
    is_short_whole = value.is_integer() and abs(value) < 1e15 and not (value == 0 and str(value)[0] == "-")
    return str(int(value)) if is_short_whole else repr(value)


def _day_of(raw: dt.date | dt.datetime) -> dt.date:
    if not isinstance(raw, dt.datetime):
        return raw
    if raw.time() != dt.time():
        raise CellError("write the day alone, without a time of day")
    return raw.date()


def _id(raw: CellValue, column: Column) -> str:
    return _as_text(raw)


def _text(raw: CellValue, column: Column) -> str:
    return _as_text(raw)


def _number(raw: CellValue, column: Column) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise CellError("write a plain number")
    if isinstance(raw, str):
        if not _NUMBER.fullmatch(raw):
            raise CellError(_number_advice(raw))
        value = float(raw)
    else:
        value = float(raw)
    if value - value != 0:
        raise CellError("the number is too large; write a finite number, such as 1500000")
    return value


def _integer(raw: CellValue, column: Column) -> int:
    if isinstance(raw, str):
        if _WHOLE.fullmatch(raw):
            return int(raw.partition(".")[0])
        raise CellError(
            _number_advice(raw)
            if not _NUMBER.fullmatch(raw)
            else "write a whole number of at most 18 digits, such as 12"
        )
    value = _number(raw, column)
    if not value.is_integer():
        raise CellError("write a whole number, such as 12")
    return int(value)


def _number_advice(text: str) -> str:
    compact = re.sub(r"[\s'_\u00a0\u202f]", "", text)
    if text.casefold().lstrip("+-") in (
        "nan",
        "inf",
        "infinity",
        "none",
        "null",
        "n/a",
        "#n/a",
        "na",
        "-",
        "–",
        "?",
    ):
        return "write a finite number, or leave the cell blank where nothing is known"
    if compact.endswith("%") and _NUMBER.fullmatch(compact[:-1]):
        return f"write the share without a percent sign, such as {number_text(float(compact[:-1]) / 100)}"
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", compact) or _NUMBER.fullmatch(compact):
        plain = compact.replace(",", "")
        return f"write digits without separators between thousands: {plain}"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", compact):
        return f"write a point before the decimals: {compact.replace(',', '.')}"
    return (
        "write a plain number, such as 12.5: digits with one decimal point at most, no unit, no currency sign"
    )


def _boolean(raw: CellValue, column: Column) -> bool:
    if isinstance(raw, bool):
        return raw
    word = raw.casefold() if isinstance(raw, str) else ""
    if word in ("true", "false"):
        return word == "true"
    meant = {"yes": "true", "y": "true", "1": "true", "no": "false", "n": "false", "0": "false"}
    known = meant.get(word if word else number_text(raw) if isinstance(raw, int | float) else "")
    raise CellError(f"did you mean `{known}`?" if known else "write true or false")


def _date(raw: CellValue, column: Column) -> dt.date:
    if isinstance(raw, dt.date | dt.datetime):
        return _day_of(raw)
    text = _as_text(raw)
    if _DAY.fullmatch(text):
        return _real_date(text)
    raise CellError("write the day as year, month and day, such as 2026-10-31")


def _real_date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise CellError(
            "there is no such day in the calendar; write a real one, such as 2026-10-31"
        ) from None


def _partial_date(raw: CellValue, column: Column) -> str:
    text = _as_text(raw)
    if not _PARTIAL_DATE.fullmatch(text):
        raise CellError("write as much of the date as is known: 2026, 2026-10 or 2026-10-31")
    _real_date(text + "0000-01-01"[len(text) :])
    return text


def _month(raw: CellValue, column: Column) -> str:
    if isinstance(raw, dt.date | dt.datetime):
        day = _day_of(raw)
        if day.day == 1:  # a spreadsheet program makes a date of a typed 2026-10
            return f"{day.year:04d}-{day.month:02d}"
        raise CellError(f"write the month without a day: {day.year:04d}-{day.month:02d}")
    text = _as_text(raw)
    if not _MONTH.fullmatch(text):
        raise CellError("write year and month, such as 2026-10")
    return text


def _fiscal_year(raw: CellValue, column: Column) -> int:
    if isinstance(raw, str) and not re.fullmatch("[0-9]{4}", raw):
        raise CellError("write the year alone with four digits, such as 2027")
    return _integer(raw, column)


def _choice(raw: CellValue, column: Column) -> str:
    text = _as_text(raw)
    if text in column.choices:
        return text
    raise CellError(did_you_mean(text, column.choices, otherwise="write one of the allowed words"))


def _id_list(raw: CellValue, column: Column) -> tuple[str, ...]:
    return tuple(_items(_as_text(raw)))


def _number_list(raw: CellValue, column: Column) -> tuple[float, ...]:
    if isinstance(raw, int | float):
        return (_number(raw, column),)
    items = (_number(item, column) for item in _items(_as_text(raw)))
    return tuple(items)


def _text_list(raw: CellValue, column: Column) -> tuple[str, ...]:
    return tuple(_LIST_ESCAPE.sub(r"\1", item) for item in _items(_as_text(raw)))


def _items(text: str) -> list[str]:
    """Items between semicolons; a backslash keeps a semicolon inside an item."""
    if text == EMPTY_LIST:
        return []
    items = [item.strip() for item in _split(text)]
    if not all(items):
        raise CellError("remove the semicolon that has nothing before or behind it")
    return items


def _split(text: str) -> list[str]:
    if "\\" not in text:
        return text.split(";")
    items, position = [], 0
    while True:
        match = _LIST_ITEM.match(text, position)
        end = match.end() if match else position
        if end < len(text) and text[end] != ";":  # a backslash at the very end
            end = len(text)
        items.append(text[position:end])
        if end >= len(text):
            return items
        position = end + 1


_PARSERS: Mapping[str, Parser] = {
    "id": _id,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "fraction": _number,
    "boolean": _boolean,
    "date": _date,
    "partial_date": _partial_date,
    "month": _month,
    "fiscal_year": _fiscal_year,
    "choice": _choice,
    "id_list": _id_list,
    "number_list": _number_list,
    "text_list": _text_list,
}


def describe(raw: CellValue) -> str:
    """A raw cell as an error shows it."""
    if isinstance(raw, Unusable):
        return raw.found
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return number_text(raw)
    if isinstance(raw, dt.date | dt.datetime):
        return raw.isoformat()
    return quoted(raw if raw is not None else "")
