"""A deal as an evaluator: every question is answered by a plan under terms, with a bound over all terms.

A question is first asked with the terms open, which gives the bound and the terms that its best plan
implies; then with the terms fixed at those, so that one price holds for every delivery. The answer is the
plan under the fixed terms; `boxes` looks for better terms and a lower bound in narrower ranges.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.assessment.alike import is_matched_alike
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import clause_range, deal_at, is_computed, nearest_value, value_now
from dronedeal.errors import StoppedError, TermSheetError
from dronedeal.negotiation.evaluator import Answer, Outcome, Question, goal_rows, weighted
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.model import Model
from dronedeal.planning.negotiable import Negotiable, TermRange
from dronedeal.planning.open_terms import OpenTerms, open_terms
from dronedeal.planning.problem import Problem
from dronedeal.planning.survey import negotiable
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import Bargain, Bargained
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.negotiation.boxes import BoxSearch, Opened


@dataclass(frozen=True)
class Point:
    """A plan under terms, as the solver has it.

    terms : value of every clause that is negotiated; values : (n,) columns of the problem under them;
    open_values : of the problem with open terms, from which a question like it may start; None under terms
    that the open problem does not have
    """

    terms: Mapping[str, float]
    values: FloatArray
    open_values: FloatArray | None


class DealEvaluator:
    """Plans of a deal under all terms that its clauses allow.

    Parameters
    ----------
    deal : a deal without errors
    options : of every solve
    on_progress, should_stop : as for `plan`

    Attributes
    ----------
    stays : clauses that stay as they are in every answer, with the reason: those that are not in
        proportion, whose positions are compared one by one instead, and those that nothing is computed of
    """

    def __init__(
        self,
        deal: Deal,
        *,
        options: SolveOptions | None = None,
        on_progress: Callable[[Progress], None] = solving.no_progress,
        should_stop: Callable[[], bool] = solving.never_stop,
    ) -> None:
        self.deal = deal
        self.options = replace(options or SolveOptions(), is_proven=False)
        self._on_progress, self._should_stop = on_progress, should_stop
        ranges, self.stays = _ranges(deal)
        found = negotiable(ranges, lambda terms: self.built(terms).problem, now=_values_now(deal, ranges))
        self.negotiable: Negotiable = found
        self.open: OpenTerms = open_terms(found)
        self.stays |= dict(found.structural) | dict(self.open.left_out)
        now = _values_now(deal, found.ranges)
        self.as_it_is = {
            span.term: min(max(now.get(span.term, span.middle), span.lower), span.upper)
            for span in found.ranges
        }
        self._solver = HighsSolver(is_hot=True)
        self._open = self._bargain(self.open.problem, is_whole=False)
        self._fixed = self._bargain(found.middle, is_whole=True)

    def warm_up(self) -> None:
        """Answer one question, from whose end every twin begins each of its own."""
        self.twin(self._solver).best(Question(weighted(1.0, 1.0)))

    def twin(self, solver: HighsSolver | None = None) -> DealEvaluator:
        """An evaluator of the same deal that was asked nothing yet, for any thread.

        What it answers depends on the question alone, so that it is the same whoever asks, and when.

        Parameters
        ----------
        solver : that it works with; None: one that knows what warming up taught
        """
        twin = copy.copy(self)
        twin._solver = self._solver.twin() if solver is None else solver
        twin._open = twin._bargain(self.open.problem, is_whole=False)
        twin._fixed = twin._bargain(self.negotiable.middle, is_whole=True)
        return twin

    def built(self, terms: Mapping[str, float]) -> Model:
        """The model of the deal under terms.

        Raises
        ------
        StoppedError : where a stop was asked for
        """
        if self._should_stop():
            raise StoppedError("stopped on request")
        deal, known = deal_at(self.deal, terms), assessing.assess(self.deal)
        return planning.build(deal, known if is_matched_alike(self.deal, deal) else assessing.assess(deal))

    def best(self, question: Question, /) -> Answer:
        """See `dronedeal.negotiation.evaluator.Evaluator`; utilities in the deal's currency."""
        asked = scaled(question)
        near = question.near.plan if question.near is not None else None
        search = BoxSearch(self, asked.aim, near if isinstance(near, Point) else None, gap=self.options.gap)
        found = search.run()
        outcome = None if found.values is None else self._outcome(search.terms, found)
        return Answer(outcome, asked.bound(found.bound))

    def ask_open(self, box: Mapping[str, tuple[float, float]], aim: Aim, start: FloatArray | None) -> Opened:
        """The best plan with the terms open inside a box."""
        opened = self.open if not box else open_terms(self.negotiable.within(box))
        self._open.move_to(opened.problem)
        return Opened(opened, self._open.ask(aim, start=start, step="terms open"))

    def ask_at(self, terms: Mapping[str, float], aim: Aim, start: FloatArray | None) -> Bargained:
        """The best plan under terms that are in proportion."""
        return self._asked_at(terms, aim, start=start)

    def under(
        self, terms: Mapping[str, float], question: Question, *, closed: IntArray | None = None
    ) -> Answer:
        """The best plan under given terms; the bound is over plans under these terms.

        Parameters
        ----------
        terms : value of clauses; those that are not named stay as they are now
        closed : (k,) columns that nothing is done of, as the deliveries of a system
        """
        full = dict(self.as_it_is) | dict(terms)
        asked = scaled(question)
        found = self._asked_at(full, asked.aim, start=None, closed=closed)
        outcome = None if found.values is None else self._outcome(full, found)
        return Answer(outcome, asked.bound(found.bound))

    def terms_near(self, implied: Mapping[str, float]) -> dict[str, float]:
        """Implied values as their cells can take them, the others as they are now."""
        ranges = {span.term: span for span in self.negotiable.ranges}
        return {
            term: nearest_value(self.deal, term, _short(implied[term], ranges[term]))
            if term in implied
            else value
            for term, value in self.as_it_is.items()
        }

    def _asked_at(
        self,
        terms: Mapping[str, float],
        aim: Aim,
        *,
        start: FloatArray | None,
        closed: IntArray | None = None,
    ) -> Bargained:
        if any(term in self.stays for term in terms):
            # A clause out of proportion has a problem of its own, which may have other columns.
            problem = _without(self.built(terms).problem, closed)
            return self._bargain(problem, is_whole=True).ask(aim, step="terms fixed")
        self._fixed.move_to(_without(self.negotiable.at(terms), closed))
        return self._fixed.ask(aim, start=start, step="terms fixed")

    def _outcome(self, terms: Mapping[str, float], found: Bargained) -> Outcome:
        assert found.values is not None
        buyer, seller = (found.utilities * MONEY_UNIT).tolist()
        return Outcome((buyer, seller), label(terms), self.point(terms, found.values))

    def point(self, terms: Mapping[str, float], values: FloatArray) -> Point:
        """A plan under terms, with the way back to the problem in which they are open."""
        is_open = len(values) == self.open.n_columns and not any(term in self.stays for term in terms)
        return Point(dict(terms), values, self.open.spread(values, terms) if is_open else None)

    def _bargain(self, problem: Problem, *, is_whole: bool) -> Bargain:
        return Bargain(
            problem,
            self._solver,
            np.where(problem.is_violation, 0.0, problem.upper),
            is_whole=is_whole,
            options=self.options,
            on_progress=self._on_progress,
            should_stop=self._should_stop,
        )


