"""How charts look: sizes, colours that colour-blind readers can tell apart, and shared parts.

The palette is Okabe and Ito's (Color Universal Design, 2008). No chart relies on colour alone: text,
position, shape or a hatch says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.report.charts.text import longest_width

# Liberation Sans has the metrics of Arial and comes with the renderer, so that labels take the same room on
# every machine.
MEASURED_FONT = "Liberation Sans"
TOTAL_WIDTH = 820
ROW_HEIGHT = 22
PANEL_GAP = 14
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.20.1.json"
LABEL_LIMIT = 48
ROWS_SHOWN = 20

INK = "#1b1b1b"
GREY = "#6b6b6b"
LIGHT = "#e4e4e4"
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILION, YELLOW, SILVER = "#56B4E9", "#D55E00", "#F0E442", "#999999"
SERIES = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILION, YELLOW, SILVER)
HATCH = "url(#hatch)"

CONFIG: Mapping[str, Any] = {
    "aria": False,
    "font": MEASURED_FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": LIGHT,
        "domainColor": GREY,
        "tickColor": GREY,
        "labelLimit": 0,
        "titleLimit": 0,
        "labelPadding": 5,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 0,
        "titleFontWeight": "normal",
        "orient": "top",
        "symbolStrokeWidth": 0,
        "symbolSize": 130,
        "symbolType": "square",
    },
    "header": {
        "labelColor": INK,
        "labelFontSize": 12,
        "labelFontWeight": "bold",
        "labelLimit": 0,
        "title": None,
    },
    "text": {"color": INK, "fontSize": 11},
    "title": {"color": INK, "fontSize": 12, "anchor": "start", "fontWeight": "bold", "limit": 0},
}


def document(*, labels: Sequence[str] = (), **content: Any) -> dict[str, Any]:
    """A whole specification with the common configuration and room for the labels left of the plot."""
    padding = {"left": 4 + longest_width(labels), "right": 16, "top": 2, "bottom": 2}
    return {"$schema": SCHEMA, "config": CONFIG, "padding": padding, **content}


def plot_width(labels: Sequence[str], *, panels: int = 1, gap: int = PANEL_GAP) -> float:
    """Width of each of several panels side by side, left of which the labels stand."""
    room = TOTAL_WIDTH - longest_width(labels) - 40 - gap * (panels - 1)
    return round(max(50.0, room / max(1, panels)), 1)


def legend(names: Sequence[str], width: float) -> dict[str, Any]:
    """A legend in as many columns as fit beside one another above a plot of that width.

    The renderer sees a stand-in for each name; the room of the name itself is added between the columns.
    """
    widest = longest_width(names)
    columns = max(1, min(len(names), int(width // (widest + 34))))
    return {"title": None, "columns": columns, "columnPadding": widest + 8}


def series_colours(count: int) -> list[str]:
    """Colours of so many series; past eight they repeat."""
    return [SERIES[place % len(SERIES)] for place in range(count)]


def text_colour(fill: str) -> str:
    """Ink or white, whichever has the greater contrast on a colour of the palette."""
    return "#ffffff" if fill == BLUE else INK


def money_scale(largest: float) -> tuple[float, str]:
    """Divisor and word that make the axis of an amount readable."""
    for size, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(largest) >= size:
            return size, f"{word} "
    return 1.0, ""
