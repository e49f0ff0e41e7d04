"""Numbers, money, months and lists in words, as every part of the report writes them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
NO_BREAK_HYPHEN = "\u2011"
# From here on a number in full is more digits than anybody reads.
_TOO_LONG = 1e15
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_RIGHT_TO_LEFT = {"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"}
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_BLANKS = re.compile(r"[\n\t]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def number_text(value: float, decimals: int | None = None) -> str:
    """A number with thousands separators.

    Without `decimals`, whole from 100 on, three digits below, and a power of ten from 10¹⁵ on.

    >>> number_text(1234567.8), number_text(12.345), number_text(-0.004, 1), number_text(7)
    ('1,234,568', '12.3', '0.0', '7')
    >>> number_text(4.524e18).replace(NO_BREAK_SPACE, " ")
    '4.524 × 10¹⁸'
    """
    if decimals is None and _TOO_LONG <= abs(value) < math.inf:
        text = _with_power(value)
    elif decimals is None:
        text = f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.3g}"
        if "e" in text:
            text = f"{value:,.6f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text.lstrip("-") if is_zero else text.replace("-", MINUS)


def _with_power(value: float) -> str:
    mantissa, power = f"{value:.3e}".split("e")
    return f"{mantissa}{NO_BREAK_SPACE}×{NO_BREAK_SPACE}10{str(int(power)).translate(_RAISED)}"


def money_text(amount: float, currency: str, *, digits: int = 3) -> str:
    """Money rounded to so many digits with its unit, for sentences and key figures.

    >>> money_text(1_234_000_000, "USD").replace(NO_BREAK_SPACE, " ")
    'USD 1.23 billion'
    >>> money_text(-45_600, "EUR").replace(NO_BREAK_SPACE, " ")
    'EUR −45,600'
    """
    return f"{currency}{NO_BREAK_SPACE}{money_number(amount, digits=digits)}"


def money_number(amount: float, *, digits: int = 3) -> str:
    """The number of `money_text` without its currency.

    >>> money_number(999_999_999).replace(NO_BREAK_SPACE, " "), money_number(0.5)
    ('1.00 billion', '0.50')
    """
    for size, word in _SCALES:
        # A figure that rounds up to the next unit is written in that unit: 1.00 billion, not 1,000 million.
        if abs(amount) >= size * (1 - 0.5 * 10.0**-digits):
            return f"{_rounded(amount / size, digits)}{NO_BREAK_SPACE}{word}"
    if abs(amount) >= 100:
        return number_text(amount, 0)
    return number_text(amount, 0 if amount == round(amount) else 2)


def _rounded(value: float, digits: int) -> str:
    """A number from 1 to 1,000 with so many digits."""
    decimals = next(
        (places for places in (1, 2) if abs(value) < 10**places - 0.5 * 10 ** (places - digits)), 3
    )
    return number_text(value, digits - decimals)


def percent_text(share: float, decimals: int = 0) -> str:
    """A share as a percentage; never a rounded 100% or 0% for what is not whole.

    >>> percent_text(0.256), percent_text(0.9999), percent_text(0.0001), percent_text(1.0)
    ('26%', 'over 99%', 'under 1%', '100%')
    """
    text = number_text(share * 100, decimals)
    if decimals == 0 and text == "100" and share < 1 - 1e-6:
        return "over 99%"
    if decimals == 0 and text == "0" and share > 1e-9:
        return "under 1%"
    return f"{text}%"


def change_text(change: float, decimals: int | None = None) -> str:
    """A change with its sign; digits as of `number_text`.

    >>> change_text(1200.0), change_text(-0.5), change_text(0.0)
    ('+1,200', '−0.5', '0')
    """
    return _signed(number_text(change, decimals), change)


def relative_text(share: float) -> str:
    """A relative change with its sign, in per cent.

    >>> relative_text(0.125), relative_text(-1.0), relative_text(0.0), relative_text(-1e-6)
    ('+12.5%', '−100%', '0.0%', '<0.01%')
    """
    if 0 < abs(share) < 0.5e-4:
        return "<0.01%"
    decimals = 0 if abs(share) >= 1 else 1 if abs(share) >= 0.001 or share == 0 else 2
    return _signed(f"{number_text(share * 100, decimals)}%", share)


def _signed(text: str, value: float) -> str:
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero or value < 0 else f"+{text}"


def gap_text(gap: float | None) -> str:
    """A relative gap with enough digits to be told from zero.

    >>> gap_text(0.00043), gap_text(0), gap_text(1.234), gap_text(None)
    ('0.043%', '0%', '123%', 'not known')
    """
    if gap is None:
        return "not known"
    if abs(gap) >= 1:
        return f"{number_text(gap * 100, 0)}%"
    return "0%" if abs(gap) < 1e-12 else f"{gap * 100:.2g}%".replace("-", MINUS)


def month_text(label: str) -> str:
    """A month given as YYYY-MM in words.

    >>> month_text("2027-10")
    'October 2027'
    """
    year, month = label.split("-")
    return f"{_MONTHS[int(month) - 1]} {year}"


def short_month_text(label: str) -> str:
    """A month given as YYYY-MM with three letters.

    >>> short_month_text("2027-10")
    'Oct 2027'
    """
    year, month = label.split("-")
    return f"{_MONTHS[int(month) - 1][:3]} {year}"


def list_text(items: Sequence[str], limit: int | None = None) -> str:
    """Items as one phrase; past `limit` the rest is counted.

    >>> list_text(["a", "b", "c"]), list_text(["a", "b", "c", "d"], 2)
    ('a, b and c', 'a, b and 2 more')
    """
    shown = list(items)
    if limit is not None and len(shown) > limit:
        shown = [*shown[:limit], f"{len(shown) - limit} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def count_text(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun.

    >>> count_text(1, "line"), count_text(3, "line"), count_text(2, "branch", "branches")
    ('1 line', '3 lines', '2 branches')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def plain(identifier: str) -> str:
    """An identifier of the program in words.

    >>> plain("then_year")
    'then year'
    """
    return identifier.replace("_", " ")


def sentence(text: str) -> str:
    """The text with a capital at its beginning and a full stop at its end.

    >>> sentence("the solver stopped")
    'The solver stopped.'
    """
    if not text:
        return text
    closed = text if text[-1] in ".!?" else f"{text}."
    return closed[0].upper() + closed[1:]


def shorten(text: str, limit: int) -> str:
    """The text on one line, cut with an ellipsis where it is longer than `limit`.

    >>> shorten("interceptor against small aircraft", 12)
    'interceptor…'
    """
    line = " ".join(text.replace(NO_BREAK_SPACE, "\0").split()).replace("\0", NO_BREAK_SPACE)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1].rstrip() + "…"
    return cut + _END_ISOLATE if cut.count(_ISOLATE) > cut.count(_END_ISOLATE) else cut


def isolate(text: str) -> str:
    """Text without control characters; if any of it runs from right to left, shut in.

    Shut in, it does not reorder the words around it.

    >>> isolate("two\\nlines")
    'two lines'
    """
    if not text.isprintable():
        text = _CONTROLS.sub("", _BLANKS.sub(" ", text))
    if text.isascii() or not any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return text
    return f"{_ISOLATE}{text}{_END_ISOLATE}"
