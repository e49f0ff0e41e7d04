"""The workbook of a negotiation: the same tables as the page, one a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dronedeal.negotiation.record import Negotiation
from dronedeal.report.grid import Grid
from dronedeal.report.negotiation.futures_tables import FUTURE_GRIDS
from dronedeal.report.negotiation.sections import headline
from dronedeal.report.negotiation.tables import GRIDS
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.workbook import CREATED
from dronedeal.report.workbook_sheets import Book, Heading

WORKBOOK_FILE = "negotiation.xlsx"
_FORMATS = {
    "figure": "#,##0.####",
    "change": "+#,##0;-#,##0;0",
    "money": "#,##0",
    "price": "#,##0.00",
    "quantity": "#,##0.0##",
    "gap": "0.0000%",
}


def write_negotiation_workbook(negotiation: Negotiation, path: Path) -> None:
    """Write the tables of a negotiation as an Excel workbook, in which text is always text.

    Parameters
    ----------
    negotiation : the record
    path : file to write

    Examples
    --------
    ``write_negotiation_workbook(read_negotiation("out"), Path("out/negotiation.xlsx"))``
    """
    import xlsxwriter

    speech = Speech(negotiation)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {
                "title": negotiation.title,
                "created": CREATED,
                "comments": f"Deal digest {negotiation.digest}",
            }
        )
        book = Book(workbook)
        _write_summary(book, speech)
        over = FUTURE_GRIDS if negotiation.futures is not None else {}
        for name, maker in (*GRIDS.items(), *over.items()):
            write_grid(book, name, maker(speech))


def _write_summary(book: Book, speech: Speech) -> None:
    record = speech.record
    lines = [
        ("In short", " ".join(headline(speech))),
        ("Buyer", speech.heads["buyer"]),
        ("Seller", speech.heads["seller"]),
        ("Unit of money", speech.unit),
        ("Digest of the deal", record.digest),
        *(("Warning", warning) for warning in record.warnings),
        *(("Ground rule", rule) for rule in record.analysis.ground_rules),
        *(("Closes or opens the zone", change) for change in record.zone.changes),
    ]
    write_lines(book, record.title, lines)


def write_lines(book: Book, title: str, lines: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet: a title, and lines of a name and a text each."""
    sheet = book.workbook.add_worksheet("Summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 88)
    sheet.hide_gridlines(2)
    book.text(sheet, 0, 0, title, book.title)
    for place, (name, text) in enumerate(lines, start=1):
        book.text(sheet, place, 0, name, book.bold)
        book.text(sheet, place, 1, text, book.wrapped)


def write_grid(book: Book, name: str, grid: Grid) -> None:
    """Write a table as a sheet of its own."""
    headings = [Heading(column.title, column.unit, _FORMATS.get(column.kind, "")) for column in grid.columns]
    rows: list[list[Any]] = [list(row) for row in grid.rows]
    book.table(name, f"{grid.caption}. {grid.note}".strip(), headings, rows)
