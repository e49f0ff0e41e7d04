"""Picture of how unit costs fall with experience, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import INK, TOTAL_WIDTH, document, series_colours
from dronedeal.report.charts.text import distinct_labels, longest_width
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View
from dronedeal.report.wording import count_text, number_text, percent_text, short_month_text

Product = tuple[str, str]

SHOWN = 6
LABEL_LIMIT = 40
HEIGHT = 260
LABEL_SIZE = 11
# Lines that share a colour or are read in grey print differ in their dashes.
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
# Distance between the labels at the end of two lines, as a share of the height.
LABEL_STEP = 0.062


@figure("unit_costs", order=3)
def unit_costs(view: View) -> Figure:
    """Cost of a unit in each month against that of the first unit, for the products that learn."""
    title = "Cost of a unit by month, share of what it costs when the plan starts"
    learnt = {(row["line"], row["system"]): row for row in view.rows("learning")}
    grid = _grid(view, learnt)
    rows = [row for row in view.rows("production") if (row["line"], row["system"]) in learnt]
    if not rows:
        words = (
            "No product that learns is made."
            if learnt
            else "No unit cost of this deal falls with experience."
        )
        return Figure("unit_costs", title, words, None, grid)
    spent: dict[Product, float] = {}
    for row in rows:
        key = (row["line"], row["system"])
        spent[key] = spent.get(key, 0.0) + row["amount"]
    shown = sorted(spent, key=lambda key: (-spent[key], key))[:SHOWN]
    left = len(spent) - len(shown)
    note = f"{count_text(left, 'product')} with less cost only in the table." if left else ""
    return Figure("unit_costs", title, _summary(view, learnt), _spec(view, rows, shown, learnt), grid, note)


def _name(view: View, product: Product) -> str:
    return f"{view.names.system(product[1])}, {view.names.line(product[0])}"


def _grid(view: View, learnt: Mapping[Product, Row]) -> Grid:
    return Grid(
        "What each product has learnt over the plan",
        (
            GridColumn("System"),
            GridColumn("Line"),
            GridColumn("Made before", "quantity", "units"),
            GridColumn("Made", "quantity", "units"),
            GridColumn("Learnt from others", "quantity", "units"),
            GridColumn("Forgotten", "quantity", "units"),
            GridColumn("At the end", "quantity", "units"),
            GridColumn("Cost at the start", "price", view.base_unit),
            GridColumn("Cost at the end", "price", view.base_unit),
            GridColumn("Average", "price", view.base_unit),
        ),
        tuple(
            (
                view.names.system(row["system"]),
                view.names.line(row["line"]),
                row["experience_start"],
                row["made"],
                row["learnt"],
                row["forgotten"],
                row["experience_end"],
                row["unit_cost_start"],
                row["unit_cost_end"],
                row["unit_cost"],
            )
            for row in learnt.values()
        ),
        note="Experience is counted in units. The average is over the units made in the plan, start-up "
        "premium included; the costs at the start and at the end are those of one more unit, without it.",
    )


def _summary(view: View, learnt: Mapping[Product, Row]) -> str:
    made = [(key, row) for key, row in learnt.items() if row["made"] > 0]
    fall = {
        key: 1 - row["unit_cost_end"] / row["unit_cost_start"]
        for key, row in made
        if row["unit_cost_start"] > 0
    }
    if not fall:
        return f"{count_text(len(made), 'product')} of {len(learnt)} that learn are made; none has a cost."
    most = max(fall, key=lambda key: (fall[key], key))
    first, last = learnt[most]["unit_cost_start"], learnt[most]["unit_cost_end"]
    spent = sum(row["unit_cost"] * row["made"] for _, row in made)
    flat = sum(row["unit_cost_start"] * row["made"] for _, row in made)
    return (
        f"{count_text(len(made), 'product')} of {len(learnt)} that learn are made; the cost of "
        f"{_name(view, most)} moves most, from {number_text(first, 0)} to {number_text(last, 0)} "
        f"{view.currency}; all their units cost {view.money(spent)}, {percent_text(abs(1 - spent / flat))} "
        f"{'less' if spent <= flat else 'more'} than at the costs of the start."
    )


def _spec(
    view: View, rows: Sequence[Row], shown: Sequence[Product], learnt: Mapping[Product, Row]
) -> dict[str, Any]:
    labels = distinct_labels({key: _name(view, key) for key in shown}, LABEL_LIMIT)
    points = [
        {
            "label": labels[key],
            "month": view.calendar.index(row["month"]),
            "share": row["unit_cost"] / learnt[key]["unit_cost_start"],
        }
        for row in rows
        if (key := (row["line"], row["system"])) in labels
    ]
    order = list(labels.values())
    colours = dict(zip(order, series_colours(len(order)), strict=True))
    shares = [point["share"] for point in points]
    low, high = min(*shares, 0.9), max(*shares, 1.0)
    ends = _ends(points, order, view.plan.months, (low, high), colours)
    room = longest_width([row["text"] for row in ends], LABEL_SIZE) + 34
    return document(
        width=round(TOTAL_WIDTH - room - 50, 1),
        height=HEIGHT,
        padding={"left": 4, "right": round(room, 1), "top": 6, "bottom": 2},
        layer=[_lines(view, points, order, colours, (low, high)), *_names(ends, (low, high))],
    )


def _ends(
    points: Sequence[Mapping[str, Any]],
    order: Sequence[str],
    months: int,
    domain: tuple[float, float],
    colours: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Labels right of the plot, each at the height of its line's end as far as they do not meet."""
    last = {name: max((p for p in points if p["label"] == name), key=lambda p: p["month"]) for name in order}
    step = LABEL_STEP * (domain[1] - domain[0])
    found: list[dict[str, Any]] = []
    height = domain[1] + step
    for name in sorted(order, key=lambda name: -last[name]["share"]):
        height = min(last[name]["share"], height - step)
        text = f"{name}: {percent_text(last[name]['share'])}"
        found.append({"text": text, "month": months, "at": height, "colour": colours[name]})
    return found


