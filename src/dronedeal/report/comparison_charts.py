"""Pictures of plans side by side: what they are worth, and what is paid in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import TOTAL_WIDTH, document, legend, money_scale, series_colours
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure
from dronedeal.report.wording import list_text, money_text, number_text
from dronedeal.results.compare import Comparison

_NAME_LIMIT = 24
_MOST_LABELS = 40


def worth_figure(comparison: Comparison) -> Figure:
    """Utility of each side in each plan."""
    labels = plan_labels(comparison)
    currency = comparison.plans[0].currency
    sides = {"buyer": "Buyer", "seller": "Seller"}
    amounts = {
        (title, label): value
        for side, title in sides.items()
        for label, value in zip(labels, comparison.total(side).values, strict=True)
        if value is not None
    }
    words = [
        f"{label} {money_text(amounts['Buyer', label], currency)} and "
        f"{money_text(amounts['Seller', label], currency)}"
        for label in labels
    ]
    summary = f"Worth to the buyer and to the seller: {list_text(words)}."
    spec = grouped_columns(
        amounts, groups=list(sides.values()), series=labels, unit=comparison.total("buyer").unit
    )
    return Figure("worth", "Worth of each plan to both sides", summary, spec)


def paid_figure(comparison: Comparison) -> Figure:
    """Money paid for purchases in each fiscal year of the buyer in each plan."""
    labels = plan_labels(comparison)
    currency = comparison.plans[0].currency
    title = "Money paid by fiscal year of the buyer"
    sums = sorted(comparison.summed("purchases", "amount", by=("fiscal_year",)), key=lambda each: each.key)
    if not sums:
        return Figure("paid", title, "None of the plans buys anything.", None)
    amounts = {
        (f"FY{figure.key[0]}", label): value or 0.0
        for figure in sums
        for label, value in zip(labels, figure.values, strict=True)
    }
    whole = comparison.total("paid").values
    words = [
        f"{label} {money_text(value or 0.0, currency)}" for label, value in zip(labels, whole, strict=True)
    ]
    groups = [f"FY{figure.key[0]}" for figure in sums]
    spec = grouped_columns(amounts, groups=groups, series=labels, unit=sums[0].unit)
    return Figure("paid", title, f"Paid over all years: {list_text(words)}.", spec)


def plan_labels(comparison: Comparison) -> list[str]:
    """Names of the plans, short enough for a legend and all different."""
    return list(distinct_labels(dict(enumerate(comparison.names)), _NAME_LIMIT).values())


def grouped_columns(
    amounts: Mapping[tuple[str, str], float], *, groups: Sequence[str], series: Sequence[str], unit: str
) -> dict[str, Any]:
    """Columns side by side within each group, in the order of the legend, with the amount at each.

    Parameters
    ----------
    amounts : money by (group, series); may be negative
    groups, series : their order
    unit : unit of the money
    """
    size, word = money_scale(max((abs(amount) for amount in amounts.values()), default=0.0))
    has_text = len(amounts) <= _MOST_LABELS
    values = [
        {
            "group": group,
            "series": name,
            "value": amount / size,
            "text": _short(amount / size) if has_text else "",
        }
        for (group, name), amount in amounts.items()
    ]
    lowest = min([0.0, *(row["value"] for row in values)])  # type: ignore[type-var]  # the values are numbers
    highest = max([0.0, *(row["value"] for row in values)])  # type: ignore[type-var]
    room = 0.1 * ((highest - lowest) or 1.0)  # type: ignore[operator]
    domain = [lowest - (room if lowest < 0 else 0.0), highest + room]  # type: ignore[operator]
    width = TOTAL_WIDTH - 90
    x = {"field": "group", "type": "nominal", "sort": list(groups), "title": None, "axis": {"labelAngle": 0}}
    offset = {"field": "series", "type": "nominal", "sort": list(series), "scale": {"domain": list(series)}}
    y = {
        "field": "value",
        "type": "quantitative",
        "title": f"{word}{unit}",
        "axis": {"tickCount": 5},
        "scale": {"domain": domain, "nice": False},
    }
    colour = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series), "range": series_colours(len(series))},
        "legend": legend(series, width),
    }
    place = {"x": x, "xOffset": offset, "y": y}
    return document(
        width=width,
        height=260,
        data={"values": values},
        layer=[
            {
                "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1},
                "encoding": {**place, "color": colour},
            },
            _texts(place, "datum.value >= 0", baseline="bottom", dy=-4),
            _texts(place, "datum.value < 0", baseline="top", dy=4),
        ],
    )


def _texts(place: Mapping[str, Any], rule: str, *, baseline: str, dy: int) -> dict[str, Any]:
    return {
        "transform": [{"filter": rule}],
        "mark": {"type": "text", "baseline": baseline, "dy": dy},
        "encoding": {**place, "text": {"field": "text"}},
    }


def _short(value: float) -> str:
    return number_text(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)
