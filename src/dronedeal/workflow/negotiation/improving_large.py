"""The smallest change of an offer that helps both, in a deal whose plans take long.

Changes are valued by one linear problem each, which begins at the plan of the offer and holds its
whole-number decisions where it can; only the best of them are planned. What is cheap to value comes first:
clauses in proportion, then those with a problem of their own, then values that no position holds, then
changes of several clauses. A change is planned as soon as it is found, so that a stop loses nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dronedeal.deal.term_sheet import deal_of
from dronedeal.negotiation.evaluator import Outcome, Question, Utilities, lesser_gain, weighted
from dronedeal.negotiation.improvement import smallest_change
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.trials import NO_MOVES, TO_PROPOSED, Clause, Move, Moves, Trials, difference
from dronedeal.planning.carried import carried
from dronedeal.planning.problem import Problem
from dronedeal.report.wording import plain
from dronedeal.solving.bargain import Bargain
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.improving import ImprovementSearch
from dronedeal.workflow.negotiation.offer_findings import (
    Better,
    Chosen,
    MadeChoice,
    OfferFindings,
    Promise,
    is_better,
)
from dronedeal.workflow.negotiation.offered_plans import Asking, near_keeping, problem_under
from dronedeal.workflow.negotiation.plans import plan_under
from dronedeal.workflow.negotiation.valuing import SheetValues

# Changes of one kind that are planned, the most promising first, until one of them helps both.
_PLANNED = 3
# Changes of several clauses: the most that move together, and how many of each number are valued.
_LARGEST, _TRIES = 3, 6
# A plan of the change leaves each side this part of what its linear problem promised, at least.
_PART = 0.5
_WORDS = "Of the plans that help both it is worth most to both."

Keep = Callable[[Exchange, Mapping[str, float]], bool]
"""Plans a change with its new values; whether it truly helps both."""


class HotSearch(ImprovementSearch):
    """The search, step by step; see `ImprovementSearch` for the parameters."""

    def run_steps(self, keep: Keep) -> None:
        """Look for changes until one is kept that moves as few clauses as can be.

        Raises
        ------
        StoppedError : where a stop was asked for; what was kept until then stays
        """
        self.places = self._places({})
        self.trials = Trials(self._value, on_progress=self._told, should_stop=self._should_stop)
        try:
            self._steps(keep)
        finally:
            self._count()
        self._bound()

    def _steps(self, keep: Keep) -> None:
        hot, cold = self._clauses(is_hot=True), self._clauses(is_hot=False)
        found = self._one_clause(hot, keep, more_than=0.0)
        found = max(found, self._one_clause(cold, keep, more_than=found))
        if found > 0.0:
            return
        proposed = self._proposed()
        if self._one_clause(proposed, keep, more_than=0.0) > 0.0:
            return
        together: Moves = frozenset(Move(clause.id, TO_PROPOSED) for clause in proposed)
        every = self._clauses(is_hot=True) + cold
        if not every:
            return
        exchange = smallest_change(
            self.trials, every, proposal=together, largest=min(_LARGEST, len(every)), tries=_TRIES
        )
        if exchange is not None:
            keep(exchange, self._moved(exchange.moves))

    def _told(self, step: str, count: int) -> None:
        self._say(f"changes that may help both: {step}, {count} valued")

    def _clauses(self, *, is_hot: bool) -> list[Clause]:
        """Clauses that can go somewhere: those in proportion, or those with a problem of their own."""
        evaluator = self.values.evaluator
        cold = frozenset[str]() if evaluator is None else evaluator.structural
        return [
            Clause(name, tuple(to)) for name, to in self.places.items() if to and (name in cold) != is_hot
        ]

    def _one_clause(self, clauses: Sequence[Clause], keep: Keep, *, more_than: float) -> float:
        """Value every move alone and plan the best; the lesser gain of the one that is kept, else 0."""
        moves = [move for clause in clauses for move in clause.each_move()]
        changes = self.trials.changes([frozenset({move}) for move in moves], step="one clause")
        hopeful = [
            Exchange((move,), change, change, (change,))
            for move, change in zip(moves, changes, strict=True)
            if change is not None and min(change) > more_than
        ]
        for each in sorted(hopeful, key=lambda each: (-each.lesser_gain, each.moves))[:_PLANNED]:
            if keep(each, self._moved(each.moves)):
                return each.lesser_gain
        return 0.0

    def _moved(self, moves: Sequence[Move]) -> dict[str, float]:
        return {move.clause: self.places[move.clause][move.to] for move in moves}

    def _proposed(self) -> list[Clause]:
        """Clauses at the values to which the plan of the offer would move them if all terms were open."""
        evaluator = self.values.evaluator
        if evaluator is None:
            return []
        self._say("terms that help both most")
        have = self.base.utilities
        answer = evaluator.twin().opened_from(Question(lesser_gain(have), floors=have, near=self.base))
        terms = answer.plan.terms if answer is not None and isinstance(answer.plan, Point) else {}
        self.places = self._places(terms)
        return [Clause(name, (TO_PROPOSED,)) for name, to in self.places.items() if TO_PROPOSED in to]

    def _count(self) -> None:
        """How much was tried, and what was not."""
        for moves in self.trials.valued:
            if moves:
                self.found.tried[len(moves)] = self.found.tried.get(len(moves), 0) + 1
        missing = sorted(
            clause
            for clause, to in self.places.items()
            if any(frozenset({Move(clause, each)}) not in self.trials.valued for each in to)
        )
        self.found.untried = tuple(map(plain, missing))
        base = self.trials.valued.get(NO_MOVES)
        if base is not None and self.found.better is None:
            self.found.promising = self._promising(base)

    def _promising(self, base: Utilities) -> Promise | None:
        """Of the changes valued the one that promises most to the side that it brings less."""
        helpful = [
            Promise(self._moved(sorted(moves)), difference(value, base))
            for moves, value in self.trials.valued.items()
            if value is not None and moves and min(difference(value, base)) > 0.0
        ]
        return max(helpful, key=lambda each: (-len(each.moved), min(each.change)), default=None)

    def _bound(self) -> None:
        """How much any change of terms in proportion can bring."""
        if self.values.evaluator is None:
            return
        self._say("how much any change can bring")
        have = self.base.utilities
        bound = self.values.evaluator.twin().bound(Question(lesser_gain(have), floors=have))
        if math.isfinite(bound):
            self.found.improvement_bound = max(0.0, bound)


class ChangePlanner:
    """Plans of changes, each from the plan of the offer.

    Parameters
    ----------
    found : the offer and its plan
    values : of sheets beside it, whose bases every plan begins with
    made : the plan of the offer as the solver has it
    base : the offer as all sheets are compared with it
    """

    def __init__(
        self, found: OfferFindings, values: SheetValues, made: MadeChoice, base: Outcome, asking: Asking
    ) -> None:
        self.found, self.values, self.made, self.base, self.asking = found, values, made, base, asking

    def plan(self, exchange: Exchange, moved: Mapping[str, float]) -> Better | None:
        """The verified plan of a change; None where it does not help both, or not because of the terms.

        Carried back to the terms of the offer and made as good there as can be, the plan of the change shows
        whether it is the change of terms that helps, or only a better plan.
        """
        terms = dict(self.found.named) | dict(moved)
        under = deal_of(self.found.deal, replace(self.found.sheet, terms=terms))
        problem, have = problem_under(under), self._have()
        start = carried(self.made.values, self.made.problem, problem)
        promised = max(0.0, exchange.lesser_gain)
        floors = have[0] + _PART * promised, have[1] + _PART * promised
        outcome = near_keeping(
            problem, Question(weighted(1.0, 1.0), floors), start, self.asking, bargain=self._hot(problem)
        )
        if outcome is None or not is_better(outcome.utilities, have):
            return None
        back = carried(outcome.plan, problem, self.made.problem)
        again = near_keeping(
            self.made.problem,
            Question(lesser_gain(have)),
            back,
            self.asking,
            bargain=self._hot(self.made.problem),
        )
        without = 0.0 if again is None else max(0.0, _lesser(again.utilities, have))
        if without >= _PART * _lesser(outcome.utilities, have):
            return None
        run = plan_under(under, {}, outcome.plan, options=self.asking.options)
        return Better(exchange, dict(moved), Chosen(run, None, _WORDS), without)

    def _have(self) -> Utilities:
        """What both sides have by the offer, also by its plan as sheets are compared with it."""
        assert self.found.chosen is not None
        have, base = self.found.chosen.utilities, self.base.utilities
        return max(have[0], base[0]), max(have[1], base[1])

    def _hot(self, problem: Problem) -> Bargain | None:
        """Questions about a problem from the basis of the plan that all sheets are compared with."""
        evaluator = self.values.evaluator
        return None if evaluator is None else evaluator.near_standing(problem)


def _lesser(utilities: Utilities, have: Utilities) -> float:
    return min(difference(utilities, have))
