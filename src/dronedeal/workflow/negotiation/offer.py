"""One term sheet: what it is worth to both sides, what it breaks, and the smallest change that helps both."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet, Word, deal_of, idle_terms, position, terms_of
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import PlanRun
from dronedeal.negotiation.evaluator import Answer, Outcome, Question, Utilities, lesser_gain, weighted
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.trials import difference
from dronedeal.planning.tree import FloatArray
from dronedeal.report.wording import list_text, plain
from dronedeal.results.plan import Plan
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.negotiation.improving import ImprovementSearch
from dronedeal.workflow.negotiation.improving_large import ChangePlanner, HotSearch
from dronedeal.workflow.negotiation.known_plan import KnownPlan, known_plan
from dronedeal.workflow.negotiation.negotiate import require_negotiable
from dronedeal.workflow.negotiation.offer_findings import (
    SIDES,
    Better,
    Chosen,
    MadeChoice,
    OfferFindings,
    is_better,
    keeps,
    valued_words,
)
from dronedeal.workflow.negotiation.offer_recording import recorded_offer
from dronedeal.workflow.negotiation.offered_plans import (
    Asking,
    best_keeping,
    is_large,
    joint_plan,
    near_keeping,
)
from dronedeal.workflow.negotiation.plans import alternative_plan, plan_under
from dronedeal.workflow.negotiation.valuing import SheetValues

_JOINT = "The plan is the joint plan, which is worth most to both together."
_AS_AGREED = "Of the plans that leave each side what the sheet says at least, it is worth most to both."
_OF_POINT = "The plan is that of the point of the negotiation which the sheet is of."
_NOT_ALONE = "Of the plans that leave no side worse off than without an agreement it is worth most to both."


@dataclass(frozen=True)
class OfferRun:
    """An offer with the plans behind it.

    record : all that was found, as plain data; plans : by the name under which the record knows them
    """

    record: Offer
    plans: Mapping[str, PlanRun]


def offer(
    deal: Deal,
    terms: TermSheet | Mapping[str, float | Word],
    *,
    improve: bool = True,
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> OfferRun:
    """What a term sheet is worth to both sides, what it breaks, and the smallest change that helps both.

    Parameters
    ----------
    deal : a deal without errors, with clauses
    terms : a term sheet, or values by clause: numbers, or `buyer`, `seller`, `now`
    improve : whether a change that helps both is looked for, which takes most of the time
    gap, time_limit : of each single solve, as for `plan`
    on_progress, should_stop : as for `plan`; once stopped, what is found so far is returned where the plan
        under the terms and both alternatives are known

    Raises
    ------
    CommandError : where the deal has no clauses
    TermSheetError : with every term that cannot be had, at its address
    DealFolderError : where the rules find errors in the deal, or in the deal under the terms
    StoppedError : stopped before the plan under the terms was known

    Examples
    --------
    >>> from dronedeal.workflow import read
    >>> found = offer(read("deals/first-deal"), {"price": 1100, "own_needs": "buyer"}).record
    >>> found.gains.seller > 0, found.keeps_rules
    (True, True)
    """
    asking = Asking(SolveOptions(gap, time_limit, is_proven=False), on_progress, should_stop)
    return run_offer(deal, terms, asking, improve=improve)


def no_plan_wanted(_name: str, _run: PlanRun) -> None:
    """The default of `on_plan`."""


def run_offer(
    deal: Deal,
    terms: TermSheet | Mapping[str, float | Word],
    asking: Asking,
    *,
    improve: bool,
    on_plan: Callable[[str, PlanRun], None] = no_plan_wanted,
    made_before: Plan | None = None,
) -> OfferRun:
    """See `offer`.

    Parameters
    ----------
    made_before : a plan that may be the one that was agreed with the terms; in a large deal it counts where
        it is a plan of the deal under them that leaves each side what the sheet says
    on_plan : called with each plan and its name as soon as it is sure to be part of what is found
    """
    require_negotiable(deal)
    if not deal.clauses:
        raise CommandError(
            "offer: the deal has no clauses, so that there is nothing to agree on; add a row to `clauses` "
            "for each term of the sheet, or use what-if for a change that nobody negotiates"
        )
    sheet = terms if isinstance(terms, TermSheet) else TermSheet(dict(terms))
    under = deal_of(deal, sheet)
    asked = terms_of(deal, sheet)
    options = {"gap": asking.options.gap, "time_limit": asking.options.time_limit}
    findings = OfferFindings(deal, sheet, under, asked, idle_terms(deal, sheet.terms), options)
    table = _Table(findings, asking, on_plan, made_before)
    table.run(improve=improve)
    return OfferRun(recorded_offer(findings), table.plans)


class _Table:
    """One offer, step by step."""

    def __init__(
        self,
        found: OfferFindings,
        asking: Asking,
        on_plan: Callable[[str, PlanRun], None],
        made_before: Plan | None,
    ) -> None:
        self.found, self.asking, self.made_before = found, asking, made_before
        self.quiet = replace(asking, on_progress=self._work)
        self._watch, self._on_plan = Stopwatch(), on_plan
        self.plans: dict[str, PlanRun] = {}
        self.made: MadeChoice | None = None

    def run(self, *, improve: bool) -> None:
        """Every step in its order; a stop after the plan keeps what is found."""
        found = self.found
        self._alternatives()
        self.made = self._planned(found.under, words="the offer")
        found.chosen = self.made.chosen
        for side in SIDES:
            self._hand_on(f"{side}-alone", found.alternatives[side])
        self._hand_on("offer", found.chosen.run)
        self._say(valued_words(found))
        try:
            self._look_around(improve=improve)
        except StoppedError:
            found.was_stopped = True

    def _look_around(self, *, improve: bool) -> None:
        """What clauses bring, what helps both, and both opening positions."""
        found = self.found
        self._say("what the clauses move")
        values = found.values = SheetValues(
            found.deal,
            found.named,
            frozen=found.sheet.frozen,
            floors=found.without,
            options=self.asking.options,
            on_progress=self._work,
            should_stop=self.asking.should_stop,
        )
        base = self._base(values)
        is_asked = improve and base is not None
        # In a large deal what takes longest to find comes first after what costs next to nothing.
        if values.is_large:
            self._within(values, base)
        else:
            self._alone(values)
            self._within(values, base)
            self._openings(values)
        if is_asked and base is not None:
            found.was_looked_for = True
            self._improve(values, base)
        if values.is_large:
            if found.was_looked_for and found.sheet.least:
                # The search asked another question, whose bases are far from those of joint plans.
                self._base(values)
            self._alone(values)
            self._openings(values)

    def _say(self, step: str) -> None:
        self.asking.on_progress(Progress(step, self._watch.with_total["total"], None, None))

    def _work(self, progress: Progress) -> None:
        """The solver is at work on a sheet; what it thinks of as its best is no sum of money."""
        self.asking.on_progress(Progress(progress.step, self._watch.with_total["total"], None, None))

    def _hand_on(self, name: str, run: PlanRun) -> None:
        """Keep a plan, and let it be written while the search goes on."""
        self.plans[name] = run
        self._on_plan(name, run)

    def _alternatives(self) -> None:
        """What each side has without the other, as plans of the deal as it stands."""
        for side in SIDES:
            self._say(f"the {side} without the deal")
            run = alternative_plan(
                self.found.deal,
                side,
                options=self.asking.options,
                on_progress=self.asking.on_progress,
                should_stop=self.asking.should_stop,
            )
            self.found.alternatives[side] = run

    def _planned(self, under: Deal, *, words: str) -> MadeChoice:
        """The joint plan under terms; where it leaves a side too little, the best one that does not."""
        self._say(f"plan under {words}")
        joint, found = joint_plan(under, self.asking, words=words), self.found
        problem, values, bound = joint.problem, joint.values, joint.run.plan.bound
        chosen = Chosen(joint.run, bound, _JOINT)
        if joint.run.plan.tables["violations"]:
            return MadeChoice(chosen, problem, values)
        limits = {_AS_AGREED: found.floors} if found.sheet.least and words == "the offer" else {}
        for text, floors in (limits | {_NOT_ALONE: found.without}).items():
            if keeps(chosen.utilities, floors):
                break
            question, near = Question(weighted(1.0, 1.0), floors), None
            if is_large(problem):
                known = self._known(under, floors) if text == _AS_AGREED else None
                if known is not None:
                    return MadeChoice(Chosen(known.run, bound, _OF_POINT), problem, known.values)
                near = near_keeping(problem, question, values, self.quiet)
                if near is None and text == _AS_AGREED:
                    # What was agreed lies so close to the best that a search from scratch seldom finds it.
                    continue
            # No plan with floors is worth more than the best without them.
            answer = (
                best_keeping(problem, question, values, self.quiet)
                if near is None
                else Answer(near, math.inf if bound is None else bound)
            )
            if answer.outcome is not None:
                run = self._opened(under, answer.outcome.plan)
                return MadeChoice(Chosen(run, answer.bound, text), problem, answer.outcome.plan)
            found.is_without_proven = answer.is_none_proven and words == "the offer"
        return MadeChoice(chosen, problem, values)

    def _known(self, under: Deal, floors: Utilities) -> KnownPlan | None:
        """The plan that was made before, where it is one of the deal under the terms and keeps floors."""
        if self.made_before is None:
            return None
        self._say("the plan of the point")
        known = known_plan(under, self.made_before, self.quiet)
        if known is None:
            return None
        utilities = known.run.plan.utilities
        return known if keeps((utilities["buyer"], utilities["seller"]), floors) else None

    def _opened(self, under: Deal, values: FloatArray) -> PlanRun:
        return plan_under(under, {}, values, options=self.asking.options)

    def _base(self, values: SheetValues, question: Question | None = None) -> Outcome | None:
        """The offer as the valuing of all other sheets sees it; None where no plan keeps every rule."""
        self._say("the offer beside other sheets")
        assert self.made is not None
        if values.is_large:
            return values.stand(self.made.values, self.made.problem, question)
        base = values.answer(self.found.named).outcome
        if base is None:
            values.without_floors()
            base = values.answer(self.found.named).outcome
        return base

    def _moved(self, values: SheetValues) -> list[str]:
        """Clauses that the sheet moves."""
        return [
            name
            for name, value in self.found.named.items()
            if name in values.at_present and value != values.at_present[name]
        ]

    def _within(self, values: SheetValues, base: Outcome | None) -> None:
        """What every clause of the sheet brings inside the offer."""
        found, moved = self.found, self._moved(values)
        for count, name in enumerate(moved, start=1):
            self._say(f"clause {name}, {count} of {len(moved)}")
            rest = {other: value for other, value in found.named.items() if other != name}
            left = values.worth(rest)
            found.within[name] = None if left is None or base is None else _change(base.utilities, left)

    def _alone(self, values: SheetValues) -> None:
        """What every clause of the sheet brings to the deal as it stands."""
        found, moved = self.found, self._moved(values)
        now = found.as_it_stands = values.worth({})
        for count, name in enumerate(moved, start=1):
            self._say(f"clause {name} alone, {count} of {len(moved)}")
            alone = values.worth({name: found.named[name]})
            found.alone[name] = None if alone is None or now is None else _change(alone, now)

    def _openings(self, values: SheetValues) -> None:
        """All clauses at the position of one side."""
        for side in SIDES:
            self._say(f"the opening position of the {side}")
            asked = {name: position(self.found.deal, name, side=side) for name in values.at_present}
            terms = {name: value for name, value in asked.items() if value is not None}
            self.found.openings[side] = terms, values.worth(terms) if terms else None

    def _improve(self, values: SheetValues, base: Outcome) -> None:
        """The smallest change that helps both, and how much any change could bring."""
        found = self.found
        assert found.chosen is not None
        if values.is_large:
            self._improve_large(values, base)
            return
        question = None
        if found.sheet.least:
            # The quantities are agreed too: a change helps where some plan under it leaves both more.
            have = found.chosen.utilities
            question = Question(lesser_gain(have), floors=have)
            base = values.answer(found.named, Question(weighted(1.0, 1.0), have)).outcome or base
        search = ImprovementSearch(
            found,
            values,
            base,
            question,
            on_progress=self._say,
            should_stop=self.asking.should_stop,
        )
        exchange, moved = search.run()
        if exchange is not None:
            self._keep(values, exchange, moved, question)

    def _keep(
        self,
        values: SheetValues,
        exchange: Exchange,
        moved: Mapping[str, float],
        question: Question | None,
    ) -> None:
        """Make the plan of the improvement, and keep it where it truly helps both."""
        found = self.found
        assert found.chosen is not None
        terms, have = dict(found.named) | dict(moved), found.chosen.utilities
        under = deal_of(found.deal, replace(found.sheet, terms=terms))
        chosen = self._planned(under, words="the improvement").chosen
        if not is_better(chosen.utilities, have):
            outcome = values.answer(terms, question).outcome
            if outcome is None:
                return
            chosen = Chosen(self._opened(under, outcome.plan.values), None, _AS_AGREED)
        if is_better(chosen.utilities, have):
            self._hand_on("improvement", chosen.run)
            found.better = Better(exchange, moved, chosen)

    def _improve_large(self, values: SheetValues, base: Outcome) -> None:
        """The same search step by step, each candidate planned as soon as it is found."""
        found = self.found
        assert found.chosen is not None
        assert self.made is not None
        question = None
        if found.sheet.least:
            question = Question(lesser_gain(found.chosen.utilities))
            base = self._base(values, question) or base
        planner = ChangePlanner(found, values, self.made, base, self.quiet)

        def keep(exchange: Exchange, moved: Mapping[str, float]) -> bool:
            self._say(f"plan under the change of {list_text([plain(name) for name in moved])}")
            better = planner.plan(exchange, moved)
            if better is not None:
                found.better = better
                self._hand_on("improvement", better.chosen.run)
            return better is not None

        search = HotSearch(
            found, values, base, question, on_progress=self._say, should_stop=self.asking.should_stop
        )
        search.run_steps(keep)


def _change(after: Utilities, before: Utilities) -> Utilities:
    """`after − before` to the cent, below which a change is rounding."""
    buyer, seller = difference(after, before)
    return round(buyer, 2), round(seller, 2)
