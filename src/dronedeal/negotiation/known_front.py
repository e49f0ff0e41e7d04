"""An evaluator over a frontier that is known already: no plan is made again to ask what would be fair if."""

from __future__ import annotations

import numpy as np

from dronedeal.negotiation.evaluator import (
    BUYER,
    NO_OUTCOME,
    SELLER,
    Affine,
    Answer,
    FloatArray,
    Outcome,
    Question,
    Utilities,
)
from dronedeal.negotiation.frontier_points import Frontier

# Each round of golden sections leaves this share of an interval; after all of them nothing is left of it.
_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0
_ROUNDS = 80


class KnownFront:
    """Answers questions from the points of a frontier and what lies on straight lines between neighbours.

    Where the frontier is curved the lines lie inside of it, so that answers are cautious by no more than
    the points are apart; over its holes there are no lines. Answers are of this picture, not of the deal:
    their bound is that of the picture.

    Parameters
    ----------
    points : (n, 2) utilities of (buyer, seller), by rising utility of the buyer
    jumps : numbers `k` for which nothing lies between points `k` and `k + 1`

    Examples
    --------
    >>> from dronedeal.negotiation.evaluator import lesser_gain
    >>> front = KnownFront([(0.0, 10.0), (6.0, 6.0), (10.0, 0.0)])
    >>> front.best(Question(lesser_gain((0.0, 2.0)))).outcome.utilities
    (4.8, 6.8)
    """

    def __init__(self, points: FloatArray | list[Utilities], jumps: tuple[int, ...] = ()) -> None:
        self.points: FloatArray = np.array(points, dtype=float).reshape(-1, 2)
        self.jumps = tuple(jumps)
        steps = max(0, len(self.points) - 1)
        is_joined = np.ones(steps, dtype=bool)
        is_joined[list(self.jumps)] = False
        begins = self.points[:-1][is_joined]
        # Every point is also a line of no length, so that it is found exactly.
        self._start: FloatArray = np.vstack([self.points, begins])
        self._way: FloatArray = np.vstack([np.zeros_like(self.points), self.points[1:][is_joined] - begins])

    @classmethod
    def of(cls, front: Frontier) -> KnownFront:
        """The picture of a frontier."""
        return cls(front.utilities, front.jumps)

    def best(self, question: Question, /) -> Answer:
        """The best point of the picture."""
        low, high = self._allowed(question)
        is_open = low <= high
        if not is_open.any():
            return NO_OUTCOME
        start, way = self._start[is_open], self._way[is_open]
        at, value = _climbed(question, start, way, low[is_open], high[is_open])
        best = int(np.argmax(value))
        buyer, seller = _cleaned(start[best] + at[best] * way[best])
        return Answer(Outcome((buyer, seller)), float(value[best]))

    def _allowed(self, question: Question) -> tuple[FloatArray, FloatArray]:
        """(lines,) the part of each line, from 0 to 1, that keeps floors and limits."""
        low, high = np.zeros(len(self._start)), np.ones(len(self._start))
        floors = [(Affine(1.0, 0.0, -question.floors[BUYER]), question.floors[BUYER])]
        floors += [(Affine(0.0, 1.0, -question.floors[SELLER]), question.floors[SELLER])]
        limits = [piece for piece, floor in floors if np.isfinite(floor)]
        for piece in [*limits, *question.keep]:
            slope = _along(piece, self._way)
            value = _along(piece, self._start) + piece.constant
            with np.errstate(divide="ignore", invalid="ignore"):
                crossing = -value / slope
            low = np.where(slope > 0.0, np.maximum(low, crossing), low)
            high = np.where(slope < 0.0, np.minimum(high, crossing), high)
            high = np.where((slope == 0.0) & (value < 0.0), -1.0, high)
        return low, high


def _along(piece: Affine, pairs: FloatArray) -> FloatArray:
    """(n,) a piece without its constant."""
    result: FloatArray = piece.buyer * pairs[:, BUYER] + piece.seller * pairs[:, SELLER]
    return result


def _climbed(
    question: Question, start: FloatArray, way: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(lines,) where the goal, which is concave, is greatest on each line, and how great (golden section)."""
    terms = [np.array([[p.buyer, p.seller, p.constant] for p in term]) for term in question.goal]

    def value(at: FloatArray) -> FloatArray:
        pairs = start + at[:, None] * way
        total = np.zeros(len(at))
        for term in terms:
            total += (term[:, :2] @ pairs.T + term[:, 2:]).min(axis=0)
        return total

    left, right = low, high
    for _ in range(_ROUNDS):
        width = _GOLDEN * (right - left)
        is_left = value(right - width) >= value(left + width)
        left, right = np.where(is_left, left, right - width), np.where(is_left, left + width, right)
    candidates = np.stack([low, high, 0.5 * (left + right)])
    values = np.stack([value(each) for each in candidates])
    best = np.argmax(values, axis=0)
    lines = np.arange(len(low))
    return candidates[best, lines], values[best, lines]


def _cleaned(pair: FloatArray) -> Utilities:
    """A pair without the last digits, which the section leaves to chance."""
    buyer, seller = (float(f"{number:.12g}") for number in pair)
    return buyer, seller
