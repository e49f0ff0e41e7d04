"""Picture of an offer in the plane of both gains: alternatives, positions, and the change that helps both."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from dronedeal.negotiation.record_parts import Sides
from dronedeal.report.charts.style import GREEN, GREY, document
from dronedeal.report.figure import Figure
from dronedeal.report.negotiation.offer_wording import OfferSpeech
from dronedeal.report.negotiation.plane import (
    ALONE,
    BETTER,
    HEIGHT,
    NOW,
    OFFER,
    OPENING,
    WIDTH,
    ZONE_FILL,
    Frame,
    Mark,
    frame_around,
    label_layers,
    points_layer,
    rectangle,
)
from dronedeal.report.negotiation.wording import SIDES, sentence_start

# Pixels between the head of the arrow and the mark that it points to, and the least length of an arrow.
_HEAD, _SHORTEST = 11, 30


def offer_figure(speech: OfferSpeech) -> Figure:
    """Where the offer stands between no agreement, both positions and the change that helps both."""
    title = f"What each side gains over no agreement, {speech.unit}"
    return Figure("offer", title, _summary(speech), _spec(speech))


def _summary(speech: OfferSpeech) -> str:
    record = speech.record
    words = f"{sentence_start(speech.called)} brings {speech.two(record.gains)} than no agreement."
    if record.improvement is not None:
        change = speech.two(record.improvement.change)
        words += f" The smallest {speech.change_noun} that helps both brings {change} than that."
    return words


def _marks(speech: OfferSpeech) -> list[Mark]:
    record, marks = speech.record, list[Mark]()
    if record.as_it_stands is not None:
        marks.append((NOW, speech.gains(record.as_it_stands), "as it stands"))
    for side in SIDES:
        opening = getattr(record.openings, side)
        if opening is not None and opening.utilities is not None:
            marks.append((OPENING, speech.gains(opening.utilities), f"{speech.heads[side]} opens"))
    marks.append((OFFER, record.gains, sentence_start(speech.noun)))
    if record.improvement is not None:
        marks.append((BETTER, speech.gains(record.improvement.utilities), sentence_start(speech.change_noun)))
    marks.append((ALONE, Sides(0.0, 0.0), "no agreement"))
    return marks


def _axis(speech: OfferSpeech, frame: Frame, side: str) -> dict[str, Any]:
    return {
        "field": "x" if side == "buyer" else "y",
        "type": "quantitative",
        "title": f"gain of {speech.names[side]}, {frame.words[0 if side == 'buyer' else 1]}{speech.unit}",
        "scale": {"domain": list(frame.x if side == "buyer" else frame.y), "nice": False, "zero": False},
        "axis": {"tickCount": 7},
    }


def _spec(speech: OfferSpeech) -> dict[str, Any]:
    marks = _marks(speech)
    frame = frame_around([place for _, place, _ in marks], left=0.08, right=0.18)
    x, y = _axis(speech, frame, "buyer"), _axis(speech, frame, "seller")
    row = {"x": 0.0, "x2": frame.x[1], "y": 0.0, "y2": frame.y[1]}
    line = {"type": "rule", "color": GREY, "strokeDash": [5, 4]}
    layers = [
        rectangle(row, x, y, ZONE_FILL),
        {"data": {"values": [{"x": 0.0}]}, "mark": line, "encoding": {"x": x}},
        {"data": {"values": [{"y": 0.0}]}, "mark": line, "encoding": {"y": y}},
        *_arrow(speech, frame),
        points_layer(marks, frame, x, y),
        *label_layers(marks, frame),
    ]
    return document(width=WIDTH, height=HEIGHT, layer=layers, resolve={"legend": {"color": "shared"}})


def _arrow(speech: OfferSpeech, frame: Frame) -> Iterator[dict[str, Any]]:
    """From the offer to the change that helps both, where they are far enough apart to show one."""
    better = speech.record.improvement
    if better is None:
        return
    start, end = frame.place(speech.record.gains), frame.place(speech.gains(better.utilities))
    length = math.dist(start, end)
    if length < _SHORTEST:
        return
    part = 1 - _HEAD / length
    tip = start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    yield {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2},
        "encoding": _values(x=start[0], y=start[1], x2=tip[0], y2=tip[1]),
    }
    head = {"type": "point", "shape": "triangle-right", "filled": True, "opacity": 1, "color": GREEN}
    yield {
        "data": {"values": [{}]},
        "mark": {**head, "size": 110, "angle": round(angle, 1)},
        "encoding": _values(x=tip[0], y=tip[1]),
    }


def _values(**places: float) -> dict[str, Any]:
    return {name: {"value": round(place, 1)} for name, place in places.items()}
