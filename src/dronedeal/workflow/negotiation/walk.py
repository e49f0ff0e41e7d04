"""A walk along the frontier of a large problem, before any question is asked.

From one plan to a near one a solver needs a tenth of the steps that it needs from afar. So the walk goes from
the greatest sum of both utilities to the best end of each side, a little at a time. What it leaves behind
serves every question, whoever asks it and when: half-planes that hold every plan, plans from which to start,
and the bases at each of them.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Answer,
    Goal,
    Outcome,
    Question,
    Utilities,
    weighted,
)
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.highs import HighsSolver

# Steps from the greatest sum to either end, and the last ones of the seller's, whose slope is another.
_STEPS, _LAST = 5, 2
LEAN = 1e-4
"""The weight of the other side's utility where one side's is asked for."""
# A side that has this share of what there is to gain, or less, has nothing left to give.
_NOTHING = 1e-6

Stands = list[tuple[float, HighsSolver]]
"""The seller's utility at each plan, and a solver that begins there."""


class Walker(Protocol):
    """Whoever answers one question after the other, each from where the last one ended."""

    def best(self, question: Question, /) -> Answer:
        """The plan that serves a question best."""
        ...

    def keep_bases(self) -> HighsSolver:
        """A solver that begins at the last plan."""
        ...

    def prove(self, outcome: Outcome, weights: FloatArray) -> None:
        """Lower the bound of a weighted sum around a plan."""
        ...


class Walk:
    """The walk.

    Parameters
    ----------
    walker : answers the questions
    floors : what both sides have without an agreement

    Attributes
    ----------
    stands : see `Stands`
    """

    def __init__(self, walker: Walker, floors: Utilities) -> None:
        self.walker, self.floors = walker, floors
        self.stands: Stands = []
        self.outcomes: list[Outcome] = []

    def run(self) -> tuple[Outcome, ...]:
        """Every plan that was found on the way."""
        top = self._ask(weighted(1.0, 1.0), self.floors, None)
        if top is None:
            return ()
        self.walker.prove(top, np.ones(2))
        self._towards(BUYER, top)
        steps = self._towards(SELLER, top)
        # Where the seller has nearly all, its utility falls less than the buyer's rises: another half-plane.
        if len(steps) > _LAST and self._falls(steps[-_LAST - 1], steps[-1]):
            given = steps[-_LAST - 1].utilities[BUYER] - steps[-1].utilities[BUYER]
            gained = steps[-1].utilities[SELLER] - steps[-_LAST - 1].utilities[SELLER]
            self.walker.prove(steps[-1], np.array([gained / given, 1.0]))
        return tuple(self.outcomes)

    def _falls(self, one: Outcome, other: Outcome) -> bool:
        """Whether the buyer gives up so much that a slope can be told, and the seller gains by it."""
        given = one.utilities[BUYER] - other.utilities[BUYER]
        gained = other.utilities[SELLER] - one.utilities[SELLER]
        return 0.0 < gained < given and given > _NOTHING * max(1.0, abs(one.utilities[BUYER]))

    def _towards(self, side: int, top: Outcome) -> list[Outcome]:
        """From the greatest sum to the best end of a side, in steps of what the other side gives up."""
        other, steps = 1 - side, [top]
        spare = top.utilities[other] - self.floors[other]
        if not np.isfinite(spare) or spare <= _NOTHING * max(1.0, abs(top.utilities[other])):
            return steps
        goal = weighted(1.0, LEAN) if side == BUYER else weighted(LEAN, 1.0)
        for step in range(1, _STEPS + 1):
            floors = list(self.floors)
            floors[other] = top.utilities[other] - spare * step / _STEPS
            found = self._ask(goal, (floors[BUYER], floors[SELLER]), steps[-1])
            steps += [] if found is None else [found]
        return steps

    def _ask(self, goal: Goal, floors: Utilities, near: Outcome | None) -> Outcome | None:
        found = self.walker.best(Question(goal, floors, near=near)).outcome
        if found is not None:
            self.outcomes.append(found)
            self.stands.append((found.utilities[SELLER], self.walker.keep_bases()))
        return found
