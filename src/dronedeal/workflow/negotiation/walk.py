"""A walk along the frontier of a large problem, before any question is asked.

From one plan to a near one a solver needs a tenth of the steps that it needs from afar. So the walk goes from
the greatest sum of both utilities to the best end of each side, a little at a time, to both at once where
there are workers. What it leaves behind serves every question, whoever asks it and when: half-planes that
hold every plan, plans from which to start, and the bases at each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, Self

import numpy as np

from dronedeal.engine import Engine, Serial
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
from dronedeal.workflow.memory import give_back_memory

# The last steps of the seller's, whose slope is another.
STEPS = 5
"""Steps from the greatest sum to either end."""
FEWER_STEPS = 2
"""The same of a package that is not the first, and of a huge problem."""
_LAST = 2
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

    def branch(self) -> Self:
        """Another walker that goes on from where this one stands, in any thread."""
        ...

    def learn(self, other: Self, /) -> None:
        """Keep the half-planes that another walker found."""
        ...


@dataclass
class _Way:
    """What one walker found on its way."""

    walker: Walker
    outcomes: list[Outcome] = field(default_factory=list)
    stands: Stands = field(default_factory=list)

    def ask(self, goal: Goal, floors: Utilities, near: Outcome | None) -> Outcome | None:
        found = self.walker.best(Question(goal, floors, near=near)).outcome
        if found is not None:
            self.outcomes.append(found)
            self.stands.append((found.utilities[SELLER], self.walker.keep_bases()))
            give_back_memory()
        return found


class Walk:
    """The walk.

    Parameters
    ----------
    walker : answers the questions
    floors : what both sides have without an agreement
    engine : where both ways are gone at once; None: one after the other, with the same result
    steps : from the greatest sum to either end, at least 2

    Attributes
    ----------
    stands : see `Stands`
    """

    def __init__(
        self, walker: Walker, floors: Utilities, engine: Engine | None = None, *, steps: int = STEPS
    ) -> None:
        self.walker, self.floors, self.engine = walker, floors, engine or Serial()
        self.steps = steps
        self.stands: Stands = []

    def run(self) -> tuple[Outcome, ...]:
        """Every plan that was found on the way."""
        begin = _Way(self.walker)
        top = begin.ask(weighted(1.0, 1.0), self.floors, None)
        if top is None:
            return ()
        ways = {side: _Way(self.walker.branch()) for side in (SELLER, BUYER)}
        # The longest way first: what is short fits beside it.
        work: list[Callable[[], None]] = [
            partial(self._towards, SELLER, ways[SELLER], top),
            partial(self.walker.prove, top, np.ones(2)),
            partial(self._towards, BUYER, ways[BUYER], top),
        ]
        for _ in self.engine.map(_done, work):
            pass
        for side in (BUYER, SELLER):
            self.walker.learn(ways[side].walker)
        self._prove_last([top, *ways[SELLER].outcomes])
        every = (begin, ways[BUYER], ways[SELLER])
        self.stands = [stand for way in every for stand in way.stands]
        return tuple(outcome for way in every for outcome in way.outcomes)

    def _prove_last(self, steps: list[Outcome]) -> None:
        """Where the seller has nearly all, it loses less than the buyer gains: another half-plane."""
        if len(steps) > _LAST and self._falls(steps[-_LAST - 1], steps[-1]):
            given = steps[-_LAST - 1].utilities[BUYER] - steps[-1].utilities[BUYER]
            gained = steps[-1].utilities[SELLER] - steps[-_LAST - 1].utilities[SELLER]
            self.walker.prove(steps[-1], np.array([gained / given, 1.0]))

    def _falls(self, one: Outcome, other: Outcome) -> bool:
        """Whether the buyer gives up so much that a slope can be told, and the seller gains by it."""
        given = one.utilities[BUYER] - other.utilities[BUYER]
        gained = other.utilities[SELLER] - one.utilities[SELLER]
        return 0.0 < gained < given and given > _NOTHING * max(1.0, abs(one.utilities[BUYER]))

    def _towards(self, side: int, way: _Way, top: Outcome) -> None:
        """From the greatest sum to the best end of a side, in steps of what the other side gives up."""
        other, last = 1 - side, top
        spare = top.utilities[other] - self.floors[other]
        if not np.isfinite(spare) or spare <= _NOTHING * max(1.0, abs(top.utilities[other])):
            return
        goal = weighted(1.0, LEAN) if side == BUYER else weighted(LEAN, 1.0)
        for step in range(1, self.steps + 1):
            floors = list(self.floors)
            floors[other] = top.utilities[other] - spare * step / self.steps
            last = way.ask(goal, (floors[BUYER], floors[SELLER]), last) or last


def _done(work: Callable[[], None]) -> None:
    work()
