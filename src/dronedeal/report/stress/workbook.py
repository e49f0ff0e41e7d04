"""The workbook of a stress test."""

from __future__ import annotations

from pathlib import Path

from dronedeal.report.grid import Grid
from dronedeal.report.stress.grids import causes_grid, failures_grid, paths_grid, services_grid, spread_grid
from dronedeal.report.workbook import CREATED
from dronedeal.report.workbook_sheets import Book, Heading
from dronedeal.results.stress.record import StressTest

_FORMATS = {"whole": "0", "percent": "0.0%", "money": "#,##0", "figure": "#,##0.0##"}


def write_stress_workbook(test: StressTest, path: Path) -> None:
    """Write a stress test as an Excel workbook; text is written as text, whatever it starts with.

    Examples
    --------
    ``write_stress_workbook(read_stress("out"), Path("out/stress.xlsx"))``
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": "Stress test", "created": CREATED})
        book = Book(workbook)
        for grid in (
            services_grid(test), spread_grid(test), failures_grid(test), causes_grid(test), paths_grid(test)
        ):  # fmt: skip
            _write(book, grid)


def _write(book: Book, grid: Grid) -> None:
    headings = [Heading(column.title, column.unit, _FORMATS.get(column.kind, "")) for column in grid.columns]
    book.table(grid.sheet, f"{grid.caption}. {grid.note}".strip(), headings, [list(row) for row in grid.rows])
