"""The search for the smallest change of an offer that helps both sides."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from dronedeal.deal.term_sheet import position
from dronedeal.negotiation.evaluator import Outcome, Question, lesser_gain
from dronedeal.negotiation.improvement import smallest_change
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.trials import (
    TO_BUYER,
    TO_NOW,
    TO_PROPOSED,
    TO_SELLER,
    Clause,
    Move,
    Moves,
    Trials,
    Value,
)
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.offer_findings import RISE, OfferFindings
from dronedeal.workflow.negotiation.valuing import SheetValues


class ImprovementSearch:
    """The smallest change that helps both, and how much any change of terms could bring.

    Parameters
    ----------
    found : the offer and its plan
    values : of term sheets beside it
    base : the offer as all other sheets are compared with it
    question : which plan under a sheet counts; None: its joint plan
    on_progress : told what is done
    """

    def __init__(
        self,
        found: OfferFindings,
        values: SheetValues,
        base: Outcome,
        question: Question | None,
        *,
        on_progress: Callable[[str], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self.found, self.values, self.base, self.question = found, values, base, question
        self._say, self._should_stop = on_progress, should_stop
        self.places: dict[str, dict[str, float]] = {}

    def run(self) -> tuple[Exchange | None, Mapping[str, float]]:
        """The change, and the new values of its clauses; what it proves is kept with what was found."""
        self.places = self._places(self._proposal())
        proposal: Moves = frozenset(
            Move(name, TO_PROPOSED) for name, to in self.places.items() if TO_PROPOSED in to
        )
        trials = Trials(
            self._value,
            on_progress=lambda step, count: self._say(f"{step}, {count} term sheets valued"),
            should_stop=self._should_stop,
        )
        clauses = [Clause(name, tuple(to)) for name, to in self.places.items() if to]
        exchange = smallest_change(trials, clauses, proposal=proposal) if clauses else None
        if exchange is None:
            return None, {}
        return exchange, {move.clause: self.places[move.clause][move.to] for move in exchange.moves}

    def _proposal(self) -> Mapping[str, float]:
        """Terms under which the side that gains less gains most over the offer, and what none exceeds."""
        if self.values.evaluator is None:
            return {}
        self._say("terms that help both most")
        have = self.base.utilities
        answer = self.values.evaluator.best(Question(lesser_gain(have), floors=have, near=self.base))
        if math.isfinite(answer.bound):
            self.found.improvement_bound = max(0.0, answer.bound)
        point = None if answer.outcome is None else answer.outcome.plan
        return point.terms if isinstance(point, Point) else {}

    def _places(self, proposed: Mapping[str, float]) -> dict[str, dict[str, float]]:
        """Where each clause can go, by word; nowhere twice, and not where it is."""
        found: dict[str, dict[str, float]] = {}
        for name, value_now in self.values.at_present.items():
            if name in self.found.sheet.frozen:
                continue
            known = [
                (TO_BUYER, position(self.found.deal, name, side="buyer")),
                (TO_SELLER, position(self.found.deal, name, side="seller")),
                (TO_NOW, value_now),
                (TO_PROPOSED, proposed.get(name)),
            ]
            taken = [self.values.at_offer[name]]
            places = found.setdefault(name, {})
            for word, value in known:
                if value is not None and not any(_is_same(value, other) for other in taken):
                    places[word] = value
                    taken.append(value)
        return found

    def _value(self, moves: Moves) -> Value:
        terms = dict(self.found.named) | {move.clause: self.places[move.clause][move.to] for move in moves}
        worth = self.base.utilities if not moves else self.values.worth(terms, self.question)
        if worth is None:
            return None
        # What changes within rounding does not change.
        buyer, seller = (
            old if abs(new - old) <= RISE * max(1.0, abs(old)) else new
            for new, old in zip(worth, self.base.utilities, strict=True)
        )
        return buyer, seller


def _is_same(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
