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
    SKY,
    TOTAL_WIDTH,
    VERMILION,
    document,
    legend,
    money_scale,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure
from dronedeal.report.scenarios.wording import MEASURE_NAMES, factor_text
from dronedeal.report.wording import money_text, percent_text
from dronedeal.results.scenarios.columns import COSTS
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.results.shape import Row

SHARES = ("coverage", "own_needs")
_CAUSES_SHOWN = 14
_WIDE, _MIDDLE = "90% of the chances", "half of the chances"
_BETTER, _WORSE = "better than the mean", "worse than the mean"


def value_text(plan: ScenarioPlan, measure: str, value: float) -> str:
    """A value of a measure in words."""
    if measure in SHARES:
        return percent_text(value, 1)
    return money_text(value, plan.currency)


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
    low, high = (value_text(plan, measure, widest[name]) for name in ("p05", "p95"))
    summary = (
        f"The scenarios are furthest apart in {widest['fiscal_year']}: with a chance of 90% between {low} "
        f"and {high}, on average {value_text(plan, measure, widest['mean'])}."
    )
    return Figure(f"fan-{measure}".replace("_", "-"), title, summary, _fan(plan, measure, rows))


def _scale(measure: str, values: Sequence[float], currency: str) -> tuple[float, str, dict[str, Any]]:
    """Divisor, title and format of an axis."""
    if measure in SHARES:
        return 0.01, "per cent", {}
    size, word = money_scale(max(map(abs, values), default=0.0))
    return size, f"{word}{currency}", {}


def _fan(plan: ScenarioPlan, measure: str, rows: Sequence[Row]) -> dict[str, Any]:
    size, title, _ = _scale(measure, [row["most"] for row in rows], plan.currency)
    bands = [
        {"year": str(row["fiscal_year"]), "low": row[low] / size, "high": row[high] / size, "band": band}
        for row in rows
        for band, low, high in ((_WIDE, "p05", "p95"), (_MIDDLE, "p25", "p75"))
    ]
    lines = [
        {"year": str(row["fiscal_year"]), "value": row["p50"] / size, "mean": row["mean"] / size}
        for row in rows
    ]
    x = {"field": "year", "type": "ordinal", "title": "fiscal year", "axis": {"labelAngle": 0}}
    y = {"type": "quantitative", "title": title, "scale": {"zero": measure not in SHARES}}
    colour = {
        "field": "band",
        "type": "nominal",
        "scale": {"domain": [_WIDE, _MIDDLE], "range": [SKY, BLUE]},
        "legend": legend([_WIDE, _MIDDLE], TOTAL_WIDTH / 2),
    }
    return document(
        width=TOTAL_WIDTH - 120,
        height=220,
        layer=[
            {
                "data": {"values": bands},
                "mark": {"type": "area", "opacity": 0.55},
                "encoding": {
                    "x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour
                },
            },
            {
                "data": {"values": lines},
                "mark": {"type": "line", "color": INK, "strokeWidth": 2},
                "encoding": {"x": x, "y": {**y, "field": "value"}},
            },
            {
                "data": {"values": lines},
                "mark": {"type": "line", "color": INK, "strokeDash": [3, 3]},
                "encoding": {"x": x, "y": {**y, "field": "mean"}},
            },
        ],
    )  # fmt: skip


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
    words = [value_text(plan, measure, spread[name]) for name in ("mean", "least", "most", "worst_tenth")]
    summary = (
        f"{words[0]} on average, from {words[1]} to {words[2]}; {words[3]} on average over the worst tenth "
        "of the chances."
    )
    size, unit, _ = _scale(measure, [row["value"] for row in rows], plan.currency)
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
    rows = [row for row in plan.tables["causes"] if row["measure"] == measure]
    rows = [row for row in rows if abs(row["difference"]) > 1e-9 * max(1.0, abs(row["mean"]))]
    if not rows:
        return Figure(name, title, "No outcome moves it.", None)
    rows.sort(key=lambda row: (-abs(row["difference"]), factor_text(row)))
    shown = rows[:_CAUSES_SHOWN]
    is_cost = measure in COSTS
    worst = max(rows, key=lambda row: row["difference"] if is_cost else -row["difference"])
    summary = (
        f"Worst where {factor_text(worst)} (chance {percent_text(worst['probability'])}): "
        f"{value_text(plan, measure, worst['mean'])} on average; it is in force in "
        f"{percent_text(worst['share_of_worst'])} of the worst tenth of the chances."
    )
    left = len(rows) - len(shown)
    note = f"{left} outcomes that move it less stand only in the table." if left else ""
    return Figure(name, title, summary, _bars(plan, measure, shown), left_out=note)


def _bars(plan: ScenarioPlan, measure: str, rows: Sequence[Row]) -> dict[str, Any]:
    size, unit, _ = _scale(measure, [row["difference"] for row in rows], plan.currency)
    if measure in SHARES:
        unit = "percentage points"
    labels = distinct_labels({place: factor_text(row) for place, row in enumerate(rows)}, LABEL_LIMIT)
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
