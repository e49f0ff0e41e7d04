"""Pictures of how the scenarios turn out: fans over the years, chances, and what moves a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dronedeal.report.charts.style import (
    BLUE,
    GREEN,
    INK,
    LABEL_LIMIT,
    ROW_HEIGHT,
    TOTAL_WIDTH,
    VERMILION,
    document,
    legend,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.fans import SHARES, fan, scale, value_text
from dronedeal.report.figure import Figure
from dronedeal.report.scenarios.wording import MEASURE_NAMES, Cause, causes_of
from dronedeal.report.wording import count_text, percent_text
from dronedeal.results.scenarios.columns import COSTS
from dronedeal.results.scenarios.record import ScenarioPlan

_CAUSES_SHOWN = 14
_WIDE, _MIDDLE = "90% of the chances", "half of the chances"
_BETTER, _WORSE = "better than the mean", "worse than the mean"


def fan_figure(plan: ScenarioPlan, measure: str) -> Figure | None:
    """Quantiles of a measure by fiscal year; None where it has no years."""
    rows = [
        row
        for row in plan.tables["distributions"]
        if row["measure"] == measure and row["fiscal_year"] is not None
    ]
    if len(rows) < 2:
        return None
    title = f"{MEASURE_NAMES[measure]} by fiscal year: how far apart the scenarios are"
    widest = max(rows, key=lambda row: row["p95"] - row["p05"])
    low, high = (value_text(measure, widest[name], currency=plan.currency) for name in ("p05", "p95"))
    summary = (
        f"The scenarios are furthest apart in {widest['fiscal_year']}: with a chance of 90% between {low} "
        f"and {high}, on average {value_text(measure, widest['mean'], currency=plan.currency)}."
    )
    spec = fan(measure, rows, currency=plan.currency, bands=(_WIDE, _MIDDLE), lines={"mean": ""})
    return Figure(f"fan-{measure}".replace("_", "-"), title, summary, spec)


def chance_figure(plan: ScenarioPlan, measure: str) -> Figure:
    """Chance that a measure of the whole plan is at most so much."""
    rows = sorted(
        (row for row in plan.tables["results"] if row["measure"] == measure and row["fiscal_year"] is None),
        key=lambda row: row["value"],
    )
    title = f"{MEASURE_NAMES[measure]} of the whole plan: chance of at most so much"
    if not rows:
        return Figure(f"chance-{measure}", title, "No scenario has this measure.", None)
    spread = next(
        row
        for row in plan.tables["distributions"]
        if row["measure"] == measure and row["fiscal_year"] is None
    )
    words = [
        value_text(measure, spread[name], currency=plan.currency)
        for name in ("mean", "least", "most", "worst_tenth")
    ]
    summary = (
        f"{words[0]} on average, from {words[1]} to {words[2]}; {words[3]} on average over the worst tenth "
        "of the chances."
    )
    size, unit = scale(measure, [row["value"] for row in rows], currency=plan.currency)
    so_far, steps = 0.0, [{"value": rows[0]["value"] / size, "chance": 0.0}]
    for row in rows:
        so_far += row["probability"]
        steps.append({"value": row["value"] / size, "chance": 100 * min(1.0, so_far)})
    x = {
        "field": "value", "type": "quantitative", "title": f"{MEASURE_NAMES[measure]}, {unit}",
        "scale": {"zero": False},
    }  # fmt: skip
    y = {
        "field": "chance",
        "type": "quantitative",
        "title": "chance, per cent",
        "scale": {"domain": [0, 100]},
    }
    spec = document(
        width=TOTAL_WIDTH - 120,
        height=180,
        layer=[
            {
                "data": {"values": steps},
                "mark": {"type": "line", "interpolate": "step-after", "color": BLUE, "strokeWidth": 2},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [{"value": spread["mean"] / size}]},
                "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
                "encoding": {"x": x},
            },
        ],
    )
    return Figure(f"chance-{measure}".replace("_", "-"), title, summary, spec)


def cause_figure(plan: ScenarioPlan, measure: str) -> Figure:
    """How far each outcome moves the mean of a measure."""
    what = MEASURE_NAMES[measure].lower()
    title = f"What moves {what}: mean where an outcome is in force, less the mean of all"
    name = f"causes-{measure}".replace("_", "-")
    causes = [
        each
        for each in causes_of(plan.tables["causes"], measure)
        if abs(each.row["difference"]) > 1e-9 * max(1.0, abs(each.row["mean"]))
    ]
    if not causes:
        return Figure(name, title, "No outcome moves it.", None)
    causes.sort(key=lambda each: (-abs(each.row["difference"]), each.words))
    shown = causes[:_CAUSES_SHOWN]
    sign = 1 if measure in COSTS else -1
    worst = max(causes, key=lambda each: sign * each.row["difference"])
    summary = (
        f"Worst where {worst.words} (chance {percent_text(worst.row['probability'])}): "
        f"{value_text(measure, worst.row['mean'], currency=plan.currency)} on average; in force in "
        f"{percent_text(worst.row['share_of_worst'])} of the worst tenth of the chances."
    )
    left = sum(len(each.names) for each in causes[_CAUSES_SHOWN:])
    note = f"Only in the table: {count_text(left, 'outcome')} of less effect." if left else ""
    return Figure(name, title, summary, _bars(plan, measure, shown), left_out=note)


def _bars(plan: ScenarioPlan, measure: str, causes: Sequence[Cause]) -> dict[str, Any]:
    rows = [each.row for each in causes]
    size, unit = scale(measure, [row["difference"] for row in rows], currency=plan.currency)
    if measure in SHARES:
        unit = "percentage points"
    labels = distinct_labels({place: each.brief for place, each in enumerate(causes)}, LABEL_LIMIT)
    is_cost = measure in COSTS
    values = [
        {
            "outcome": labels[place],
            "difference": row["difference"] / size,
            "state": _WORSE if (row["difference"] > 0) == is_cost else _BETTER,
        }
        for place, row in enumerate(rows)
    ]
    order = list(labels.values())
    states = [state for state in (_BETTER, _WORSE) if any(row["state"] == state for row in values)]
    return document(
        labels=order,
        data={"values": values},
        width=plot_width(order),
        height={"step": ROW_HEIGHT},
        layer=[
            {
                "mark": {"type": "bar", "height": {"band": 0.7}},
                "encoding": {
                    "y": {
                        "field": "outcome", "type": "nominal", "sort": order, "title": None,
                        "axis": {"ticks": False},
                    },
                    "x": {"field": "difference", "type": "quantitative", "title": f"difference, {unit}"},
                    "color": {
                        "field": "state",
                        "type": "nominal",
                        "scale": {
                            "domain": states,
                            "range": [GREEN if state == _BETTER else VERMILION for state in states],
                        },
                        "legend": legend(states, TOTAL_WIDTH / 2),
                    },
                },
            },
            {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0}}},
        ],
    )  # fmt: skip
