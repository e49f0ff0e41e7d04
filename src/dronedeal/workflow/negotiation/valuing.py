"""What term sheets of one deal are worth to both sides: of the joint plan under each.

Sheets that lie beside one offer are valued by an evaluator whose problem is moved from one to the next; a
sheet that says nothing of a clause for which the deal has no one value is a problem of its own. In a large
deal every sheet begins at the plan of the offer, whose whole-number decisions it holds where it can, so that
a sheet costs one linear problem and not a search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

import numpy as np

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import deal_at, idle_terms, is_computed, value_now
from dronedeal.negotiation.evaluator import NO_FLOORS, Answer, Outcome, Question, Utilities, weighted
from dronedeal.planning.carried import carried
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point, label
from dronedeal.workflow.negotiation.offered_plans import problem_under
from dronedeal.workflow.negotiation.scaling import scaled


class SheetValues:
    """Values of term sheets beside one offer.

    Parameters
    ----------
    deal : as it stands
    offered : value of every clause that the offer names
    frozen : clauses that no search with open terms moves
    floors : least utilities of both sides that a plan must leave
    options, on_progress, should_stop : as for `DealEvaluator`

    Attributes
    ----------
    at_present : value in the deal as it stands of every clause that changes a cell; None: it has no one value
    at_offer : the same under the offer
    still : clauses that the search with open terms does not move, each with the reason
    is_large : whether sheets are valued from the plan of the offer, of which nothing is proven; see `stand`
    """

    def __init__(
        self,
        deal: Deal,
        offered: Mapping[str, float],
        *,
        frozen: Collection[str] = (),
        floors: Utilities = NO_FLOORS,
        options: SolveOptions | None = None,
        on_progress: Callable[[Progress], None] = solving.no_progress,
        should_stop: Callable[[], bool] = solving.never_stop,
    ) -> None:
        self.deal, self.offered = deal, dict(offered)
        self.question = Question(weighted(1.0, 1.0), floors)
        self.options = options or SolveOptions(is_proven=False)
        self._on_progress, self._should_stop = on_progress, should_stop
        computed = [clause for clause in deal.clauses if is_computed(deal, clause)]
        idle = idle_terms(deal, [clause.id for clause in computed])
        self.at_present = {each.id: value_now(deal, each) for each in computed if each.id not in idle}
        under = deal_at(deal, self.offered)
        self.at_offer = {each: value_now(under, each) for each in self.at_present}
        self.still = {each: "it is not talked about again" for each in self.at_present if each in frozen}
        self.still |= {
            each: "the deal has no one value for it"
            for each, value in self.at_offer.items()
            if value is None and each not in frozen
        }
        rows = [row for row in under.clauses if row.id in self.at_present and row.id not in self.still]
        self.evaluator: DealEvaluator | None = None
        if rows:
            self.evaluator = DealEvaluator(
                under.with_table("clauses", rows),
                options=self.options,
                on_progress=on_progress,
                should_stop=should_stop,
            )
            self.still |= self.evaluator.stays
        self.is_large = self.evaluator is not None and self.evaluator.is_large
        if self.is_large:
            # Floors would cost a search, so that a sheet counts whatever it leaves to either side.
            self.without_floors()

    def stand(self, values: FloatArray, problem: Problem, question: Question | None = None) -> Outcome | None:
        """Let the sheets of a large deal begin at the plan of the offer, and value that plan in their way.

        Parameters
        ----------
        values : (n,) columns of the plan of the offer; problem : that it is a plan of
        question : as for `worth`

        Returns
        -------
        the offer as all sheets are compared with it; None where no plan keeps every rule
        """
        terms = self._beside_the_offer(self.offered)
        if self.evaluator is None or terms is None:
            return self.answer(self.offered, question).outcome
        start = carried(values, problem, self.evaluator.negotiable.middle)
        return self.evaluator.stand_at(terms, question or self.question, start=start)

    def without_floors(self) -> None:
        """Value sheets from here on whatever they leave to either side."""
        self.question = Question(self.question.goal)

    def worth(self, named: Mapping[str, float], question: Question | None = None) -> Utilities | None:
        """What the joint plan of the deal under some terms is worth; None: no plan keeps the floors.

        Parameters
        ----------
        named : values of clauses; those that are not named stay as in the deal as it stands
        question : which plan under them counts; None: the joint plan that keeps the floors
        """
        found = self.answer(named, question).outcome
        return None if found is None else found.utilities

    def answer(self, named: Mapping[str, float], question: Question | None = None) -> Answer:
        """The joint plan of the deal under some terms, with its bound; parameters as for `worth`."""
        named = {clause: value for clause, value in named.items() if clause in self.at_present}
        beside = self._beside_the_offer(named)
        asked = question or self.question
        if beside is None or self.evaluator is None:
            return self._on_its_own(named, asked)
        if self.is_large:
            return Answer(self.evaluator.twin().moved(beside, asked), math.inf)
        return self.evaluator.under(beside, asked)

    def _beside_the_offer(self, named: Mapping[str, float]) -> dict[str, float] | None:
        """Terms for the evaluator; None where it cannot say what the sheet says."""
        evaluator = self.evaluator
        if evaluator is None:
            return None
        found = {}
        for clause, base in self.at_offer.items():
            value = named.get(clause, self.at_present[clause])
            if clause in evaluator.as_it_is and value is not None:
                found[clause] = value
            elif value != base:
                # A clause out of proportion makes a problem of its own, so it is named only where it moves.
                if value is None or clause not in evaluator.stays:
                    return None
                found[clause] = value
        return found

    def _on_its_own(self, named: Mapping[str, float], question: Question) -> Answer:
        problem = problem_under(deal_at(self.deal, named))
        asked = scaled(question)
        solver, start = HighsSolver(), None
        if self.is_large and self.evaluator is not None and self.evaluator.standing is not None:
            solver = self.evaluator.twin().keep_bases()
            start = carried(self.evaluator.standing.values, self.evaluator.negotiable.middle, problem)
        bargain = Bargain(
            problem,
            solver,
            np.where(problem.is_violation, 0.0, problem.upper),
            is_whole=not self.is_large,
            options=self.options,
            on_progress=self._on_progress,
            should_stop=self._should_stop,
        )
        step = "terms fixed"
        found = (
            bargain.tried(asked.aim, start, step=step) if self.is_large else bargain.ask(asked.aim, step=step)
        )
        if found.values is None:
            return Answer(None, asked.bound(found.bound))
        buyer, seller = (found.utilities * MONEY_UNIT).tolist()
        outcome = Outcome((buyer, seller), label(named), Point(dict(named), found.values, None))
        return Answer(outcome, asked.bound(found.bound))