def _without(problem: Problem, closed: IntArray | None) -> Problem:
    """The problem in which nothing is done of some columns."""
    if closed is None:
        return problem
    upper = problem.upper.copy()
    upper[closed] = problem.lower[closed]
    return replace(problem, upper=upper)


def _short(value: float, span: TermRange) -> float:
    """A value with as many digits as a ten-thousandth of its range has."""
    return round(value, max(0, 4 - math.floor(math.log10(span.upper - span.lower))))


def label(terms: Mapping[str, float]) -> str:
    """The terms as one line of text.

    >>> label({"price": 1500.0, "royalty": 0.05})
    'price 1500, royalty 0.05'
    """
    return ", ".join(f"{term} {value:.12g}" for term, value in terms.items())


def _ranges(deal: Deal) -> tuple[list[TermRange], dict[str, str]]:
    """Range of every clause that can be computed, and why the others stay as they are."""
    ranges, stays = [], {}
    for clause in deal.clauses:
        if not is_computed(deal, clause):
            stays[clause.id] = "the deal does not say what it changes"
            continue
        try:
            span = TermRange(clause.id, *clause_range(deal, clause))
        except TermSheetError:
            stays[clause.id] = "it has no range"
            continue
        if nearest_value(deal, clause, span.middle) != span.middle:
            stays[clause.id] = "it takes whole values only"
            continue
        ranges.append(span)
    return ranges, stays


def _values_now(deal: Deal, ranges: Sequence[TermRange]) -> dict[str, float]:
    """The value of each clause now, of those that the deal has one value for."""
    values = {span.term: value_now(deal, span.term) for span in ranges}
    return {term: value for term, value in values.items() if value is not None}


@dataclass(frozen=True)
class ScaledQuestion:
    """A question in numbers that a solver likes: the aim, and what one unit of it is worth of the goal."""

    aim: Aim
    unit: float

    def bound(self, bound: float) -> float:
        """A bound of the aim as one of the goal."""
        return bound * self.unit


def scaled(question: Question) -> ScaledQuestion:
    """A question in million, each part of its goal in a unit in which its steepest piece has the slope 1."""
    rows = goal_rows(question)
    size = rows.rows * np.where(np.arange(rows.rows.shape[1]) < 2, MONEY_UNIT, 1.0)
    lower, objective = rows.lower.copy(), rows.objective.copy()
    objective[:2] *= MONEY_UNIT
    for part in range(2, len(objective)):
        bounding = size[:, part] < 0
        unit = float(np.abs(size[bounding, :2]).max())
        size[bounding, :2] /= unit
        lower[bounding] /= unit
        objective[part] *= unit
    for keep in np.flatnonzero(~(size[:, 2:] < 0).any(axis=1)):
        unit = float(np.abs(size[keep, :2]).max()) or 1.0
        size[keep] /= unit
        lower[keep] /= unit
    unit = float(np.abs(objective).max()) or 1.0
    floors = np.array(question.floors) / MONEY_UNIT
    return ScaledQuestion(Aim(objective / unit, rows.constant / unit, size, lower, floors), unit)
