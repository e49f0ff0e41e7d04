"""Plans of a deal under several packages of the clauses that are not in proportion, as one evaluator.

Each package has an evaluator of its own, in which all other terms are open. A question goes to those
packages that can hold a better plan than the best one so far, by the half-planes that hold all plans of each;
of large problems to the most promising ones. The bound of the answer is the greatest of all packages, whether
they were asked or not, so that what is proven of the frontier and of fair points holds for all together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dronedeal.engine import Engine
from dronedeal.negotiation.evaluator import NO_FLOORS, Answer, Outcome, Question, Utilities, weighted
from dronedeal.negotiation.packages import Package
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.supports import Supports
from dronedeal.workflow.memory import give_back_memory
from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point
from dronedeal.workflow.negotiation.scaling import ScaledQuestion, scaled
from dronedeal.workflow.negotiation.walk import STEPS

# Large problems that are asked one question: the most promising, and one that promises more than was found.
_MOST_ASKED = 2
# Weights of the buyer's utility, of which each package of a small problem is asked for a half-plane.
_WEIGHTS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)


@dataclass(frozen=True)
class _Asked:
    """A question to one package: what no plan of it exceeds, and about what its best plan is worth."""

    place: int
    limit: float
    promise: float


@dataclass(frozen=True)
class Learnt:
    """What is known of a package before the first question.

    walked : plans along its frontier, where it is large; is_barred : it is proven that no plan of it leaves
    both sides what they have without an agreement
    """

    walked: tuple[Outcome, ...] = ()
    is_barred: bool = False


def learn(
    evaluator: DealEvaluator,
    floors: Utilities,
    *,
    is_alone: bool = False,
    steps: int = STEPS,
    engine: Engine | None = None,
) -> Learnt:
    """Let an evaluator learn what its questions begin with.

    Parameters
    ----------
    floors : what both sides have without an agreement
    steps, engine : see `DealEvaluator.warm_up`
    is_alone : whether no other package is looked at, so that nothing is gained by limits known beforehand
    """
    walked = evaluator.warm_up(floors, steps=steps, engine=engine)
    if is_alone or walked:
        return Learnt(walked)
    if not evaluator.is_large:
        evaluator.learn_limits([(weight, 1.0 - weight) for weight in _WEIGHTS])
        return Learnt()
    return Learnt((), evaluator.twin().best(Question(weighted(1.0, 1.0), floors)).is_none_proven)


class Packages:
    """The evaluators of all packages that are looked at.

    Parameters
    ----------
    evaluators : of each package, that of the deal as it stands first; each has learnt what it can
    clauses : that packages differ in
    learnt : of each package
    floors : what both sides have without an agreement
    """

    def __init__(
        self,
        evaluators: Sequence[DealEvaluator],
        clauses: Sequence[str] = (),
        learnt: Sequence[Learnt] = (),
        floors: Utilities = NO_FLOORS,
    ) -> None:
        self.evaluators, self.clauses = tuple(evaluators), tuple(clauses)
        self.learnt = tuple(learnt) or (Learnt(),) * len(self.evaluators)
        self.floors = floors

    @property
    def has_several(self) -> bool:
        """Whether there is more than the deal as it stands."""
        return len(self.evaluators) > 1

    @property
    def known(self) -> tuple[Outcome, ...]:
        """Plans that were found along the frontier of each package."""
        return tuple(outcome for each in self.learnt for outcome in each.walked)

    @property
    def as_it_is(self) -> Mapping[str, float]:
        """Value of each clause in the deal as it stands."""
        return self.evaluators[0].as_it_is

    @property
    def loose(self) -> Mapping[str, float]:
        """Value at which each clause that only limits something limits nothing."""
        found: dict[str, float] = {}
        for evaluator in reversed(self.evaluators):
            found |= evaluator.open.loose
        return found

    def settled(self, terms: Mapping[str, float], question: Question) -> Outcome | None:
        """The plan under given terms; see `DealEvaluator.settled`."""
        place = self.place_of(terms) or 0
        near = self._starting(question, place).near
        return self.evaluators[place].twin().settled(terms, question, near)

    def greatest_sum(self, place: int, floors: Utilities) -> float | None:
        """What no plan of a package that keeps the floors is worth to both sides together; None: unknown."""
        asked = scaled(Question(weighted(1.0, 1.0), floors))
        limit = asked.bound(self.evaluators[place].supports.bound(asked.aim))
        return limit if np.isfinite(limit) else None

    def package_of(self, terms: Mapping[str, float]) -> Package:
        """The part of some terms that makes their package."""
        return {clause: terms[clause] for clause in self.clauses if clause in terms}

    def place_of(self, terms: Mapping[str, float]) -> int | None:
        """Number of the package that terms belong to; None: it is not looked at."""
        package = self.package_of(terms)
        places = (place for place, each in enumerate(self.evaluators) if each.package == package)
        return next(places, None) if self.has_several else 0

    def of(self, terms: Mapping[str, float]) -> DealEvaluator:
        """The evaluator of the package that terms belong to, else of the deal as it stands."""
        return self.evaluators[self.place_of(terms) or 0]

    def point(self, terms: Mapping[str, float], values: FloatArray) -> Point:
        """A plan under terms; see `DealEvaluator.point`."""
        return self.of(terms).point(terms, values)

    def best(self, question: Question, /) -> Answer:
        """See `dronedeal.negotiation.evaluator.Evaluator`.

        Every question is answered by twins, so that no answer depends on what was asked before it.
        """
        if not self.has_several:
            return self._answer(0, question)
        asked = scaled(question)
        left = self._in_order(
            [self._looked_at(place, asked) for place in range(len(self.evaluators))], question
        )
        best, bound, count = None, -np.inf, 0
        for each in left:
            value = -np.inf if best is None else question.value(best.utilities)
            if not self._is_worth_asking(each, value, asked, count):
                bound = max(bound, each.limit)
                continue
            found = self._answer(each.place, self._starting(question, each.place))
            count += found.outcome is not None
            bound = max(bound, min(each.limit, found.bound))
            if found.outcome is not None and question.value(found.outcome.utilities) > value:
                best = found.outcome
        if best is None:
            return Answer(None, bound)
        return Answer(best, max(bound, question.value(best.utilities)))

    def _answer(self, place: int, question: Question) -> Answer:
        """The answer of one package, from a twin that leaves nothing behind."""
        found = self.evaluators[place].twin().best(question)
        if self.evaluators[place].is_large:
            give_back_memory()
        return found

    def _in_order(self, looked_at: list[_Asked], question: Question) -> list[_Asked]:
        """What promises most first; of large problems that promise as much the one that `near` lies in."""
        found = sorted(looked_at, key=lambda each: (-each.promise, -each.limit, each.place))
        near, top = question.near, found[0]
        if near is None or not isinstance(near.plan, Point) or not np.isfinite(top.promise):
            return found
        place, unit = self.place_of(near.plan.terms), scaled(question).unit
        least = top.promise - self.evaluators[0].options.gap * max(unit, abs(top.promise))

        def is_near(each: _Asked) -> bool:
            is_large = self.evaluators[each.place].is_large
            return is_large and each.place == place and each.promise >= least

        return sorted(found, key=lambda each: not is_near(each))

    def _looked_at(self, place: int, asked: ScaledQuestion) -> _Asked:
        limit = promise = asked.bound(self.evaluators[place].supports.bound(asked.aim))
        learnt = self.learnt[place]
        if learnt.is_barred and all(asked.aim.floors * MONEY_UNIT >= self.floors):
            limit = -np.inf
        if learnt.walked:
            known = Supports(HighsSolver())
            known.points = np.array([outcome.utilities for outcome in learnt.walked]) / MONEY_UNIT
            promise = asked.bound(known.reached(asked.aim))
        return _Asked(place, limit, promise)

    def _is_worth_asking(self, each: _Asked, value: float, asked: ScaledQuestion, count: int) -> bool:
        """Whether a package can hold a plan that is better by more than the gap asked for.

        Of large problems what is asked is what promises more than the best plan found, and so few.
        """
        if each.limit == -np.inf:
            return False
        if value == -np.inf:
            return True
        gap = self.evaluators[0].options.gap * max(asked.unit, abs(value))
        if each.limit <= value + gap:
            return False
        is_large = self.evaluators[each.place].is_large
        return not is_large or (count < _MOST_ASKED and each.promise > value)

    def _starting(self, question: Question, place: int) -> Question:
        """The question with a plan of the package to start from."""
        near = question.near
        if near is not None and isinstance(near.plan, Point) and self.place_of(near.plan.terms) == place:
            return question
        walked = self.learnt[place].walked
        allowed = [outcome for outcome in walked if question.admits(outcome.utilities)]
        if allowed:
            return question.starting_at(max(allowed, key=lambda each: question.value(each.utilities)))
        return question.starting_at(min(walked, key=lambda each: _short(question, each), default=None))


def _short(question: Question, outcome: Outcome) -> float:
    """By how much an outcome misses what a question asks for at least."""
    floors = (max(0.0, low - u) for low, u in zip(question.floors, outcome.utilities, strict=True))
    return sum(floors) + sum(max(0.0, -piece.of(outcome.utilities)) for piece in question.keep)
