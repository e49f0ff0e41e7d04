"""Two sides at the table: alternatives, zone, frontier, fair points and the price of every clause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.one_side import TO_NEGOTIATE
from dronedeal.deal.term_sheet import Side, is_computed, position
from dronedeal.errors import CommandError
from dronedeal.exchange import PlanRun
from dronedeal.negotiation.clauses import clause_prices
from dronedeal.negotiation.evaluator import (
    BUYER,
    NO_FLOORS,
    SELLER,
    Outcome,
    Question,
    Utilities,
    lesser_gain,
    weighted,
)
from dronedeal.negotiation.fairness import FairPoints, fair_points
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.logrolling import logrolling
from dronedeal.negotiation.record import Negotiation
from dronedeal.negotiation.trials import DROPPED, TO_BUYER, TO_SELLER, Clause, Moves, Trials, Value
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.deals import check, require_given, require_sound
from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point
from dronedeal.workflow.negotiation.plans import alternative_plan, plan_under
from dronedeal.workflow.negotiation.recording import Findings, recorded

SIDES: tuple[Side, ...] = ("buyer", "seller")
_POSITIONS: tuple[tuple[str, Side], ...] = ((TO_BUYER, "buyer"), (TO_SELLER, "seller"))


@dataclass(frozen=True)
class NegotiationRun:
    """A negotiation with the plans behind it.

    record : all that was found, as plain data; plans : by the name under which the record knows them
    """

    record: Negotiation
    plans: Mapping[str, PlanRun]


def negotiate(
    deal: Deal,
    *,
    points: int = 21,
    pairs: int | None = 60,
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> NegotiationRun:
    """What the clauses of a deal are worth to both sides, and what they could agree on.

    Parameters
    ----------
    deal : a deal without errors, with clauses
    points : most points of the frontier, at least 2
    pairs : most pairs of clauses that are valued together; None: all
    gap, time_limit : of each single solve, as for `plan`
    on_progress, should_stop : as for `plan`; once stopped, what is found so far is returned where there are
        both alternatives

    Raises
    ------
    DealFolderError : where the rules find errors in the deal
    StoppedError : stopped before both alternatives were known

    Examples
    --------
    >>> from dronedeal.workflow import read
    >>> found = negotiate(read("deals/first-deal"), points=5).record
    >>> found.zone.is_there, found.nash.gains.buyer > 0, found.nash.gains.seller > 0
    (True, True, True)
    """
    if points < 2:
        raise CommandError(f"points: found {points}; allowed: 2 or more, for both ends of the frontier")
    if pairs is not None and pairs < 0:
        raise CommandError(f"pairs: found {pairs}; allowed: 0 or more; 0 looks at clauses one by one")
    require_given(deal, TO_NEGOTIATE, purpose="to negotiate")
    require_sound(check(deal))
    options = SolveOptions(gap, time_limit, is_proven=False)
    table = _Table(deal, options, on_progress, should_stop)
    return table.run(points=points, pairs=pairs)


class _Table:
    """The negotiation of one deal, step by step."""

    def __init__(
        self,
        deal: Deal,
        options: SolveOptions,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.deal, self.options = deal, options
        self._watch = Stopwatch()
        self._on_progress, self.should_stop = on_progress, should_stop
        self.plans: dict[str, PlanRun] = {}
        self.folders: dict[int, str] = {}

    def run(self, *, points: int, pairs: int | None) -> NegotiationRun:
        """Every step in its order."""
        without = self._alternatives()
        self._say("terms in proportion")
        self.evaluator = DealEvaluator(self.deal, options=self.options, should_stop=self.should_stop)
        inquiry = Inquiry(
            self.evaluator,
            on_progress=lambda step, count: self._say(f"{step}, {count} questions answered"),
            should_stop=self.should_stop,
        )
        zone = inquiry.best(Question(lesser_gain(without)), step="zone")
        front, fair = Frontier(()), None
        if zone.outcome is not None and min(_gains(zone.outcome, without)) >= 0:
            front = frontier(inquiry, points=points, floors=without)
            fair = fair_points(inquiry, without, known=[point.outcome for point in front.points])
        reference = self._reference(fair)
        trials = self._trials(reference, None if fair is None else without)
        prices = clause_prices(trials, self._movable(), pairs=pairs)
        exchange = logrolling(trials, self._movable()) if prices else None
        self._open_plans(front, fair)
        found = Findings(
            deal=self.deal,
            evaluator=self.evaluator,
            options={"points": points, "pairs": pairs, "gap": self.options.gap},
            alternatives={side: self.plans[f"{side}-alone"].plan for side in SIDES},
            zone=zone,
            frontier=front,
            fair=fair,
            prices=prices,
            exchange=exchange,
            folders=self.folders,
            openings={side: self._opening(side, without) for side in SIDES},
        )
        return NegotiationRun(recorded(found), self.plans)

    def _say(self, step: str) -> None:
        self._on_progress(Progress(step, self._watch.with_total["total"], None, None))

    def _alternatives(self) -> Utilities:
        """What each side has without the other, as plans."""
        for side in SIDES:
            self._say(f"the {side} without the deal")
            self.plans[f"{side}-alone"] = alternative_plan(
                self.deal,
                side,
                options=self.options,
                on_progress=self._on_progress,
                should_stop=self.should_stop,
            )
        buyer, seller = (self.plans[f"{side}-alone"].plan.utilities[side] for side in SIDES)
        return buyer, seller

    def _reference(self, fair: FairPoints | None) -> dict[str, float]:
        """Terms against which clauses are moved: those of the Nash point, else the deal as it stands."""
        return dict(self.evaluator.as_it_is if fair is None else fair.nash.outcome.plan.terms)

    def _movable(self) -> list[Clause]:
        """Clauses that can be computed, each with where it can go."""
        found = []
        for clause in self.deal.clauses:
            if not is_computed(self.deal, clause):
                continue
            moves = [to for to, side in _POSITIONS if position(self.deal, clause, side=side) is not None]
            if clause.id in self.evaluator.open.loose:
                moves.append(DROPPED)
            if moves:
                found.append(Clause(clause.id, tuple(moves)))
        return found

    def _trials(self, reference: Mapping[str, float], without: Utilities | None) -> Trials:
        """Values of term sheets that differ from the reference by moves: of the joint plan under them."""
        question = Question(weighted(1.0, 1.0), NO_FLOORS if without is None else without)

        def value(moves: Moves) -> Value:
            terms = dict(reference) | {move.clause: self._moved(move.clause, move.to) for move in moves}
            found = self.evaluator.under(terms, question)
            return None if found.outcome is None else found.outcome.utilities

        return Trials(
            value,
            on_progress=lambda step, count: self._say(f"{step}, {count} term sheets valued"),
            should_stop=self.should_stop,
        )

    def _moved(self, clause: str, to: str) -> float:
        if to == DROPPED:
            return self.evaluator.open.loose[clause]
        value = position(self.deal, clause, side="buyer" if to == TO_BUYER else "seller")
        assert value is not None
        return value

    def _opening(self, side: Side, without: Utilities) -> tuple[dict[str, float], Outcome | None]:
        """All clauses at the position of one side, and the joint plan that keeps both alternatives."""
        terms = dict(self.evaluator.as_it_is)
        for clause in self._movable():
            value = position(self.deal, clause.id, side=side)
            if value is not None:
                terms[clause.id] = value
        found = self.evaluator.under(terms, Question(weighted(1.0, 1.0), floors=without))
        return terms, found.outcome

    def _open_plans(self, front: Frontier, fair: FairPoints | None) -> None:
        """Make and verify the plan of every point; a plan that is several points is made once."""
        named = [(f"p{number:02d}", point.outcome) for number, point in enumerate(front.points, start=1)]
        named += [] if fair is None else [(point.name, point.outcome) for point in fair]
        for name, outcome in named:
            point = outcome.plan
            if isinstance(point, Point) and id(outcome) not in self.folders:
                self._say(f"plan of {name}")
                self.plans[name] = plan_under(self.deal, point.terms, point.values, options=self.options)
                self.folders[id(outcome)] = f"plans/{name}"


def _gains(outcome: Outcome, without: Utilities) -> Utilities:
    return outcome.utilities[BUYER] - without[BUYER], outcome.utilities[SELLER] - without[SELLER]
