"""Bars against ticks, one row a subject and one panel a year, that several charts share.

The panels share one plot, side by side: the renderer takes a multiple of the time for a plot of its own for
each panel.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.report.charts.style import (
    GREY,
    INK,
    LIGHT,
    PANEL_GAP,
    ROW_HEIGHT,
    TOTAL_WIDTH,
    document,
    legend,
    plot_width,
)
from dronedeal.report.wording import number_text

PERCENT_TICKS = ((0.0, "0%"), (0.5, ""), (1.0, "100%"))


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
    title : what bar, tick and pale bar mean
    limit : end of the axis; longer bars are cut there
    ticks : positions with a grid line, and the text beneath each
    """

    states: Mapping[str, str]
    title: str
    limit: float
    ticks: Sequence[tuple[float, str]]


def number_ticks(limit: float) -> tuple[tuple[float, str], ...]:
    """Zero and one or two round numbers up to a limit.

    >>> number_ticks(1200)
    ((0.0, '0'), (500.0, '500'), (1000.0, '1,000'))
    """
    power = 10.0 ** math.floor(math.log10(limit)) if limit > 0 else 1.0
    step = next(size * power for size in (0.5, 1.0, 2.0, 5.0) if limit / (size * power) < 3)
    count = int(limit / step)
    return tuple((step * number, number_text(step * number)) for number in range(count + 1))


def bullet_panels(bullets: Sequence[Bullet], style: BulletStyle) -> dict[str, Any]:
    """Bars against ticks, one row a subject, one panel a year."""
    labels = list(dict.fromkeys(bullet.label for bullet in bullets))
    panels = list(dict.fromkeys(bullet.panel for bullet in bullets))
    width = plot_width(labels, panels=len(panels))
    step = style.limit * (1 + PANEL_GAP / width)
    starts = {panel: place * step for place, panel in enumerate(panels)}
    height = ROW_HEIGHT * len(labels)
    scale = {"domain": [0, starts[panels[-1]] + style.limit], "nice": False}
    return document(
        labels=labels,
        title={"text": style.title, "fontWeight": "normal", "offset": 4},
        width=width * len(panels) + PANEL_GAP * (len(panels) - 1),
        height=height,
        layer=[
            *_grid_layers(style, starts=starts, scale=scale, height=height),
            *_bar_layers(bullets, style, starts=starts, scale=scale),
        ],
    )


def _grid_layers(
    style: BulletStyle, *, starts: Mapping[str, float], scale: Mapping[str, Any], height: float
) -> list[dict[str, Any]]:
    """Grid lines with their text beneath, and the name of each panel above it."""
    ticks = [
        {"at": start + at, "text": text, "align": _alignment(at, style.limit)}
        for start in starts.values()
        for at, text in style.ticks
    ]
    heads = [{"at": start, "text": panel} for panel, start in starts.items()]
    x = {"field": "at", "type": "quantitative", "scale": scale, "axis": None}
    text = {"field": "text"}
    return [
        {
            "data": {"values": ticks},
            "mark": {"type": "rule", "color": LIGHT},
            "encoding": {"x": x, "y": {"value": 0}, "y2": {"value": height}},
        },
        {
            "data": {"values": [tick for tick in ticks if tick["text"]]},
            "mark": {"type": "text", "baseline": "top", "fontSize": 12, "align": {"expr": "datum.align"}},
            "encoding": {"x": x, "y": {"value": height + 4}, "text": text},
        },
        {
            "data": {"values": heads},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "bottom",
                "fontWeight": "bold",
                "fontSize": 12,
            },
            "encoding": {"x": x, "y": {"value": -3}, "text": text},
        },
    ]


def _alignment(at: float, limit: float) -> str:
    """Text at the ends of a panel stays inside it."""
    return "left" if at == 0 else "right" if at > 0.8 * limit else "center"


def _bar_layers(
    bullets: Sequence[Bullet], style: BulletStyle, *, starts: Mapping[str, float], scale: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Pale bars, bars and ticks."""
    rows = [
        {
            "label": item.label,
            "start": starts[item.panel],
            "value": starts[item.panel] + min(item.value, style.limit),
            "mark": starts[item.panel] + min(item.mark, style.limit),
            "track": starts[item.panel] + min(item.track, style.limit),
            "state": item.state,
        }
        for item in bullets
    ]
    labels = list(dict.fromkeys(item.label for item in bullets))
    axis = {"ticks": False, "domain": False}
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": axis}
    x = {"field": "start", "type": "quantitative", "scale": scale, "axis": None}
    fill = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": list(style.states), "range": list(style.states.values())},
        "legend": {**legend(list(style.states), TOTAL_WIDTH / 2), "offset": 26},
    }
    bar = {"type": "bar", "height": {"band": 0.46}, "stroke": GREY, "strokeWidth": 0.5}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "bar", "color": LIGHT, "height": {"band": 0.72}},
            "encoding": {"y": y, "x": x, "x2": {"field": "track"}},
        },
        {
            "data": {"values": [row for row, item in zip(rows, bullets, strict=True) if item.value > 0]},
            "mark": bar,
            "encoding": {"y": y, "x": x, "x2": {"field": "value"}, "fill": fill},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "tick", "color": INK, "thickness": 2, "size": ROW_HEIGHT * 0.86},
            "encoding": {"y": y, "x": {**x, "field": "mark"}},
        },
    ]
