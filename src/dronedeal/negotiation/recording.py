"""From what bargaining found to what the record keeps of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

from dronedeal.negotiation.clauses import ClausePrice
from dronedeal.negotiation.evaluator import BUYER, SELLER, Outcome
from dronedeal.negotiation.fair_point import FairPoint, plan_gap
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.record_parts import (
    ClauseInteraction,
    ClauseMove,
    ClauseRecord,
    ExchangeRecord,
    FairPlan,
    FrontierPlan,
    Limits,
    MoveTo,
    Sides,
    Terms,
    proven,
)
from dronedeal.negotiation.trials import Value

# A step lies this share of a number behind where the limit has surely dropped.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Reading:
    """How the caller reads an outcome.

    Parameters
    ----------
    terms : values of the clauses of an outcome
    folder : where its plan was written, relative to `negotiation.json`; None: nowhere
    """

    terms: Callable[[Outcome], Terms]
    folder: Callable[[Outcome], str | None] = lambda _: None


def frontier_plans(frontier: Frontier, reading: Reading) -> tuple[FrontierPlan, ...]:
    """The points of a frontier, named p01, p02 and so on by rising utility of the buyer."""
    digits = max(2, len(str(len(frontier.points))))
    return tuple(
        FrontierPlan(
            id=f"p{place:0{digits}d}",
            utilities=Sides.of(point.utilities),
            terms=dict(reading.terms(point.outcome)),
            gap=proven(point.gap),
            bound=Limits.of(
                (
                    frontier.limit(BUYER, point.utilities[SELLER]),
                    frontier.limit(SELLER, point.utilities[BUYER]),
                )
            ),
            is_supported=point.is_supported,
            plan=reading.folder(point.outcome),
        )
        for place, point in enumerate(frontier.points, start=1)
    )


def jump_ids(frontier: Frontier, plans: tuple[FrontierPlan, ...]) -> tuple[str, ...]:
    """Ids of the points behind which it is proven that nothing efficient lies until the next."""
    return tuple(plans[place].id for place in frontier.jumps)


def bound_curve(frontier: Frontier) -> tuple[Sides, ...]:
    """Corners of a falling staircase beyond which it is proven that no outcome lies.

    Held from each step to the next, since what no outcome exceeds while the buyer has at least `x` is not
    exceeded while it has more. It runs from the least to the greatest utility of the buyer on the frontier.

    Examples
    --------
    >>> from dronedeal.negotiation.frontier_points import Certificate, FrontierPoint
    >>> points = tuple(FrontierPoint(Outcome(pair), 0.0, True) for pair in [(0.0, 9.0), (4.0, 5.0)])
    >>> most = Certificate((0.0, 1.0), (-math.inf, -math.inf), 9.0)
    >>> less = Certificate((0.0, 1.0), (2.0, 0.0), 5.5)
    >>> [(round(s.buyer, 6), s.seller) for s in bound_curve(Frontier(points, (), (most, less)))]
    [(0.0, 9.0), (2.0, 9.0), (2.0, 5.5), (4.0, 5.5)]
    """
    if not frontier.points:
        return ()
    first, last = frontier.points[0].utilities[BUYER], frontier.points[-1].utilities[BUYER]
    steps = [first, *sorted(step for step in set(_steps(frontier)) if first < step < last)]
    corners: list[Sides] = []
    for step, end in zip(steps, [*steps[1:], last], strict=True):
        limit = frontier.limit(SELLER, step)
        if math.isfinite(limit):
            corners += [Sides(step, limit), Sides(end, limit)]
    return tuple(_without_straight(corners))


def _steps(frontier: Frontier) -> Iterator[float]:
    """Utilities of the buyer from which on the limit of the seller is lower."""
    for certificate in frontier.certificates:
        yield certificate.floors[BUYER]
        weight, floor = certificate.weights[BUYER], certificate.floors[SELLER]
        if weight > 0.0 and math.isfinite(floor) and math.isfinite(certificate.bound):
            step = (certificate.bound - certificate.weights[SELLER] * floor) / weight
            yield step + _ROUNDING * max(1.0, abs(step))


def _without_straight(corners: list[Sides]) -> Iterator[Sides]:
    """The corners at which a staircase turns, and both its ends."""
    for place, corner in enumerate(corners):
        before, after = corners[max(place - 1, 0)], corners[min(place + 1, len(corners) - 1)]
        if not 0 < place < len(corners) - 1 or not before.seller == corner.seller == after.seller:
            yield corner


def fair_plan(
    point: FairPoint | None, reading: Reading, *, together: FairPoint | None = None
) -> FairPlan | None:
    """One fair point; None where there is none.

    Parameters
    ----------
    together : the point of greatest welfare, whose gap is that of a plan alone; None: it is not known
    """
    if point is None:
        return None
    bound = proven(point.bound)
    return FairPlan(
        utilities=Sides.of(point.utilities),
        gains=Sides.of(point.gains),
        terms=dict(reading.terms(point.outcome)),
        value=point.value,
        bound=bound,
        gap=None if bound is None else proven(point.gap),
        method_gap=None if bound is None else proven(point.method_gap),
        plan_gap=None if bound is None or together is None else proven(plan_gap(point, together)),
        reason=point.reason,
        plan=reading.folder(point.outcome),
    )


def priced(clause: ClauseRecord, price: ClausePrice) -> ClauseRecord:
    """The clause with what moving it is worth."""
    found = price.interaction
    interaction = None
    if found is not None:
        interaction = ClauseInteraction(
            move=_to(found.move.to),
            other=found.other.clause,
            other_move=_to(found.other.to),
            together=_sides(found.together),
            more=Sides.of(found.more),
        )
    is_known = any((price.at_buyer, price.at_seller, price.dropped))
    return replace(
        clause,
        at_buyer=_sides(price.at_buyer),
        at_seller=_sides(price.at_seller),
        dropped=_sides(price.dropped),
        between=_sides(price.between),
        tension=price.tension if is_known else None,
        interaction=interaction,
    )


def exchange_record(exchange: Exchange | None) -> ExchangeRecord | None:
    """The exchange that helps both most; None where none was found."""
    if exchange is None:
        return None
    moves = zip(exchange.moves, exchange.alone, strict=True)
    return ExchangeRecord(
        moves=tuple(
            ClauseMove(clause=move.clause, to=_to(move.to), alone=_sides(alone)) for move, alone in moves
        ),
        change=Sides.of(exchange.change),
        expected=Sides.of(exchange.expected),
    )


def _sides(value: Value) -> Sides | None:
    return None if value is None else Sides.of(value)


def _to(word: str) -> MoveTo:
    """The word of a move, which is checked where moves are made."""
    return cast(MoveTo, word)
