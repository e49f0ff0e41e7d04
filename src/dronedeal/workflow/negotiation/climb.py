"""A question of a large problem: few linear problems, each started from what is known.

Where costs fall with experience no narrower range of the terms lowers the bound, and every search for whole
numbers costs more than all the rest. So the bound is taken from the half-planes that earlier questions left
behind, as long as they are as good as another question would be. The plan starts at the nearest known one:
with its integers held the terms are opened, which says at what terms the aim is served best; then they are
fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from dronedeal.planning.open_terms import OpenTerms
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain, Bargained
from dronedeal.workflow.negotiation.boxes import Near

# Half-planes are as good as another question where both differ by less than this share of the gap asked for.
_CLOSE = 1.0


class Loaded(Protocol):
    """Whoever keeps both problems in the solver."""

    @property
    def open(self) -> OpenTerms:
        """The problem with its terms open."""
        ...

    @property
    def opened(self) -> Bargain:
        """Questions about the problem with its terms open."""
        ...

    @property
    def has_walked(self) -> bool:
        """Whether half-planes along the whole frontier are known."""
        ...

    @property
    def is_huge(self) -> bool:
        """Whether another half-plane takes longer than all else that a question takes."""
        ...

    def fixed_at(self, terms: Mapping[str, float]) -> Bargain:
        """Questions about the problem under given terms."""
        ...

    def terms_near(self, implied: Mapping[str, float]) -> dict[str, float]:
        """Terms that can be written down."""
        ...


class Climb:
    """The search for one aim.

    Parameters
    ----------
    asked : both problems
    near : a plan to begin with; None: one is looked for
    gap : share of the aim within which the bound need be known

    Attributes
    ----------
    terms : of the best plan found
    """

    def __init__(self, asked: Loaded, aim: Aim, near: Near | None, *, gap: float) -> None:
        self.asked, self.aim, self.near, self.gap = asked, aim, near, gap
        self.terms: dict[str, float] = {}
        self.best: FloatArray | None = None
        self.utilities = np.full(2, -np.inf)

    def run(self) -> Bargained:
        """The best plan found under fixed terms, and a bound over all terms."""
        bound, relaxed = self._bound()
        if bound == -np.inf:
            return Bargained(None, self.utilities, bound)
        self.from_near()
        if self.best is None:
            if relaxed is None:
                bound, relaxed = self._asked_bound(bound)
            if relaxed is not None:
                self._from(relaxed, is_plan=False)
        if self.best is None:
            return Bargained(None, self.utilities, bound)
        return Bargained(self.best, self.utilities, max(bound, self.aim.worth(self.utilities)))

    def from_near(self) -> Bargained:
        """The best plan found from the one to begin with, of which nothing is proven."""
        if self.near is not None:
            self._keep_near(self.near)
            if self.near.open_values is not None:
                self._from(self.near.open_values, is_plan=True)
        return Bargained(self.best, self.utilities, np.inf)

    def _bound(self) -> tuple[float, FloatArray | None]:
        """What no plan beats: from what is known where that is close, else from the relaxation."""
        supports = self.asked.opened.supports
        known = supports.bound(self.aim)
        if (self.asked.has_walked or self.asked.is_huge) and known < np.inf:
            return known, None
        reached = supports.reached(self.aim)
        if known - reached <= _CLOSE * self.gap * max(1.0, abs(reached)):
            return known, None
        return self._asked_bound(known)

    def _asked_bound(self, known: float) -> tuple[float, FloatArray | None]:
        bound, relaxed = self.asked.opened.relaxed(self.aim, step="terms open")
        return min(known, bound), relaxed

    def _keep_near(self, near: Near) -> None:
        """The plan to begin with is an answer where it keeps the floors."""
        problem = self.asked.fixed_at(near.terms).problem
        if len(near.values) == problem.n_columns:
            self._keep(near.terms, near.values, problem.utilities(near.values))

    def _from(self, values: FloatArray, *, is_plan: bool) -> None:
        """Open the terms at a plan, or at the best of the relaxation, and fix them where they are best."""
        opened = self.asked.opened.climbed(self.aim, values, is_plan=is_plan, step="terms open")
        if opened is None:
            return
        terms = self.asked.terms_near(self.asked.open.implied(opened))
        fixed = self.asked.fixed_at(terms)
        plan = fixed.climbed(self.aim, self.asked.open.collapsed(opened), is_plan=True, step="terms fixed")
        whole = None if plan is None else fixed.made_whole(self.aim, plan, "terms fixed")
        if whole is not None:
            self._keep(terms, whole, fixed.problem.utilities(whole))

    def _keep(self, terms: Mapping[str, float], values: FloatArray, utilities: FloatArray) -> None:
        if not self.aim.admits(utilities):
            return
        if self.best is None or self.aim.worth(utilities) > self.aim.worth(self.utilities):
            self.best, self.terms, self.utilities = values, dict(terms), utilities
