"""How figures stand in the sentences of an assessment."""

from __future__ import annotations

import math
from collections.abc import Sequence


def figure(value: float, digits: int = 4) -> str:
    """A number as a reader writes it: whole numbers with separators, others with some digits that count.

    Examples
    --------
    >>> figure(12000.0), figure(0.83333), figure(1234.56), figure(0.0000125), figure(0.83333, 3)
    ('12,000', '0.8333', '1,235', '0.0000125', '0.833')
    """
    if value == 0 or math.isinf(value):
        return "0" if value == 0 else "∞"
    if value == round(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 1e-4:
        return f"{value:.{digits}g}"
    return f"{value:.20f}".rstrip("0") if size >= 1e-9 else f"{value:.{digits}g}"


def quantity(value: float, unit: str, digits: int = 4) -> str:
    """A number with its unit; a pure number stands alone.

    Examples
    --------
    >>> quantity(340, "km"), quantity(0.9, "1"), quantity(0.05, "1/h")
    ('340 km', '0.9', '0.05 per h')
    """
    text = figure(value, digits)
    if unit == "1":
        return text
    return f"{text} per {unit[2:]}" if unit.startswith("1/") else f"{text} {unit}"


def counted(number: float, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "failure", "failures"), counted(0.5, "failure", "failures")
    ('1 failure', '0.5 failures')
    """
    return f"{figure(number)} {one if number == 1 else many}"


def percent(share: float) -> str:
    """A share as a percentage, with one decimal where it is below ten or above ninety.

    Examples
    --------
    >>> percent(0.8), percent(0.034), percent(0.9991)
    ('80 %', '3.4 %', '99.9 %')
    """
    value = 100 * share
    text = f"{value:.0f}" if 10 <= value <= 90 else f"{value:.1f}".removesuffix(".0")
    return f"{text} %"


def listing(items: Sequence[str]) -> str:
    """Items in one phrase: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def months(number: int) -> str:
    """A number of months: "1 month", "12 months"."""
    return counted(number, "month", "months")
