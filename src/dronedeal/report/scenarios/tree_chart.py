"""The picture of a scenario tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dronedeal.report.charts.style import BLUE, GREY, INK, TOTAL_WIDTH, document
from dronedeal.report.charts.text import distinct_labels, longest_width
from dronedeal.report.figure import Figure
from dronedeal.report.wording import count_text, percent_text, plain
from dronedeal.results.shape import Row

_LEAVES_NAMED = 30
_LABEL = 60
_OUTCOMES_NAMED = 2
_ROOM_FOR_YEARS = 300


class Tables(Protocol):
    """Whoever has the nodes of a tree and its scenarios."""

    @property
    def tables(self) -> Mapping[str, tuple[Row, ...]]:
        """`nodes` and `scenarios`, as of a plan for many futures."""
        ...


def tree_figure(plan: Tables) -> Figure:
    """Nodes by fiscal year, what turned out on the way, and the chance of each scenario."""
    rows = plan.tables["nodes"]
    leaves = [row["scenario"] for row in plan.tables["scenarios"]]
    title = "The scenario tree: fiscal years from left to right, thicker branches are likelier"
    years = sorted({row["fiscal_year"] for row in rows})
    likeliest = max(plan.tables["scenarios"], key=lambda row: (row["probability"], row["scenario"]))
    summary = (
        f"{count_text(len(leaves), 'scenario')} over {count_text(len(years), 'fiscal year')}. The likeliest "
        f"has a chance of {percent_text(likeliest['probability'], 1)}: "
        f"{few_outcomes(likeliest['turned_out'])}."
    )
    height = _heights(rows, leaves)
    note = "" if len(leaves) <= _LEAVES_NAMED else "What turned out in each scenario stands in the tables."
    return Figure("tree", title, summary, _spec(plan, height, leaves, years), left_out=note)


def few_outcomes(words: str) -> str:
    """The first of what turned out in a scenario, and how much more there is.

    >>> few_outcomes("budget of army: cut; price of all: lower; home_need of all: truce; outage: strikes")
    'budget of army: cut; price of all: lower; and 2 more'
    >>> few_outcomes("line_outage of home: struck")
    'line outage of home: struck'
    """
    words = plain(words)
    parts = words.split("; ")
    if len(parts) <= _OUTCOMES_NAMED + 1:
        return words
    return "; ".join([*parts[:_OUTCOMES_NAMED], f"and {len(parts) - _OUTCOMES_NAMED} more"])


def _heights(rows: tuple[Row, ...], leaves: list[str]) -> dict[str, float]:
    """Height of each node: leaves in their order, every other node in the middle of those that follow."""
    height = {name: float(place) for place, name in enumerate(leaves)}
    children: dict[str, list[str]] = {}
    for row in reversed(rows):
        if row["node"] not in height:
            after = [height[name] for name in children[row["node"]]]
            height[row["node"]] = (min(after) + max(after)) / 2
        if row["parent"] is not None:
            children.setdefault(row["parent"], []).append(row["node"])
    return height


def _spec(plan: Tables, height: Mapping[str, float], leaves: list[str], years: list[int]) -> dict[str, Any]:
    rows = plan.tables["nodes"]
    year_of = {row["node"]: row["fiscal_year"] for row in rows}
    branches = [
        {
            "x": year_of[row["parent"]],
            "y": height[row["parent"]],
            "x2": row["fiscal_year"],
            "y2": height[row["node"]],
            "chance": row["probability"],
        }
        for row in rows
        if row["parent"] is not None
    ]
    places = [
        {"x": row["fiscal_year"], "y": height[row["node"]], "chance": row["probability"]} for row in rows
    ]
    # What turned out is written beside few scenarios only.
    news = news_of(rows) if len(leaves) <= _LEAVES_NAMED else {}
    texts = _leaf_labels(plan, news) if len(leaves) <= _LEAVES_NAMED else {}
    names = [{"x": years[-1], "y": height[name], "text": text} for name, text in texts.items()]
    inner = _inner_names(rows, height, news)
    last = years[-1] if len(years) > 1 else years[-1] + 1
    x = {
        "field": "x",
        "type": "quantitative",
        "title": "fiscal year",
        "scale": {"domain": [years[0], last], "nice": False},
        "axis": {"values": years, "format": "d", "grid": False},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.5, len(leaves) - 0.5], "reverse": True, "nice": False},
    }
    width = max(_ROOM_FOR_YEARS, TOTAL_WIDTH - 60 - longest_width(list(texts.values()) or [""]))
    size = {
        "field": "chance",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, 1], "range": [1, 9]},
    }
    spec = document(
        width=width,
        height=max(120, min(700, 22 * len(leaves))),
        layer=[
            {
                "data": {"values": branches},
                "mark": {"type": "rule", "color": GREY, "opacity": 0.75},
                "encoding": {
                    "x": x,
                    "y": y,
                    "x2": {"field": "x2"},
                    "y2": {"field": "y2"},
                    "strokeWidth": size,
                },
            },
            {
                "data": {"values": places},
                "mark": {"type": "point", "filled": True, "color": BLUE, "size": 46, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            _texts(names, {"align": "left", "dx": 9, "fontSize": 11, "clip": False}, x=x, y=y),
            _texts(inner, {"align": "center", "dy": -9, "fontSize": 10}, x=x, y=y),
        ],
    )
    room = 24 + longest_width(list(texts.values()) or [""])
    return {**spec, "padding": {"left": 8, "right": room, "top": 4, "bottom": 2}}


def _texts(
    values: list[dict[str, Any]], mark: Mapping[str, Any], *, x: Mapping[str, Any], y: Mapping[str, Any]
) -> dict[str, Any]:
    """A layer of words beside nodes."""
    return {
        "data": {"values": values},
        "mark": {"type": "text", "color": INK, **mark},
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }


def _inner_names(
    rows: Sequence[Row], height: Mapping[str, float], news: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Names of branches before the last year."""
    last = max(row["fiscal_year"] for row in rows)
    return [
        {"x": row["fiscal_year"], "y": height[row["node"]], "text": row["node"]}
        for row in rows
        if row["node"] in news and row["fiscal_year"] < last
    ]


