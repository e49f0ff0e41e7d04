"""The workbook of a comparison: in short, inputs that differ, and every compared figure of every table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dronedeal.report.comparison import in_short
from dronedeal.report.comparison_mix import mix_grids
from dronedeal.report.comparison_tables import (
    TITLES,
    Labels,
    certificates_grid,
    figure_rows,
    inputs_grid,
    key_columns,
    savings_grid,
    totals_grid,
    value_columns,
)
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.workbook import CREATED
from dronedeal.report.workbook_sheets import Book, Heading
from dronedeal.results.compare import COMPARED, Comparison

_FORMATS = {
    "year": "0",
    "figure": "#,##0.0##",
    "change": "+#,##0.0##;-#,##0.0##;0",
    "relative": "+0.0%;-0.0%;0%",
    "money": "#,##0",
    "quantity": "#,##0.##",
}


def write_comparison_workbook(comparison: Comparison, path: Path) -> None:
    """Write plans side by side as an Excel workbook; text is written as text, whatever it starts with.

    Parameters
    ----------
    comparison : two to six plans, with their deals or without
    path : file to write

    Examples
    --------
    ``write_comparison_workbook(compare_plans([one, other]), Path("comparison.xlsx"))``
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": "Plans compared", "created": CREATED})
        book = Book(workbook)
        _write(
            book, "Summary", " ".join((*in_short(comparison), *comparison.warnings)), totals_grid(comparison)
        )
        _write(
            book,
            "Certificates",
            "What stands behind the figures of each plan.",
            certificates_grid(comparison),
        )
        if comparison.savings:
            _write(book, "Savings", "Where the worth of the commitment comes from.", savings_grid(comparison))
        if comparison.deals:
            _write(book, "Inputs", "What differs between the deals.", inputs_grid(comparison))
        labels = Labels(comparison)
        for name, grid in zip(("Systems", "Lines"), mix_grids(comparison, labels), strict=True):
            _write(book, name, f"{grid.caption}, those first that move most money.", grid)
        for table in COMPARED:
            figures = [figure for figure in comparison.figures if figure.table == table]
            columns = (
                *key_columns(table),
                GridColumn("Figure"),
                GridColumn("Unit"),
                *value_columns(comparison),
            )
            grid = Grid(TITLES[table], columns, figure_rows(figures, labels))
            _write(book, table, f"{TITLES[table]}, whether they differ or not.", grid)


def _write(book: Book, name: str, meaning: str, grid: Grid) -> None:
    headings = [Heading(column.title, column.unit, _FORMATS.get(column.kind, "")) for column in grid.columns]
    book.table(name, meaning, headings, _rows(grid.rows))


def _rows(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(row) for row in rows]
