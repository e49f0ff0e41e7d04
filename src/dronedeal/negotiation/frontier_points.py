"""Points of the frontier, and what is proven about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from dronedeal.negotiation.evaluator import BUYER, SELLER, FloatArray, Outcome, Utilities

# Outcomes that differ by less than this share of the greatest utility are one.
_SAME = 1e-7


@dataclass(frozen=True, slots=True)
class Certificate:
    """Every outcome at or above the floors has `goal ≤ bound`; minus infinity: there is none.

    Parameters
    ----------
    weights : (2,) of the goal `weights · utilities`
    """

    weights: Utilities
    floors: Utilities
    bound: float

    def limit(self, side: int, other: float) -> float:
        """No outcome that gives the other side at least `other` gives more than this to `side`."""
        if other < self.floors[1 - side]:
            return math.inf
        if self.bound == -math.inf:
            return self.floors[side]
        if self.weights[side] == 0.0:
            return self.floors[side] if self.weights[1 - side] * other > self.bound else math.inf
        most = (self.bound - self.weights[1 - side] * other) / self.weights[side]
        return max(self.floors[side], most)


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One outcome of the frontier.

    Parameters
    ----------
    outcome : with its utilities, label and plan
    gap : proven: no outcome that is at least as good for the other side is better than this one by more,
    for the
        side that was maximised, in its unit
    is_supported : whether some weighted sum of both utilities finds it; others lie in a dent of the
    frontier
    """

    outcome: Outcome
    gap: float
    is_supported: bool

    @property
    def utilities(self) -> Utilities:
        """Utilities of (buyer, seller)."""
        return self.outcome.utilities


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points of the frontier by rising utility of the buyer, and what is proven between them.

    Parameters
    ----------
    points : none is at least as good as another for both sides
    jumps : numbers `k` for which it is proven that nothing efficient lies between points `k` and `k + 1`
    certificates : what was proven on the way
    is_whole : whether every box is down to the resolution, so that no part of the frontier is unknown but for
        the evaluator's own gap
    was_stopped : whether it was stopped on request before it had as many points as asked for
    """

    points: tuple[FrontierPoint, ...]
    jumps: tuple[int, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    is_whole: bool = True
    was_stopped: bool = False

    @property
    def utilities(self) -> FloatArray:
        """(n, 2) utilities of the points."""
        return np.array([point.utilities for point in self.points], dtype=float).reshape(-1, 2)

    @property
    def ideal(self) -> Utilities | None:
        """The most that each side gets anywhere on the frontier; None: it is empty."""
        return (self.points[-1].utilities[BUYER], self.points[0].utilities[SELLER]) if self.points else None

    @property
    def nadir(self) -> Utilities | None:
        """What each side gets where the other gets the most; None: it is empty."""
        return (self.points[0].utilities[BUYER], self.points[-1].utilities[SELLER]) if self.points else None

    def limit(self, side: int, other: float) -> float:
        """Proven: no outcome with at least `other` for the other side has more than this for `side`."""
        return min((each.limit(side, other) for each in self.certificates), default=math.inf)


def undominated(outcomes: Sequence[Outcome], *, tolerance: Utilities = (0.0, 0.0)) -> list[Outcome]:
    """Outcomes to which no other is at least as good for both sides, by rising utility of the buyer.

    Of equal ones the first is kept.

    Parameters
    ----------
    tolerance : differences of (buyer, seller) that are none

    Examples
    --------
    >>> pairs = [(1, 5), (3, 3), (2, 3), (3, 3), (5, 1)]
    >>> [o.utilities for o in undominated([Outcome(pair) for pair in pairs])]
    [(1, 5), (3, 3), (5, 1)]
    """
    order = sorted(outcomes, key=lambda outcome: (-outcome.utilities[BUYER], -outcome.utilities[SELLER]))
    kept: list[Outcome] = []
    for outcome in order:
        buyer, seller = outcome.utilities
        if kept and seller <= kept[-1].utilities[SELLER] + tolerance[SELLER]:
            continue
        if kept and kept[-1].utilities[BUYER] <= buyer + tolerance[BUYER]:
            kept.pop()
        kept.append(outcome)
    return kept[::-1]


def with_known(
    frontier: Frontier, outcomes: Sequence[Outcome], *, always: Sequence[Outcome] = ()
) -> Frontier:
    """The frontier with outcomes found elsewhere: in place of points that they beat, and beyond its ends.

    Those that lie between two points and beat none are left out.

    Parameters
    ----------
    outcomes : such as those of fair points
    always : those of them that are points wherever nothing beats them

    Examples
    --------
    >>> points = [FrontierPoint(Outcome(pair), 0.0, True) for pair in [(0.0, 9.0), (4.0, 5.0), (8.0, 0.0)]]
    >>> found = [Outcome(pair) for pair in [(5.0, 5.0), (6.0, 4.0), (9.0, -1.0), (1.0, 1.0)]]
    >>> [point.utilities for point in with_known(Frontier(tuple(points)), found).points]
    [(0.0, 9.0), (5.0, 5.0), (8.0, 0.0), (9.0, -1.0)]
    """
    old = {point.utilities: point for point in frontier.points}
    if not old:
        return frontier
    wanted = {outcome.utilities for outcome in always}
    (least, upper), (most, lower) = frontier.points[0].utilities, frontier.points[-1].utilities
    chosen = [
        outcome
        for outcome in outcomes
        if not least <= outcome.utilities[BUYER] <= most
        or not lower <= outcome.utilities[SELLER] <= upper
        or any(_beats(outcome.utilities, other) for other in old)
        or outcome.utilities in wanted
    ]
    most_of_all = np.abs([*old, *(outcome.utilities for outcome in chosen)]).max(axis=0)
    same = float(_SAME * most_of_all[BUYER]), float(_SAME * most_of_all[SELLER])
    kept = undominated([*(point.outcome for point in frontier.points), *chosen], tolerance=same)
    points = tuple(
        FrontierPoint(
            outcome,
            old[outcome.utilities].gap if outcome.utilities in old else _gap(frontier, outcome.utilities),
            is_supported,
        )
        for outcome, is_supported in zip(kept, supported(kept), strict=True)
    )
    holes = {(frontier.points[at].utilities, frontier.points[at + 1].utilities) for at in frontier.jumps}
    pairs = enumerate(pairwise(outcome.utilities for outcome in kept))
    return replace(frontier, points=points, jumps=tuple(at for at, pair in pairs if pair in holes))


def _beats(one: Utilities, other: Utilities) -> bool:
    """Whether one outcome is at least as good as another for both sides, and not the same."""
    return one != other and one[BUYER] >= other[BUYER] and one[SELLER] >= other[SELLER]


def _gap(frontier: Frontier, utilities: Utilities) -> float:
    """What is proven of an outcome: by how much the buyer, or the seller, could be better off at most."""
    limits = (frontier.limit(side, utilities[1 - side]) - utilities[side] for side in (BUYER, SELLER))
    return max(0.0, min(limits))


def supported(outcomes: Sequence[Outcome]) -> list[bool]:
    """(n,) whether each outcome, by rising utility of the buyer, lies on the concave hull of all."""
    utilities = np.array([outcome.utilities for outcome in outcomes], dtype=float).reshape(-1, 2)
    hull: list[int] = []
    for at, point in enumerate(utilities):
        while len(hull) >= 2 and _turn(utilities[hull[-2]], utilities[hull[-1]], point) > 0.0:
            hull.pop()
        hull.append(at)
    on_hull = set(hull)
    return [at in on_hull for at in range(len(utilities))]


def _turn(first: FloatArray, middle: FloatArray, last: FloatArray) -> float:
    """Above 0 where the middle of three points lies below the line through the others, but for rounding."""
    one, two = middle - first, last - first
    area = float(one[0] * two[1] - one[1] * two[0])
    return area if abs(area) > 1e-9 * abs(float(two[0] * two[1])) else 0.0
