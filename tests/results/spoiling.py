"""The means to spoil a plan, from which the corruptions are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.results.hand_worked import row_of

Values = dict[str, Any]


@dataclass(frozen=True)
class Corruption:
    """One way to spoil a plan: `spoil` changes its values in place, `check` must find it."""

    name: str
    check: str
    spoil: Callable[[Values], None]


def set_cell(table: str, column: str, value: Any, **key: Any) -> Callable[[Values], None]:
    """Put a value into one cell."""

    def spoil(values: Values) -> None:
        row_of(values["tables"], table, **key)[column] = value

    return spoil


def change_row(table: str, changes: dict[str, Any], **key: Any) -> Callable[[Values], None]:
    """Put several values into one row."""

    def spoil(values: Values) -> None:
        row_of(values["tables"], table, **key).update(changes)

    return spoil


def drop_row(table: str, **key: Any) -> Callable[[Values], None]:
    """Take one row out."""

    def spoil(values: Values) -> None:
        values["tables"][table].remove(row_of(values["tables"], table, **key))

    return spoil


def add_row(table: str, changes: dict[str, Any], **key: Any) -> Callable[[Values], None]:
    """Add a copy of one row with changes."""

    def spoil(values: Values) -> None:
        values["tables"][table].append(row_of(values["tables"], table, **key) | changes)

    return spoil


def set_top(**changes: Any) -> Callable[[Values], None]:
    """Change top-level values."""

    def spoil(values: Values) -> None:
        values.update(changes)

    return spoil
