"""Picture of the frontier: alternatives, zone, points, dents, what is proven, fair points, openings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from dronedeal.negotiation.record import Negotiation
from dronedeal.report.charts.style import (
    GREY,
    SKY,
    document,
)
from dronedeal.report.figure import Figure
from dronedeal.report.negotiation.plane import (
    ALONE,
    DENT,
    FAIR,
    HEIGHT,
    OPENING,
    POINT,
    WIDTH,
    ZONE_FILL,
    Frame,
    Mark,
    frame_around,
    label_layers,
    points_layer,
    rectangle,
)
from dronedeal.report.negotiation.wording import Speech, together
from dronedeal.report.wording import count_text, list_text

_BAND_FILL = "#d5dce3"


def frontier_figure(speech: Speech) -> Figure:
    """The frontier of both utilities."""
    record = speech.record
    title = f"What both sides can reach, {speech.unit}"
    if not record.frontier:
        return Figure(
            "frontier", title, "There is no frontier to draw: no plan was found for both sides.", None
        )
    return Figure("frontier", title, _summary(speech), _spec(speech), left_out=_note(record))


def _summary(speech: Speech) -> str:
    record = speech.record
    first, last = record.frontier[0].utilities, record.frontier[-1].utilities
    buyer, seller = speech.names["buyer"], speech.names["seller"]
    return (
        f"{count_text(len(record.frontier), 'plan')} of the frontier, from {speech.money(first.buyer)} for "
        f"{buyer} with {speech.money(first.seller)} for {seller} to {speech.money(last.buyer)} for {buyer} "
        f"with {speech.money(last.seller)} for {seller}. Without an agreement {buyer} has "
        f"{speech.money(record.alternatives.buyer)} and {seller} {speech.money(record.alternatives.seller)}."
    )


def _note(record: Negotiation) -> str:
    dents = sum(not point.is_supported for point in record.frontier)
    parts = ["The line only guides the eye from plan to plan."]
    if record.frontier_bound:
        still = " unless a clause moves that stays as it is here" if any(_stays(record)) else ""
        packages = record.packages
        if packages is not None and not packages.is_whole:
            still += f", for the {len(packages.examined)} of {packages.count} packages of clauses looked at"
        parts.append(
            f"In the grey band further plans may lie; beyond it it is proven that there is none{still}."
        )
    if record.frontier_jumps:
        parts.append(
            f"The line is broken where it is proven that nothing lies between two plans, "
            f"{count_text(len(record.frontier_jumps), 'time')}."
        )
    if dents:
        verb = "lies" if dents == 1 else "lie"
        parts.append(
            f"{count_text(dents, 'plan')} {verb} in a dent, which no weighting of both utilities finds."
        )
    return " ".join(parts)


def _stays(record: Negotiation) -> Iterator[bool]:
    """Of each clause whether it stays in the frontier, although the deal says what it changes."""
    for clause in record.clauses:
        yield clause.is_computed and clause.stays is not None


def _marks(speech: Speech) -> list[Mark]:
    """Kind, place and label of every mark; labels of points of the frontier are left to the table."""
    record = speech.record
    marks = [(POINT if point.is_supported else DENT, point.utilities, "") for point in record.frontier]
    marks += [(FAIR, point.utilities, list_text(names)) for names, point in together(record.fair_points)]
    for side in ("buyer", "seller"):
        opening = getattr(record.openings, side)
        if opening is not None and opening.utilities is not None:
            marks.append((OPENING, opening.utilities, f"{speech.heads[side]} opens"))
    marks.append((ALONE, record.alternatives, "no agreement"))
    return marks


def _frame(speech: Speech) -> Frame:
    places = [place for _, place, _ in _marks(speech)] + list(speech.record.frontier_bound)
    return frame_around(places, left=0.06, right=0.16)


def _spec(speech: Speech) -> dict[str, Any]:
    frame = _frame(speech)
    x, y = _axis(speech, frame, "buyer"), _axis(speech, frame, "seller")
    marks = _marks(speech)
    layers = [
        *_zone(speech, frame, x, y),
        *_band(speech.record, frame, x, y),
        *_alternatives(speech.record, frame, x, y),
        _line(speech.record, frame, x, y),
        points_layer(marks, frame, x, y),
        *label_layers(marks, frame),
    ]
    return document(width=WIDTH, height=HEIGHT, layer=layers, resolve={"legend": {"color": "shared"}})


def _axis(speech: Speech, frame: Frame, side: str) -> dict[str, Any]:
    return {
        "field": "x" if side == "buyer" else "y",
        "type": "quantitative",
        "title": f"{speech.heads[side]}, {frame.words[0 if side == 'buyer' else 1]}{speech.unit}",
        "scale": {"domain": list(frame.x if side == "buyer" else frame.y), "nice": False, "zero": False},
        "axis": {"tickCount": 7},
    }


def _zone(speech: Speech, frame: Frame, x: dict[str, Any], y: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All that leaves no side worse off than without an agreement."""
    if speech.record.zone.is_there:
        alone = speech.record.alternatives
        row = {
            "x": alone.buyer / frame.sizes.buyer,
            "x2": frame.x[1],
            "y": alone.seller / frame.sizes.seller,
            "y2": frame.y[1],
        }
        yield rectangle(row, x, y, ZONE_FILL)


