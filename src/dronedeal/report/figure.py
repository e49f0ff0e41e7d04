"""A chart with what belongs to it: one sentence that says the same, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dronedeal.report.grid import Grid
from dronedeal.report.view import View

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """One chart.

    Parameters
    ----------
    name : its name for `chart_svg`
    title : what it shows, with the unit
    summary : one sentence computed from the data, for those who do not see the picture
    spec : Vega-Lite specification; None where there is nothing to draw, which `summary` then says
    grid : the numbers behind it
    left_out : what a large deal does not show in the picture, in words
    """

    name: str
    title: str
    summary: str
    spec: Spec | None
    grid: Grid | None = None
    left_out: str = ""
    kind: str = field(default="figure", init=False)


Maker = Callable[[View], Figure]
_MAKERS: dict[str, tuple[float, Maker]] = {}


def figure(name: str, *, order: float) -> Callable[[Maker], Maker]:
    """Register the function that makes the figure of that name; `order` is its place in the report."""

    def register(maker: Maker) -> Maker:
        if name in _MAKERS:
            raise ValueError(f"two figures are called {name}")
        _MAKERS[name] = (order, maker)
        return maker

    return register


def figures() -> Mapping[str, Maker]:
    """The makers of all figures by name, in the order in which the report shows them."""
    return {name: maker for name, (_, maker) in sorted(_MAKERS.items(), key=lambda item: item[1][0])}
