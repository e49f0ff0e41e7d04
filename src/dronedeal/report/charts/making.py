"""Picture of how far each line is used, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.report.charts.style import (
    INK,
    LABEL_LIMIT,
    ROW_HEIGHT,
    ROWS_SHOWN,
    TOTAL_WIDTH,
    document,
    legend,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View, totals
from dronedeal.report.wording import count_text, list_text, percent_text, short_month_text

# Classes of utilisation with the least share that falls into them, and light-to-dark blues that stay in
# order for every kind of colour vision and in grey print.
CLASSES = (
    ("full (99% and more)", 0.99, "#08306b"),
    ("90 to 99%", 0.9, "#2171b5"),
    ("50 to 90%", 0.5, "#6baed6"),
    ("under 50%", 1e-9, "#c6dbef"),
    ("idle", -1.0, "#ffffff"),
)
OPENED, STEPPED = "line opened", "capacity added"
# Months below which a run of equal months has no room for its figure.
TEXT_MONTHS = 7


@dataclass
class _Run:
    """Consecutive months of one class on one line."""

    line: str
    first: int
    last: int
    name: str
    used: float
    available: float


@figure("utilisation", order=3)
def utilisation(view: View) -> Figure:
    """Load of each line against its capacity, by month, with openings and steps."""
    rows = view.rows("capacity")
    sums = totals(rows, lambda row: row["line"], "used", "quantity")
    title = "Use of each production line by month, share of its capacity"
    grid = _grid(view, rows)
    lines = [name for name, (_, available) in sums.items() if available > 0]
    if not lines:
        return Figure("utilisation", title, "No line has any capacity in this plan.", None, grid)
    busiest = sorted(lines, key=lambda name: (-sums[name][0], name))[:ROWS_SHOWN]
    shown = [name for name in lines if name in busiest]
    left = len(lines) - len(shown)
    note = f"{count_text(left, 'line')} with less load only in the table." if left else ""
    return Figure("utilisation", title, _summary(view, sums), _spec(view, rows, shown), grid, note)


def _grid(view: View, rows: Sequence[Row]) -> Grid:
    years = view.seller_years
    sums = totals(
        rows, lambda row: (row["line"], years.of(view.calendar.index(row["month"]))), "used", "quantity"
    )
    return Grid(
        "Use of each line by fiscal year of the seller",
        (
            GridColumn("Line"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Load", "quantity", "load units"),
            GridColumn("Capacity", "quantity", "load units"),
            GridColumn("Use", "percent", "of capacity"),
        ),
        tuple(
            (view.names.line(line), year, used, available, used / available if available > 0 else None)
            for (line, year), (used, available) in sums.items()
        ),
        note="A load unit is what one unit of the line's main system takes; each line counts its own.",
    )


def _summary(view: View, sums: dict[str, tuple[float, ...]]) -> str:
    used = sorted(
        ((load / capacity, name) for name, (load, capacity) in sums.items() if load > 0 and capacity > 0),
        reverse=True,
    )
    full = [name for share, name in used if share >= 0.9]
    idle = [name for name, (load, _) in sums.items() if load <= 0]
    if not used:
        return "No line makes anything in this plan."
    most = (
        f"{view.names.line(used[0][1])} is the busiest at {percent_text(used[0][0])} of its capacity "
        "over the plan"
    )
    parts = [f"{count_text(len(used), 'line')} of {len(sums)} produce; {most}"]
    if full:
        parts.append(f"at 90% or more: {list_text([view.names.line(name) for name in full], 3)}")
    if idle:
        parts.append(f"idle throughout: {list_text([view.names.line(name) for name in idle], 3)}")
    return "; ".join(parts) + "."


def _runs(view: View, rows: Sequence[Row], shown: Sequence[str]) -> list[_Run]:
    """Equal neighbouring months put together: a fraction of the marks, the same picture."""
    runs: dict[str, list[_Run]] = {line: [] for line in shown}
    for row in sorted((row for row in rows if row["line"] in runs), key=lambda row: row["month"]):
        month, of_line = view.calendar.index(row["month"]), runs[row["line"]]
        if row["quantity"] <= 0:
            continue
        name = next(name for name, least, _ in CLASSES if row["used"] / row["quantity"] >= least)
        if of_line and of_line[-1].name == name and of_line[-1].last == month - 1:
            of_line[-1].last = month
            of_line[-1].used += row["used"]
            of_line[-1].available += row["quantity"]
        else:
            of_line.append(_Run(row["line"], month, month, name, row["used"], row["quantity"]))
    return [run for line in shown for run in runs[line]]


def _spec(view: View, rows: Sequence[Row], shown: Sequence[str]) -> dict[str, Any]:
    labels = distinct_labels({name: view.names.line(name) for name in shown}, LABEL_LIMIT)
    values = [
        {
            "label": labels[run.line],
            "from": run.first,
            "to": run.last + 1,
            "use": run.name,
            "middle": (run.first + run.last + 1) / 2,
            "text": percent_text(run.used / run.available)
            if run.last - run.first + 1 >= TEXT_MONTHS and run.used > 0
            else "",
            "ink": "#ffffff" if run.name in (CLASSES[0][0], CLASSES[1][0]) else INK,
        }
        for run in _runs(view, rows, shown)
    ]
    marks = [
        {
            "label": labels[row["line"]],
            "month": view.calendar.index(row["effective"]),
            "event": OPENED if row["kind"] == "open" else STEPPED,
        }
        for row in view.rows("openings")
        if row["line"] in labels
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": list(labels.values()),
        "title": None,
        "axis": {"ticks": False},
        "scale": {"domain": list(labels.values())},
    }
    layers = [*_use_layers(view, values, y), *([_event_layer(marks, y)] if marks else [])]
    return document(
        labels=list(labels.values()),
        width=plot_width(list(labels.values())),
        height={"step": ROW_HEIGHT + 2},
        layer=layers,
        resolve={"legend": {"color": "independent", "shape": "independent"}},
    )


def _use_layers(view: View, values: list[dict[str, Any]], y: dict[str, Any]) -> list[dict[str, Any]]:
    first_months = [
        months[0] for year in view.buyer_years.names if (months := view.buyer_years.months_in(year))
    ]
    ticks = {str(month): short_month_text(view.calendar.label(month)) for month in first_months}
    x = {
        "field": "from",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, view.plan.months], "nice": False},
        "axis": {
            "values": first_months,
            "labelExpr": f"({ticks})[toString(datum.value)]",
            "grid": False,
            "labelAlign": "left",
            "labelOffset": -4,
        },
    }
    fill = {
        "field": "use",
        "type": "nominal",
        "legend": {
            **legend([name for name, _, _ in CLASSES], plot_width(y["sort"])),
            "symbolStrokeColor": "#8a8a8a",
            "symbolStrokeWidth": 0.6,
        },
        "scale": {"domain": [name for name, _, _ in CLASSES], "range": [colour for _, _, colour in CLASSES]},
    }
    return [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "height": {"band": 0.78}, "stroke": "#8a8a8a", "strokeWidth": 0.6},
            "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "fill": fill},
        },
        {
            "data": {"values": [row for row in values if row["text"]]},
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {
                "y": y,
                "x": {"field": "middle", "type": "quantitative"},
                "text": {"field": "text"},
                "color": {"field": "ink", "type": "nominal", "scale": None},
            },
        },
    ]


def _event_layer(marks: list[dict[str, Any]], y: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in (OPENED, STEPPED) if any(row["event"] == name for row in marks)]
    shapes = {OPENED: "diamond", STEPPED: "triangle-up"}
    return {
        "data": {"values": marks},
        "mark": {
            "type": "point",
            "filled": True,
            "fill": "#E69F00",
            "stroke": "#000000",
            "strokeWidth": 0.8,
            "size": 70,
            "opacity": 1,
        },
        "encoding": {
            "y": y,
            "x": {"field": "month", "type": "quantitative"},
            "shape": {
                "field": "event",
                "type": "nominal",
                "scale": {"domain": names, "range": [shapes[name] for name in names]},
                "legend": {
                    **legend(names, TOTAL_WIDTH / 2),
                    "orient": "bottom",
                    "symbolFillColor": "#E69F00",
                    "symbolStrokeColor": "#000000",
                    "symbolStrokeWidth": 0.8,
                },
            },
        },
    }
