"""What a made-up deal is drawn around: families of systems, groups of one role, fiscal years."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Requirement, RequirementAttribute, RequirementQuantity
from dronedeal.deal.systems import Domain, System

START_YEAR = 2026
"""The plan starts in October of this year, with the buyer's fiscal year; the seller's starts in January."""
BASE_YEAR = START_YEAR + 1
GROUP_SIZE = 8
MOST_ELIGIBLE = 10
MOST_SYSTEMS_OF_A_LINE = 4
BUYER, SELLER, WEST, EAST = "northland", "riverland", "westmark", "eastholm"
BRANCHES = {
    "land": "Land Forces",
    "sea": "Sea Forces",
    "air": "Air Forces",
    "coast": "Coast Guard",
    "reserve": "Reserve Forces",
}
MADE_UP: dict[str, Any] = {
    "basis": "assumption",
    "note": "Synthetic: drawn at random, stands for nothing real",
}


@dataclass(frozen=True)
class Family:
    """A kind of system: usual cost of a unit, usual output of a line a month, and two figures of merit."""

    role: str
    domain: Domain
    unit_cost: float
    monthly_output: float
    figures: tuple[tuple[str, str, float], tuple[str, str, float]]


FAMILIES = (
    Family("reconnaissance", "air", 18_000, 40, (("range", "km", 80), ("endurance", "h", 4))),
    Family("short_range", "air", 500, 4_000, (("range", "km", 15), ("payload", "kg", 2))),
    Family("cargo_air", "air", 9_000, 60, (("payload", "kg", 20), ("range", "km", 25))),
    Family("interceptor", "air", 2_600, 900, (("speed", "km/h", 280), ("range", "km", 30))),
    Family("carrier", "ground", 14_000, 50, (("payload", "kg", 180), ("range", "km", 25))),
    Family("patrol_boat", "surface", 210_000, 4, (("range", "km", 700), ("payload", "kg", 300))),
    Family("survey", "undersea", 95_000, 6, (("endurance", "h", 30), ("range", "km", 60))),
    Family("relay", "air", 6_000, 100, (("endurance", "h", 6), ("range", "km", 40))),
    Family("long_range", "air", 52_000, 80, (("range", "km", 900), ("payload", "kg", 45))),
)


@dataclass(frozen=True)
class Model:
    """A system in the making: its record and the figures that other tables are drawn around."""

    record: System
    unit_cost: float
    price: float
    figures: tuple[float, float]


@dataclass(frozen=True)
class Group:
    """All systems of one role, the lines that make them and the needs that they serve."""

    family: Family
    role: str
    models: tuple[Model, ...] = ()
    lines: tuple[Line, ...] = ()
    products: tuple[LineSystem, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    criteria: tuple[RequirementAttribute, ...] = ()
    quantities: tuple[RequirementQuantity, ...] = ()
    eligible: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def own_models(self) -> tuple[Model, ...]:
        """Models that the seller supplies."""
        return tuple(model for model in self.models if model.record.supplier == SELLER)

    @property
    def mean_price(self) -> float:
        """Mean price of the group's models, deal currency per unit."""
        return sum(model.price for model in self.models) / len(self.models)

    def yearly_output(self, lines: Sequence[Line]) -> float:
        """Good units a year that the lines can make whichever of their systems they choose."""
        return sum(12 * line.initial_capacity * line.availability * self._least_yield(line) for line in lines)

    def _least_yield(self, line: Line) -> float:
        rows = [row for row in self.products if row.line == line.id]
        return min(row.yield_rate / row.load_per_unit for row in rows)

    @property
    def home_lines(self) -> tuple[Line, ...]:
        """Existing lines of the seller."""
        return tuple(line for line in self.lines if line.status == "existing")


@dataclass(frozen=True)
class Years:
    """Fiscal years that touch the plan; the buyer's start in October, the seller's in January."""

    months: int

    @property
    def buyer(self) -> range:
        """Fiscal years of the buyer, named for the year they end in."""
        return range(BASE_YEAR, BASE_YEAR + math.ceil(self.months / 12))

    @property
    def seller(self) -> range:
        """Fiscal years of the seller."""
        return range(START_YEAR, START_YEAR + (9 + self.months - 1) // 12 + 1)


def rounded(value: float, digits: int = 3) -> float:
    """The value to so many significant digits, as a person would state it."""
    return float(f"{value:.{digits}g}")


def spread(draw: random.Random, sigma: float) -> float:
    """A factor around 1, seldom beyond `exp(±2 sigma)`."""
    return math.exp(max(-2.0, min(2.0, draw.gauss(0, 1))) * sigma)


def dealt(index: int, count: int, total: int) -> range:
    """The numbers below `total` that fall to place `index` of `count` when they are dealt round."""
    return range(index, total, count)
