"""What the Nash point gives away of each side and how it moves with their alternatives, for the record.

Everything is worked out on the frontier as it is known; no plan is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from dronedeal.negotiation.disclosure import misstatement, revealed_alternative
from dronedeal.negotiation.evaluator import BUYER, SELLER, FloatArray, Question, Utilities, weighted
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.known_front import KnownFront
from dronedeal.negotiation.nash import nash
from dronedeal.negotiation.record_parts import Disclosure, Revealed, Sensitivity, Sides

_NAMES = ("buyer", "seller")
# Alternatives that a side might state instead of its own, as shares of the way to the most that it can get.
_STATED = tuple(0.1 * step for step in range(1, 10))
# Alternatives are moved by this share of what the side gains.
_MOVED = 0.25
_EQUAL = (1.0, 1.0)
# Points that differ by less than this share of both ranges are one.
_SAME = 1e-3


def given_away(
    frontier: Frontier, without: Utilities, *, currency: str, power: Utilities = _EQUAL
) -> Disclosure | None:
    """What a published Nash point says about each side, and what each could gain by misstating itself.

    Parameters
    ----------
    frontier : as it is known
    without : what (buyer, seller) have without an agreement
    currency : of the amounts in words
    power : bargaining power of (buyer, seller)

    Returns
    -------
    None where there is no Nash point on the frontier

    Examples
    --------
    >>> from dronedeal.negotiation.frontier_points import FrontierPoint
    >>> from dronedeal.negotiation.evaluator import Outcome
    >>> pairs = [(0.0, 10.0), (4.0, 6.0), (10.0, 0.0)]
    >>> line = Frontier(tuple(FrontierPoint(Outcome(pair), 0.0, True) for pair in pairs))
    >>> found = given_away(line, (2.0, 0.0), currency="EUR")
    >>> round(found.buyer.gain_by_misstating, 6), found.buyer.misstatement
    (3.6, 'stating EUR 9 as what it has without an agreement, instead of EUR 2')
    """
    front = KnownFront.of(frontier)
    settle = _settle(front, power)
    published = settle(without)
    if published is None:
        return None
    sides = [
        _revealed(front, settle, without, published, side, currency=currency, power=power)
        for side in (BUYER, SELLER)
    ]
    return Disclosure(sides[BUYER], sides[SELLER])


def _settle(front: KnownFront, power: Utilities) -> Callable[[Utilities], Utilities | None]:
    def settle(without: Utilities) -> Utilities | None:
        point = nash(front, without, power=power)
        return None if point is None else point.utilities

    return settle


def _revealed(
    front: KnownFront,
    settle: Callable[[Utilities], Utilities | None],
    without: Utilities,
    published: Utilities,
    side: int,
    *,
    currency: str,
    power: Utilities,
) -> Revealed:
    other = _NAMES[1 - side]
    others, there = _apart(front.points, published)
    interval = revealed_alternative(others, there, side, own=without[1 - side], power=power)
    most = _most(front, without, side)
    stated = [without[side] + share * (most - without[side]) for share in _STATED]
    found = misstatement(settle, without, side, stated=stated)
    words = (
        f"Whoever knows the frontier and what the {other} has without an agreement can tell it from the Nash "
        "point, within these limits."
        if interval is not None
        else "The frontier is known too coarsely to tell anything from the Nash point."
    )
    return Revealed(
        lowest=None if interval is None or not np.isfinite(interval[0]) else interval[0],
        highest=None if interval is None else interval[1],
        words=words,
        gain_by_misstating=found.gain,
        misstatement=_misstatement(found.stated, without[side], currency) if found.gain > 0.0 else "",
    )


def _apart(points: FloatArray, published: Utilities) -> tuple[FloatArray, Utilities]:
    """Points that differ from a published one, and that one itself without what its search left to chance."""
    ranges = np.maximum(np.ptp(points, axis=0), 1e-300)
    distances = np.abs((points - np.array(published)) / ranges).max(axis=1)
    if distances.min() < _SAME:
        buyer, seller = points[int(np.argmin(distances))].tolist()
        published = (buyer, seller)
    return points[distances >= _SAME], published


def _most(front: KnownFront, without: Utilities, side: int) -> float:
    """The most that a side can have while the other has what it has without an agreement."""
    goal = weighted(1.0, 0.0) if side == BUYER else weighted(0.0, 1.0)
    found = front.best(Question(goal, without)).outcome
    return without[side] if found is None else found.utilities[side]


def _misstatement(stated: float, truth: float, currency: str) -> str:
    return (
        f"stating {_money(stated, currency)} as what it has without an agreement, instead of "
        f"{_money(truth, currency)}"
    )


def _money(amount: float, currency: str) -> str:
    return f"{currency} {amount:,.0f}"


def moved_alternatives(
    frontier: Frontier,
    without: Utilities,
    *,
    ids: Sequence[str],
    currency: str,
    power: Utilities = _EQUAL,
) -> tuple[Sensitivity, ...]:
    """What becomes of the Nash point where one side has more or less without an agreement.

    Its alternative is moved by a quarter of what it gains, up and down.

    Parameters
    ----------
    frontier, without, currency, power : as `given_away`
    ids : (n_points,) names of the points of the frontier, by which the nearest one is told

    Returns
    -------
    two for each side; none where there is no Nash point
    """
    settle = _settle(KnownFront.of(frontier), power)
    here = settle(without)
    if here is None:
        return ()
    return tuple(_each_move(settle, frontier, without, here, ids, currency))


def _each_move(
    settle: Callable[[Utilities], Utilities | None],
    frontier: Frontier,
    without: Utilities,
    here: Utilities,
    ids: Sequence[str],
    currency: str,
) -> Iterator[Sensitivity]:
    nearest = _nearest(frontier, here, ids)
    for side in (BUYER, SELLER):
        for way in (1.0, -1.0):
            moved = list(without)
            moved[side] += way * _MOVED * (here[side] - without[side])
            there = settle((moved[BUYER], moved[SELLER]))
            change = (
                None if there is None else Sides(there[BUYER] - here[BUYER], there[SELLER] - here[SELLER])
            )
            then = None if there is None else _nearest(frontier, there, ids)
            yield Sensitivity(
                input=f"what the {_NAMES[side]} has without an agreement",
                moved=f"{_money(without[side], currency)} to {_money(moved[side], currency)}",
                change=change,
                is_changed=then != nearest,
                words=_words(nearest, then),
            )


def _nearest(frontier: Frontier, place: Utilities, ids: Sequence[str]) -> str:
    """Name of the point of the frontier that is nearest, both ranges counted alike."""
    points = frontier.utilities
    ranges = np.maximum(np.ptp(points, axis=0), 1e-300)
    distances = np.abs((points - np.array(place)) / ranges).sum(axis=1)
    return ids[int(np.argmin(distances))]


def _words(nearest: str, then: str | None) -> str:
    if then is None:
        return "There is then no agreement on the frontier as it is known."
    if then == nearest:
        return f"The Nash point stays nearest to {nearest}."
    return f"The Nash point moves from near {nearest} to near {then}."
