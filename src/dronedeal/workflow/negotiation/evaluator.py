"""A deal as an evaluator: every question is answered by a plan under terms, with a bound over all terms.

A question is first asked with the terms open, which gives the bound and the terms that its best plan
implies; then with the terms fixed at those, so that one price holds for every delivery. The answer is the
plan under the fixed terms; `boxes` looks for better terms and a lower bound in narrower ranges.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.assessment.alike import is_matched_alike
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import clause_range, deal_at, is_computed, nearest_value, value_now
from dronedeal.engine import Engine
from dronedeal.errors import StoppedError, TermSheetError
from dronedeal.negotiation.evaluator import (
    NO_FLOORS,
    SELLER,
    Answer,
    Outcome,
    Question,
    Utilities,
    weighted,
)
from dronedeal.planning.carried import carried
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.model import Model
from dronedeal.planning.negotiable import Negotiable, TermRange
from dronedeal.planning.open_terms import OpenTerms, open_places, open_terms
from dronedeal.planning.problem import Problem
from dronedeal.planning.survey import surveyed
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.aim import Aim
from dronedeal.solving.bargain import CUTS, Bargain, Bargained
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.supports import Supports
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.memory import give_back_memory
from dronedeal.workflow.negotiation.boxes import HUGE, LARGE, BoxSearch, Opened
from dronedeal.workflow.negotiation.climb import Climb
from dronedeal.workflow.negotiation.ends import Ends, without
from dronedeal.workflow.negotiation.prepared import Prepared, Walked, WalkedPlan
from dronedeal.workflow.negotiation.scaling import scaled
from dronedeal.workflow.negotiation.walk import FEWER_STEPS, STEPS, Stands, Walk

# Rows of an aim: tangents to logarithms are many, and a problem with more rows than the last begins afresh.
_MOST_ROWS = 168
# A place in a range at which a clause has no whole number, unless by chance it takes nothing else.
_ODD = 1 / math.e
# The proof of a half-plane of a huge problem: one round, without the questions that only another round needs.
_FEW_CUTS = (60,)


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
    prepared : keeps what is worked out before the first question; None: nothing does
    package : values of clauses that are not in proportion, which every answer has; the others stay as in the
        deal
    apart : clauses that are known not to be in proportion, with the reason
    build : makes the model of the deal under some terms, as on a tree; None: of the one future as stated

    Attributes
    ----------
    stays : clauses that stay as they are in every answer, with the reason: those that are not in
        proportion, whose positions are compared one by one instead, and those that nothing is computed of
    structural : those of them that have a problem of their own at each value
    package : values of clauses that stay, which stand in the terms of every answer
    """

    def __init__(  # noqa: PLR0913 -- what to ask of, how, and what is known of it
        self,
        deal: Deal,
        *,
        options: SolveOptions | None = None,
        on_progress: Callable[[Progress], None] = solving.no_progress,
        should_stop: Callable[[], bool] = solving.never_stop,
        prepared: Prepared | None = None,
        package: Mapping[str, float] | None = None,
        apart: Mapping[str, str] | None = None,
        build: Callable[[Deal], Model] | None = None,
    ) -> None:
        self.deal, self._build = deal, build
        self._prepared = prepared or Prepared(Checkpoint())
        self.options = replace(options or SolveOptions(), is_proven=False)
        self._on_progress, self._should_stop = on_progress, should_stop
        self.package, apart = dict(package or {}), dict(apart or {})
        ranges, self.stays = _ranges(deal)
        ranges = [span for span in ranges if span.term not in apart]
        now = _values_now(deal, ranges) | self.package
        found = self._prepared.survey(lambda: surveyed(ranges, self._problem, now=now), self._problem)
        self.negotiable: Negotiable = found
        self.stays |= apart | dict(found.structural)
        self.structural = frozenset(self.stays) - {
            row.id for row in deal.clauses if not is_computed(deal, row)
        }
        self._open(now)

    def _open(self, now: Mapping[str, float]) -> None:
        """Open the terms, and hold those that cannot be opened where they are now."""
        self.as_it_is = {term: value for term, value in self.package.items() if term in self.structural} | {
            span.term: min(max(now.get(span.term, span.middle), span.lower), span.upper)
            for span in self.negotiable.ranges
        }
        self.open: OpenTerms = open_terms(self.negotiable, self.as_it_is)
        self._ends = Ends(self.negotiable, self.built)
        self.stays = {**self.stays, **self.open.left_out}
        self.standing: Point | None = None
        self._stands: Stands = []
        self.is_large = self.open.problem.n_columns >= LARGE or self.open.problem.curves is not None
        self.is_huge = self.open.problem.n_columns >= HUGE
        self.supports, self._solver = Supports(HighsSolver()), HighsSolver(is_hot=True)
        self._load()

    def under_package(
        self, package: Mapping[str, float], *, prepared: Prepared | None = None
    ) -> DealEvaluator:
        """The evaluator of plans with other values of the clauses that stay here.

        Parameters
        ----------
        package : value of each such clause; those that are not named stay as in the deal
        prepared : keeps what is worked out before the first question; None: nothing does
        """
        if not self._has_the_problem_of(package):
            return DealEvaluator(
                self.deal,
                options=self.options,
                on_progress=self._on_progress,
                should_stop=self._should_stop,
                prepared=prepared,
                package=package,
                build=self._build,
                apart={
                    term: reason
                    for term, reason in self.stays.items()
                    if term in self.structural or term in self.open.left_out
                },
            )
        other = copy.copy(self)
        other.package, other._prepared = dict(package), prepared or Prepared(Checkpoint())
        other._open(_values_now(self.deal, self.negotiable.ranges) | dict(package))
        other._solver, other.supports = HighsSolver(is_hot=True), Supports(HighsSolver())
        other._stands, other.standing = [], None
        other._load()
        return other

    def _has_the_problem_of(self, package: Mapping[str, float]) -> bool:
        """Whether a package differs only in clauses that are in proportion, inside their ranges."""
        span = {each.term: each for each in self.negotiable.ranges}
        return all(
            span[term].lower <= package[term] <= span[term].upper
            if term in span and term in package
            else package.get(term) == self.package.get(term, value_now(self.deal, term))
            for term in {*self.structural, *package}
        )

    def _load(self) -> None:
        """Both problems, of which nothing was asked yet."""
        self.opened = self._bargain(self.open.problem, is_whole=False)
        self.opened.supports = self.supports.copy()
        self._fixed = self._bargain(self.negotiable.middle, is_whole=True)

    def warm_up(
        self, floors: Utilities = NO_FLOORS, *, steps: int = STEPS, engine: Engine | None = None
    ) -> tuple[Outcome, ...]:
        """Answer one question, from whose end every twin begins each of its own.

        Of a large problem a row of questions along the frontier, each a step from the last.

        Parameters
        ----------
        floors : what both sides have without an agreement
        steps : of the row of questions, to either end of the frontier
        engine : for questions of a large problem that do not wait for one another; None: one by one

        Returns
        -------
        plans along the frontier; none where the problem is small
        """
        first = self.twin(self._solver)
        if not self.is_large:
            first.best(Question(weighted(1.0, 1.0)))
            return ()
        steps = min(steps, FEWER_STEPS) if self.is_huge else steps
        walked = self._prepared.walk(lambda: _walked(first, floors, steps, engine))
        self.supports, self._stands, self._solver = walked.supports, walked.stands, walked.solver
        self._load()
        return tuple(
            Outcome(plan.utilities, label(plan.terms), self.point(plan.terms, plan.values))
            for plan in walked.plans
        )

    def twin(self, solver: HighsSolver | None = None) -> DealEvaluator:
        """An evaluator of the same deal that was asked nothing yet, for any thread.

        What it answers depends on the question alone, so that it is the same whoever asks, and when.

        Parameters
        ----------
        solver : that it works with; None: one that knows what warming up taught
        """
        twin = copy.copy(self)
        twin._solver = self._solver.twin() if solver is None else solver
        twin._load()
        return twin

    def begin_like(self, other: DealEvaluator) -> None:
        """Let warming up begin where that of another package began its way along the frontier.

        Parameters
        ----------
        other : that has walked; of one that has not nothing is taken
        """
        if not (self.is_large and other.has_walked):
            return
        solver = other._stands[0][1].twin()
        self.opened.begin_like(other.opened, solver.carry, at=open_places(other.open, self.open))
        self._fixed.begin_like(other._fixed, solver.carry)
        self._solver = solver
        self._load()

    def learn_limits(self, weights: Sequence[Utilities]) -> None:
        """Keep a half-plane that holds every plan for each pair of weights, for all questions to come.

        Parameters
        ----------
        weights : of both utilities, not below 0
        """
        first = self.twin()
        for pair in weights:
            first.opened.relaxed(scaled(Question(weighted(*pair))).aim, step="terms open")
        self.supports = first.opened.supports.copy()

    def still_here(self, clauses: Collection[str], other: DealEvaluator) -> dict[str, str]:
        """Clauses that stay as they are here, but not in another package.

        Parameters
        ----------
        clauses : that packages differ in
        """
        return {
            term: reason
            for term, reason in self.stays.items()
            if term not in other.stays and term not in clauses
        }

    def standing_at(self, outcome: Outcome) -> DealEvaluator:
        """An evaluator whose `moved` begins at a plan of this one."""
        other = self.twin()
        other._stand_near(outcome)
        other._stands, other.standing = [], outcome.plan
        return other

    @property
    def has_walked(self) -> bool:
        """Whether half-planes along the whole frontier are known."""
        return bool(self._stands)

    def keep_bases(self) -> HighsSolver:
        """A solver from whose bases a twin may begin, which are those of the last plan."""
        self.opened.keep_basis()
        self._fixed.keep_basis()
        return self._solver.twin()

    def branch(self) -> DealEvaluator:
        """An evaluator that goes on from the last plan, and knows all half-planes."""
        other = self.twin(self.keep_bases())
        other.opened.supports = self.opened.supports.copy()
        return other

    def learn(self, other: DealEvaluator, /) -> None:
        """Keep the half-planes that another evaluator of the deal found."""
        self.opened.supports.learn(other.opened.supports)

    def prove(self, outcome: Outcome, weights: FloatArray) -> None:
        """Lower the bound of a weighted sum around a plan, where costs fall with experience.

        Parameters
        ----------
        weights : (2,) of both utilities

        Raises
        ------
        StoppedError : where a stop was asked for, so that no proof that was cut short is kept
        """
        values = outcome.plan.open_values
        if values is not None:
            cuts, step = _FEW_CUTS if self.is_huge else CUTS, "how good any agreement can be"
            self.opened.prove(values, weights, step=step, cuts=cuts)
            give_back_memory()
        self._stop_if_told()

    def _stand_near(self, outcome: Outcome | None) -> None:
        """Begin at the bases of the plan of the walk that is nearest to an outcome."""
        if self._stands:
            seller = self._stands[0][0] if outcome is None else outcome.utilities[SELLER]
            nearest = min(self._stands, key=lambda stand: abs(stand[0] - seller))
            self._solver = nearest[1].twin()
            self._load()

    def _stop_if_told(self) -> None:
        if self._should_stop():
            raise StoppedError("stopped on request")

    def _problem(self, terms: Mapping[str, float]) -> Problem:
        return self.built(terms).problem

    def built(self, terms: Mapping[str, float]) -> Model:
        """The model of the deal under terms.

        Raises
        ------
        StoppedError : where a stop was asked for
        """
        self._stop_if_told()
        self._on_progress(Progress("terms in proportion", 0.0, None, None))
        deal = deal_at(self.deal, self.package | dict(terms))
        if self._build is not None:
            return self._build(deal)
        known = assessing.assess(self.deal)
        return planning.build(deal, known if is_matched_alike(self.deal, deal) else assessing.assess(deal))

    def best(self, question: Question, /) -> Answer:
        """See `dronedeal.negotiation.evaluator.Evaluator`; utilities in the deal's currency."""
        asked = scaled(question)
        self._stand_near(question.near)
        near = question.near.plan if question.near is not None else None
        near = near if isinstance(near, Point) else None
        kind = Climb if self.is_large else BoxSearch
        search = kind(self, asked.aim, near, gap=self.options.gap)
        found = search.run()
        outcome = None if found.values is None else self._outcome(search.terms, found)
        return Answer(outcome, asked.bound(found.bound))

    def ask_open(self, box: Mapping[str, tuple[float, float]], aim: Aim, start: FloatArray | None) -> Opened:
        """The best plan with the terms open inside a box."""
        opened = self.open if not box else open_terms(self.negotiable.within(box), self.as_it_is)
        self.opened.move_to(opened.problem)
        return Opened(opened, self.opened.ask(aim, start=start, step="terms open"))

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
        found = self._asked_at(full, asked.aim, closed=closed)
        outcome = None if found.values is None else self._outcome(full, found)
        return Answer(outcome, asked.bound(found.bound))

    def settled(self, terms: Mapping[str, float], question: Question, near: Outcome | None) -> Outcome | None:
        """A plan under given terms that one can open, with whole quantities; of a large problem unproven.

        Parameters
        ----------
        terms, question : as for `under`
        near : a plan of this evaluator to start from
        """
        full = dict(self.as_it_is) | dict(terms)
        if not self.is_large or near is None or self._is_apart(full):
            return self.under(terms, question).outcome
        self._stand_near(near)
        aim, fixed = scaled(question).aim, self.fixed_at(full)
        plan = fixed.climbed(aim, near.plan.values, is_plan=True, step="terms fixed")
        whole = None if plan is None else fixed.made_whole(aim, plan, "terms fixed")
        if whole is None:
            return self.under(terms, question).outcome
        return self._outcome(full, Bargained(whole, fixed.problem.utilities(whole), np.inf))

    def stand_at(
        self, terms: Mapping[str, float], question: Question, *, start: FloatArray | None = None
    ) -> Outcome | None:
        """Let `moved` begin at the plan under some terms that others are compared with.

        Parameters
        ----------
        terms : see `under`; question : that is asked under all of them
        start : (n,) columns of a plan near it, in the columns of `negotiable`; None: it is looked for

        Returns
        -------
        that plan; None in a small problem, in which every plan is found from scratch, and where there is none
        """
        if not self.is_large:
            return None
        first = self.twin(self._solver)
        if start is not None:
            first.standing = Point(dict(terms), start, None)
        found = first.moved(terms, question)
        self._solver = first.keep_bases()
        self._stands, self.standing = [], None if found is None else found.plan
        return found

    def near_standing(self, problem: Problem) -> Bargain:
        """Questions about another problem of the deal, begun where the plan ended that all are compared with.

        Parameters
        ----------
        problem : of the deal under any terms
        """
        twin = self.twin()
        bargain = twin._bargain(problem, is_whole=True)
        bargain.begin_like(twin._fixed, twin._solver.carry)
        return bargain

    def opened_from(self, question: Question) -> Outcome | None:
        """A plan that serves a question well, under terms that were opened at the plan `near`.

        Nothing is proven of it; None where that plan lies in a problem of its own, or leads nowhere.
        """
        asked = scaled(question)
        near = question.near.plan if question.near is not None else None
        if not isinstance(near, Point) or near.open_values is None:
            return None
        search = Climb(self, asked.aim, near, gap=self.options.gap)
        found = search.from_near()
        return None if found.values is None else self._outcome(search.terms, found)

    def bound(self, question: Question) -> float:
        """What no plan under any terms in proportion is worth more than, by a question."""
        asked = scaled(question)
        return asked.bound(self.opened.relaxed(asked.aim, step="how much any change can bring")[0])

    def moved(
        self, terms: Mapping[str, float], question: Question, *, closed: IntArray | None = None
    ) -> Outcome | None:
        """A plan under given terms, to be compared with others that are found in the same way.

        Of a large problem the plan begins at the one that all are compared with, and nothing is proven.

        Parameters
        ----------
        terms, question, closed : as for `under`
        """
        if not self.is_large:
            return self.under(terms, question, closed=closed).outcome
        full, aim = dict(self.as_it_is) | dict(terms), scaled(question).aim
        start = None if self.standing is None else self.standing.values
        if not self._is_apart(full):
            self._fixed.move_to(self._ends.at(full, closed))
            found = self._fixed.tried(aim, start)
        else:
            problem = without(self.built(full).problem, closed)
            start = None if start is None else carried(start, self.negotiable.middle, problem)
            bargain = self._bargain(problem, is_whole=False)
            bargain.begin_like(self._fixed, self._solver.carry)
            found = bargain.tried(aim, start)
        return None if found.values is None else self._outcome(full, found)

    def terms_near(self, implied: Mapping[str, float]) -> dict[str, float]:
        """Implied values as their cells can take them, the others as they are now."""
        ranges = {span.term: span for span in self.negotiable.ranges}
        return {
            term: nearest_value(self.deal, term, _short(implied[term], ranges[term]))
            if term in implied
            else value
            for term, value in self.as_it_is.items()
        }

    def fixed_at(self, terms: Mapping[str, float]) -> Bargain:
        """Questions about the problem under terms that are in proportion."""
        self._fixed.move_to(self._ends.at(terms))
        return self._fixed

    def columns_of(self, point: Point, problem: Problem) -> FloatArray:
        """(n,) columns of a plan in the problem that its deal has by itself."""
        return carried(point.values, self.negotiable.middle, problem)

    def _is_apart(self, terms: Mapping[str, float]) -> bool:
        """Whether some terms make a problem of their own."""
        return self._ends.are_passed(terms) or any(
            term in self.structural and self.package.get(term) != value for term, value in terms.items()
        )

    def _asked_at(
        self,
        terms: Mapping[str, float],
        aim: Aim,
        *,
        start: FloatArray | None = None,
        closed: IntArray | None = None,
    ) -> Bargained:
        if self._is_apart(terms):
            # A clause out of proportion has a problem of its own, which may have other columns.
            problem = without(self.built(terms).problem, closed)
            return self._bargain(problem, is_whole=True).ask(aim, step="terms fixed")
        self._fixed.move_to(self._ends.at(terms, closed))
        return self._fixed.ask(aim, start=start, step="terms fixed")

    def _outcome(self, terms: Mapping[str, float], found: Bargained) -> Outcome:
        assert found.values is not None
        buyer, seller = (found.utilities * MONEY_UNIT).tolist()
        return Outcome((buyer, seller), label(terms), self.point(terms, found.values))

    def point(self, terms: Mapping[str, float], values: FloatArray) -> Point:
        """A plan under terms, with the way back to the problem in which they are open."""
        is_open = len(values) == self.open.n_columns and not self._is_apart(terms)
        return Point(dict(terms), values, self.open.spread(values, terms) if is_open else None)

    def _bargain(self, problem: Problem, *, is_whole: bool) -> Bargain:
        bargain = Bargain(
            problem,
            self._solver,
            np.where(problem.is_violation, 0.0, problem.upper),
            is_whole=is_whole,
            options=self.options,
            on_progress=self._on_progress,
            should_stop=self._should_stop,
        )
        if self.is_large:
            bargain.n_rows = _MOST_ROWS
        bargain.is_mixed = self.is_huge
        return bargain


def _walked(first: DealEvaluator, floors: Utilities, steps: int, engine: Engine | None) -> Walked:
    """Walk along the frontier of a large problem."""
    walk = Walk(first, floors, engine, steps=steps)
    plans = [WalkedPlan(each.utilities, each.plan.terms, each.plan.values) for each in walk.run()]
    return Walked(plans, first.opened.supports, walk.stands, first.keep_bases())


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
        between = span.at(_ODD)
        if nearest_value(deal, clause, between) != between:
            stays[clause.id] = "it takes whole values only"
            continue
        ranges.append(span)
    return ranges, stays


def _values_now(deal: Deal, ranges: Sequence[TermRange]) -> dict[str, float]:
    """The value of each clause now, of those that the deal has one value for."""
    values = {span.term: value_now(deal, span.term) for span in ranges}
    return {term: value for term, value in values.items() if value is not None}
