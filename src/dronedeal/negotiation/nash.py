"""The Nash point: the agreement with the greatest product of both gains.

    max  Σ_i α_i ln(u_i − d_i)    subject to    u ≥ d,    α_1 + α_2 = 2

(Nash 1950, *Econometrica* 18; with bargaining power Kalai 1977, *International Journal of Game Theory* 6).
Each logarithm is replaced by the least of its tangents, which lie above it. The evaluator's optimum over
the tangents is therefore a bound, whether or not its outcomes form a convex set. Its outcome is a point,
where tangents are added, until bound and best point agree (outer approximation, Duran and Grossmann 1986,
*Mathematical Programming* 36).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Affine,
    Evaluator,
    Outcome,
    Question,
    Term,
    Utilities,
    gain_of,
)
from dronedeal.negotiation.fair_point import FairPoint, gains_over, is_nothing
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.points import ideal_point, kalai_smorodinsky

# Tangents a side at the beginning at most: few rows of the evaluator, against few questions.
_TANGENTS = 64
# What the tangents may leave open where the evaluator itself leaves open a hundred times as much.
_BESIDE_OWN = 1e-4
# By how much the ideal point may have been missed by an evaluator with a gap.
_ROOM = 1.1
# How far floors that only spare work stay below what they are worked out to be.
_CAUTION = 1e-6


def nash(
    evaluator: Evaluator,
    disagreement: Utilities,
    *,
    power: Utilities = (1.0, 1.0),
    ideal: Utilities | None = None,
    known: Sequence[Outcome] = (),
    tolerance: float = 1e-5,
    rounds: int = 30,
) -> FairPoint | None:
    """The agreement with the greatest product of both gains, certified.

    Parameters
    ----------
    evaluator : or an `Inquiry`
    disagreement : what each side has without an agreement
    power : bargaining power of (buyer, seller), above 0; only their ratio counts
    ideal : from `ideal_point`, where it is known already
    known : outcomes found before, as those of the frontier; the better they are, the fewer questions
    tolerance : share by which the product may at most be greater elsewhere, beyond the evaluator's own gap.
        The product is flat at its top: gains may still be off by about the root of it
    rounds : most questions about the product; the gap says what was reached

    Returns
    -------
    the point, or None where it is proven that every agreement harms a side. `value` is
    `Π_i (u_i − d_i)^α_i`: with equal power the product of both gains

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> point = nash(ListedOutcomes([(9, 1), (6, 5), (2, 9)]), (0, 0))
    >>> point.utilities, round(point.value, 6), point.gap < 1e-4
    ((6.0, 5.0), 30.0, True)
    >>> nash(ListedOutcomes([(9, 1), (6, 5), (2, 9)]), (0, 0), power=(4, 1)).utilities
    (9.0, 1.0)
    """
    if min(power) <= 0.0:
        raise InputError(f"bargaining power is {power}; allowed: two numbers above 0")
    inquiry = Inquiry.of(evaluator)
    inquiry.know(known)
    before = inquiry.asked + inquiry.remembered
    ideal = ideal_point(inquiry, disagreement) if ideal is None else ideal
    if ideal is None:
        return None
    most = gains_over(disagreement, ideal)
    exponents = (2.0 * power[BUYER] / sum(power), 2.0 * power[SELLER] / sum(power))
    is_stuck = any(is_nothing(most[side], ideal[side]) for side in (BUYER, SELLER))
    start = None if is_stuck else _best_of(known, disagreement, exponents)
    if start is None:
        even = kalai_smorodinsky(inquiry, disagreement, ideal=ideal)
        if even is None:
            return None
        if is_stuck or any(is_nothing(even.gains[side], even.utilities[side]) for side in (BUYER, SELLER)):
            return _without_product(even, inquiry.asked + inquiry.remembered - before)
        start = even.outcome
    search = _Tangents(disagreement, most, exponents, start, tolerance)
    search.run(inquiry, rounds)
    return search.point(inquiry.asked + inquiry.remembered - before)


def product(disagreement: Utilities, utilities: Utilities, exponents: Utilities = (1.0, 1.0)) -> float:
    """`Π_i max(0, u_i − d_i)^α_i`.

    Examples
    --------
    >>> product((1.0, 2.0), (4.0, 7.0))
    15.0
    """
    gains = gains_over(disagreement, utilities)
    if min(gains) <= 0.0:
        return 0.0
    return float(gains[BUYER] ** exponents[BUYER] * gains[SELLER] ** exponents[SELLER])


def _best_of(known: Sequence[Outcome], disagreement: Utilities, exponents: Utilities) -> Outcome | None:
    """The known outcome with the greatest product; None: none has one above 0."""
    best = max(known, key=lambda each: product(disagreement, each.utilities, exponents), default=None)
    return best if best is not None and product(disagreement, best.utilities, exponents) > 0.0 else None


def _without_product(even: FairPoint, questions: int) -> FairPoint:
    """Where no agreement gives both sides a gain, every product is 0: the even point is as good as any."""
    reason = f"No agreement gives both sides a gain, so that no product tells them apart. {even.reason}"
    return FairPoint("nash", even.outcome, even.disagreement, 0.0, 0.0, 0.0, reason, questions)


@dataclass
class _Tangents:
    """Tangents of both logarithms, the best outcome and the bound so far.

    Goals are counted in money: `scale · (1 + Σ α ln(gain / gain at the start))`, so that a share of the
    goal is about the same share of the product.
    """

    disagreement: Utilities
    most: Utilities
    exponents: Utilities
    best: Outcome
    tolerance: float
    bound: float = math.inf
    method_gap: float = math.inf
    centres: tuple[list[float], list[float]] = field(init=False)
    start: Utilities = field(init=False)
    scale: float = field(init=False)

    def __post_init__(self) -> None:
        self.start = gains_over(self.disagreement, self.best.utilities)
        self.scale = math.sqrt(self.most[BUYER]) * math.sqrt(self.most[SELLER])
        self.centres = (self._spread(BUYER), self._spread(SELLER))

    def run(self, inquiry: Inquiry, rounds: int) -> None:
        """Ask over the tangents until the bound is as good as the best outcome, or the tangents are."""
        for _ in range(rounds):
            question = Question((self._term(BUYER), self._term(SELLER)), self._floors(), near=self.best)
            answer = inquiry.best(question, step="Nash")
            self.bound = min(self.bound, answer.bound / self.scale - 1.0)
            if answer.outcome is None:
                break
            found = self._log(answer.outcome.utilities)
            if found > self._log(self.best.utilities):
                self.best = answer.outcome
            above = question.value(answer.outcome.utilities) / self.scale - 1.0 - found
            best = self._log(self.best.utilities)
            # Beyond the outcome found the tangents promise nothing but what the evaluator's own gap leaves.
            self.method_gap = min(self.method_gap, max(0.0, found + above - best))
            own = self.bound - best - self.method_gap
            enough = max(0.5 * self.tolerance, min(_BESIDE_OWN, 0.01 * own))
            if self.bound - best <= self.tolerance or self.method_gap <= enough:
                break
            self._add(answer.outcome.utilities)

    def point(self, questions: int) -> FairPoint:
        """The best outcome with its product and its bound."""
        value = product(self.disagreement, self.best.utilities, self.exponents)
        best = self._log(self.best.utilities)
        bound = max(value, value * math.exp(self.bound - best)) if self.bound < math.inf else math.inf
        excess = max(0.0, self.bound - best)
        method_gap = math.expm1(min(self.method_gap, excess)) if excess < math.inf else math.inf
        return FairPoint(
            "nash", self.best, self.disagreement, value, bound, method_gap, self._reason(), questions
        )

    def _reason(self) -> str:
        if self.exponents[BUYER] == self.exponents[SELLER]:
            return (
                "Any other agreement divides one side's gain by at least as much as it multiplies the "
                "other's, so that neither can ask for a change in proportion."
            )
        more = 50.0 * self.exponents[BUYER]
        return (
            "The product of both gains, weighted by bargaining power "
            f"({more:.0f} % buyer, {100 - more:.0f} % seller), is the greatest of all agreements."
        )

    def _log(self, utilities: Utilities) -> float:
        """`Σ α ln(gain / gain at the start)`."""
        gains = gains_over(self.disagreement, utilities)
        if min(gains) <= 0.0:
            return -math.inf
        return sum(a * math.log(g / s) for a, g, s in zip(self.exponents, gains, self.start, strict=True))

    def _least(self, side: int) -> float:
        """No better agreement gives a side less: its product is at least the best known one.

        `g_i ≥ (P / most_j^α_j)^(1/α_i)`.
        """
        other = 1 - side
        ratio = self.exponents[other] / self.exponents[side]
        level = self._log(self.best.utilities) / self.exponents[side]
        part = math.log(self.start[other] / (_ROOM * max(self.most[other], self.start[other])))
        return self.start[side] * math.exp(level + ratio * part)

    def _floors(self) -> Utilities:
        buyer, seller = (
            self.disagreement[side] + self._least(side) * (1.0 - _CAUTION) for side in (BUYER, SELLER)
        )
        return buyer, seller

    def _spread(self, side: int) -> list[float]:
        """Gains at which the first tangents touch, in equal proportion, so close that they are nearly the
        log.

        Between tangents at `c` and `r c` the least of both is above the logarithm by at most `(ln r)² / 8`.
        """
        low, high = self._least(side), max(self.most[side], self.start[side])
        wanted = math.sqrt(2.0 * self.tolerance / self.exponents[side])
        count = min(_TANGENTS, 2 + math.ceil(math.log(high / low) / wanted))
        return [low * (high / low) ** (k / (count - 1)) for k in range(count)]

    def _add(self, utilities: Utilities) -> None:
        """Touch at an outcome, and halfway to the tangents beside it."""
        for side, gain in enumerate(gains_over(self.disagreement, utilities)):
            if gain <= 0.0:
                continue
            centres = self.centres[side]
            below = max((c for c in centres if c < gain), default=gain)
            above = min((c for c in centres if c > gain), default=gain)
            new = {gain, math.sqrt(gain * below), math.sqrt(gain * above)}
            self.centres[side].extend(sorted(new.difference(centres)))

    def _term(self, side: int) -> Term:
        """`scale · (½ + α ln(gain / gain at the start))` as the least of its tangents."""
        return tuple(self._tangent(side, centre) for centre in self.centres[side])

    def _tangent(self, side: int, centre: float) -> Affine:
        alpha = self.exponents[side] * self.scale
        line = gain_of(side, self.disagreement, centre / alpha)
        constant = alpha * (math.log(centre / self.start[side]) - 1.0) + 0.5 * self.scale
        return Affine(line.buyer, line.seller, line.constant + constant)
