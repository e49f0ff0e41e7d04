"""The value of a change: read from its text by the kind of the column, and reckoned exactly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from dronedeal.deal import drafts
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
WHOLE = ("integer", "fiscal_year")
NUMERIC = ("number", "fraction", *WHOLE)
_LISTS = ("id_list", "number_list", "text_list")
_STEPS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "*=": lambda old, by: old * by,
    "+=": lambda old, by: old + by,
    "-=": lambda old, by: old - by,
    "/=": lambda old, by: old / by,
}
OPERATORS = ("=", *_STEPS)


class UnusableValueError(Exception):
    """A value that a column cannot take; those who asked say of which change."""

    def __init__(self, *, found: str, allowed: str, next_step: str) -> None:
        self.found = found
        self.allowed = allowed
        self.next_step = next_step
        super().__init__(f"found {found}; allowed: {allowed}; {next_step}")


def new_value(old: object, column: Column, *, operator: str, text: str) -> object:
    """The value of a cell after a change; None for a blank cell, which stays blank unless `=` fills it.

    Sums and products are those of the decimals as they are written, so that 0.1 + 0.2 is 0.3 and dividing by
    what a number was multiplied with gives the number back.

    Parameters
    ----------
    old : value before the change
    column : of the cell
    operator : one of `OPERATORS`
    text : value of the change

    Raises
    ------
    UnusableValueError : where the column cannot take the value

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> new_value(1300000.0, TABLES["budgets"].column("amount"), operator="*=", text="0.9")
    1170000.0
    """
    if operator == "=":
        return stated(text, column)
    if column.kind not in NUMERIC:
        raise UnusableValueError(
            found=f"{operator} for the column {column.name}, which holds {column.allowed}",
            allowed="=",
            next_step="reckon the value yourself and set it with =",
        )
    by = _number(text, "a number")
    if operator == "/=" and by == 0:
        raise UnusableValueError(
            found="0", allowed="a number other than 0", next_step="divide by another number"
        )
    if old is None:
        return None
    return _plain(_STEPS[operator](Fraction(repr(old)), by), column)


def stated(text: str, column: Column) -> object:
    """The value that a text states; blank stands for the default, as a blank cell does.

    Parameters
    ----------
    text : as a cell of the column is written
    column : the column, whose `kind` says what is expected

    Raises
    ------
    UnusableValueError : where the column cannot take the value

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> stated("0.1", TABLES["prices"].column("royalty"))
    0.1
    """
    if not text:
        if column.is_required:
            raise UnusableValueError(
                found="nothing", allowed=column.allowed, next_step="write a value behind the ="
            )
        return column.default
    if column.kind in NUMERIC:
        return _plain(_number(text, column.allowed), column)
    if column.kind == "boolean":
        return _boolean(text)
    if column.kind == "choice":
        return _choice(text, column)
    if column.kind in _LISTS:
        items = [item.strip() for item in text.split(";") if item.strip()]
        if column.kind == "number_list":
            return tuple(float(_number(item, column.allowed)) for item in items)
        return tuple(items)
    return text


def _number(text: str, allowed: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        step = (
            "write a plain number, such as 0.9: digits with one decimal point at most, no unit, no separators"
        )
        if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
            step = f"write the share without a percent sign: {float(text[:-1]) / 100:g}"
        raise UnusableValueError(found=drafts.quoted(text), allowed=allowed, next_step=step)
    return Fraction(text)


def _plain(value: Fraction, column: Column) -> int | float:
    if column.kind not in WHOLE:
        return float(value)
    if value.denominator != 1:
        raise UnusableValueError(
            found=f"{float(value):g}",
            allowed=column.allowed,
            next_step="choose a change that gives a whole number",
        )
    return int(value)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise UnusableValueError(
            found=drafts.quoted(text), allowed="true or false", next_step="write one of the two words"
        )
    return text.lower() == "true"


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        advice = drafts.Names(column.choices).advice(text, otherwise="write one of the allowed words")
        raise UnusableValueError(found=drafts.quoted(text), allowed=column.allowed, next_step=advice)
    return text


def with_value(record: Frozen, column: Column, value: object) -> Frozen:
    """The record with another value in one column, validated as a whole.

    Raises
    ------
    UnusableValueError : where the record does not allow the value
    """
    return with_values(record, ((column, value),))


def with_values(record: Frozen, values: Sequence[tuple[Column, object]]) -> Frozen:
    """The record with other values in some columns, validated as a whole.

    Parameters
    ----------
    record : as it stands
    values : columns of it, each with its new value

    Raises
    ------
    UnusableValueError : where the record does not allow one of the values
    """
    kept: dict[str, Any] = {name: getattr(record, name) for name in record.model_fields_set}
    try:
        return type(record).model_validate({**kept, **{column.name: value for column, value in values}})
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        refused = (pair for pair in values if fault["loc"][:1] == (pair[0].name,))
        column, value = next(refused, values[0])
        shown = drafts.number(value) if isinstance(value, int | float) else drafts.quoted(value)
        reason = f"choose another value ({_lower(fault['msg'])})"
        raise UnusableValueError(found=shown, allowed=column.allowed, next_step=reason) from error


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
