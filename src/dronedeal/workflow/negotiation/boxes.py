"""Better terms and a lower bound in narrower ranges: branch and bound over the values of the terms.

With the terms open, one delivery may be paid at the lowest price and another at the highest. In a narrower
range they cannot be so far apart: the bound falls, and the implied terms come nearer to the best. The box
with the greatest bound goes first and is cut in two at the implied value of the term on which the payments
disagree most. All limits are limits of work, not of time.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dronedeal.planning.open_terms import OpenTerms
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargained

Box = Mapping[str, tuple[float, float]]
# Boxes looked into for one question.
_MOST_BOXES = 40
LARGE = 4000
"""Columns from which on a problem is too large for boxes."""
HUGE = 50_000
"""Columns from which on a linear problem far from the last one takes minutes, as over many futures."""
# A range is cut no nearer to its end than this share of it, and not where it is this share of the whole.
_LEAST_PART, _NARROWEST = 0.2, 1e-3
# Payments disagree where they are apart by more than this share of the aim.
_APART = 1e-5


@dataclass(frozen=True)
class Opened:
    """The best plan with the terms open inside a box, and the problem that it is one of."""

    open: OpenTerms
    found: Bargained


class Asked(Protocol):
    """Whoever answers questions with open and with fixed terms."""

    @property
    def open(self) -> OpenTerms:
        """The problem with its terms open."""
        ...

    def ask_open(self, box: Box, aim: Aim, start: FloatArray | None) -> Opened:
        """The best plan with the terms open inside a box."""
        ...

    def ask_at(self, terms: Mapping[str, float], aim: Aim, start: FloatArray | None) -> Bargained:
        """The best plan under given terms."""
        ...

    def terms_near(self, implied: Mapping[str, float]) -> dict[str, float]:
        """Terms that can be written down."""
        ...


class Near(Protocol):
    """A plan under terms from which a question may start."""

    @property
    def terms(self) -> Mapping[str, float]:
        """Value of each term."""
        ...

    @property
    def values(self) -> FloatArray:
        """Columns of the plan."""
        ...

    @property
    def open_values(self) -> FloatArray | None:
        """The same in the problem with open terms."""
        ...


class BoxSearch:
    """The search for one aim.

    Parameters
    ----------
    asked : answers
    near : a plan to begin with
    gap : share of the aim at which plan and bound are close enough

    Attributes
    ----------
    terms : of the best plan found
    """

    def __init__(self, asked: Asked, aim: Aim, near: Near | None, *, gap: float) -> None:
        self.asked, self.aim, self.near, self.gap = asked, aim, near, gap
        self.terms: dict[str, float] = {}
        self.best: Bargained | None = None
        self._tried: set[tuple[float, ...]] = set()
        self._settled = -np.inf

    def run(self) -> Bargained:
        """The best plan found under fixed terms, and a bound over all terms."""
        start = None if self.near is None else self.near.open_values
        heap: list[tuple[float, int, dict[str, tuple[float, float]], Opened]] = []
        root = self.asked.ask_open({}, self.aim, start)
        self._look_into(root)
        if self.near is not None:
            self._try(dict(self.near.terms), self.near.values)
        heap = [(-root.found.bound, 0, {}, root)]
        count = 1
        while heap and count < _MOST_BOXES and not self._is_close(-heap[0][0]):
            bound, _, box, opened = heapq.heappop(heap)
            halves = self._halves(box, opened)
            if not halves:
                self._settled = max(self._settled, -bound)
                continue
            for half in halves:
                inside = self.asked.ask_open(half, self.aim, None)
                count += 1
                self._look_into(inside)
                if inside.found.bound > -np.inf:
                    heapq.heappush(heap, (max(bound, -inside.found.bound), count, half, inside))
        bound = max([self._settled, *(-each[0] for each in heap)])
        if self.best is None:
            return Bargained(None, np.full(2, -np.inf), bound)
        return Bargained(self.best.values, self.best.utilities, max(bound, self._worth(self.best)))

    def _is_close(self, bound: float) -> bool:
        if self.best is None:
            return False
        worth = self._worth(self.best)
        return bound - worth <= self.gap * max(1.0, abs(worth))

    def _worth(self, found: Bargained) -> float:
        return self.aim.worth(found.utilities)

    def _look_into(self, opened: Opened) -> None:
        """Try the terms that the plan of a box implies."""
        values = opened.found.values
        if values is None:
            return
        self._try(self.asked.terms_near(opened.open.implied(values)), opened.open.collapsed(values))

    def _try(self, terms: dict[str, float], start: FloatArray) -> None:
        key = tuple(terms.values())
        if key in self._tried:
            return
        self._tried.add(key)
        found = self.asked.ask_at(terms, self.aim, start)
        if found.values is not None and (self.best is None or self._worth(found) > self._worth(self.best)):
            self.best, self.terms = found, terms

    def _halves(self, box: Box, opened: Opened) -> list[dict[str, tuple[float, float]]]:
        """Two halves of a box; none where its payments agree or its ranges are narrow."""
        values = opened.found.values
        if values is None:
            return []
        whole = {span.term: span for span in self.asked.open.negotiable.ranges}
        apart = opened.open.disagreement(values)
        implied = opened.open.implied(values)
        least = _APART * max(1.0, abs(opened.found.bound))
        for term in sorted(apart, key=lambda term: -apart[term]):
            lower, upper = box.get(term, (whole[term].lower, whole[term].upper))
            width = upper - lower
            if apart[term] <= least:
                break
            if width <= _NARROWEST * (whole[term].upper - whole[term].lower):
                continue
            margin = _LEAST_PART * width
            at = min(max(implied[term], lower + margin), upper - margin)
            return [{**box, term: (lower, at)}, {**box, term: (at, upper)}]
        return []
