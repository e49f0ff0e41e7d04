"""Whether values have the shape that the definition of the plan asks for, and their plain form.

Every function returns the values in plain Python types together with the faults found, so that a
damaged file is reported with all its faults at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from dronedeal.deal.record import ID_PATTERN, MONTH_PATTERN
from dronedeal.results.columns import PLAN_TABLES, PlanColumn, PlanTable
from dronedeal.results.keys import PLAN_KEYS, PlanKey

Row = Mapping[str, Any]
Faults = list[str]

_ID = re.compile(ID_PATTERN)
_MONTH = re.compile(MONTH_PATTERN)
_CHECK_KEYS = {"name", "comparisons", "largest_residual"}


def fault(where: str, found: object, allowed: str) -> str:
    """One line about one wrong value."""
    text = repr(found)
    return f"{where}: found {text if len(text) <= 80 else text[:77] + '…'}; allowed: {allowed}"


def is_number(value: object) -> bool:
    """Whether a value is a finite number; true and false are not."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def is_integer(value: object) -> bool:
    """Whether a value is a whole number; true and false are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_text(value: object) -> bool:
    """Whether a value is text that a UTF-8 file can hold."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_tables(tables: object) -> tuple[dict[str, tuple[Row, ...]], Faults]:
    """The tables in the order of the definition, each a tuple of rows with its columns in order."""
    if not isinstance(tables, Mapping):
        return {}, [fault("tables", tables, "an object with one list of rows for each table")]
    faults = name_faults("tables", tables, tuple(PLAN_TABLES), "table")
    plain: dict[str, tuple[Row, ...]] = {}
    for name, table in PLAN_TABLES.items():
        if name in tables:
            plain[name], more = plain_rows(table, tables[name])
            faults += more
    return plain, faults


def plain_rows(table: PlanTable, rows: object) -> tuple[tuple[Row, ...], Faults]:
    """The rows of one table with plain values, columns in their order."""
    where = f"tables.{table.name}"
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Sequence):
        return (), [fault(where, rows, "a list of rows")]
    faults: Faults = []
    names = set(table.names)
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            faults.append(fault(f"{where}[{number}]", row, "an object with one value for each column"))
        elif row.keys() != names:
            faults += name_faults(f"{where}[{number}]", row, table.names, "column")
    if faults:
        return (), faults
    plain_columns = []
    for column in table.columns:
        values, more = _plain_column(column, [row[column.name] for row in rows], where)
        faults += more
        plain_columns.append(values)
    if faults:
        return (), faults
    return tuple(dict(zip(table.names, cells, strict=True)) for cells in zip(*plain_columns, strict=True)), []


def name_faults(where: str, given: Iterable[Any], allowed: tuple[str, ...], noun: str) -> Faults:
    """One fault for each name that is missing or unknown."""
    names = set(given)
    prefix = f"{where}." if where else ""
    missing = [f"{prefix}{name}: missing {noun}" for name in allowed if name not in names]
    unknown = sorted(names - set(allowed), key=str)
    return missing + [
        f"{prefix}{name}: unknown {noun}; allowed: {', '.join(allowed)}" for name in map(_short, unknown)
    ]


def _short(name: object) -> str:
    return str(name)[:60]


def _plain_column(column: PlanColumn, values: list[Any], where: str) -> tuple[list[Any], Faults]:
    """One column as plain values."""
    is_good, plain, allowed = _cell_test(column)
    present = [value for value in values if value is not None] if column.is_nullable else values
    if _all_good(column, present, is_good):
        return [None if value is None else plain(value) for value in values], []
    if column.is_nullable:
        allowed += ", or null"
    return [], [
        fault(f"{where}[{number}].{column.name}", value, allowed)
        for number, value in enumerate(values)
        if not (is_good(value) or (value is None and column.is_nullable))
    ]


def _all_good(column: PlanColumn, values: list[Any], is_good: Callable[[object], bool]) -> bool:
    """Whether every value passes; plain floats and repeated texts take a short way, for speed."""
    types = set(map(type, values))
    if column.kind == "number" and types == {float}:
        return all(map(math.isfinite, values))
    return all(map(is_good, set(values) if types == {str} else values))


def _cell_test(column: PlanColumn) -> tuple[Callable[[object], bool], Callable[[Any], object], str]:
    """Test of a cell, how it becomes plain, and what is allowed in words."""
    if column.kind == "number":
        return is_number, _plain_number, "a finite number"
    if column.kind == "fiscal_year":
        return is_integer, int, "a whole number"
    return _text_test(column), str, _text_words(column)


def _plain_number(value: Any) -> float:
    return float(value) + 0.0  # turns −0.0 into 0.0, so that equal plans are equal files


