"""A table of the report: raw values with their columns, and the text of each cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from dronedeal.report.wording import (
    change_text,
    gap_text,
    isolate,
    number_text,
    percent_text,
    relative_text,
)

CellKind = Literal[
    "text",
    "whole",
    "quantity",
    "money",
    "price",
    "percent",
    "year",
    "residual",
    "dual",
    "gap",
    "figure",
    "change",
    "relative",
]
NO_VALUE = "–"
# Rows past which a table is left to the screen and the workbook: about a page and a half.
PRINTED_ROWS = 60


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: its title, the kind of its cells, and the unit that stands beneath the title."""

    title: str
    kind: CellKind = "text"
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its cells stand flush right."""
        return self.kind != "text"


@dataclass(frozen=True)
class Grid:
    """One table.

    Parameters
    ----------
    caption : what it shows
    columns : the columns; each row has one value for each of them
    rows : raw values; None where there is no value
    note : what a reader must know of it, printed beneath
    is_open : whether it stands open on the screen; a folded one opens on a click
    is_printed : whether it is printed although it is folded on the screen; long tables never are
    sheet : name of its sheet in the workbook; empty where the plan's own tables hold the figures
    is_matrix : whether its column titles stand upright, because there are many narrow columns
    """

    caption: str
    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    is_open: bool = False
    is_printed: bool = True
    is_matrix: bool = False
    sheet: str = ""
    kind: str = field(default="grid", init=False)

    @property
    def is_on_paper(self) -> bool:
        """Whether it is printed: open ones and short ones are."""
        return self.is_open or (self.is_printed and len(self.rows) <= PRINTED_ROWS)

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The text of every cell, row by row."""
        writers = [_WRITERS[column.kind] for column in self.columns]
        return tuple(
            tuple(
                NO_VALUE if value is None else write(value) for write, value in zip(writers, row, strict=True)
            )
            for row in self.rows
        )


def _quantity(value: float) -> str:
    return number_text(value, 0 if value == round(value) or abs(value) >= 1000 else 1)


def _money(value: float) -> str:
    return number_text(value, 0)


def _price(value: float) -> str:
    return number_text(value, 0 if value == round(value) or abs(value) >= 10_000 else 2)


def _residual(value: float) -> str:
    return "0" if value == 0 else f"{value:.1e}".replace("-", "−")


def _dual(value: float) -> str:
    return number_text(value, 2 if abs(value) < 100 else 0)


_WRITERS: Mapping[CellKind, Callable[[Any], str]] = {
    "text": lambda value: isolate(str(value)),
    "whole": lambda value: number_text(value, 0),
    "quantity": _quantity,
    "money": _money,
    "price": _price,
    "percent": percent_text,
    "year": str,
    "residual": _residual,
    "dual": _dual,
    "gap": gap_text,
    "figure": number_text,
    "change": change_text,
    "relative": relative_text,
}
