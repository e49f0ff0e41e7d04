"""Picture of what each composition rule costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dronedeal.report.charts.joining import OPEN_NOTE, open_words
from dronedeal.report.charts.style import (
    BLUE,
    LABEL_LIMIT,
    ORANGE,
    ROW_HEIGHT,
    ROWS_SHOWN,
    TOTAL_WIDTH,
    document,
    legend,
    money_scale,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import Row, View
from dronedeal.report.wording import count_text, money_number, plain
from dronedeal.results.variants import ALL, least_and_most

TITLE = "What each side would gain without a composition rule"


@figure("rule_costs", order=10)
def rule_costs(view: View) -> Figure:
    """What leaving each rule out would bring to each side, dearest rule first."""
    rows = sorted(view.rows("rule_costs"), key=lambda row: (-abs(row["difference"]), row["rule"]))
    title = f"{TITLE}, {view.utility_unit}"
    grid = rule_cost_grid(view, rows)
    if not rows:
        words = "What the rules cost was not asked for; plan with --rule-costs to have it."
        return Figure("rule_costs", title, words, None, grid)
    dearest = rows[0]
    name = rule_label(dearest["rule"])
    without = "it" if name == dearest["rule"] else "them"
    single = sum(not row["rule"].startswith(ALL) for row in rows)
    summary = (
        f"Of {count_text(single, 'rule')} the dearest: {name}. Without {without} {view.buyer} would "
        f"have {_more(view, dearest['buyer_difference'])} and {view.seller} "
        f"{_more(view, dearest['seller_difference'])}, {view.utility_unit}{open_words(view, dearest)}."
    )
    shown = [row for row in rows if _size(row) >= _VISIBLE * max(map(_size, rows))][:ROWS_SHOWN]
    left = len(rows) - len(shown)
    note = f"{left} with a difference that is small beside these only in the table." if left > 0 else ""
    return Figure("rule_costs", title, summary, _bars(view, shown), grid, note)


# A bar shorter than this share of the longest one cannot be seen.
_VISIBLE = 0.002


def _size(row: Row) -> float:
    return max(abs(float(row[f"{side}_difference"])) for side in ("buyer", "seller"))


def rule_label(rule: str) -> str:
    """A rule by its id, and all rules of a kind in words.

    >>> rule_label("short_range"), rule_label("all local_content")
    ('short_range', 'all rules of local content')
    """
    kind = rule.removeprefix(ALL)
    return rule if kind == rule else f"all rules of {plain(kind)}"


def _more(view: View, change: float) -> str:
    return f"{view.money(abs(change))} {'more' if change >= 0 else 'less'}"


def rule_cost_grid(view: View, rows: Sequence[Row]) -> Grid:
    """Every rule that was left out, with both sides' worth without it."""
    unit = view.utility_unit
    return Grid(
        "What the deal is worth without each composition rule",
        (
            GridColumn("Rule left out"),
            GridColumn("Objective", "money", unit),
            GridColumn("Difference", "money", unit),
            GridColumn("At least", "money", unit),
            GridColumn("At most", "money", unit),
            GridColumn(f"{view.buyer[:1].upper()}{view.buyer[1:]}", "money", unit),
            GridColumn("Difference", "money", unit),
            GridColumn(f"{view.seller[:1].upper()}{view.seller[1:]}", "money", unit),
            GridColumn("Difference", "money", unit),
            GridColumn("Gap", "gap"),
            GridColumn("In words"),
        ),
        tuple(
            (
                rule_label(row["rule"]),
                row["objective"],
                row["difference"],
                *(least_and_most(view.plan, row) or (None, None)),
                row["buyer"],
                row["buyer_difference"],
                row["seller"],
                row["seller_difference"],
                row["gap"],
                row["words"],
            )
            for row in rows
        ),
        note=OPEN_NOTE,
    )


def _bars(view: View, rows: Sequence[Row]) -> dict[str, Any]:
    labels = distinct_labels({row["rule"]: rule_label(row["rule"]) for row in rows}, LABEL_LIMIT)
    sides = {side: view.names.party(side) for side in ("buyer", "seller")}
    largest = max(abs(row[f"{side}_difference"]) for row in rows for side in sides)
    size, word = money_scale(largest)
    values = [
        {
            "rule": labels[row["rule"]],
            "side": name,
            "amount": row[f"{side}_difference"] / size,
            "end": max(0.0, row[f"{side}_difference"]) / size,
            "text": money_number(row[f"{side}_difference"]),
        }
        for row in rows
        for side, name in sides.items()
    ]
    low = min(0.0, *(float(value["amount"]) for value in values))
    high = max(0.0, *(float(value["amount"]) for value in values))
    room = 0.22 * max(high - low, 1e-9)
    scale = {"domain": [low, high + room], "nice": False}
    names = list(sides.values())
    y = {"field": "rule", "type": "nominal", "sort": [labels[row["rule"]] for row in rows], "title": None,
         "axis": {"ticks": False}}  # fmt: skip
    offset = {"field": "side", "sort": names}
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": names, "range": [BLUE, ORANGE]},
        "legend": legend(names, TOTAL_WIDTH / 2),
    }
    x = {"field": "amount", "type": "quantitative", "title": f"{word}{view.utility_unit}", "scale": scale,
         "axis": {"tickCount": 5}}  # fmt: skip
    return document(
        labels=list(labels.values()),
        data={"values": values},
        width=plot_width(list(labels.values())),
        height={"step": ROW_HEIGHT},
        layer=[
            {"mark": {"type": "bar"}, "encoding": {"y": y, "yOffset": offset, "x": x, "color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "y": y,
                    "yOffset": offset,
                    "x": {"field": "end", "type": "quantitative", "scale": scale},
                    "text": {"field": "text"},
                },
            },
        ],
    )
