"""Picture of joint production against all made by one side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dronedeal.report.charts.style import (
    BLUE,
    ORANGE,
    ROW_HEIGHT,
    SILVER,
    document,
    money_scale,
    plot_width,
)
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View
from dronedeal.report.wording import list_text, money_number
from dronedeal.results.variants import least_and_most

THIS_PLAN = "This plan"
LABELS = {"all_seller": "All made by the seller", "all_buyer": "All made by the buyer's side"}
FILLS = {THIS_PLAN: BLUE, "all_seller": ORANGE, "all_buyer": SILVER}

OPEN_NOTE = (
    "At least and at most are what the gaps of the two plans leave open of the difference in all: what is "
    "nothing at least may be chance, or the rest of a search."
)


def open_words(view: View, row: Row) -> str:
    """How much of the difference of a variant its gap and that of the plan leave open, in brackets."""
    found = least_and_most(view.plan, row)
    if found is None:
        return ""
    least, most = (view.money(each) for each in found)
    return f" (the gaps leave {least} to {most} open)"


@figure("baselines", order=3.5)
def baselines(view: View) -> Figure:
    """What the plan is worth beside the same deal with all made by one side."""
    plan, rows = view.plan, view.rows("baselines")
    title = f"Joint production against all made by one side, {view.utility_unit}"
    grid = Grid(
        "The plan beside its baselines",
        (
            GridColumn("What is made where"),
            GridColumn("In all", "money", view.utility_unit),
            GridColumn(view.names.party("buyer"), "money", view.utility_unit),
            GridColumn(view.names.party("seller"), "money", view.utility_unit),
            GridColumn("The plan is worth more by", "money", view.utility_unit),
            GridColumn("At least", "money", view.utility_unit),
            GridColumn("At most", "money", view.utility_unit),
            GridColumn("Units delivered", "quantity", "units"),
            GridColumn("Rules broken", "whole", "number"),
        ),
        (
            (
                THIS_PLAN,
                plan.objective,
                plan.utilities["buyer"],
                plan.utilities["seller"],
                None,
                None,
                None,
                float(sum(row["quantity"] for row in view.rows("purchases"))),
                len(view.rows("violations")),
            ),
            *(
                (
                    LABELS[row["kind"]],
                    row["objective"],
                    row["buyer"],
                    row["seller"],
                    row["difference"],
                    *(least_and_most(plan, row) or (None, None)),
                    row["delivered"],
                    row["broken"],
                )
                for row in rows
            ),
        ),
        note=OPEN_NOTE,
    )
    if not rows:
        words = "The plan was made without its baselines; `dronedeal plan --baselines` adds them."
        return Figure("baselines", title, words, None, grid)
    parts = [
        f"{view.money(row['difference'])} than {_words(row['kind'])}{open_words(view, row)}" for row in rows
    ]
    summary = f"The plan is worth more by {list_text(parts)} ({view.utility_unit})."
    return Figure("baselines", title, summary, _panels(view), grid)


def _words(kind: str) -> str:
    return LABELS[kind][0].lower() + LABELS[kind][1:]


def _panels(view: View) -> dict[str, Any]:
    """One panel for the whole and one for each side, with a bar for the plan and for each baseline."""
    plan, rows = view.plan, view.rows("baselines")
    panels = {
        "In all": [plan.objective, *(row["objective"] for row in rows)],
        view.names.party("buyer"): [plan.utilities["buyer"], *(row["buyer"] for row in rows)],
        view.names.party("seller"): [plan.utilities["seller"], *(row["seller"] for row in rows)],
    }
    labels = [THIS_PLAN, *(LABELS[row["kind"]] for row in rows)]
    fills = [FILLS[THIS_PLAN], *(FILLS[row["kind"]] for row in rows)]
    amounts = [amount for panel in panels.values() for amount in panel]
    size, word = money_scale(max(abs(amount) for amount in amounts))
    low, high = min(0.0, *amounts) / size, max(0.0, *amounts) / size
    domain = [low, high + 0.22 * (high - low)]
    width = plot_width(labels)
    drawn = [
        _panel(
            list(zip(labels, worth, fills, strict=True)),
            title=title,
            size=size,
            domain=domain,
            width=width,
            axis=f"{word}{view.utility_unit}" if number == len(panels) - 1 else "",
        )
        for number, (title, worth) in enumerate(panels.items())
    ]
    return document(labels=labels, vconcat=drawn, spacing=14)


def _panel(
    bars: Sequence[tuple[str, float, str]],
    *,
    title: str,
    size: float,
    domain: list[float],
    width: float,
    axis: str,
) -> dict[str, Any]:
    values = [
        {
            "label": label,
            "amount": amount / size,
            "fill": fill,
            "end": max(0.0, amount) / size,
            "text": money_number(amount),
        }
        for label, amount, fill in bars
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [label for label, _, _ in bars],
        "title": None,
        "axis": {"ticks": False},
    }
    scale = {"domain": domain, "nice": False}
    x = {
        "field": "amount",
        "type": "quantitative",
        "title": axis or None,
        "scale": scale,
        "axis": {"tickCount": 5, "labels": bool(axis), "ticks": bool(axis)},
    }
    return {
        "data": {"values": values},
        "title": title,
        "width": width,
        "height": {"step": ROW_HEIGHT},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.68}},
                "encoding": {"y": y, "x": x, "color": {"field": "fill", "type": "nominal", "scale": None}},
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
