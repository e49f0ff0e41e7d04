"""Pictures of a stress test: rates with their intervals, fans beside the plan, first failures and causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dronedeal.report.charts.style import (
    INK,
    LABEL_LIMIT,
    ROW_HEIGHT,
    SKY,
    VERMILION,
    document,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.fans import fan, value_text
from dronedeal.report.figure import Figure
from dronedeal.report.scenarios.wording import MEASURE_NAMES
from dronedeal.report.wording import percent_text
from dronedeal.results.shape import Row
from dronedeal.results.stress.intervals import wilson
from dronedeal.results.stress.record import StressTest

SERVICE_NAMES = {
    "own_needs": "own needs keep their pace",
    "coverage": "thresholds are covered",
    "deliveries": "promised units come in time",
    "firm_minimum": "firm minima are taken",
    "return_share": "output returns to its owner",
    "rule": "composition rules are kept",
    "budget": "budgets suffice",
    "ceiling": "the ceiling is kept",
    "cash_floor": "cash stays above its floor",
    "all": "every promise is kept",
}
_SHOWN = 20
# Causes are whole sentences: they take more of the width than names do.
_CAUSE_LIMIT = 92
_WIDE, _MIDDLE, _PLANNED = "90% of the paths", "half of the paths", "signed plan"


def service_text(row: Row) -> str:
    """What a row of `services` is about.

    >>> service_text({"service": "coverage", "subject": "recon", "fiscal_year": 2028})
    'recon 2028: thresholds are covered'
    """
    name = SERVICE_NAMES[row["service"]]
    return name if row["subject"] == "*" else f"{row['subject']} {row['fiscal_year']}: {name}"


def rate_figure(test: StressTest) -> Figure:
    """How surely each kind of promise is kept, and the single promises that are kept least."""
    rows = [row for row in test.tables["services"] if row["promised"] == "yes"]
    kinds = [row for row in rows if row["subject"] == "*"]
    single = sorted((row for row in rows if row["subject"] != "*" and row["rate"] < 1), key=_by_rate)
    shown = [*kinds, *single[: _SHOWN - len(kinds)]]
    whole = kinds[0]
    summary = (
        f"Every promise is kept in {percent_text(whole['rate'], 1)} of the paths "
        f"({percent_text(whole['low'], 1)} to {percent_text(whole['high'], 1)})."
    )
    if single:
        worst = single[0]
        summary += f" Least surely: {service_text(worst)}, {percent_text(worst['rate'], 1)}."
    left = len(single) - (len(shown) - len(kinds))
    note = f"{left} promises that are kept more surely stand only in the table." if left else ""
    title = "How surely what was promised is kept, with the range that so many paths leave"
    return Figure("rates", title, summary, _rates(shown), left_out=note)


def _by_rate(row: Row) -> tuple[float, str, int]:
    return row["rate"], row["subject"], row["fiscal_year"] or 0


def _rates(rows: Sequence[Row]) -> dict[str, Any]:
    labels = distinct_labels({place: service_text(row) for place, row in enumerate(rows)}, LABEL_LIMIT)
    values = [
        {
            "service": labels[place],
            "rate": 100 * row["rate"],
            "low": 100 * row["low"],
            "high": 100 * row["high"],
        }
        for place, row in enumerate(rows)
    ]
    order = list(labels.values())
    y = {"field": "service", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}}
    x = {"type": "quantitative", "title": "share of the paths, per cent", "scale": {"domain": [0, 100]}}
    return document(
        labels=order,
        data={"values": values},
        width=plot_width(order),
        height={"step": ROW_HEIGHT},
        layer=[
            {
                "mark": {"type": "bar", "height": {"band": 0.7}, "color": SKY},
                "encoding": {"y": y, "x": {**x, "field": "rate"}},
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
        ],
    )


def fan_figure(test: StressTest, measure: str) -> Figure | None:
    """Quantiles of a measure by fiscal year beside what the plan says; None where it has no years."""
    rows = [
        row
        for row in test.tables["distributions"]
        if row["measure"] == measure and row["fiscal_year"] is not None
    ]
    if len(rows) < 2:
        return None
    title = f"{MEASURE_NAMES[measure]} by fiscal year: the paths, and what the plan says"
    widest = max(rows, key=lambda row: row["p95"] - row["p05"])
    low, high, mean = (
        value_text(measure, widest[name], currency=test.currency) for name in ("p05", "p95", "mean")
    )
    planned = (
        "nothing"
        if widest["planned"] is None
        else value_text(measure, widest["planned"], currency=test.currency)
    )
    summary = (
        f"The paths are furthest apart in {widest['fiscal_year']}: nine of ten between {low} and {high}, on "
        f"average {mean}; the plan says {planned}."
    )
    spec = fan(measure, rows, currency=test.currency, bands=(_WIDE, _MIDDLE), lines={"planned": _PLANNED})
    return Figure(f"fan-{measure}".replace("_", "-"), title, summary, spec)


def failure_figure(test: StressTest) -> Figure:
    """What fails first, and how often."""
    title = "What fails first: share of the paths"
    rows = [(row["words"], row) for row in test.tables["first_failures"]]
    if not rows:
        return Figure("first-failures", title, "No promise is broken in any path.", None)
    words, worst = rows[0]
    summary = f"Most often: {words}, in {percent_text(worst['share'], 1)} of the paths."
    return _share_figure("first-failures", title, summary, rows)


def cause_figure(test: StressTest) -> Figure:
    """What made the first promise fail, and how often."""
    title = "What makes the first promise fail: share of the paths"
    rows = _causes(test)
    if not rows:
        return Figure("stress-causes", title, "No promise is broken in any path.", None)
    words, worst = rows[0]
    summary = f"Most often: {words}, in {percent_text(worst['share'], 1)} of the paths."
    return _share_figure("stress-causes", title, summary, rows)


def _causes(test: StressTest) -> list[tuple[str, Row]]:
    """Causes in words, the most frequent first; outcomes that only together do it share one row.

    There are many sets of them, each seldom and too long to be told from others at an axis.
    """
    causes = test.tables["causes"]
    rows = [(row["cause"], row) for row in causes if row["alone"] == "yes"]
    sets = [row for row in causes if row["alone"] == "no"]
    if len(sets) > 1:
        paths = sum(row["paths"] for row in sets)
        span = wilson(paths, test.done, confidence_level=test.confidence_level)
        share = {"share": paths / test.done, "low": span.low, "high": span.high}
        rows.append((f"several outcomes only together ({len(sets)} sets, in the table)", share))
    else:
        rows += [(row["cause"], row) for row in sets]
    return sorted(rows, key=lambda each: -each[1]["share"])


def _share_figure(name: str, title: str, summary: str, rows: Sequence[tuple[str, Row]]) -> Figure:
    left = len(rows) - _SHOWN
    note = f"{left} that come less often stand only in the table." if left > 0 else ""
    labels = distinct_labels({place: words for place, (words, _) in enumerate(rows[:_SHOWN])}, _CAUSE_LIMIT)
    values = [
        {
            "what": labels[place],
            "share": 100 * row["share"],
            "low": 100 * row["low"],
            "high": 100 * row["high"],
        }
        for place, (_, row) in enumerate(rows[:_SHOWN])
    ]
    order = list(labels.values())
    y = {"field": "what", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}}
    x = {"type": "quantitative", "title": "share of the paths, per cent"}
    spec = document(
        labels=order,
        data={"values": values},
        width=plot_width(order),
        height={"step": ROW_HEIGHT},
        layer=[
            {
                "mark": {"type": "bar", "height": {"band": 0.7}, "color": VERMILION},
                "encoding": {"y": y, "x": {**x, "field": "share"}},
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
        ],
    )
    return Figure(name, title, summary, spec, left_out=note)