def _scale(domain: tuple[float, float]) -> dict[str, Any]:
    room = SHOWN * LABEL_STEP * (domain[1] - domain[0])
    return {"domain": [domain[0] - room / 4, domain[1]], "nice": False, "zero": False}


def _lines(
    view: View,
    points: Sequence[Mapping[str, Any]],
    order: Sequence[str],
    colours: Mapping[str, str],
    domain: tuple[float, float],
) -> dict[str, Any]:
    firsts = [months[0] for year in view.buyer_years.names if (months := view.buyer_years.months_in(year))]
    ticks = {str(month): short_month_text(view.calendar.label(month)) for month in firsts}
    return {
        "data": {"values": list(points)},
        "mark": {"type": "line", "strokeWidth": 2, "interpolate": "step-after"},
        "encoding": {
            "x": {
                "field": "month",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [0, view.plan.months], "nice": False},
                "axis": {"values": firsts, "labelExpr": f"({ticks})[toString(datum.value)]", "grid": False},
            },
            "y": {
                "field": "share",
                "type": "quantitative",
                "title": None,
                "scale": _scale(domain),
                "axis": {"format": "%"},
            },
            "color": {
                "field": "label",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": list(order), "range": [colours[name] for name in order]},
            },
            "strokeDash": {
                "field": "label",
                "type": "nominal",
                "legend": None,
                "scale": {
                    "domain": list(order),
                    "range": [DASHES[place % len(DASHES)] for place in range(len(order))],
                },
            },
        },
    }


def _names(ends: list[dict[str, Any]], domain: tuple[float, float]) -> list[dict[str, Any]]:
    """A spot in the colour of each line and its name beside it, right of the plot."""
    place = {
        "x": {"field": "month", "type": "quantitative"},
        "y": {"field": "at", "type": "quantitative", "scale": _scale(domain)},
    }
    spot = {"type": "point", "shape": "square", "filled": True, "size": 70, "opacity": 1, "xOffset": 12}
    return [
        {
            "data": {"values": ends},
            "mark": {**spot, "stroke": INK, "strokeWidth": 0.6},
            "encoding": {**place, "fill": {"field": "colour", "type": "nominal", "scale": None}},
        },
        {
            "data": {"values": ends},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "dx": 22,
                "fontSize": LABEL_SIZE,
                "color": INK,
            },
            "encoding": {**place, "text": {"field": "text"}},
        },
    ]
