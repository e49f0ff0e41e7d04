"""How far the main inputs may move before the recommended terms are no longer the ones to recommend.

Under each move both alternatives are planned again, and the recommended terms with them. The recommendation
falls where no plan under these terms leaves both sides better off than they would then be without one, or
where the terms of another fair point, or of a neighbour on the frontier, bring a greater product of gains.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.assessment.alike import is_matched_alike
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.errors import StoppedError
from dronedeal.negotiation.analysis_record import InputMargin
from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Answer,
    Outcome,
    Question,
    Utilities,
    lesser_gain,
    weighted,
)
from dronedeal.negotiation.fair_point import FairPoint
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.margins import Asked, Margin, Verdict, margins
from dronedeal.negotiation.record import FAIR_POINTS
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.model import Model
from dronedeal.solving import ObjectiveKind, SolveOptions
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.inputs import MainInput, main_inputs
from dronedeal.workflow.negotiation.scaling import scaled

MARGIN = "margin"
"""Kind of the entries of a checkpoint."""

# Moves that are judged where nobody says how many: none in large problems, in which each takes minutes.
_USUAL, _LARGE = 24, 4000
# Who gains less than this share of what the lesser gain is now gains nothing.
_NOTHING = 1e-3
# Another point is better where its product of gains is greater by more than this share.
_BETTER = 0.01
_UP, _DOWN = "up", "down"


@dataclass(frozen=True)
class Moving:
    """What is asked of the moves.

    Parameters
    ----------
    deal : as it stands
    fair, frontier : the fair points by name, of which the Nash point is recommended, and the frontier
    most : moves that are judged; None: as many as are usual for a problem of that size
    """

    deal: Deal
    fair: Mapping[str, FairPoint]
    frontier: Frontier
    options: SolveOptions
    most: int | None = None

    @property
    def terms(self) -> Mapping[str, float]:
        """The recommended terms."""
        return _terms(self.fair["nash"].outcome.plan)

    @property
    def rivals(self) -> Mapping[str, Mapping[str, float]]:
        """Terms of the other fair points and of the neighbours on the frontier, where they are others."""
        others = {
            _spoken(name): _terms(point.outcome.plan) for name, point in self.fair.items() if name != "nash"
        }
        found: dict[str, Mapping[str, float]] = {}
        for name, terms in (_neighbours(self.frontier, self.fair["nash"]) | others).items():
            if terms and terms != self.terms and terms not in found.values():
                found[name] = terms
        return found

    def moves(self, columns: int) -> int:
        """How many moves are judged of a problem with so many columns."""
        if self.most is not None:
            return self.most
        return _USUAL if columns < _LARGE else 0


def moved_inputs(
    moving: Moving,
    *,
    columns: int,
    checkpoint: Checkpoint,
    on_step: Callable[[str], None],
    should_stop: Callable[[], bool],
) -> tuple[InputMargin, ...]:
    """How far each main input may move, down and up.

    Parameters
    ----------
    columns : of the problem
    checkpoint : where each judgement is kept, and from where it comes in a run that is taken up again

    Raises
    ------
    StoppedError : where a stop was asked for
    """
    most = moving.moves(columns)
    if most == 0:
        return ()
    judge = _Judge(moving, should_stop)
    inputs = {f"{each.name} {way}": (each, way) for each in main_inputs(moving.deal) for way in (_DOWN, _UP)}
    asked = [Asked(key, _furthest(moving.deal, *inputs[key]), inputs[key][0].finest) for key in inputs]
    asked = [each for each in asked if each.furthest > 0]
    count = 0

    def verdict(each: Asked, move: float) -> Verdict:
        nonlocal count
        count += 1
        figures, way = inputs[each.key]
        on_step(f"sensitivity, {figures.words} {way}, {count} of at most {most} moves judged")
        key = f"{each.key} {move!r}"
        known = checkpoint.recall(MARGIN, key)
        if known is None:
            found = judge.under(figures, move if way == _UP else -move)
            known = {"holds": found.holds, "words": found.words, "is_proven": found.is_proven}
            checkpoint.keep(MARGIN, key, known)
        return Verdict(**known)

    found = margins(asked, verdict, most=most)
    return tuple(_recorded(margin, *inputs[margin.asked.key]) for margin in found)


def _furthest(deal: Deal, figures: MainInput, way: str) -> float:
    """The largest move; a rate is not moved below nothing."""
    if figures.unit == "share" or way == _UP:
        return figures.furthest
    party = deal.settings.buyer if figures.name.endswith("buyer") else deal.settings.seller
    return min(figures.furthest, party.discount_rate)


class _Judge:
    """Plans again under moves."""

    def __init__(self, moving: Moving, should_stop: Callable[[], bool]) -> None:
        self._moving, self._should_stop = moving, should_stop
        self._terms, self._rivals = moving.terms, moving.rivals
        self._least = _NOTHING * max(0.0, min(moving.fair["nash"].gains))
        self._handicap: dict[str, float] | None = None

    def under(self, figures: MainInput, move: float) -> Verdict:
        """What becomes of the recommended terms under a move."""
        without, most_without = self._alternatives(figures, move)
        zone = self._ask(figures, move, self._terms, Question(lesser_gain(without)))
        least = -math.inf if zone.outcome is None else min(_gains(zone.outcome.utilities, without))
        if least < self._least:
            is_proven = zone.bound < self._least
            seen = "no plan" if is_proven else "no plan that was found"
            words = f"{seen} under these terms leaves both sides better off than no agreement"
            return Verdict(False, words, is_proven)
        better = self._better(figures, move, without, zone)
        if better is not None:
            return Verdict(False, f"the terms of {better}, as far as plans were found")
        assert zone.outcome is not None
        return Verdict(True, is_proven=min(_gains(zone.outcome.utilities, most_without)) > 0.0)

    def _better(self, figures: MainInput, move: float, without: Utilities, zone: Answer) -> str | None:
        """Whose terms bring a greater product of gains than the recommended ones, and by how much."""
        handicap = self._handicaps()
        own = self._own(figures, move, without, zone)
        for name, terms in self._rivals.items():
            rival = self._product(figures, move, terms, without)
            expected = own * handicap[name]
            if rival > expected * (1.0 + _BETTER):
                more = f"{100 * (rival / expected - 1):.2g} % " if expected > 0 else ""
                return f"{name} bring a {more}greater product of gains"
        return None

    def _handicaps(self) -> Mapping[str, float]:
        """By how much a neighbour seems better with nothing moved, which then says nothing of the move.

        The recommended plan has the greatest product of all; measured by joint plans, a neighbour may seem to
        have a greater one.
        """
        if self._handicap is None:
            still = MainInput("nothing", "nothing", "", "share", lambda deal, _: deal)
            without, _ = self._alternatives(still, 0.0)
            zone = self._ask(still, 0.0, self._terms, Question(lesser_gain(without)))
            own = self._own(still, 0.0, without, zone)
            rivals = {name: self._product(still, 0.0, terms, without) for name, terms in self._rivals.items()}
            self._handicap = {
                name: max(1.0, rival / own if own > 0 else math.inf) for name, rival in rivals.items()
            }
        return self._handicap

    def _own(self, figures: MainInput, move: float, without: Utilities, zone: Answer) -> float:
        """Product of the gains under the recommended terms, the greater of two plans of them."""
        even = 0.0 if zone.outcome is None else _times(_gains(zone.outcome.utilities, without))
        return max(even, self._product(figures, move, self._terms, without))

    def _product(
        self, figures: MainInput, move: float, terms: Mapping[str, float], without: Utilities
    ) -> float:
        """Product of the gains at the joint plan under terms; 0 where no plan keeps both alternatives."""
        found = self._ask(figures, move, terms, Question(weighted(1.0, 1.0), floors=without)).outcome
        if found is None:
            return 0.0
        return _times(_gains(found.utilities, without))

    def _alternatives(self, figures: MainInput, move: float) -> tuple[Utilities, Utilities]:
        """What both sides have without an agreement under a move: found, and at most."""
        model = self._model(figures.deal(self._moving.deal, move), figures, move)
        found = [self._alone(model, side) for side in ("buyer", "seller")]
        return (found[0][0], found[1][0]), (found[0][1], found[1][1])

    def _alone(self, model: Model, side: ObjectiveKind) -> tuple[float, float]:
        outcome = solving.best_alone(
            model.problem,
            HighsSolver(),
            side=side,
            no_deal=planning.no_deal_columns(model),
            options=self._moving.options,
            should_stop=self._should_stop,
        )
        return outcome.solution.objective * MONEY_UNIT, outcome.solution.bound * MONEY_UNIT

    def _ask(self, figures: MainInput, move: float, terms: Mapping[str, float], question: Question) -> Answer:
        """The best plan under terms and a move."""
        if self._should_stop():
            raise StoppedError("stopped on request")
        problem = self._model(figures.deal(deal_at(self._moving.deal, terms), move), figures, move).problem
        asked = scaled(question)
        found = Bargain(
            problem,
            HighsSolver(),
            np.where(problem.is_violation, 0.0, problem.upper),
            is_whole=True,
            options=self._moving.options,
            on_progress=solving.no_progress,
            should_stop=self._should_stop,
        ).ask(asked.aim, step="moved inputs")
        utilities = found.utilities * MONEY_UNIT
        pair = float(utilities[BUYER]), float(utilities[SELLER])
        outcome = None if found.values is None else Outcome(pair)
        return Answer(outcome, asked.bound(found.bound))

    def _model(self, deal: Deal, figures: MainInput, move: float) -> Model:
        stated = self._moving.deal
        alike = is_matched_alike(stated, deal)
        matching = assessing.assess(stated) if alike else assessing.assess(deal)
        return planning.build(deal, figures.matching(matching, deal, move))


def _neighbours(frontier: Frontier, nash: FairPoint) -> dict[str, Mapping[str, float]]:
    """Terms of the nearest points of the frontier on either side that have other terms, by name."""
    own = _terms(nash.outcome.plan)
    below: dict[str, Mapping[str, float]] = {}
    above: dict[str, Mapping[str, float]] = {}
    digits = max(2, len(str(len(frontier.points))))
    for place, point in enumerate(frontier.points, start=1):
        terms = _terms(point.outcome.plan)
        if not terms or terms == own:
            continue
        name = f"point p{place:0{digits}d} of the frontier"
        if point.utilities[BUYER] < nash.utilities[BUYER]:
            below = {name: terms}
        elif not above:
            above = {name: terms}
    return below | above


def _terms(plan: object) -> Mapping[str, float]:
    return dict(plan.terms) if isinstance(plan, Point) else {}


def _spoken(name: str) -> str:
    """How a fair point is called inside a sentence.

    >>> _spoken("kalai_smorodinsky"), _spoken("welfare")
    ('the Kalai–Smorodinsky point', 'the plan of greatest welfare')
    """
    words = FAIR_POINTS[name]
    if name == "welfare":
        return f"the plan of {words.lower()}"
    return f"the {words.lower() if name == 'egalitarian' else words} point"


def _gains(utilities: Utilities, without: Utilities) -> Utilities:
    return utilities[BUYER] - without[BUYER], utilities[SELLER] - without[SELLER]


def _times(gains: Utilities) -> float:
    return max(0.0, gains[BUYER]) * max(0.0, gains[SELLER])


def _recorded(margin: Margin, figures: MainInput, way: str) -> InputMargin:
    verdict = margin.verdict
    return InputMargin(
        input=figures.words,
        address=figures.address,
        way="up" if way == _UP else "down",
        unit=figures.unit,
        holds_to=margin.holds_to,
        fails_at=margin.fails_at,
        is_proven=verdict is not None and verdict.is_proven,
        words=_words(margin, figures, way),
    )


def _words(margin: Margin, figures: MainInput, way: str) -> str:
    def moved(size: float) -> str:
        sign = "+" if way == _UP else "−"
        return f"{sign}{100 * size:.3g} {'%' if figures.unit == 'share' else 'points'}"

    verdict = margin.verdict
    if verdict is None:
        return "Not tried within the limit of work."
    if margin.fails_at is None:
        proof = "plans prove that" if verdict.is_proven else "plans were found by which"
        return (
            f"The recommendation stands at {moved(margin.holds_to)}, the furthest move tried; {proof} both "
            "sides gain under its terms, and no other terms were found that serve them better."
        )
    what = f"{verdict.words}{', which is proven' if verdict.is_proven else ''}."
    if margin.holds_to == 0 and margin.fails_at >= margin.asked.furthest:
        return f"At {moved(margin.fails_at)}, the only move tried, {what} Smaller moves were not tried."
    if margin.holds_to == 0:
        return f"At {moved(margin.fails_at)}, the smallest move tried, {what}"
    return f"At least {moved(margin.holds_to)} before it changes; at {moved(margin.fails_at)} {what}"
