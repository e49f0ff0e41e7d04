"""What a negotiation that was stopped has found: all that follows from what is known, and nothing asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress

from dronedeal.errors import StoppedError
from dronedeal.negotiation.clauses import ClausePrice, clause_prices
from dronedeal.negotiation.evaluator import Utilities
from dronedeal.negotiation.fair_point import FairPoint, gains_over
from dronedeal.negotiation.frontier_points import Frontier, FrontierPoint, supported, undominated
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.logrolling import Exchange, logrolling
from dronedeal.negotiation.nash import nash
from dronedeal.negotiation.points import egalitarian, ideal_point, kalai_smorodinsky, welfare
from dronedeal.negotiation.trials import NO_MOVES, Clause, Move, Trials


def frontier_so_far(inquiry: Inquiry, without: Utilities) -> Frontier:
    """Of all that was found, what nobody can leave for a better one; nothing is proven of it."""
    inside = [each for each in inquiry.known if min(gains_over(without, each.utilities)) >= 0.0]
    kept = undominated(inside)
    points = [FrontierPoint(each, math.inf, way) for each, way in zip(kept, supported(kept), strict=True)]
    return Frontier(tuple(points), is_whole=False, was_stopped=True)


def fair_points_so_far(inquiry: Inquiry, without: Utilities) -> dict[str, FairPoint]:
    """The fair points whose questions are all answered, by name."""
    known = Inquiry(inquiry.evaluator, memory=inquiry.memory, should_stop=lambda: True)
    known.know(inquiry.known)
    found: dict[str, FairPoint] = {}
    with suppress(StoppedError):
        ideal = ideal_point(known, without)
        makers: tuple[Callable[[], FairPoint | None], ...] = (
            lambda: nash(known, without, ideal=ideal, known=known.known),
            lambda: kalai_smorodinsky(known, without, ideal=ideal),
            lambda: egalitarian(known, without),
            lambda: welfare(known, without),
        )
        for make in makers:
            with suppress(StoppedError):
                point = make()
                found |= {} if point is None else {point.name: point}
    return found


def prices_so_far(
    trials: Trials, clauses: Sequence[Clause], *, pairs: int | None
) -> tuple[tuple[ClausePrice, ...], Exchange | None]:
    """The prices of the moves that are valued, and the best exchange among them."""
    valued = trials.valued
    if valued.get(NO_MOVES) is None:
        return (), None
    moved = [
        (clause.id, tuple(to for to in clause.moves if frozenset({Move(clause.id, to)}) in valued))
        for clause in clauses
    ]
    known = [Clause(name, moves) for name, moves in moved if moves]
    # What was not valued counts as no agreement, which puts it into no pair and no exchange.
    frozen = Trials(valued.get)
    return clause_prices(frozen, known, pairs=pairs), logrolling(frozen, known) if known else None
