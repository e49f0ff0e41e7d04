"""Sheets of the workbook: summary, plan tables, names, and the source of every row of the deal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.deal import Deal
from dronedeal.report.grid import Grid
from dronedeal.report.sections import Subject
from dronedeal.report.sections.answer import answer, banner
from dronedeal.report.sections.matching import matching
from dronedeal.report.sections.section import Facts
from dronedeal.report.sections.sources import certificate, stated_rows
from dronedeal.report.view import Row, View
from dronedeal.results.columns import LOAD, MONEY, PLAN_TABLES, THEN_YEAR, PlanColumn, PlanTable

# Rows above the first data row: what the sheet shows, the units, the headings.
HEADING_ROWS = 3
WIDEST, NARROWEST = 48, 8
_STARTS_LIKE_A_FORMULA = ("=", "+", "-", "@")
_WHOLE, _QUANTITY, _PRICE = "#,##0", "#,##0.0##", "#,##0.00"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a sheet: title, unit, and number format (empty for text)."""

    title: str
    unit: str = ""
    number_format: str = ""


class Book:
    """A workbook under way, with its formats."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.bold = workbook.add_format({"bold": True})
        self.soft = workbook.add_format({"font_color": "#4d4d4d", "italic": True})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = workbook.add_format({"quote_prefix": True})
        self.head = workbook.add_format(
            {"bold": True, "bottom": 2, "bg_color": "#e8eef4", "text_wrap": True, "valign": "top"}
        )
        self.unit = workbook.add_format(
            {"font_color": "#4d4d4d", "font_size": 9, "text_wrap": True, "valign": "top"}
        )
        self._numbers: dict[str, Any] = {}

    def number(self, number_format: str) -> Any:
        """The cell format of a number format."""
        if number_format not in self._numbers:
            self._numbers[number_format] = self.workbook.add_format({"num_format": number_format})
        return self._numbers[number_format]

    def text(self, sheet: Any, row: int, column: int, value: str, style: Any = None) -> None:
        """Write text as text; what starts like a formula keeps its mark of text when it is edited."""
        if style is None and value.startswith(_STARTS_LIKE_A_FORMULA):
            style = self.quoted
        sheet.write_string(row, column, value, style)

    def table(
        self, name: str, meaning: str, headings: Sequence[Heading], rows: Sequence[Sequence[Any]]
    ) -> Any:
        """A sheet with one table: meaning, units, headings, then the rows; filtered, with frozen headings."""
        sheet = self.workbook.add_worksheet(name)
        self.text(sheet, 0, 0, meaning, self.soft)
        for column, heading in enumerate(headings):
            self.text(sheet, 1, column, heading.unit, self.unit)
            self.text(sheet, 2, column, heading.title, self.head)
            sheet.set_column(column, column, _width(heading, column, rows))
        styles = [
            self.number(heading.number_format) if heading.number_format else None for heading in headings
        ]
        for place, row in enumerate(rows, start=HEADING_ROWS):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    self.text(sheet, place, column, value)
                else:
                    sheet.write_number(place, column, value, styles[column])
        sheet.freeze_panes(HEADING_ROWS, 1)
        sheet.autofilter(
            HEADING_ROWS - 1, 0, max(HEADING_ROWS, HEADING_ROWS + len(rows) - 1), len(headings) - 1
        )
        return sheet


def _width(heading: Heading, column: int, rows: Sequence[Sequence[Any]]) -> float:
    """Width that shows the text of the first rows, within limits."""
    texts = [row[column] for row in rows[:200] if isinstance(row[column], str)]
    longest = max((len(text) for text in texts), default=11 if heading.number_format else 0)
    return min(WIDEST, max(NARROWEST, len(heading.title) * 0.8, longest) + 2)


def write_summary(book: Book, subject: Subject) -> None:
    """The first sheet: answer, key figures, certificate."""
    sheet = book.workbook.add_worksheet("Summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 88)
    sheet.hide_gridlines(2)
    head = banner(subject.view)
    section = answer(subject)
    book.text(sheet, 0, 0, subject.view.plan.title, book.title)
    book.text(sheet, 1, 0, head.title, book.bold)
    book.text(sheet, 1, 1, " ".join((head.text, *head.items)), book.wrapped)
    book.text(sheet, 2, 0, "In short", book.bold)
    book.text(sheet, 2, 1, " ".join(section.paragraphs), book.wrapped)
    lines = [
        (name, f"{value} ({unit})")
        for block in section.blocks
        if isinstance(block, Facts)
        for name, value, unit in block.entries
    ]
    for place, (name, value) in enumerate((*lines, ("", ""), *_certificate_rows(subject)), start=4):
        if name:
            book.text(sheet, place, 0, name, None if value else book.bold)
        if value:
            book.text(sheet, place, 1, value, book.wrapped)


def _certificate_rows(subject: Subject) -> Iterable[tuple[str, str]]:
    for grid in certificate(subject).blocks:
        if isinstance(grid, Grid):
            yield grid.caption, ""
            for row in grid.cells:
                yield row[0], " · ".join(row[1:])
            yield "", ""


# Levels are not added up over the months; everything else by month is.
_LEVELS = frozenset({"stock", "capacity"})
_BY_YEAR_ONLY = frozenset({"month", "fiscal_year"})


def write_tables(book: Book, view: View) -> None:
    """One sheet for each plan table."""
    for name, table in PLAN_TABLES.items():
        rows = view.rows(name)
        if table.key[0] == "month":
            headings, cells = _schedule(view, table, rows)
            meaning = f"{table.meaning}; one column a month. All columns by month stand in tables/{name}.csv."
        else:
            headings = [_heading(view, column) for column in table.columns]
            cells = [[row[column] for column in table.names] for row in rows]
            meaning = f"{table.meaning}."
        book.table(name, meaning, headings, cells)


def _schedule(view: View, table: PlanTable, rows: Sequence[Row]) -> tuple[list[Heading], list[list[Any]]]:
    """A monthly table with one row a series: what it is, sums over the plan, then a figure for each month."""
    names = [
        column.name
        for column in table.columns
        if column.kind != "number" and column.name not in _BY_YEAR_ONLY
    ]
    numbers = [column for column in table.columns if column.kind == "number"]
    sums = [] if table.name in _LEVELS else [column for column in numbers if "per unit" not in column.unit]
    figures = [column for column in numbers if column.unit == LOAD] or numbers[:1]
    months = [view.calendar.label(month) for month in range(view.plan.months)]
    place = {label: number for number, label in enumerate(months)}
    columns = {column.name: column for column in table.columns}
    headings = [_heading(view, columns[name]) for name in names]
    headings += [Heading("figure")] if len(figures) > 1 else []
    headings += [_heading(view, column, "whole plan: ") for column in sums]
    headings += [Heading(label, figures[0].unit, _QUANTITY) for label in months]
    series: dict[tuple[Any, ...], tuple[list[float], list[float | None]]] = {}
    for row in rows:
        for figure in figures:
            key = (*(row[name] for name in names), *((figure.name,) if len(figures) > 1 else ()))
            totals, by_month = series.setdefault(key, ([0.0] * len(sums), [None] * len(months)))
            by_month[place[row["month"]]] = row[figure.name]
            for number, column in enumerate(sums):
                totals[number] += row[column.name]
    return headings, [[*key, *totals, *by_month] for key, (totals, by_month) in series.items()]


def _heading(view: View, column: PlanColumn, prefix: str = "") -> Heading:
    title = f"{prefix}{column.name}" if prefix else column.name
    if column.kind == "fiscal_year":
        return Heading(title, "fiscal year", "0")
    if column.kind != "number":
        return Heading(title)
    unit = column.unit
    if unit.startswith(MONEY):
        words = view.then_unit if unit.startswith(THEN_YEAR) else view.base_unit
        unit = words + unit.removeprefix(THEN_YEAR).removeprefix(MONEY)
        return Heading(title, unit, _PRICE if "per unit" in unit else _WHOLE)
    return Heading(title, unit, _QUANTITY)


# Number formats of the kinds of cells of the report's own tables.
_GRID_FORMATS: Mapping[str, str] = {
    "text": "",
    "whole": _WHOLE,
    "money": _WHOLE,
    "year": "0",
    "percent": "0%",
    "price": _PRICE,
}


def write_grids(book: Book, subject: Subject) -> None:
    """Tables that the report works out: prices against values, matching and evidence."""
    grids = [
        subject.figures["prices"].grid,
        *(block for block in matching(subject).blocks if isinstance(block, Grid)),
    ]
    for grid in grids:
        if grid is not None and not grid.is_matrix:
            headings = [
                Heading(column.title, column.unit, _GRID_FORMATS.get(column.kind, _QUANTITY))
                for column in grid.columns
            ]
            book.table(grid.sheet, f"{grid.caption}. {grid.note}".strip(), headings, grid.rows)


def write_names(book: Book, deal: Deal) -> None:
    """A sheet that says what each id of the tables stands for."""
    tables: Mapping[str, Iterable[Any]] = {
        "parties": deal.settings.parties,
        "branches": deal.branches,
        "requirements": deal.requirements,
        "systems": deal.systems,
        "lines": deal.lines,
    }
    rows = [(name, row.id, row.name or "") for name, table in tables.items() for row in table]
    book.table(
        "Names",
        "What the ids of the tables stand for.",
        [Heading("table"), Heading("id"), Heading("name")],
        rows,
    )


def write_sources(book: Book, deal: Deal) -> None:
    """Sheets with the source of every row of the deal, and with the facts that travel with it."""
    headings = [Heading(name) for name in ("table", "row", "basis", "source", "why it is reasonable")]
    rows = [(row.table, row.key, row.basis, row.source, row.note) for row in stated_rows(deal)]
    book.table(
        "Facts and assumptions", "Where the figures of each row of the deal come from.", headings, rows
    )
    names = (
        "id",
        "subject",
        "quantity_name",
        "value_low",
        "value_high",
        "unit",
        "date",
        "party",
        "title",
        "address",
        "confidence",
        "note",
    )
    facts = [[getattr(fact, name) for name in names] for fact in deal.facts]
    columns = [Heading(name, "", "General" if name.startswith("value_") else "") for name in names]
    book.table("Facts", "The published facts that travel with the deal.", columns, facts)
