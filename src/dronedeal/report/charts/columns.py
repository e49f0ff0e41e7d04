"""Columns by year, stacked, that several charts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import (
    TOTAL_WIDTH,
    document,
    legend,
    money_scale,
    series_colours,
    text_colour,
)
from dronedeal.report.wording import number_text

# A piece of a column that is lower than this share of the axis has no room for its own text.
TEXT_ROOM = 0.055


def stacked_columns(
    amounts: Mapping[tuple[str, str], float], *, years: Sequence[str], series: Sequence[str], unit: str
) -> dict[str, Any]:
    """Columns by year, stacked by series, with the amount written into each piece that has room for it.

    Parameters
    ----------
    amounts : money by (year, series)
    years, series : their order; the first series stands at the bottom
    unit : unit of the money
    """
    heights = {year: sum(amounts.get((year, name), 0.0) for name in series) for year in years}
    top = max(heights.values(), default=0.0)
    size, word = money_scale(top)
    colours = series_colours(len(series))
    values = []
    for year in years:
        base = 0.0
        for name, colour in zip(series, colours, strict=True):
            amount = amounts.get((year, name), 0.0) / size
            if amount <= 0:
                continue
            has_text = amount * size >= TEXT_ROOM * top and len(series) > 1
            piece = {
                "year": year,
                "series": name,
                "low": base,
                "high": base + amount,
                "middle": base + amount / 2,
            }
            values.append({**piece, "text": _short(amount) if has_text else "", "ink": text_colour(colour)})
            base += amount
    sums = [
        {"year": year, "high": height / size, "text": _short(height / size)}
        for year, height in heights.items()
    ]
    x = {"field": "year", "type": "ordinal", "sort": list(years), "title": None, "axis": {"labelAngle": 0}}
    colour_scale = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series), "range": colours},
        "legend": legend(series, TOTAL_WIDTH - 90),
    }
    return document(
        width=TOTAL_WIDTH - 90,
        height=260,
        layer=[
            {
                "data": {"values": values},
                "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "width": {"band": 0.6}},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "low",
                        "type": "quantitative",
                        "title": f"{word}{unit}",
                        "axis": {"tickCount": 5},
                        "scale": {"domain": [0, top / size * 1.08], "nice": False},
                    },
                    "y2": {"field": "high"},
                    "color": colour_scale,
                },
            },
            {
                "data": {"values": [row for row in values if row["text"]]},
                "mark": {"type": "text", "baseline": "middle"},
                "encoding": {
                    "x": x,
                    "y": {"field": "middle", "type": "quantitative"},
                    "text": {"field": "text"},
                    "color": {"field": "ink", "type": "nominal", "scale": None},
                },
            },
            {
                "data": {"values": sums},
                "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold"},
                "encoding": {
                    "x": x,
                    "y": {"field": "high", "type": "quantitative"},
                    "text": {"field": "text"},
                },
            },
        ],
    )


def _short(value: float) -> str:
    return number_text(value, 0 if value >= 100 else 1 if value >= 10 else 2)
