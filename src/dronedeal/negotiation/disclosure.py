"""What a point rests on and what it gives away: sensitivity, misstatement, what a published point reveals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import BUYER, SELLER, FloatArray, Utilities

# From what is stated as both alternatives to the utilities that are agreed on; None: no agreement.
Settle = Callable[[Utilities], Utilities | None]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How a point moves with the alternatives that it rests on.

    Parameters
    ----------
    buyer_alternative, seller_alternative : change of (buyer's, seller's) utility at the point for one more
    unit of
        that alternative; None: a step either way leaves no agreement
    """

    buyer_alternative: Utilities | None
    seller_alternative: Utilities | None


def sensitivity(settle: Settle, disagreement: Utilities, *, steps: Utilities) -> Sensitivity:
    """How much both sides' utilities at a point change with each alternative, by central differences.

    Parameters
    ----------
    settle : the point that a rule picks for given alternatives, as `lambda d: nash(front, d).utilities`,
    best over
        a `KnownFront`, which makes no plan again
    steps : how far (buyer's, seller's) alternative is moved either way, above 0; where one way there is no
        agreement, the other way counts

    Examples
    --------
    On a line `u_b + u_s = 10` an alternative that is better by one brings its owner a half, at the other's
    cost.

    >>> def half_each(d):
    ...     left = (10.0 - d[0] - d[1]) / 2
    ...     return d[0] + left, d[1] + left
    >>> sensitivity(half_each, (2.0, 0.0), steps=(1.0, 1.0))
    Sensitivity(buyer_alternative=(0.5, -0.5), seller_alternative=(-0.5, 0.5))
    """
    if min(steps) <= 0.0:
        raise InputError(f"steps of alternatives are {steps}; allowed: two numbers above 0")
    here = settle(disagreement)
    slopes = [_slope(settle, disagreement, here, side=side, step=steps[side]) for side in (BUYER, SELLER)]
    return Sensitivity(slopes[BUYER], slopes[SELLER])


def _slope(
    settle: Settle, disagreement: Utilities, here: Utilities | None, *, side: int, step: float
) -> Utilities | None:
    up, down = (settle(_stating(disagreement, side, disagreement[side] + way)) for way in (step, -step))
    width = 2.0 * step if up is not None and down is not None else step
    high, low = (up if up is not None else here), (down if down is not None else here)
    if high is None or low is None or (up is None and down is None):
        return None
    return (high[BUYER] - low[BUYER]) / width, (high[SELLER] - low[SELLER]) / width


def _stating(disagreement: Utilities, side: int, stated: float) -> Utilities:
    return (stated, disagreement[SELLER]) if side == BUYER else (disagreement[BUYER], stated)


@dataclass(frozen=True, slots=True)
class Misstatement:
    """What one side could gain by stating an alternative that it does not have, the other being truthful.

    Parameters
    ----------
    side : 0 for the buyer, 1 for the seller
    truth : its true alternative
    stated : the one that would bring it most; the truth where nothing brings more
    gain : its utility with `stated` less that with the truth; never below 0
    breaks_at : the least overstatement tried at which there is no agreement any more; None: there always
    was one
    """

    side: int
    truth: float
    stated: float
    gain: float
    breaks_at: float | None


def misstatement(
    settle: Settle, disagreement: Utilities, side: int, *, stated: Sequence[float]
) -> Misstatement:
    """How much a side could gain at most by stating one of several alternatives instead of its own.

    Parameters
    ----------
    settle : the utilities that a rule leads to for stated alternatives; without an agreement each side has
    its
        true alternative
    disagreement : true alternatives of (buyer, seller)
    side : 0 for the buyer, 1 for the seller
    stated : alternatives to try

    Examples
    --------
    >>> def half_each(d):
    ...     left = (10.0 - d[0] - d[1]) / 2
    ...     return (d[0] + left, d[1] + left) if left >= 0 else None
    >>> misstatement(half_each, (2.0, 0.0), 0, stated=[4.0, 8.0, 12.0])
    Misstatement(side=0, truth=2.0, stated=8.0, gain=3.0, breaks_at=12.0)
    """
    truth = disagreement[side]
    found = settle(disagreement)
    honest = truth if found is None else found[side]
    best, most, broken = truth, honest, []
    for report in stated:
        outcome = settle(_stating(disagreement, side, report))
        if outcome is None:
            broken += [report] if report > truth else []
        elif outcome[side] > most:
            best, most = report, outcome[side]
    return Misstatement(side, truth, best, most - honest, min(broken, default=None))


def revealed_alternative(
    points: FloatArray,
    published: Utilities,
    side: int,
    *,
    own: float,
    power: Utilities = (1.0, 1.0),
) -> tuple[float, float] | None:
    """What a published Nash point tells the other side about the alternative of `side`.

    Whoever knows the frontier and its own alternative can work out for which alternatives `x` of the other
    side the published point `p` has the greatest product. For every other point `q` of the frontier that is
    `(p − x) / (q − x) ≥ k` with `k = (g_q / g_p)^(own power / other power)` and `g` the gains of the one who
    looks: a limit of `x` from one side. Together they leave an interval.

    Parameters
    ----------
    points : (n, 2) the frontier, as far as it is known
    published : utilities of (buyer, seller) of the point
    side : whose alternative is looked for: 0 for the buyer, 1 for the seller
    own : alternative of the other side, the one who looks
    power : bargaining power of (buyer, seller)

    Returns
    -------
    least and greatest alternative that explain the point; None: none does

    Examples
    --------
    >>> import numpy as np
    >>> line = np.array([(float(k), 10.0 - k) for k in range(11)])
    >>> revealed_alternative(line, (6.0, 4.0), 1, own=2.0)
    (-1.0, 1.0)
    """
    other = 1 - side
    reach = published[other] - own
    if reach <= 0.0:
        return None
    ratio = power[other] / power[side]
    low, high = -math.inf, published[side]
    for pair in points.tolist():
        limit = _limit(published[side], pair[side], ratio=_ratio(pair[other] - own, reach, ratio))
        low, high = max(low, limit[0]), min(high, limit[1])
    return (low, high) if low <= high else None


def _ratio(gain: float, reach: float, power: float) -> float:
    """`(g_q / g_p)^power`; 0 where the other point harms the one who looks, so that it is never chosen."""
    return float((gain / reach) ** power) if gain > 0.0 else 0.0


def _limit(here: float, there: float, *, ratio: float) -> tuple[float, float]:
    """The alternatives `x ≤ here` for which `here − x ≥ ratio · max(0, there − x)`."""
    if ratio == 0.0 or ratio == 1.0:
        return (-math.inf, math.inf) if there <= here or ratio == 0.0 else (math.inf, -math.inf)
    # (ratio − 1) x ≥ ratio · there − here
    edge = (ratio * there - here) / (ratio - 1.0)
    if ratio < 1.0:
        return -math.inf, edge
    # Points with no gain for `side` at x are no rivals, so that x at or above `there` is explained too; it
    # is then above the edge as well, since the edge is below `there` wherever `there` is below `here`.
    return edge, math.inf
