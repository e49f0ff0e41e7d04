"""Picture of what the plan is worth to each side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import (
    BLUE,
    ORANGE,
    ROW_HEIGHT,
    SKY,
    TOTAL_WIDTH,
    document,
    legend,
    money_scale,
    plot_width,
)
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View
from dronedeal.report.wording import money_number, plain, sentence
from dronedeal.results.vocabulary import UTILITY_ITEMS

ADDS, TAKES_AWAY, IN_ALL = "adds", "takes away", "in all"
FILLS: Mapping[str, Any] = {"domain": [ADDS, TAKES_AWAY, IN_ALL], "range": [SKY, ORANGE, BLUE]}


@figure("utilities", order=9)
def utilities(view: View) -> Figure:
    """What the plan is worth to each side, item by item, as two waterfalls."""
    rows = view.rows("utility_items")
    title = f"What the plan is worth to each side, {view.utility_unit}"
    worth = view.plan.utilities
    grid = Grid(
        "Parts of what the plan is worth to each side",
        (
            GridColumn("Side"),
            GridColumn("Item"),
            GridColumn("Meaning"),
            GridColumn("Amount", "money", view.utility_unit),
        ),
        (
            *(
                (view.names.party(row["party"]), plain(row["item"]), _meaning(row), row["amount"])
                for row in rows
            ),
            *((view.names.party(side), "in all", "", worth[side]) for side in ("buyer", "seller")),
        ),
    )
    summary = (
        f"The plan is worth {view.money(worth['buyer'])} to {view.buyer} and {view.money(worth['seller'])} "
        "to "
        f"{view.seller}, {view.utility_unit}."
    )
    if not any(row["amount"] for row in rows):
        return Figure("utilities", title, summary, None, grid)
    return Figure("utilities", title, summary, _waterfalls(view, rows), grid)


def _meaning(row: Row) -> str:
    return sentence(UTILITY_ITEMS.get(row["party"], {}).get(row["item"], ""))


def _waterfalls(view: View, rows: Sequence[Row]) -> dict[str, Any]:
    steps = {side: _steps(rows, side, view.plan.utilities[side]) for side in ("buyer", "seller")}
    ends = [end for side in steps.values() for step in side for end in (step["from"], step["to"])]
    size, word = money_scale(max(abs(end) for end in ends))
    low, high = min(0.0, *ends) / size, max(0.0, *ends) / size
    # Room on the right for the text of the longest bar.
    domain = [low, high + 0.22 * (high - low)]
    labels = [str(step["label"]) for side in steps.values() for step in side]
    width = plot_width(labels)
    panels = [
        _waterfall(
            steps[side],
            title=view.names.party(side),
            size=size,
            domain=domain,
            width=width,
            axis=f"{word}{view.utility_unit}" if side == "seller" else "",
        )
        for side in ("buyer", "seller")
    ]
    return document(labels=labels, vconcat=panels, spacing=14)


def _steps(rows: Sequence[Row], side: str, worth: float) -> list[dict[str, Any]]:
    """Bars from one running sum to the next, then the whole; items of nothing are left out."""
    steps: list[dict[str, Any]] = []
    running = 0.0
    for row in rows:
        if row["party"] != side or row["amount"] == 0:
            continue
        after = running + row["amount"]
        steps.append(
            {
                "label": plain(row["item"]),
                "from": running,
                "to": after,
                "amount": row["amount"],
                "sign": ADDS if row["amount"] > 0 else TAKES_AWAY,
            }
        )
        running = after
    steps.append({"label": "in all", "from": 0.0, "to": worth, "amount": worth, "sign": IN_ALL})
    return steps


def _waterfall(
    steps: list[dict[str, Any]], *, title: str, size: float, domain: list[float], width: float, axis: str
) -> dict[str, Any]:
    values = [
        {
            "label": step["label"],
            "from": step["from"] / size,
            "to": step["to"] / size,
            "sign": step["sign"],
            "end": max(step["from"], step["to"]) / size,
            "text": ("+" if step["amount"] > 0 and step["sign"] != IN_ALL else "")
            + money_number(step["amount"]),
        }
        for step in steps
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [row["label"] for row in values],
        "title": None,
        "axis": {"ticks": False},
    }
    scale = {"domain": domain, "nice": False}
    x = {
        "field": "from",
        "type": "quantitative",
        "title": axis or None,
        "scale": scale,
        "axis": {"tickCount": 5, "labels": bool(axis), "ticks": bool(axis)},
    }
    key = None if axis else legend([ADDS, TAKES_AWAY, IN_ALL], TOTAL_WIDTH / 2)
    return {
        "data": {"values": values},
        "title": title,
        "width": width,
        "height": {"step": ROW_HEIGHT},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.68}},
                "encoding": {
                    "y": y,
                    "x": x,
                    "x2": {"field": "to"},
                    "color": {"field": "sign", "type": "nominal", "scale": FILLS, "legend": key},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "y": y,
                    "x": {"field": "end", "type": "quantitative", "scale": scale},
                    "text": {"field": "text"},
                },
            },
        ],
    }