def _text_test(column: PlanColumn) -> Callable[[object], bool]:
    if column.kind == "choice":
        return lambda value: isinstance(value, str) and value in column.choices
    if column.kind == "text":
        return is_text
    pattern = _MONTH if column.kind == "month" else _ID
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _text_words(column: PlanColumn) -> str:
    if column.kind == "choice":
        return ", ".join(column.choices)
    return {"text": "text", "month": "a month as YYYY-MM", "id": "an id"}[column.kind]


def plain_key(key: PlanKey, value: object) -> tuple[Any, Faults]:
    """The value of one top-level key in plain types."""
    if key.kind == "tables":
        return plain_tables(value)
    if value is None and key.is_nullable:
        return None, []
    result, allowed = _PLAIN_KEYS[key.kind](key, value)
    if allowed:
        return None, [fault(key.name, value, allowed + (", or null" if key.is_nullable else ""))]
    return result, []


def _plain_text_key(key: PlanKey, value: object) -> tuple[Any, str]:
    if not is_text(value) or (key.pattern and not re.fullmatch(key.pattern, str(value))):
        return None, f"text that matches {key.pattern}" if key.pattern else "text"
    return str(value), ""


def _plain_choice_key(key: PlanKey, value: object) -> tuple[Any, str]:
    return (value, "") if isinstance(value, str) and value in key.choices else (None, ", ".join(key.choices))


def _plain_integer_key(_: PlanKey, value: Any) -> tuple[Any, str]:
    return (int(value), "") if is_integer(value) else (None, "a whole number")


def _plain_number_key(_: PlanKey, value: Any) -> tuple[Any, str]:
    return (_plain_number(value), "") if is_number(value) else (None, "a finite number")


def _plain_utilities(_: PlanKey, value: object) -> tuple[Any, str]:
    if (
        isinstance(value, Mapping)
        and set(value) == {"buyer", "seller"}
        and all(map(is_number, value.values()))
    ):
        return {side: _plain_number(value[side]) for side in ("buyer", "seller")}, ""
    return None, "an object with the numbers buyer and seller"


def _plain_mapping(
    is_good: Callable[[object], bool], words: str
) -> Callable[[PlanKey, object], tuple[Any, str]]:
    def plain(_: PlanKey, value: object) -> tuple[Any, str]:
        if isinstance(value, Mapping) and all(map(is_text, value)) and all(map(is_good, value.values())):
            return {name: _plain_value(value[name]) for name in sorted(value)}, ""
        return None, f"an object with {words}"

    return plain


def _is_option(value: object) -> bool:
    return value is None or isinstance(value, bool) or is_text(value) or is_number(value)


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if is_integer(value):
        return int(value)
    return _plain_number(value) if is_number(value) else str(value)


def _plain_text_list(_: PlanKey, value: object) -> tuple[Any, str]:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and all(map(is_text, value)):
        return tuple(str(item) for item in value), ""
    return None, "a list of texts"


def _plain_verification(_: PlanKey, value: object) -> tuple[Any, str]:
    words = "an object with is_passed and a list of checks (name, comparisons, largest_residual)"
    if not isinstance(value, Mapping) or set(value) != {"is_passed", "checks"}:
        return None, words
    checks = value["checks"]
    if (
        not isinstance(value["is_passed"], bool)
        or not isinstance(checks, Sequence)
        or isinstance(checks, str)
    ):
        return None, words
    if not all(map(_is_check, checks)):
        return None, words
    plain = [
        {
            "name": str(check["name"]),
            "comparisons": int(check["comparisons"]),
            "largest_residual": _plain_number(check["largest_residual"]),
        }
        for check in checks
    ]
    return {"is_passed": value["is_passed"], "checks": plain}, ""


def _is_check(check: object) -> bool:
    if not isinstance(check, Mapping) or set(check) != _CHECK_KEYS:
        return False
    return (
        is_text(check["name"]) and is_integer(check["comparisons"]) and is_number(check["largest_residual"])
    )


_PLAIN_KEYS: Mapping[str, Callable[[PlanKey, Any], tuple[Any, str]]] = {
    "text": _plain_text_key,
    "choice": _plain_choice_key,
    "integer": _plain_integer_key,
    "number": _plain_number_key,
    "utilities": _plain_utilities,
    "counts": _plain_mapping(is_integer, "whole numbers"),
    "values": _plain_mapping(_is_option, "texts, finite numbers, true, false or null"),
    "texts": _plain_mapping(is_text, "texts"),
    "text_list": _plain_text_list,
    "verification": _plain_verification,
}


def plain_keys(values: Mapping[str, object]) -> tuple[dict[str, Any], Faults]:
    """Every top-level key in plain types, tables included."""
    plain: dict[str, Any] = {}
    faults = name_faults("", values, tuple(PLAN_KEYS), "key")
    for name, key in PLAN_KEYS.items():
        if name in values:
            plain[name], more = plain_key(key, values[name])
            faults += more
    return plain, faults