def _leaf_labels(plan: Tables, news: Mapping[str, str]) -> dict[str, str]:
    """Chance of each scenario and what turned out last, cut to the room that there is."""
    parent = {row["node"]: row["parent"] for row in plan.tables["nodes"]}
    texts = {}
    for row in plan.tables["scenarios"]:
        node = row["scenario"]
        while node is not None and node not in news:
            node = parent[node]
        words = row["turned_out"] if node is None else news[node]
        texts[row["scenario"]] = f"{percent_text(row['probability'], 1)} · {row['scenario']}: {plain(words)}"
    return distinct_labels(texts, _LABEL)


def news_of(rows: Sequence[Row]) -> dict[str, str]:
    """What turned out in each node that is one of several branches, and not in all of these.

    Parameters
    ----------
    rows : the table `nodes`

    Returns
    -------
    by name of the node, in the order of the table

    >>> news_of([
    ...     {"node": "now", "parent": None, "turned_out": None},
    ...     {"node": "a", "parent": "now", "turned_out": "budget of all: cut; price of all: higher"},
    ...     {"node": "b", "parent": "now", "turned_out": "price of all: higher"},
    ... ])
    {'a': 'budget of all: cut', 'b': 'as before'}
    """
    siblings: dict[str, list[Row]] = {}
    for row in rows:
        if row["parent"] is not None:
            siblings.setdefault(row["parent"], []).append(row)
    news = {}
    for each in siblings.values():
        parts = [(row["turned_out"] or "").split("; ") for row in each]
        common = set(parts[0]).intersection(*parts)
        for row, mine in zip(each, parts, strict=True):
            if len(each) > 1:
                news[row["node"]] = "; ".join(part for part in mine if part not in common) or "as before"
    return news
