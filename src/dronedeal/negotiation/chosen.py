"""One point of a finished negotiation, chosen by its name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dronedeal.errors import CommandError
from dronedeal.negotiation.record import FAIR_POINTS, Negotiation
from dronedeal.negotiation.record_parts import FairPlan, FrontierPlan, Opening, Sides, Terms

SIDES = ("buyer", "seller")


@dataclass(frozen=True)
class ChosenPoint:
    """A point of a negotiation.

    Parameters
    ----------
    name : under which it was chosen
    point : as the record has it
    """

    name: str
    point: FairPlan | FrontierPlan | Opening

    @property
    def terms(self) -> Terms:
        """Value of every clause."""
        return self.point.terms

    @property
    def utilities(self) -> Sides | None:
        """What it is worth to both sides; None: no plan keeps both alternatives."""
        return self.point.utilities

    @property
    def plan(self) -> str | None:
        """Folder of its plan, beside the record."""
        return self.point.plan

    @property
    def least(self) -> dict[str, float]:
        """What its plan leaves each side, in whole units of currency, rounded down."""
        worth = self.utilities
        return {} if worth is None else {side: float(math.floor(getattr(worth, side))) for side in SIDES}


def point_names(negotiation: Negotiation) -> tuple[str, ...]:
    """Names of the points that can be chosen: fair points, points of the frontier, opening positions."""
    openings = [f"opening_{side}" for side in SIDES if getattr(negotiation.openings, side) is not None]
    return (*negotiation.fair_points, *(point.id for point in negotiation.frontier), *openings)


def chosen_point(negotiation: Negotiation, name: str) -> ChosenPoint:
    """The point of a name.

    Parameters
    ----------
    name : one of `point_names`; a hyphen stands for an underscore

    Raises
    ------
    CommandError : where no point has that name
    """
    asked = name.strip().replace("-", "_")
    if asked in FAIR_POINTS and asked in negotiation.fair_points:
        return ChosenPoint(asked, negotiation.fair_points[asked])
    for point in negotiation.frontier:
        if point.id == asked:
            return ChosenPoint(asked, point)
    for side in SIDES:
        opening = getattr(negotiation.openings, side)
        if opening is not None and asked == f"opening_{side}":
            return ChosenPoint(asked, opening)
    allowed = ", ".join(point_names(negotiation)) or "none, as there is no agreement"
    raise CommandError(f"point '{name}': no point has this name; allowed: {allowed}; choose one of them")
