"""The plane of both utilities: its frame, its marks, and a label beside each that touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.negotiation.record import Sides
from dronedeal.report.charts.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    SKY,
    TOTAL_WIDTH,
    VERMILION,
    legend,
    money_scale,
)
from dronedeal.report.charts.text import text_width

WIDTH, HEIGHT = TOTAL_WIDTH - 110, 480
ZONE_FILL = "#eef6ee"
_LABEL_SIZE, _LINE_HEIGHT = 12, 16
# Bold letters are that much wider than plain ones.
_BOLD = 1.08
POINT, DENT = "point of the frontier", "point in a dent, which no weighting finds"
FAIR, OPENING, ALONE = "fair point", "opening position", "without an agreement"
OFFER, BETTER, NOW = "the offer", "the smallest change that helps both", "the deal as it stands"
_SHAPES = {
    POINT: "circle",
    DENT: "diamond",
    FAIR: "square",
    OFFER: "square",
    BETTER: "diamond",
    NOW: "circle",
    OPENING: "triangle-up",
    ALONE: "cross",
}
_SIZES = {POINT: 55, DENT: 120}
_COLOURS = {
    POINT: BLUE,
    DENT: VERMILION,
    FAIR: GREEN,
    OFFER: BLUE,
    BETTER: GREEN,
    NOW: SKY,
    OPENING: ORANGE,
    ALONE: INK,
}
Mark = tuple[str, Sides, str]
"""Kind, place and label of a mark."""


@dataclass(frozen=True)
class Frame:
    """Unit, least and greatest of both axes, each in its own unit."""

    sizes: Sides
    words: tuple[str, str]
    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, point: Sides) -> tuple[float, float]:
        """Pixels from the left and from the top."""
        x = (point.buyer / self.sizes.buyer - self.x[0]) / (self.x[1] - self.x[0])
        y = (point.seller / self.sizes.seller - self.y[0]) / (self.y[1] - self.y[0])
        return WIDTH * x, HEIGHT * (1.0 - y)


def frame_around(places: Sequence[Sides], *, left: float, right: float) -> Frame:
    """The frame that holds some places, each axis in the unit that suits it.

    Parameters
    ----------
    left, right : room beside the places, as shares of the width; on the right stands the label of the last
    """
    across = money_scale(max(abs(place.buyer) for place in places))
    up = money_scale(max(abs(place.seller) for place in places))
    x = [place.buyer / across[0] for place in places]
    y = [place.seller / up[0] for place in places]
    width, height = max(x) - min(x) or 1.0, max(y) - min(y) or 1.0
    return Frame(
        Sides(across[0], up[0]),
        (across[1], up[1]),
        (min(x) - left * width, max(x) + right * width),
        # Room above for the label of the first place.
        (min(y) - 0.08 * height, max(y) + 0.1 * height),
    )


def rectangle(row: dict[str, float], x: dict[str, Any], y: dict[str, Any], fill: str) -> dict[str, Any]:
    """A filled rectangle between `x`, `x2`, `y` and `y2` of a row."""
    return {
        "data": {"values": [row]},
        "mark": {"type": "rect", "color": fill},
        "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }


def points_layer(marks: Sequence[Mark], frame: Frame, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """All marks, each kind with its own shape and colour."""
    kinds = [kind for kind in _SHAPES if any(kind == found for found, _, _ in marks)]
    values = [
        {"x": place.buyer / frame.sizes.buyer, "y": place.seller / frame.sizes.seller, "kind": kind,
         "size": _SIZES.get(kind, 150)}
        for kind, place, _ in marks
    ]  # fmt: skip
    scale = {"domain": kinds}
    colour = {**scale, "range": [_COLOURS[kind] for kind in kinds]}
    shape = {**scale, "range": [_SHAPES[kind] for kind in kinds]}
    key = legend(kinds, WIDTH)
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 0.7},
        "encoding": {
            "x": x,
            "y": y,
            "color": {"field": "kind", "type": "nominal", "scale": colour, "legend": key},
            "shape": {"field": "kind", "type": "nominal", "scale": shape, "legend": key},
            "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
        },
    }


def label_layers(marks: Sequence[Mark], frame: Frame) -> Iterator[dict[str, Any]]:
    """A text beside every mark that has one, where it touches no mark and no other text."""
    taken = [(x - 7, x + 7, y) for x, y in (frame.place(place) for _, place, _ in marks)]
    for kind, place, text in marks:
        if not text:
            continue
        left, top = _free(frame.place(place), text_width(text, _LABEL_SIZE) * _BOLD, taken, kind)
        yield {
            "data": {"values": [{"text": text}]},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "fontSize": _LABEL_SIZE,
                "fontWeight": "bold",
                "x": round(left, 1),
                "y": round(top, 1),
            },
            "encoding": {"text": {"field": "text"}},
        }


def _free(
    mark: tuple[float, float], width: float, taken: list[tuple[float, float, float]], kind: str
) -> tuple[float, float]:
    """Left end and height of a text beside a mark; outwards of the frontier for what lies on it.

    The first place that nothing has taken yet, which is then taken.
    """
    x, y = mark
    right, left = x + 11, x - 11 - width
    sides = (left, right) if kind == OPENING else (right, left)
    steps = [step for distance in range(8) for step in (-9 - 16 * distance, 9 + 16 * distance)]
    places = [(side, y + step) for step in steps for side in sides if side >= 0 and side + width <= WIDTH]
    for start, top in [*places, (sides[0], y)]:
        box = (start, start + width, top)
        if 0 < top < HEIGHT and not any(_touch(box, other) for other in taken):
            break
    taken.append((start, start + width, top))
    return start, top


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return abs(one[2] - other[2]) < _LINE_HEIGHT and one[0] < other[1] and other[0] < one[1]
