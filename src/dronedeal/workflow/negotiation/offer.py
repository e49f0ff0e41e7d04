"""One term sheet: what it is worth to both sides, what it breaks, and the smallest change that helps both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet, Word, deal_of, idle_terms, position, terms_of
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import PlanChoices, PlanRun
from dronedeal.negotiation.evaluator import Outcome, Question, Utilities, lesser_gain, weighted
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.trials import difference
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.control import Stopwatch, named
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.improving import ImprovementSearch
from dronedeal.workflow.negotiation.negotiate import require_negotiable
from dronedeal.workflow.negotiation.offer_findings import (
    SIDES,
    Better,
    Chosen,
    OfferFindings,
    is_better,
    keeps,
)
from dronedeal.workflow.negotiation.offer_recording import recorded_offer
from dronedeal.workflow.negotiation.plans import alternative_plan, plan_under
from dronedeal.workflow.negotiation.valuing import SheetValues
from dronedeal.workflow.plans import run_plan

_JOINT = "The plan is the joint plan, which is worth most to both together."
_AS_AGREED = "Of the plans that leave each side what the sheet says at least, it is worth most to both."
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
    require_negotiable(deal)
    if not deal.clauses:
        raise CommandError(
            "offer: the deal has no clauses, so that there is nothing to agree on; add a row to `clauses` "
            "for each term of the sheet, or use what-if for a change that nobody negotiates"
        )
    sheet = terms if isinstance(terms, TermSheet) else TermSheet(dict(terms))
    under = deal_of(deal, sheet)
    asked = terms_of(deal, sheet)
    options = {"gap": gap, "time_limit": time_limit}
    findings = OfferFindings(deal, sheet, under, asked, idle_terms(deal, sheet.terms), options)
    table = _Table(findings, SolveOptions(gap, time_limit, is_proven=False), on_progress, should_stop)
    table.run(improve=improve)
    return OfferRun(recorded_offer(findings), table.plans)


class _Table:
    """One offer, step by step."""

    def __init__(
        self,
        found: OfferFindings,
        options: SolveOptions,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.found, self.options = found, options
        self._watch = Stopwatch()
        self._on_progress, self.should_stop = on_progress, should_stop
        self.plans: dict[str, PlanRun] = {}

    def run(self, *, improve: bool) -> None:
        """Every step in its order; a stop after the plan keeps what is found."""
        found = self.found
        self._alternatives()
        self._say("terms in proportion")
        values = found.values = SheetValues(
            found.deal,
            found.named,
            frozen=found.sheet.frozen,
            floors=found.without,
            options=self.options,
            should_stop=self.should_stop,
        )
        found.chosen = self._planned(values, found.under, found.named, words="the offer")
        self.plans["offer"] = found.chosen.run
        try:
            base = self._base(values)
            self._clauses(values, base)
            self._openings(values)
            if improve and base is not None:
                found.was_looked_for = True
                self._improve(values, base)
        except StoppedError:
            found.was_stopped = True

    def _say(self, step: str) -> None:
        self._on_progress(Progress(step, self._watch.with_total["total"], None, None))

    def _alternatives(self) -> None:
        """What each side has without the other, as plans of the deal as it stands."""
        for side in SIDES:
            self._say(f"the {side} without the deal")
            run = alternative_plan(
                self.found.deal,
                side,
                options=self.options,
                on_progress=self._on_progress,
                should_stop=self.should_stop,
            )
            self.found.alternatives[side] = self.plans[f"{side}-alone"] = run

    def _planned(self, values: SheetValues, under: Deal, terms: Mapping[str, float], *, words: str) -> Chosen:
        """The joint plan under terms; where it leaves a side too little, the best one that does not."""
        self._say(f"plan under {words}")
        run = run_plan(
            under,
            PlanChoices("joint", self.options.gap, self.options.time_limit),
            watch=Stopwatch(),
            on_progress=named(self._on_progress, words),
            should_stop=self.should_stop,
        )
        run.verification.require_passed()
        joint, found = Chosen(run, run.plan.bound, _JOINT), self.found
        if run.plan.tables["violations"]:
            return joint
        limits = {_AS_AGREED: found.floors} if found.sheet.least and words == "the offer" else {}
        for text, floors in (limits | {_NOT_ALONE: found.without}).items():
            if keeps(joint.utilities, floors):
                return joint
            answer = values.answer(terms, Question(weighted(1.0, 1.0), floors))
            if answer.outcome is not None:
                return Chosen(self._opened(answer.outcome, terms), answer.bound, text)
            found.is_without_proven = answer.is_none_proven and words == "the offer"
        return joint

    def _opened(self, outcome: Outcome, terms: Mapping[str, float]) -> PlanRun:
        point = outcome.plan
        assert isinstance(point, Point)
        return plan_under(self.found.deal, terms, point.values, options=self.options)

    def _base(self, values: SheetValues) -> Outcome | None:
        """The offer as the valuing of all other sheets sees it; None where no plan keeps every rule."""
        self._say("the offer beside other sheets")
        base = values.answer(self.found.named).outcome
        if base is None:
            values.without_floors()
            base = values.answer(self.found.named).outcome
        return base

    def _clauses(self, values: SheetValues, base: Outcome | None) -> None:
        """What every clause of the sheet brings, alone and inside the offer."""
        found = self.found
        now = values.worth({})
        found.as_it_stands = now
        moved = [
            name
            for name, value in found.named.items()
            if name in values.at_present and value != values.at_present[name]
        ]
        for count, name in enumerate(moved, start=1):
            self._say(f"clause {name}, {count} of {len(moved)}")
            alone = values.worth({name: found.named[name]})
            found.alone[name] = None if alone is None or now is None else _change(alone, now)
            rest = {other: value for other, value in found.named.items() if other != name}
            left = values.worth(rest)
            found.within[name] = None if left is None or base is None else _change(base.utilities, left)

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
            should_stop=self.should_stop,
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
        chosen = self._planned(values, under, terms, words="the improvement")
        if not is_better(chosen.utilities, have):
            outcome = values.answer(terms, question).outcome
            if outcome is None:
                return
            chosen = Chosen(self._opened(outcome, terms), None, _AS_AGREED)
        if is_better(chosen.utilities, have):
            self.plans["improvement"] = chosen.run
            found.better = Better(exchange, moved, chosen)


def _change(after: Utilities, before: Utilities) -> Utilities:
    """`after − before` to the cent, below which a change is rounding."""
    buyer, seller = difference(after, before)
    return round(buyer, 2), round(seller, 2)
