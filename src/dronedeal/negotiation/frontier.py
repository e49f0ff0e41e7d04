"""The frontier: outcomes that nobody can leave for one that is better for one side and no worse for the
other.

The two ends are lexicographic optima. Between two neighbours lies a *box*, in which all unknown outcomes of
the frontier must be; each box is halved along its longer side by an ε-constraint question,

    max u_i + δ · u_j   subject to   u_j ≥ middle of the box,   u_i ≥ that of the neighbour

whose answer is efficient for every δ > 0 (Haimes, Lasdon and Wismer 1971; augmented as by Mavrotas and
Florios 2013, *Applied Mathematics and Computation* 219). Where the floor does not bind, the frontier may
have a hole, and a second question from the other side finds where the hole ends (the balanced box method of
Boland, Charkhgard and Savelsbergh 2015, *INFORMS Journal on Computing* 27). Weighted sums alone would find
neither holes nor what lies behind them. Boxes of one round do not depend on one another and are asked
together; which boxes make a round depends on the answers alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dronedeal.errors import InputError, SolverError, StoppedError
from dronedeal.negotiation.evaluator import (
    BUYER,
    NO_FLOORS,
    SELLER,
    Affine,
    Answer,
    Evaluator,
    FloatArray,
    Goal,
    Outcome,
    Question,
    Utilities,
)
from dronedeal.negotiation.frontier_points import (
    Certificate,
    Frontier,
    FrontierPoint,
    supported,
    undominated,
)
from dronedeal.negotiation.inquiry import Inquiry

# Boxes asked together at most; a fixed number, so that results do not depend on the number of workers.
BATCH = 16
# The weight of the other side where utilities are continuous, as a share of both ranges.
_SMALL = 1e-4
# What counts as equal, as a share of the larger of one and the number: of a number and itself after a solve,
# and of two outcomes found by different questions.
_EQUAL = 1e-9
_SAME = 1e-7


def frontier(
    evaluator: Evaluator,
    *,
    points: int | None = 21,
    floors: Utilities = NO_FLOORS,
    step: float | Utilities | None = None,
    resolution: float = 1e-3,
    near: Outcome | None = None,
    lean: float | None = None,
) -> Frontier:
    """The frontier of an evaluator, or so many points of it where most of it is unknown.

    Parameters
    ----------
    evaluator : or an `Inquiry`, which brings engine, checkpoint, progress and stop. When stopped, the
    points
        found so far are returned
    points : how many at most, at least 2; None: all, down to the resolution
    floors : least utilities of (buyer, seller), as both alternatives; none by default
    step : utilities are whole multiples of it (of one number, or of one a side): the frontier is then found
        whole and exactly, given enough points. None: they may be any numbers
    resolution : without a step, boxes narrower than this share of the range of a side are not looked into
    near : an outcome to start from
    lean : weight of the other side's utility at the ends, where a second question with nothing to spare would
        cost more than all others; None: the best for the other side among the best for one

    Raises
    ------
    InputError : where a number cannot be used

    Examples
    --------
    The middle point lies in a dent, which no weighted sum finds.

    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> deals = ListedOutcomes([(0, 10), (4, 5), (10, 0), (3, 3)])
    >>> [(p.utilities, p.is_supported) for p in frontier(deals, points=None, step=1).points]
    [((0.0, 10.0), True), ((4.0, 5.0), False), ((10.0, 0.0), True)]
    """
    if points is not None and points < 2:
        raise InputError(f"points is {points}; allowed: 2 or more, for the two ends, or None for all")
    if not 0.0 < resolution < 1.0:
        raise InputError(f"resolution is {resolution}; allowed: a share between 0 and 1")
    steps = (step, step) if isinstance(step, int | float) else step
    if steps is not None and min(steps) <= 0.0:
        raise InputError(f"step is {step}; allowed: numbers above 0, or None where utilities are continuous")
    search = _Search(Inquiry.of(evaluator), floors, steps, resolution)
    try:
        search.ends(near, lean)
        search.fill(points)
    except StoppedError:
        return search.result(was_stopped=True)
    return search.result(was_stopped=False)


@dataclass(frozen=True, slots=True)
class _Box:
    """Two neighbours; what is between them is unknown. `low` has less for the buyer, `high` more."""

    low: Outcome
    high: Outcome

    def end(self, side: int) -> Outcome:
        """The end that is better for the other side."""
        return self.low if side == BUYER else self.high

    def extent(self, side: int) -> float:
        return abs(self.high.utilities[side] - self.low.utilities[side])


@dataclass
class _Search:
    """Boxes still to be looked into, and what has been found."""

    inquiry: Inquiry
    floors: Utilities
    steps: Utilities | None
    resolution: float
    found: list[Outcome] = field(default_factory=list)
    gaps: dict[Utilities, float] = field(default_factory=dict)
    certificates: list[Certificate] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    jumps: list[_Box] = field(default_factory=list)
    ranges: FloatArray = field(default_factory=lambda: np.ones(2))
    is_sure: bool = True

    def ends(self, near: Outcome | None, lean: float | None) -> None:
        """The best for each side and, among those, the best for the other."""
        first = [_one_side(side, self.floors, near, lean or 0.0) for side in (BUYER, SELLER)]
        answers = self._each([(q, s) for q, s in zip(first, (BUYER, SELLER), strict=True)], "ends")
        if any(answer.outcome is None for answer in answers):
            if not all(answer.is_none_proven for answer in answers):
                raise SolverError(
                    "no outcome was found at an end of the frontier, nor proven that none exists"
                )
            return
        if lean is not None:
            found = [answer.outcome for answer in answers if answer.outcome is not None]
            self._between_ends(found[SELLER], found[BUYER])
            return
        second = []
        for side, answer in zip((BUYER, SELLER), answers, strict=True):
            assert answer.outcome is not None
            most = answer.outcome.utilities[side]
            floors = list(self.floors)
            floors[side] = max(floors[side], most - _tolerance(most))
            second.append((_one_side(1 - side, (floors[0], floors[1]), answer.outcome), side))
        again = self._each([(question, 1 - side) for question, side in second], "ends")
        ends = [new.outcome or old.outcome for old, new in zip(answers, again, strict=True)]
        high, low = ends
        assert high is not None
        assert low is not None
        # The gap of an end is that of the side it was found for.
        for end, answer, side in zip((high, low), answers, (BUYER, SELLER), strict=True):
            self.gaps[end.utilities] = max(0.0, answer.bound - end.utilities[side])
        self._between_ends(low, high)

    def _between_ends(self, low: Outcome, high: Outcome) -> None:
        """All that is unknown lies between both ends."""
        self.found = [low, high]
        self.ranges = np.abs(np.subtract(high.utilities, low.utilities))
        self._open(_Box(low, high))

    def fill(self, points: int | None) -> None:
        """Look into the largest boxes, round by round, until there are enough points or no boxes."""
        while self.boxes and (points is None or len(self.found) < points):
            self.boxes.sort(key=lambda box: (-self._size(box), box.low.utilities))
            left = BATCH if points is None else min(BATCH, points - len(self.found))
            chosen, self.boxes = self.boxes[:left], self.boxes[left:]
            try:
                self._round(chosen)
            except StoppedError:
                self.boxes.extend(chosen)
                raise

    def _round(self, boxes: list[_Box]) -> None:
        """Halve some boxes; where a floor does not bind, ask from the other side too."""
        sides = [self._shorter(box) for box in boxes]
        answers = self._each(
            [(self._halving(box, side), side) for box, side in zip(boxes, sides, strict=True)], "frontier"
        )
        again: list[tuple[_Box, int, Outcome]] = []
        for box, side, answer in zip(boxes, sides, answers, strict=True):
            inside = self._inside(box, answer)
            if inside is None and answer.bound == math.inf:
                self.is_sure = False
                continue
            if inside is None:
                again.append((box, side, box.end(side)))
                continue
            self._keep(inside)
            self._open(_between(box.end(side), inside, side))
            if inside.utilities[1 - side] <= self._middle(box, side) + self._binding(1 - side):
                self._open(_between(inside, box.end(1 - side), side))
            else:
                again.append((box, side, inside))
        self._other_sides(again)

    def _other_sides(self, again: list[tuple[_Box, int, Outcome]]) -> None:
        """Find where each hole ends that begins at an outcome."""
        questions = [(self._across(box, side, begins), 1 - side) for box, side, begins in again]
        for (box, side, begins), answer in zip(again, self._each(questions, "holes"), strict=True):
            far = box.end(1 - side)
            if answer.bound == math.inf:
                self.is_sure = False
            inside = self._inside(box, answer)
            if inside is not None and inside.utilities[side] > begins.utilities[side]:
                self._keep(inside)
                self._open(_between(inside, far, side))
                far = inside
            self._hole(_between(begins, far, side), answer, 1 - side)

    def _hole(self, hole: _Box, answer: Answer, side: int) -> None:
        """Keep a hole where it can be told from none, and where the answer proves it."""
        slack = 0.0
        if answer.outcome is not None:
            slack = answer.bound - Question(self._leaning(side)).value(answer.outcome.utilities)
        is_wide = all(hole.extent(each) > 2.0 * self._resolution(each) for each in (BUYER, SELLER))
        if (is_wide or self.steps is not None) and slack <= self._resolution(side):
            self.jumps.append(hole)

    def _halving(self, box: _Box, side: int) -> Question:
        """The most for `side` with the other at least at the middle of the box."""
        start = box.end(side)
        floors = [start.utilities[side]] * 2
        floors[side] -= _tolerance(floors[side])
        floors[1 - side] = self._middle(box, side)
        return Question(self._leaning(side), (floors[0], floors[1]), near=start)

    def _across(self, box: _Box, side: int, begins: Outcome) -> Question:
        """The most for the other side with `side` better off than at an outcome."""
        end = box.end(1 - side)
        more = self.steps[side] if self.steps is not None else self._resolution(side)
        floors = [begins.utilities[side] + more * (1.0 - 1e-6)] * 2
        floors[1 - side] = end.utilities[1 - side] - _tolerance(end.utilities[1 - side])
        return Question(self._leaning(1 - side), (floors[0], floors[1]), near=end)

    def _leaning(self, side: int) -> Goal:
        """One side's utility and so little of the other's that nothing is missed for its sake."""
        small = _SMALL * self.ranges[side] if self.steps is None else 0.5 * self.steps[side]
        weights = np.ones(2)
        weights[1 - side] = small / self.ranges[1 - side]
        return ((Affine(float(weights[BUYER]), float(weights[SELLER])),),)

    def _inside(self, box: _Box, answer: Answer) -> Outcome | None:
        """The outcome of an answer where it lies between both ends of a box; None: it is one of them."""
        if answer.outcome is None:
            return None
        found, low, high = answer.outcome.utilities, box.low.utilities, box.high.utilities
        is_new = low[BUYER] + self._least(BUYER) < found[BUYER] < high[BUYER] - self._least(BUYER) and high[
            SELLER
        ] + self._least(SELLER) < found[SELLER] < low[SELLER] - self._least(SELLER)
        return answer.outcome if is_new else None

    def _least(self, side: int) -> float:
        """What is certainly no difference."""
        return 1e-6 * (self.steps[side] if self.steps is not None else float(self.ranges[side]))

    def _resolution(self, side: int) -> float:
        return self.steps[side] if self.steps is not None else self.resolution * float(self.ranges[side])

    def _binding(self, side: int) -> float:
        return self._least(side) if self.steps is not None else self._resolution(side)

    def _middle(self, box: _Box, side: int) -> float:
        return 0.5 * (box.low.utilities[1 - side] + box.high.utilities[1 - side])

    def _shorter(self, box: _Box) -> int:
        """The side along which a box is shorter: it is maximised, and the floor halves the longer side."""
        shares = [box.extent(side) / self.ranges[side] for side in (BUYER, SELLER)]
        return BUYER if shares[BUYER] <= shares[SELLER] else SELLER

    def _size(self, box: _Box) -> float:
        return float(box.extent(BUYER) / self.ranges[BUYER] * box.extent(SELLER) / self.ranges[SELLER])

    def _open(self, box: _Box) -> None:
        """Put a box on the list where it has room for an outcome."""
        if all(box.extent(side) > self._resolution(side) * (1.0 + 1e-6) for side in (BUYER, SELLER)):
            self.boxes.append(box)

    def _keep(self, outcome: Outcome) -> None:
        self.found.append(outcome)

    def _each(self, questions: Sequence[tuple[Question, int]], step: str) -> list[Answer]:
        """Ask, and keep what is proven."""
        answers = self.inquiry.each([question for question, _ in questions], step=step)
        for (question, side), answer in zip(questions, answers, strict=True):
            piece = question.goal[0][0]
            if answer.bound < math.inf:
                self.certificates.append(
                    Certificate((piece.buyer, piece.seller), question.floors, answer.bound)
                )
            if answer.outcome is not None:
                unit = piece.buyer if side == BUYER else piece.seller
                gap = (answer.bound - question.value(answer.outcome.utilities)) / unit
                self.gaps.setdefault(answer.outcome.utilities, max(0.0, gap))
        return answers

    def result(self, *, was_stopped: bool) -> Frontier:
        """What was found, without what turned out to be no better than something else."""
        utilities = np.array([outcome.utilities for outcome in self.found]).reshape(-1, 2)
        largest = np.abs(utilities).max(axis=0, initial=1.0)
        same = [max(self._least(side), _SAME * float(largest[side])) for side in (BUYER, SELLER)]
        kept = undominated(self.found, tolerance=(same[BUYER], same[SELLER]))
        is_whole = self.is_sure and not self.boxes and not was_stopped
        points = tuple(
            FrontierPoint(outcome, self.gaps[outcome.utilities], is_supported)
            for outcome, is_supported in zip(kept, supported(kept), strict=True)
        )
        return Frontier(points, self._jumps(kept, is_whole), tuple(self.certificates), is_whole, was_stopped)

    def _jumps(self, kept: list[Outcome], is_whole: bool) -> tuple[int, ...]:
        """Numbers of the points behind which a hole begins."""
        if is_whole and self.steps is not None:
            return tuple(range(len(kept) - 1))
        empty = {(hole.low.utilities, hole.high.utilities) for hole in self.jumps}
        pairs = enumerate(pairwise(outcome.utilities for outcome in kept))
        return tuple(at for at, pair in pairs if pair in empty)


def _one_side(side: int, floors: Utilities, near: Outcome | None, lean: float = 0.0) -> Question:
    piece = Affine(1.0, lean) if side == BUYER else Affine(lean, 1.0)
    return Question(((piece,),), floors, near=near)


def _between(one: Outcome, other: Outcome, side: int) -> _Box:
    """The box from an outcome that is better for the other side to one that is better for `side`."""
    return _Box(one, other) if side == BUYER else _Box(other, one)


def _tolerance(number: float) -> float:
    return _EQUAL * max(1.0, abs(number))
