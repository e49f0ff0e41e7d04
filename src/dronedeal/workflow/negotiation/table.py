"""The negotiation of one deal step by step, from both alternatives to the plan of every point."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, partial

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import Side, is_computed, position
from dronedeal.errors import StoppedError
from dronedeal.negotiation.clauses import clause_prices
from dronedeal.negotiation.engine import Engine
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
from dronedeal.negotiation.fairness import fair_points
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.frontier_points import with_known
from dronedeal.negotiation.inquiry import Inquiry, Memory
from dronedeal.negotiation.logrolling import logrolling
from dronedeal.negotiation.trials import (
    DROPPED,
    NO_MOVES,
    TO_BUYER,
    TO_SELLER,
    Clause,
    Moves,
    Trials,
    Value,
)
from dronedeal.planning.tree import IntArray
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.choosing import Search, look_at_packages
from dronedeal.workflow.negotiation.evaluator import DealEvaluator, Point, label
from dronedeal.workflow.negotiation.ground import Ground
from dronedeal.workflow.negotiation.keeping import PointData
from dronedeal.workflow.negotiation.packages import Packages
from dronedeal.workflow.negotiation.payments import Reference, system_zones, what_closes, what_opens
from dronedeal.workflow.negotiation.prepared import Prepared
from dronedeal.workflow.negotiation.recording import Alone, Findings
from dronedeal.workflow.negotiation.sensitivity import Moving, moved_inputs
from dronedeal.workflow.negotiation.so_far import fair_points_so_far, frontier_so_far, prices_so_far
from dronedeal.workflow.negotiation.telling import Telling
from dronedeal.workflow.negotiation.walk import LEAN

SIDES: tuple[Side, ...] = ("buyer", "seller")
_POSITIONS: tuple[tuple[str, Side], ...] = ((TO_BUYER, "buyer"), (TO_SELLER, "seller"))
# Kinds of entries of a checkpoint.
_ANSWER, _VALUE, _WORTH, _OPENING = "answer", "value", "worth", "opening"


class Table:
    """The negotiation of one deal, step by step."""

    def __init__(
        self,
        deal: Deal,
        choices: Bargaining,
        engine: Engine,
        checkpoint: Checkpoint,
        on_progress: Callable[[Progress], None],
        should_stop: Callable[[], bool],
        *,
        ground: Ground,
    ) -> None:
        self.deal, self.choices, self.engine, self.checkpoint = deal, choices, engine, checkpoint
        self.options = SolveOptions(choices.gap, choices.time_limit, is_proven=False)
        self.should_stop = should_stop
        self.telling = Telling(on_progress, choices.points, choices.pairs)
        self.ground = ground
        self._alone: dict[str, Alone] = {}
        self._surveyed: DealEvaluator | None = None
        self._inquiry: Inquiry | None = None
        self._trials: Trials | None = None

    def run(self) -> Findings:
        """Every step in its order; after a stop, all that is found so far."""
        self._alternatives()
        names = ("points", "pairs", "gap", "moves", "packages")
        options = {name: getattr(self.choices, name) for name in names}
        self.found = Findings(self.deal, options, self._alone)
        try:
            self._bargain()
            self._price()
            self._open_positions()
            self._look_at_zone()
            self._open_plans()
            self._move_inputs()
        except StoppedError as stop:
            self.found.stopped = str(stop)
            self._keep_what_follows()
        return self.found

    @cached_property
    def packages(self) -> Packages:
        """Plans of the deal under all terms, by package; looking into the terms takes a while."""
        base = self._surveyed or self._survey()
        search = Search(
            self.deal,
            self.found.without,
            self.engine,
            self._remembered,
            self.telling.say,
            lambda name: Prepared(self.checkpoint, name),
        )
        looked = look_at_packages(search, base, most=self.choices.packages)
        self.found.looked, self.found.stays = looked, looked.still(base.stays)
        return looked.packages

    @cached_property
    def evaluator(self) -> DealEvaluator:
        """Plans of the package of the Nash point, else of the best plan, else of the deal as it stands."""
        nash, zone = self.found.fair.get("nash"), self.found.zone
        best = nash.outcome if nash is not None else None if zone is None else zone.outcome
        return self.packages.of({} if best is None else best.plan.terms)

    def _survey(self) -> DealEvaluator:
        self.telling.say("terms in proportion")
        return DealEvaluator(
            self.deal,
            options=self.options,
            on_progress=self.telling.work,
            should_stop=self.should_stop,
            prepared=Prepared(self.checkpoint),
            build=self.ground.build,
        )

    @cached_property
    def movable(self) -> list[Clause]:
        """Clauses that can be computed, each with where it can go."""
        found = []
        for clause in self.deal.clauses:
            if not is_computed(self.deal, clause):
                continue
            moves = [to for to, side in _POSITIONS if position(self.deal, clause, side=side) is not None]
            if clause.id in self.packages.loose:
                moves.append(DROPPED)
            if moves:
                found.append(Clause(clause.id, tuple(moves)))
        return found

    def _alternatives(self) -> None:
        """What each side has without the other, as plans, and beside it what the terms move."""

        def survey() -> None:
            # A stop is heard again, and told, once it is known what both sides have.
            with suppress(StoppedError):
                self._surveyed = self._survey()

        work: list[Callable[[], Alone | None]] = [partial(self._alternative, side) for side in SIDES]
        found = list(self.engine.map(_done, [*work, survey]))
        self._alone |= {side: each for side, each in zip(SIDES, found, strict=False) if each}

    def _alternative(self, side: Side) -> Alone:
        self.telling.say(f"the {side} without the deal")
        return self.ground.alternative(side)

    def _bargain(self) -> None:
        """Zone, frontier and fair points."""
        found, without = self.found, self.found.without
        inquiry = self._inquiry = self._asking(without)
        found.known = lambda: inquiry.known
        inquiry.know(self.packages.known)
        self.telling.say("zone")
        found.zone = inquiry.best(Question(lesser_gain(without)), step="zone")
        if found.zone.outcome is None or min(_gains(found.zone.outcome.utilities, without)) < 0:
            return
        if self.packages.has_several:
            self._open_positions()
            inquiry.know(found.opened[side] for side in SIDES if side in found.opened)
        lean = LEAN if self.packages.evaluators[0].is_large else None
        found.frontier = frontier(inquiry, points=self.choices.points, floors=without, lean=lean)
        known = [point.outcome for point in found.frontier.points]
        fair = fair_points(inquiry, without, known=known)
        found.fair = {} if fair is None else {point.name: point for point in fair}
        inside = [each for each in inquiry.known if min(_gains(each.utilities, without)) >= 0]
        found.frontier = with_known(found.frontier, inside, always=[*found.opened.values()])

    def _asking(self, without: Utilities) -> Inquiry:
        """Asks the evaluator, and remembers beyond the end of this run."""

        def tell(step: str, count: int) -> None:
            self.telling.asked(inquiry.known, without, step, count)

        inquiry = Inquiry(
            self.packages,
            engine=self.engine,
            memory=Memory(
                self.checkpoint.all_of(_ANSWER),
                on_new=lambda entry: self.checkpoint.keep(_ANSWER, _text(entry["question"]), entry),
                plans=PointData(self.packages.point),
            ),
            on_progress=tell,
            should_stop=self.should_stop,
        )
        return inquiry

    def _price(self) -> None:
        """What every clause is worth to each side, and the exchange that helps both most.

        Where the terms that clauses would be moved from allow no plan, there is nothing to compare with.
        """
        self.telling.expect(self.movable)
        trials = self._trials = self._valuing()
        if trials.each([NO_MOVES])[0] is None:
            return
        self.found.prices = clause_prices(trials, self.movable, pairs=self.choices.pairs)
        if self.found.prices:
            self.found.exchange = logrolling(trials, self.movable)

    def _valuing(self) -> Trials:
        """Values of term sheets that differ by moves from those of the Nash point, else from the deal."""
        nash = self.found.fair.get("nash")
        reference = dict(self.evaluator.as_it_is if nash is None else nash.outcome.plan.terms)
        floors = NO_FLOORS if nash is None else self.found.without
        self.evaluator.stand_at(reference, Question(weighted(1.0, 1.0), floors))

        def value(moves: Moves) -> Value:
            moved = {move.clause: self._moved(move.clause, move.to) for move in sorted(moves)}
            return self._joint(reference | moved, floors)

        return Trials(
            value,
            engine=self.engine,
            entries=self.checkpoint.all_of(_VALUE),
            on_new=lambda entry: self.checkpoint.keep(_VALUE, _text(entry["moves"]), entry),
            on_progress=self.telling.valued,
            should_stop=self.should_stop,
        )

    def _moved(self, clause: str, to: str) -> float:
        if to == DROPPED:
            return self.packages.loose[clause]
        value = position(self.deal, clause, side="buyer" if to == TO_BUYER else "seller")
        assert value is not None
        return value

    def _joint(self, terms: Mapping[str, float], floors: Utilities) -> Value:
        """What the joint plan under some terms is worth to each side; None: no plan keeps the floors."""
        return self._worth(terms, Question(weighted(1.0, 1.0), floors))

    def _worth(
        self, terms: Mapping[str, float], question: Question, *, closed: IntArray | None = None
    ) -> Value:
        found = self.evaluator.twin().moved(terms, question, closed=closed)
        return None if found is None else found.utilities

    def _asked(
        self,
        name: str,
        terms: Mapping[str, float],
        question: Question,
        /,
        *,
        closed: IntArray | None = None,
    ) -> Value:
        """What the best plan under some terms is worth to each side, remembered under a name."""
        self.telling.say(name)
        return self._remembered(name, partial(self._worth, terms, question, closed=closed))

    def _remembered(self, name: str, work: Callable[[], Value]) -> Value:
        """What was worked out under a name, in this run or in one that it takes up again."""
        self._stop_if_told()
        known = self.checkpoint.recall(_WORTH, name)
        if known is None:
            known = {"utilities": work()}
            self.checkpoint.keep(_WORTH, name, known)
        worth = known["utilities"]
        return None if worth is None else (worth[BUYER], worth[SELLER])

    def _stop_if_told(self) -> None:
        if self.should_stop():
            raise StoppedError("stopped on request")

    def _open_positions(self) -> None:
        """All clauses at the position of one side, and the joint plan that keeps both alternatives.

        Where there are packages that plan is one that both sides can open, and known to the frontier.
        """
        if self.found.openings:
            return
        joint = Question(weighted(1.0, 1.0), self.found.without)

        def opening(side: Side) -> tuple[dict[str, float], Value]:
            places = {clause.id: position(self.deal, clause.id, side=side) for clause in self.movable}
            terms = dict(self.packages.as_it_is) | {name: at for name, at in places.items() if at is not None}
            if not self.packages.has_several:
                return terms, self._asked(f"opening position of the {side}", terms, joint)
            outcome = self._settled(side, terms, joint)
            if outcome is not None:
                self.found.opened[side] = outcome
            return terms, None if outcome is None else outcome.utilities

        self.found.openings = dict(zip(SIDES, self.engine.map(opening, SIDES), strict=True))

    def _settled(self, side: Side, terms: Mapping[str, float], question: Question) -> Outcome | None:
        """The plan of an opening position, remembered with its columns."""
        self._stop_if_told()
        self.telling.say(f"opening position of the {side}")
        data, plans = self.checkpoint.recall(_OPENING, side), PointData(self.packages.point)
        if data is None:
            outcome = self.packages.settled(terms, question)
            data = None if outcome is None else plans.to_data(outcome.plan)
            worth = None if outcome is None else list(outcome.utilities)
            self.checkpoint.keep(_OPENING, side, {"utilities": worth, "plan": data})
            return outcome
        if data["utilities"] is None:
            return None
        buyer, seller = data["utilities"]
        plan = plans.from_data(data["plan"])
        return Outcome((buyer, seller), label(plan.terms), plan)

    def _look_at_zone(self) -> None:
        """Payments that both sides can accept, and what closes or opens the zone."""
        found, nash = self.found, self.found.fair.get("nash")
        if nash is None:
            self._look_for_zone()
            return
        point = nash.outcome.plan
        reference = Reference(point.terms, point.values, nash.utilities, found.without)
        found.systems = system_zones(self.deal, self.evaluator, reference, self._asked, engine=self.engine)
        found.changes = what_closes(
            self.deal, self.evaluator, reference, zones=found.systems, prices=found.prices, ask=self._asked
        )

    def _look_for_zone(self) -> None:
        """What would open a zone where there is none."""
        found, inquiry = self.found, self._inquiry
        if inquiry is None or found.zone is None:
            return
        best = found.zone.outcome
        richest = inquiry.best(Question(weighted(1.0, 1.0)), step="zone").outcome
        found.changes = what_opens(
            self.deal,
            self.evaluator,
            {} if best is None else best.plan.terms,
            found.without,
            richest=None if richest is None else richest.utilities,
            ask=self._asked,
        )

    def _open_plans(self) -> None:
        """Make and verify the plan of every point; a plan that is several points is made once."""
        found = self.found
        named = [(f"p{number:02d}", each.outcome) for number, each in enumerate(found.frontier.points, 1)]
        named += [(name, point.outcome) for name, point in found.fair.items()]
        named += [(f"opening_{side}", outcome) for side, outcome in found.opened.items()]
        first = {outcome: name for name, outcome in reversed(named) if isinstance(outcome.plan, Point)}
        for number, (outcome, name) in enumerate(reversed(first.items()), start=1):
            self._stop_if_told()
            self.telling.say(f"plan of {name}, {number} of {len(first)}")
            point = outcome.plan
            self.ground.open_plan(name, point, partial(self.packages.of(point.terms).columns_of, point))
            found.folders[outcome] = f"plans/{name}"

    def _move_inputs(self) -> None:
        """How far the main inputs may move before the recommended terms are no longer the best."""
        fair = self.found.fair
        if "nash" in fair and self.ground.moves_inputs:
            moving = Moving(self.deal, fair, self.found.frontier, self.options, self.choices.moves)
            self.found.margins = moved_inputs(
                moving,
                columns=self.packages.evaluators[0].open.n_columns,
                checkpoint=self.checkpoint,
                on_step=self.telling.say,
                should_stop=self.should_stop,
            )

    def _keep_what_follows(self) -> None:
        """After a stop: all that follows from what is known, and nothing new."""
        found = self.found
        if self._inquiry is not None and not found.frontier.points:
            found.frontier = frontier_so_far(self._inquiry, found.without)
        if self._inquiry is not None and not found.fair:
            found.fair = fair_points_so_far(self._inquiry, found.without)
        if self._trials is not None and not found.prices:
            found.prices, found.exchange = prices_so_far(self._trials, self.movable, pairs=self.choices.pairs)


def _done(work: Callable[[], Alone | None]) -> Alone | None:
    return work()


def _gains(utilities: Utilities, without: Utilities) -> Utilities:
    return utilities[BUYER] - without[BUYER], utilities[SELLER] - without[SELLER]


def _text(data: object) -> str:
    return json.dumps(data, sort_keys=True)
