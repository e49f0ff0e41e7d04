"""Forms that several charts share: stacked columns by year, and bars against marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.report.charts.style import (
    GREY,
    INK,
    LIGHT,
    ROW_HEIGHT,
    TOTAL_WIDTH,
    document,
    money_scale,
    plot_width,
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
        "legend": {"title": None},
    }
    return document(
        width=TOTAL_WIDTH - 70,
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


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bar against its marks.

    `value`, `mark` and `track` are positions on the axis: the bar, the tick that it should reach, and the
    pale bar behind it. `state` is one of the states of the style.
    """

    label: str
    panel: str
    value: float
    mark: float
    track: float
    state: str


@dataclass(frozen=True, slots=True)
class BulletStyle:
    """Words and colours of a panel chart.

    Parameters
    ----------
    states : fill by state; a hatch marks the bad one beside its colour
    title : what the axis counts
    axis : settings of the axis that differ from the common ones
    limit : end of the axis; None lets the data decide
    """

    states: Mapping[str, str]
    title: str
    axis: Mapping[str, Any]
    limit: float | None = None


def bullet_panels(bullets: Sequence[Bullet], style: BulletStyle) -> dict[str, Any]:
    """Bars against ticks, one row a subject, one panel a year."""
    labels = list(dict.fromkeys(bullet.label for bullet in bullets))
    panels = list(dict.fromkeys(bullet.panel for bullet in bullets))
    rows = [
        {
            "label": item.label,
            "panel": item.panel,
            "value": min(item.value, style.limit or item.value),
            "mark": item.mark,
            "track": item.track,
            "state": item.state,
        }
        for item in bullets
    ]
    scale = {"domainMax": style.limit, "domainMin": 0} if style.limit else {"domainMin": 0}
    x = {"type": "quantitative", "title": None, "scale": {**scale, "nice": False}, "axis": dict(style.axis)}
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": {"ticks": False}}
    fills = {"domain": list(style.states), "range": list(style.states.values())}
    return document(
        data={"values": rows},
        title={"text": style.title, "fontWeight": "normal", "offset": 4},
        facet={"column": {"field": "panel", "type": "ordinal", "sort": panels, "header": {"title": None}}},
        spacing=14,
        spec={
            "width": plot_width(labels, panels=len(panels)),
            "height": {"step": ROW_HEIGHT},
            "layer": [
                {
                    "mark": {"type": "bar", "color": LIGHT, "height": {"band": 0.72}},
                    "encoding": {"y": y, "x": {**x, "field": "track"}},
                },
                {
                    "mark": {"type": "bar", "height": {"band": 0.46}, "stroke": GREY, "strokeWidth": 0.5},
                    "encoding": {
                        "y": y,
                        "x": {**x, "field": "value"},
                        "fill": {
                            "field": "state",
                            "type": "nominal",
                            "scale": fills,
                            "legend": {"title": None},
                        },
                    },
                },
                {
                    "mark": {"type": "tick", "color": INK, "thickness": 2, "height": {"band": 0.86}},
                    "encoding": {"y": y, "x": {**x, "field": "mark"}},
                },
            ],
        },
    )
