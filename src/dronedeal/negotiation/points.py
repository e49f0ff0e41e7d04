"""Fair points that take one question each: Kalai–Smorodinsky, egalitarian, greatest welfare.

All of them lie in the agreement zone: neither side has less than without an agreement. In each goal a
second wish counts so little that it only decides among agreements that the first finds equally good.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Affine,
    Evaluator,
    Goal,
    Outcome,
    Question,
    Term,
    Utilities,
    gain_of,
    lesser_gain,
    weighted,
)
from dronedeal.negotiation.fair_point import NAMES, FairPoint, checked, gains_over, is_nothing
from dronedeal.negotiation.inquiry import Inquiry

# How much the second wish counts against the first.
_SECOND = 1e-5
# A share of the lesser gain that the second wish may cost.
_CLOSE = 1e-5


def ideal_point(
    evaluator: Evaluator, disagreement: Utilities, *, near: Outcome | None = None
) -> Utilities | None:
    """The most that each side can have while the other has at least its alternative; None: there is no
    zone.

    `I_i = max u_i` subject to `u ≥ d`. It is what `frontier(…, floors=disagreement).ideal` holds too.

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> ideal_point(ListedOutcomes([(9, 1), (6, 6), (1, 9)]), (0, 2))
    (6.0, 9.0)
    """
    goals = [weighted(1.0, 0.0), weighted(0.0, 1.0)]
    questions = [Question(goal, disagreement, near=near) for goal in goals]
    most = []
    for side, answer in enumerate(Inquiry.of(evaluator).each(questions, step="ideal point")):
        found = checked(answer, "ideal point")
        if found is None:
            return None
        assert found.outcome is not None
        most.append(found.outcome.utilities[side])
    return most[BUYER], most[SELLER]


def kalai_smorodinsky(
    evaluator: Evaluator,
    disagreement: Utilities,
    *,
    ideal: Utilities | None = None,
    near: Outcome | None = None,
) -> FairPoint | None:
    """Both sides get the same share of the most they could gain, and that share is as large as it can be.

    `max min_i (u_i − d_i) / (I_i − d_i)` subject to `u ≥ d`, with the ideal point `I` (Kalai and
    Smorodinsky 1975, *Econometrica* 43; where the set has dents and equal shares cannot be had, the lesser
    share is what counts).

    Parameters
    ----------
    evaluator : or an `Inquiry`
    disagreement : what each side has without an agreement
    ideal : from `ideal_point`, where it is known already
    near : an outcome to start from

    Returns
    -------
    the point, or None where it is proven that every agreement harms a side

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> point = kalai_smorodinsky(ListedOutcomes([(9, 1), (6, 5), (1, 9)]), (0, 0))
    >>> point.utilities, round(point.value, 4), point.reason
    ((6.0, 5.0), 0.5556, 'The side with the smaller share of the most it could gain, the seller, has as
    large a share as can be: 56 %.')
    """
    inquiry = Inquiry.of(evaluator)
    before = _answered(inquiry)
    ideal = ideal_point(inquiry, disagreement, near=near) if ideal is None else ideal
    if ideal is None:
        return None
    most = gains_over(disagreement, ideal)
    stuck = [side for side in (BUYER, SELLER) if is_nothing(most[side], ideal[side])]
    if stuck:
        return _one_sided(inquiry, disagreement, stuck[0], near=near, before=before)
    scale, units = share_units(most)
    least = _lesser(inquiry, disagreement, units, step="Kalai–Smorodinsky", near=near)
    if least is None:
        return None
    gains = gains_over(disagreement, least.outcome.utilities)
    shares = (gains[BUYER] / most[BUYER], gains[SELLER] / most[SELLER])
    return _fair(
        "kalai_smorodinsky",
        least.outcome,
        disagreement,
        value=min(shares),
        limits=(least.bound / scale, least.exact / scale),
        reason=_share_reason(shares),
        questions=_answered(inquiry) - before,
    )


def egalitarian(
    evaluator: Evaluator, disagreement: Utilities, *, near: Outcome | None = None
) -> FairPoint | None:
    """The side that gains less gains as much as it can, both gains counted in the same money.

    `max min_i (u_i − d_i)` subject to `u ≥ d` (Kalai 1977, *Econometrica* 45; among equals the greater
    sum).

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> egalitarian(ListedOutcomes([(9, 1), (6, 5), (7, 5)]), (0, 0)).utilities
    (7.0, 5.0)
    """
    inquiry = Inquiry.of(evaluator)
    before = _answered(inquiry)
    least = _lesser(inquiry, disagreement, (1.0, 1.0), step="egalitarian", near=near)
    if least is None:
        return None
    gains = gains_over(disagreement, least.outcome.utilities)
    if abs(gains[BUYER] - gains[SELLER]) <= _SECOND * max(gains):
        reason = "Both sides gain the same, and no agreement gives both more."
    else:
        less = NAMES[BUYER if gains[BUYER] < gains[SELLER] else SELLER]
        reason = f"In any other agreement the side that gains less gains no more than the {less} does here."
    return _fair(
        "egalitarian",
        least.outcome,
        disagreement,
        value=min(gains),
        limits=(least.bound, least.exact),
        reason=reason,
        questions=_answered(inquiry) - before,
    )


def welfare(
    evaluator: Evaluator, disagreement: Utilities, *, near: Outcome | None = None
) -> FairPoint | None:
    """Both sides together gain as much as they can; among equals, gains are the most equal.

    `max Σ_i (u_i − d_i)` subject to `u ≥ d`.

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> welfare(ListedOutcomes([(11, 1), (6, 6), (12, 0)]), (0, 0)).utilities
    (6.0, 6.0)
    """
    inquiry = Inquiry.of(evaluator)
    before = _answered(inquiry)
    question = welfare_question(disagreement).starting_at(near)
    answer = checked(inquiry.best(question, step="welfare"), "greatest welfare")
    if answer is None:
        return None
    assert answer.outcome is not None
    total = sum(gains_over(disagreement, answer.outcome.utilities))
    # The second wish is worth at least nothing wherever neither side is harmed.
    return _fair(
        "welfare",
        answer.outcome,
        disagreement,
        value=total,
        limits=(answer.bound, question.value(answer.outcome.utilities)),
        reason="No agreement is worth more to both sides together; of equally good ones it is the most even.",
        questions=_answered(inquiry) - before,
    )


def share_units(most: Utilities) -> tuple[float, Utilities]:
    """The scale of shares and the units of gains in which a share times the scale is counted.

    Shares are asked for in money, so that a solver's tolerances mean what they mean elsewhere.
    """
    scale = sqrt(most[BUYER]) * sqrt(most[SELLER])
    return scale, (most[BUYER] / scale, most[SELLER] / scale)


def lesser_question(disagreement: Utilities, units: Utilities = (1.0, 1.0)) -> Question:
    """The greatest lesser gain in the zone, and among equals the greatest sum."""
    return Question((*lesser_gain(disagreement, units), _both(disagreement, units)), disagreement)


def welfare_question(disagreement: Utilities) -> Question:
    """The greatest sum of gains in the zone, and among equals the most even."""
    together = Affine(1.0, 1.0, -sum(disagreement))
    return Question(((together,), *_scaled(lesser_gain(disagreement), _SECOND)), disagreement)


@dataclass(frozen=True, slots=True)
class _Least:
    """An outcome with a great lesser gain; `bound` is proven, `exact` if the evaluator has no gap."""

    outcome: Outcome
    bound: float
    exact: float


def _lesser(
    inquiry: Inquiry, disagreement: Utilities, units: Utilities, *, step: str, near: Outcome | None
) -> _Least | None:
    """The greatest lesser gain in given units; None: there is no zone.

    With the small second wish `s (g_1 + g_2)` nothing is given away. From `min + s (g_1 + g_2) ≤ B` and
    `g_1 + g_2 ≥ 2 min` follows `min ≤ B / (1 + 2 s)`, which is close where both gains are alike.
    """
    lesser = lesser_gain(disagreement, units)
    question = lesser_question(disagreement, units).starting_at(near)
    answer = checked(inquiry.best(question, step=step), step)
    if answer is None:
        return None
    assert answer.outcome is not None
    value = Question(lesser).value(answer.outcome.utilities)
    share = 1.0 / (1.0 + 2.0 * _SECOND)
    reached = question.value(answer.outcome.utilities)
    least = _Least(answer.outcome, answer.bound * share, reached * share)
    if least.exact - value <= _CLOSE * value:
        return least
    return _sharper(inquiry, least, Question(lesser, disagreement, near=least.outcome), step=step)


def _sharper(inquiry: Inquiry, least: _Least, question: Question, *, step: str) -> _Least:
    """Where gains are very unlike, the lesser one alone is asked for; the other is made great after it."""
    answer = inquiry.best(question, step=step)
    if answer.outcome is None:
        return least
    value, reached = question.value(least.outcome.utilities), question.value(answer.outcome.utilities)
    sharp = replace(least, bound=min(least.bound, answer.bound), exact=max(value, reached))
    if reached - value <= _CLOSE * value:
        return sharp
    at_least = tuple(replace(piece, constant=piece.constant - reached) for piece in question.goal[0])
    again = replace(question, goal=weighted(1.0, 1.0), keep=at_least, near=answer.outcome)
    better = inquiry.best(again, step=step).outcome
    return replace(sharp, outcome=answer.outcome if better is None else better)


def _both(disagreement: Utilities, units: Utilities) -> Term:
    """The small second wish: the sum of both gains."""
    buyer, seller = (gain_of(side, disagreement, units[side] / _SECOND) for side in (BUYER, SELLER))
    return (Affine(buyer.buyer, seller.seller, buyer.constant + seller.constant),)


def _scaled(goal: Goal, factor: float) -> Goal:
    """A goal times a factor above 0."""
    return tuple(
        tuple(Affine(factor * p.buyer, factor * p.seller, factor * p.constant) for p in term) for term in goal
    )


def _one_sided(
    inquiry: Inquiry, disagreement: Utilities, stuck: int, *, near: Outcome | None, before: int
) -> FairPoint | None:
    """Where one side can gain nothing, the other has the most that it can."""
    other = 1 - stuck
    weights = [1.0, 1.0]
    weights[stuck] = _SECOND
    question = Question(weighted(weights[BUYER], weights[SELLER]), disagreement, near=near)
    answer = checked(inquiry.best(question, step="Kalai–Smorodinsky"), "Kalai–Smorodinsky")
    if answer is None:
        return None
    assert answer.outcome is not None
    return _fair(
        "kalai_smorodinsky",
        answer.outcome,
        disagreement,
        value=0.0,
        limits=(0.0, 0.0),
        reason=f"The {NAMES[stuck]} can gain nothing, so that the {NAMES[other]} has the most that it can.",
        questions=_answered(inquiry) - before,
    )


def _share_reason(shares: Utilities) -> str:
    share = f"{100 * min(shares):.0f} %"
    if abs(shares[BUYER] - shares[SELLER]) <= 5e-4:
        return f"Both sides have the same share of the most that each could gain: {share}."
    less = NAMES[BUYER if shares[BUYER] < shares[SELLER] else SELLER]
    return (
        f"The side with the smaller share of the most it could gain, the {less}, has as large a share as "
        f"can be: {share}."
    )


def _fair(
    name: str,
    outcome: Outcome,
    disagreement: Utilities,
    *,
    value: float,
    limits: tuple[float, float],
    reason: str,
    questions: int,
) -> FairPoint:
    """A fair point from its answer; limits are the proven one and that of an evaluator without a gap."""
    bound, exact = max(limits[0], value), max(limits[1], value)
    method_gap = (exact - value) / abs(value) if value else 0.0
    return FairPoint(name, outcome, disagreement, value, bound, method_gap, reason, questions)


def _answered(inquiry: Inquiry) -> int:
    return inquiry.asked + inquiry.remembered
