"""Fans of a measure over the fiscal years: how far apart futures are, in one picture and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.style import BLUE, INK, ORANGE, SKY, TOTAL_WIDTH, document, legend, money_scale
from dronedeal.report.wording import money_text, percent_text
from dronedeal.results.shape import Row

SHARES = ("coverage", "own_needs")


def value_text(measure: str, value: float, *, currency: str) -> str:
    """A value of a measure in words.

    >>> value_text("coverage", 0.875, currency="EUR")
    '87.5%'
    """
    return percent_text(value, 1) if measure in SHARES else money_text(value, currency)


def scale(measure: str, values: Sequence[float], *, currency: str) -> tuple[float, str]:
    """Divisor and title of an axis of a measure."""
    if measure in SHARES:
        return 0.01, "per cent"
    size, word = money_scale(max(map(abs, values), default=0.0))
    return size, f"{word}{currency}"


def fan(
    measure: str, rows: Sequence[Row], *, currency: str, bands: tuple[str, str], lines: Mapping[str, str]
) -> dict[str, Any]:
    """Quantiles by fiscal year as bands, the median as a line, and other values as dashed lines.

    Parameters
    ----------
    measure : that the rows are about
    rows : of `distributions`, one a fiscal year
    bands : names of the band from 5 % to 95 % and of that from 25 % to 75 %
    lines : column of the rows drawn as a dashed line → its name in the legend; blank: black, and not in it
    """
    size, unit = scale(measure, [row[name] for row in rows for name in ("least", "most")], currency=currency)
    names = [*bands, *(name for name in lines.values() if name)]
    x = {"field": "year", "type": "ordinal", "title": "fiscal year", "axis": {"labelAngle": 0}}
    y = {"type": "quantitative", "title": unit, "scale": {"zero": measure not in SHARES}}
    colour = {
        "field": "band",
        "type": "nominal",
        "scale": {"domain": names, "range": [SKY, BLUE, ORANGE][: len(names)]},
        "legend": legend(names, TOTAL_WIDTH / 1.5),
    }
    spans = [
        {"year": str(row["fiscal_year"]), "low": row[low] / size, "high": row[high] / size, "band": band}
        for row in rows
        for band, low, high in zip(bands, ("p05", "p25"), ("p95", "p75"), strict=True)
    ]
    area = {
        "data": {"values": spans},
        "mark": {"type": "area", "opacity": 0.55},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
    }
    middle = {
        "data": {"values": _points(rows, "p50", size)},
        "mark": {"type": "line", "color": INK, "strokeWidth": 2},
        "encoding": {"x": x, "y": {**y, "field": "value"}},
    }
    others = [
        _dashed(_points(rows, column, size, name), name, {"x": x, "y": {**y, "field": "value"}}, colour)
        for column, name in lines.items()
    ]
    return document(width=TOTAL_WIDTH - 120, height=220, layer=[area, middle, *others])


def _points(rows: Sequence[Row], column: str, size: float, band: str = "") -> list[dict[str, Any]]:
    return [
        {"year": str(row["fiscal_year"]), "value": row[column] / size, **({"band": band} if band else {})}
        for row in rows
        if row[column] is not None
    ]


def _dashed(
    points: list[dict[str, Any]], name: str, encoding: dict[str, Any], colour: dict[str, Any]
) -> dict[str, Any]:
    if not name:
        black = {"type": "line", "color": INK, "strokeDash": [3, 3]}
        return {"data": {"values": points}, "mark": black, "encoding": encoding}
    mark = {"type": "line", "strokeWidth": 2, "strokeDash": [6, 3], "point": True}
    return {"data": {"values": points}, "mark": mark, "encoding": {**encoding, "color": colour}}
