"""Picture of the seller's cash account: what comes in, what is paid, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import (
    INK,
    TOTAL_WIDTH,
    VERMILION,
    document,
    legend,
    money_scale,
    series_colours,
)
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View, total
from dronedeal.report.wording import money_number, plain, sentence
from dronedeal.results.vocabulary import CASH_COSTS, CASH_RECEIPTS

WIDTH, HEIGHT = TOTAL_WIDTH - 90, 280
# Entries that belong together share a colour, so that no two colours of the picture are alike.
PIECES: Mapping[str, tuple[str, ...]] = {
    "payments of the buyer": ("receipts",),
    "royalties and licence fees": ("royalties", "licence_fees"),
    "other buyers": ("other_sales",),
    "own needs": ("own_needs",),
    "production and fixed cost": ("production", "substitutes", "fixed_cost"),
    "investment": ("investment",),
    "cooperation": ("cooperation",),
    "put into the fund": ("reinvested",),
}


@figure("cash", order=6.5)
def cash(view: View) -> Figure:
    """The seller's cash account by fiscal year of the buyer."""
    rows = view.rows("cash")
    title = f"The cash account of {view.seller} by fiscal year of {view.buyer}, {view.base_unit}"
    grid = _grid(view, rows)
    if not rows:
        words = f"The deal states no cash account of {view.seller}, so that its money is no limit."
        return Figure("cash", title, words, None, grid)
    short = [row for row in rows if row["short"] > 0]
    state = f"{len(short)} of {len(rows)} years end below it" if short else "no year ends below it"
    last = rows[-1]
    cautious = last["closing"] - last["planned_closing"] > 1e-6 * max(1.0, abs(last["closing"]))
    held = (
        f", though only {view.money(last['planned_closing'])} were every unit as dear as it can be, which is "
        "what the floor is held against"
        if cautious
        else ""
    )
    summary = (
        f"The account opens with {view.money(rows[0]['opening'])} and closes with "
        f"{view.money(last['closing'])}{held}; its floor is {view.money(last['floor'])}, and {state}; "
        f"{view.money(total(rows, 'reinvested'))} go into the fund."
    )
    return Figure("cash", title, summary, _spec(view, rows), grid)


def _grid(view: View, rows: Sequence[Row]) -> Grid:
    names = [name for table in (CASH_RECEIPTS, CASH_COSTS) for name in table]
    heads = ["opening", *names, "closing", "planned_closing", "floor", "short"]
    return Grid(
        "The account, entry by entry",
        (
            GridColumn("Fiscal year", "year"),
            *(GridColumn(sentence(plain(name)).rstrip("."), "money", view.base_unit) for name in heads),
        ),
        tuple((row["fiscal_year"], *(row[name] for name in heads)) for row in rows),
        note="Amounts are not discounted. The floor is held against the planned closing, in which every unit "
        "costs the most that it can.",
    )


def _pieces(rows: Sequence[Row], years: Mapping[int, str], size: float) -> list[dict[str, Any]]:
    """What comes in from zero upwards, what is paid from zero downwards."""
    pieces: list[dict[str, Any]] = []
    for row in rows:
        ends = {1.0: 0.0, -1.0: 0.0}
        for series, names in PIECES.items():
            sign = 1.0 if names[0] in CASH_RECEIPTS else -1.0
            amount = sign * sum(row[name] for name in names) / size
            if amount == 0:
                continue
            start = ends[sign]
            ends[sign] = start + amount
            pieces.append(
                {"year": years[row["fiscal_year"]], "series": series, "from": start, "to": ends[sign]}
            )
    return pieces


def _spec(view: View, rows: Sequence[Row]) -> dict[str, Any]:
    years = {row["fiscal_year"]: view.year_text(row["fiscal_year"], view.buyer_years) for row in rows}
    largest = max(
        abs(row[name]) for row in rows for name in ("opening", "closing", *CASH_RECEIPTS, *CASH_COSTS)
    )
    size, word = money_scale(largest)
    pieces = _pieces(rows, years, size)
    balances = [
        {
            "year": years[row["fiscal_year"]],
            "closing": row["closing"] / size,
            "text": f"closes at {money_number(row['closing'])}",
        }
        for row in rows
    ]
    shown = [name for name in PIECES if any(piece["series"] == name for piece in pieces)]
    colours = dict(zip(PIECES, series_colours(len(PIECES)), strict=True))
    scale = {"domain": shown, "range": [colours[name] for name in shown]}
    x = {
        "field": "year",
        "type": "ordinal",
        "sort": list(years.values()),
        "title": None,
        "axis": {"labelAngle": 0},
    }
    y = {
        "field": "from",
        "type": "quantitative",
        "title": f"{word}{view.base_unit}",
        "axis": {"tickCount": 6},
    }
    closing = {"field": "closing", "type": "quantitative"}
    return document(
        width=WIDTH,
        height=HEIGHT,
        layer=[
            {
                "data": {"values": pieces},
                "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "width": {"band": 0.5}},
                "encoding": {
                    "x": x,
                    "y": y,
                    "y2": {"field": "to"},
                    "color": {
                        "field": "series",
                        "type": "nominal",
                        "scale": scale,
                        "legend": legend(shown, WIDTH),
                    },
                },
            },
            {
                "data": {"values": [{"floor": rows[-1]["floor"] / size}]},
                "mark": {"type": "rule", "color": VERMILION, "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"y": {"field": "floor", "type": "quantitative"}},
            },
            {
                "data": {"values": [{"floor": rows[-1]["floor"] / size, "text": "floor"}]},
                "mark": {
                    "type": "text",
                    "align": "right",
                    "baseline": "bottom",
                    "x": WIDTH,
                    "dx": -2,
                    "dy": -3,
                },
                "encoding": {"y": {"field": "floor", "type": "quantitative"}, "text": {"field": "text"}},
            },
            {
                "data": {"values": balances},
                "mark": {"type": "point", "filled": True, "color": INK, "size": 60, "opacity": 1},
                "encoding": {"x": x, "y": closing},
            },
            {
                "data": {"values": balances},
                "mark": {"type": "text", "baseline": "bottom", "dy": -7, "fontWeight": "bold"},
                "encoding": {"x": x, "y": closing, "text": {"field": "text"}},
            },
        ],
    )
