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
# Room above the highest column for its text.
HEADROOM = 1.08
WIDTH, HEIGHT = TOTAL_WIDTH - 90, 260


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
    pieces = [
        piece for year in years for piece in _pieces(amounts, year, series, least=TEXT_ROOM * top, size=size)
    ]
    sums = [
        {"year": year, "high": high / size, "text": _short(high / size)} for year, high in heights.items()
    ]
    x = {"field": "year", "type": "ordinal", "sort": list(years), "title": None, "axis": {"labelAngle": 0}}
    y = {
        "field": "low",
        "type": "quantitative",
        "title": f"{word}{unit}",
        "axis": {"tickCount": 5},
        "scale": {"domain": [0, top / size * HEADROOM], "nice": False},
    }
    return document(
        width=WIDTH,
        height=HEIGHT,
        layer=[_bars(pieces, series, x=x, y=y), *_texts(pieces, sums, x=x)],
    )


def _pieces(
    amounts: Mapping[tuple[str, str], float], year: str, series: Sequence[str], *, least: float, size: float
) -> list[dict[str, Any]]:
    """The pieces of one column from the bottom up; those lower than `least` carry no text."""
    pieces: list[dict[str, Any]] = []
    base = 0.0
    for name, colour in zip(series, series_colours(len(series)), strict=True):
        amount = amounts.get((year, name), 0.0)
        if amount <= 0:
            continue
        high = base + amount / size
        # A single series says its amount above the column already.
        text = _short(amount / size) if amount >= least and len(series) > 1 else ""
        place = {"year": year, "series": name, "low": base, "high": high, "middle": (base + high) / 2}
        pieces.append({**place, "text": text, "ink": text_colour(colour)})
        base = high
    return pieces


def _bars(
    pieces: list[dict[str, Any]], series: Sequence[str], *, x: dict[str, Any], y: dict[str, Any]
) -> dict[str, Any]:
    colour = {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": list(series), "range": series_colours(len(series))},
        "legend": legend(series, WIDTH),
    }
    return {
        "data": {"values": pieces},
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "width": {"band": 0.6}},
        "encoding": {"x": x, "y": y, "y2": {"field": "high"}, "color": colour},
    }


def _texts(
    pieces: list[dict[str, Any]], sums: list[dict[str, Any]], *, x: dict[str, Any]
) -> list[dict[str, Any]]:
    """The amount inside each piece, and the whole above each column."""
    text, colour = {"field": "text"}, {"field": "ink", "type": "nominal", "scale": None}
    return [
        {
            "data": {"values": [piece for piece in pieces if piece["text"]]},
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {
                "x": x,
                "y": {"field": "middle", "type": "quantitative"},
                "text": text,
                "color": colour,
            },
        },
        {
            "data": {"values": sums},
            "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold"},
            "encoding": {"x": x, "y": {"field": "high", "type": "quantitative"}, "text": text},
        },
    ]


def _short(value: float) -> str:
    return number_text(value, 0 if value >= 100 else 1 if value >= 10 else 2)
