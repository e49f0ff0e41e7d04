"""Native Excel charts of the workbook, each with its numbers on the same sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.report.charts.covering import STATES, coverage_state, needed_rows
from dronedeal.report.charts.style import SERIES
from dronedeal.report.view import View, totals
from dronedeal.report.wording import plain
from dronedeal.report.workbook_sheets import Book

SHEET = "Charts"
CHART_ROWS = 20
NUMBERS_COLUMN = 12


@dataclass(frozen=True)
class _Picture:
    """One chart: rows are categories, columns are series."""

    title: str
    kind: str
    subtype: str
    unit: str
    categories: Sequence[str]
    series: Mapping[str, Sequence[float]]
    colours: Sequence[str] = SERIES


def write_pictures(book: Book, view: View) -> None:
    """A sheet with native charts on the left and their numbers on the right."""
    pictures = [
        picture
        for picture in (_purchases(view), _coverage(view), _budgets(view), _use(view))
        if picture.categories
    ]
    if not pictures:
        return
    sheet = book.workbook.add_worksheet(SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column(NUMBERS_COLUMN, NUMBERS_COLUMN, 26)
    sheet.set_column(NUMBERS_COLUMN + 1, NUMBERS_COLUMN + 9, 16)
    top = 0
    for picture in pictures:
        _write_picture(book, sheet, picture, top=top)
        top += max(CHART_ROWS, len(picture.categories) + 3) + 1


def _write_picture(book: Book, sheet: Any, picture: _Picture, *, top: int) -> None:
    book.text(sheet, top, NUMBERS_COLUMN, f"{picture.title}, {picture.unit}", book.bold)
    chart = book.workbook.add_chart({"type": picture.kind, "subtype": picture.subtype})
    first, last = top + 2, top + 1 + len(picture.categories)
    for place, category in enumerate(picture.categories, start=first):
        book.text(sheet, place, NUMBERS_COLUMN, category)
    for number, (name, values) in enumerate(picture.series.items()):
        column = NUMBERS_COLUMN + 1 + number
        book.text(sheet, top + 1, column, name, book.head)
        for place, value in enumerate(values, start=first):
            sheet.write_number(place, column, value, book.number("#,##0.##"))
        chart.add_series(
            {
                "name": [SHEET, top + 1, column],
                "categories": [SHEET, first, NUMBERS_COLUMN, last, NUMBERS_COLUMN],
                "values": [SHEET, first, column, last, column],
                "fill": {"color": picture.colours[number % len(picture.colours)]},
                "border": {"color": "#ffffff"},
            }
        )
    chart.set_title({"name": picture.title, "name_font": {"size": 12}})
    chart.set_y_axis(
        {
            "name": picture.unit,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#e4e4e4"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 740, "height": 380})
    sheet.insert_chart(
        top, 0, chart, {"description": f"{picture.title}, {picture.unit}; the numbers stand to the right"}
    )


def _purchases(view: View) -> _Picture:
    sums = totals(view.rows("purchases"), lambda row: (row["fiscal_year"], row["branch"]), "amount")
    branches = [branch.id for branch in view.deal.branches if any(name == branch.id for _, name in sums)]
    years = list(view.buyer_years.names)
    return _Picture(
        "Purchases by fiscal year and branch",
        "column",
        "stacked",
        view.base_unit,
        [view.year_text(year, view.buyer_years) for year in years] if sums else [],
        {view.names.branch(name): [sums.get((year, name), (0.0,))[0] for year in years] for name in branches},
    )


def _coverage(view: View) -> _Picture:
    rows = needed_rows(view)
    years = sorted({row["fiscal_year"] for row in rows})
    states = {
        state: [
            sum(1.0 for row in rows if row["fiscal_year"] == year and coverage_state(row) == state)
            for year in years
        ]
        for state in STATES
    }
    return _Picture(
        "Requirements by how far they are covered",
        "column",
        "stacked",
        "number of requirements",
        [view.year_text(year, view.buyer_years) for year in years],
        states,
        ("#009E73", "#56B4E9", "#D55E00"),
    )


def _budgets(view: View) -> _Picture:
    sums = totals(
        view.rows("budgets"), lambda row: (row["branch"], row["appropriation"]), "amount_then_year", "spent"
    )
    return _Picture(
        "Budgets over the whole plan",
        "bar",
        "clustered",
        view.then_unit,
        [f"{view.names.branch(branch)} · {plain(kind)}" for branch, kind in sums],
        {"voted": [voted for voted, _ in sums.values()], "spent": [spent for _, spent in sums.values()]},
        ("#999999", "#0072B2"),
    )


def _use(view: View) -> _Picture:
    sums = totals(view.rows("capacity"), lambda row: row["line"], "used", "quantity")
    lines = [name for name, (_, available) in sums.items() if available > 0]
    busiest = sorted(lines, key=lambda name: (-sums[name][0], name))[:20]
    return _Picture(
        "Use of the busiest lines over the whole plan",
        "bar",
        "clustered",
        "% of capacity",
        [view.names.line(name) for name in busiest],
        {"used": [100 * sums[name][0] / sums[name][1] for name in busiest]},
    )
