"""Between the values of two positions: what a cell holds there, and where between them a value lies."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

from dronedeal.deal import drafts
from dronedeal.deal.change_value import NUMERIC, WHOLE, UnusableValueError, stated
from dronedeal.deal.schema import Column

_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")
_FIRST_DAY = re.compile(r"(?<=^[0-9]{4}-[0-9]{2})-01$")
_LEAST = Fraction(1, 10**9)
"""Numbers that differ by less than this share of the distance of the two ends are the same."""


def end_value(text: str | None, column: Column) -> object:
    """The value that a cell of the column has where this text stands in it.

    Parameters
    ----------
    text : as the cell is written, such as `0.1`, `true`, `2027-01`; None for a blank cell
    column : of the cell

    Raises
    ------
    UnusableValueError : where the column cannot take the value

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> end_value("2027-01-31", TABLES["trials"].column("date"))
    datetime.date(2027, 1, 31)
    """
    if text is None:
        return stated("", column)
    if column.kind == "month":
        text = _FIRST_DAY.sub("", text)  # a spreadsheet program makes a date of a typed 2026-10
    if column.kind == "month" and not _MONTH.fullmatch(text):
        step = "write year and month, such as 2026-10"
        raise UnusableValueError(found=drafts.quoted(text), allowed=column.allowed, next_step=step)
    if column.kind == "date":
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            step = "write year, month and day, such as 2026-10-31"
            raise UnusableValueError(
                found=drafts.quoted(text), allowed=column.allowed, next_step=step
            ) from None
    return stated(text, column)


def between(ends: tuple[object, object], share: Fraction, column: Column) -> object:
    """The value of a cell between two ends.

    Numbers, months and days move in proportion, `first + share · (second − first)`, and are rounded to the
    nearest where they are whole; all else, and what is blank at one end, is that of the nearer end. The
    middle belongs to the first end.

    Parameters
    ----------
    ends : value at the first and at the second end
    share : of the way from the first to the second, from 0 to 1
    column : of the cell

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> between((1.0, 3.0), Fraction(1, 4), TABLES["prices"].column("unit_price"))
    1.5
    >>> between(("2026-10", "2027-10"), Fraction(1, 2), TABLES["rules"].column("valid_from"))
    '2027-04'
    """
    first, second = ends
    if share in (0, 1) or first == second:
        return second if share == 1 else first
    if not is_ordered(column) or first is None or second is None:
        return first if share <= Fraction(1, 2) else second
    start, way = measure(first, column), share * (measure(second, column) - measure(first, column))
    if column.kind in ("number", "fraction"):
        return float(start + way)
    whole = -(-abs(way) // 1) if abs(way) % 1 > Fraction(1, 2) else abs(way) // 1
    return _of_measure(int(start) + int(whole) * (1 if way > 0 else -1), column)


def share_of(value: object, ends: tuple[object, object], column: Column) -> Fraction | None:
    """How far between two ends a value lies: 0 at the first, 1 at the second; None where it lies on no way
    from one to the other.

    Parameters
    ----------
    value : of the cell
    ends : value at the first and at the second end, unlike each other
    column : of the cell
    """
    if value == ends[0] or value == ends[1]:
        return Fraction(int(value != ends[0]))
    if None in (value, *ends) or not is_ordered(column):
        return None
    first, second = (measure(end, column) for end in ends)
    return (measure(value, column) - first) / (second - first)


def is_alike(one: object, other: object, *, ends: tuple[object, object], column: Column) -> bool:
    """Whether two values of a cell are the same but for the rounding of numbers that are not whole."""
    if one == other or column.kind not in ("number", "fraction") or None in (one, other, *ends):
        return one == other
    first, second = (measure(end, column) for end in ends)
    return abs(measure(one, column) - measure(other, column)) <= _LEAST * abs(second - first)


def is_ordered(column: Column) -> bool:
    """Whether the values of a column have values between them: numbers, months and days."""
    return column.kind in (*NUMERIC, "month", "date")


def measure(value: object, column: Column) -> Fraction:
    """A value as a number: the decimals as they are written, months and days counted."""
    if column.kind == "month":
        year, month = str(value).split("-")
        return Fraction(12 * int(year) + int(month) - 1)
    if isinstance(value, dt.date):
        return Fraction(value.toordinal())
    return Fraction(repr(value))


def _of_measure(number: int, column: Column) -> object:
    if column.kind == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    return number if column.kind in WHOLE else dt.date.fromordinal(number)
