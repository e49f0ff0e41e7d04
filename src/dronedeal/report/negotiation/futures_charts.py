"""Pictures of many futures: the tree, and how the plans that matter turn out for each side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dronedeal.negotiation.futures_record import FuturesRecord, PointSpread
from dronedeal.negotiation.record import FAIR_POINTS
from dronedeal.report.charts.style import (
    BLUE,
    GREY,
    INK,
    ROW_HEIGHT,
    SKY,
    VERMILION,
    document,
    money_scale,
    plot_width,
)
from dronedeal.report.figure import Figure
from dronedeal.report.negotiation.futures_tables import point_words, worst_words
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.scenarios.tree_chart import tree_figure
from dronedeal.report.wording import percent_text
from dronedeal.results.shape import Row


@dataclass(frozen=True)
class Tree:
    """A tree as its picture takes it."""

    tables: dict[str, tuple[Row, ...]]


def futures_tree_figure(futures: FuturesRecord) -> Figure:
    """The tree, as on the page of a plan for many futures."""
    nodes = tuple({**asdict(node), "node": node.name} for node in futures.nodes)
    scenarios = tuple({**asdict(each), "scenario": each.name} for each in futures.futures)
    return tree_figure(Tree({"nodes": nodes, "scenarios": scenarios}))


def spread_figure(speech: Speech, side: str) -> Figure | None:
    """What a side has in each future under the plans that matter; None: there are none.

    A strip for each plan: a tick for each future, a bar over nine tenths of the chances, a diamond at the
    mean, a dashed line at what the side has without an agreement.
    """
    futures = speech.record.futures
    shown = [] if futures is None else [each for each in futures.points if _is_shown(each)]
    if futures is None or len(shown) < 2:
        return None
    head = speech.heads[side]
    title = f"What {head} has in each future, {speech.unit}"
    riskiest = max(shown[1:], key=lambda each: getattr(each, side).worse_than_alone)
    spread = getattr(riskiest, side)
    summary = (
        f"{point_words(riskiest.point)} turns out between {speech.money(spread.least)} and "
        f"{speech.money(spread.most)}, on average {speech.money(spread.mean)}. With a chance of "
        f"{percent_text(spread.worse_than_alone)} {speech.names[side]} has less than without an agreement in "
        f"the same future. Red circle: {worst_words(speech).lower()}."
    )
    spec = _strips(shown, futures, side, getattr(speech.record.alternatives, side), speech.record.currency)
    return Figure(f"futures-{side}", title, summary, spec)


def _is_shown(point: PointSpread) -> bool:
    return point.point == "no agreement" or point.point in FAIR_POINTS


def _strips(
    shown: Sequence[PointSpread], futures: FuturesRecord, side: str, alone: float, currency: str
) -> dict[str, Any]:
    order = [point_words(each.point) for each in shown]
    largest = max(abs(value) for each in shown for value in getattr(each, side).worth)
    size, word = money_scale(max(largest, abs(alone)))
    ticks, marks = [], []
    for name, point in zip(order, shown, strict=True):
        found = getattr(point, side)
        ticks += [
            {"plan": name, "worth": value / size, "chance": future.probability}
            for value, future in zip(found.worth, futures.futures, strict=True)
        ]
        marks.append(
            {
                "plan": name,
                "low": found.p05 / size,
                "high": found.p95 / size,
                "mean": found.mean / size,
                "worst": found.worst / size,
            }
        )
    y = {"field": "plan", "type": "nominal", "sort": order, "title": None, "axis": {"ticks": False}}
    x = {"type": "quantitative", "title": f"{word}{currency}", "scale": {"zero": False}}
    chance = {
        "field": "chance", "type": "quantitative", "legend": None,
        "scale": {"domain": [0, 1], "range": [0.35, 1]},
    }  # fmt: skip
    return document(
        labels=order,
        width=plot_width(order),
        height={"step": ROW_HEIGHT + 8},
        layer=[
            {
                "data": {"values": marks},
                "mark": {"type": "bar", "height": 10, "color": SKY, "opacity": 0.5},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "data": {"values": ticks},
                "mark": {"type": "tick", "thickness": 2, "size": 16, "color": BLUE},
                "encoding": {"y": y, "x": {**x, "field": "worth"}, "opacity": chance},
            },
            {
                "data": {"values": marks},
                "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 70, "color": INK},
                "encoding": {"y": y, "x": {**x, "field": "mean"}},
            },
            {
                "data": {"values": marks},
                "mark": {"type": "point", "shape": "circle", "size": 60, "color": VERMILION},
                "encoding": {"y": y, "x": {**x, "field": "worst"}},
            },
            {
                "data": {"values": [{"alone": alone / size}]},
                "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]},
                "encoding": {"x": {**x, "field": "alone"}},
            },
        ],
    )