def band(record: Negotiation) -> list[tuple[float, float, float, float]]:
    """Rectangles between what can surely be reached and what surely cannot: left, right, lower, upper.

    With the buyer at `x` the seller can have what the best plan to the right gives it; by the proven limit it
    cannot have more than the corner of the bound at or left of `x`.
    """
    points = [point.utilities for point in record.frontier]
    points += [point.utilities for point in record.fair_points.values()]
    corners = record.frontier_bound
    if not record.frontier or not corners:
        return []
    steps = sorted({place.buyer for place in (*points, *corners)})
    rows: list[tuple[float, float, float, float]] = []
    for left, right in pairwise(steps):
        reached = max((point.seller for point in points if point.buyer >= right), default=None)
        limits = [corner.seller for corner in corners if corner.buyer <= left]
        if reached is None or not limits or min(limits) <= reached:
            continue
        # Rectangles of one height are one, or a seam shows between them.
        is_next = bool(rows) and rows[-1][1:] == (left, reached, min(limits))
        start = rows.pop()[0] if is_next else left
        rows.append((start, right, reached, min(limits)))
    return rows


def _band(
    record: Negotiation, frame: Frame, x: dict[str, Any], y: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    rows = [
        {
            "x": left / frame.sizes.buyer,
            "x2": right / frame.sizes.buyer,
            "y": low / frame.sizes.seller,
            "y2": high / frame.sizes.seller,
        }
        for left, right, low, high in band(record)
    ]
    if rows:
        yield {
            "data": {"values": rows},
            "mark": {"type": "rect", "color": _BAND_FILL},
            "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
        }


def _alternatives(
    record: Negotiation, frame: Frame, x: dict[str, Any], y: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """A line at what each side has without the other."""
    mark = {"type": "rule", "color": GREY, "strokeDash": [5, 4]}
    alone = record.alternatives
    yield {"data": {"values": [{"x": alone.buyer / frame.sizes.buyer}]}, "mark": mark, "encoding": {"x": x}}
    yield {"data": {"values": [{"y": alone.seller / frame.sizes.seller}]}, "mark": mark, "encoding": {"y": y}}


def _line(record: Negotiation, frame: Frame, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    part, values = 0, []
    for point in record.frontier:
        place = {
            "x": point.utilities.buyer / frame.sizes.buyer,
            "y": point.utilities.seller / frame.sizes.seller,
        }
        values.append({**place, "part": part})
        part += point.id in record.frontier_jumps
    return {
        "data": {"values": values},
        "mark": {"type": "line", "color": SKY, "strokeWidth": 2},
        "encoding": {"x": x, "y": y, "detail": {"field": "part", "type": "nominal"}},
    }
