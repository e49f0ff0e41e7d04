"""The agreement zone in plain numbers: is there one, how wide is it, and what would open it."""

from __future__ import annotations

from dataclasses import dataclass

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Evaluator,
    Outcome,
    Question,
    Utilities,
    lesser_gain,
    weighted,
)
from dronedeal.negotiation.fair_point import checked, gains_over, is_nothing
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.points import ideal_point


@dataclass(frozen=True, slots=True)
class AgreementZone:
    """Whether both sides can have at least what they have without an agreement, and what there is to
    divide.

    Parameters
    ----------
    exists : whether an agreement that harms neither side was found
    is_proven : whether the answer is certain; one that was found always is
    shortfall : without a zone, what both sides must give up at least, each so much, for an agreement to
    exist; 0
        with one
    ideal : with a zone, the most that each side can have in it
    total : the greatest sum of both gains, also outside the zone; nothing above it can be divided
    nearest : the agreement with the greatest lesser gain: the middle of the zone, or the closest to one
    transfer : without a zone, the least payment beside the agreement of greatest sum that opens one, from
    the side
        that gains by that agreement; None where no payment does, or none is needed
    """

    exists: bool
    is_proven: bool
    shortfall: float
    ideal: Utilities | None
    total: float
    nearest: Outcome
    transfer: Transfer | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A payment of money from one side to the other beside an agreement.

    Parameters
    ----------
    payer : 0 for the buyer, 1 for the seller
    amount : the least that makes the other side no worse off than without an agreement
    most : what the payer can pay before it is worse off itself
    """

    payer: int
    amount: float
    most: float


def agreement_zone(
    evaluator: Evaluator, disagreement: Utilities, *, near: Outcome | None = None
) -> AgreementZone | None:
    """Whether there is a zone of agreement, and its measures.

    The least that both must give up is `−max min_i (u_i − d_i)` over all agreements, whatever the floors.

    Parameters
    ----------
    evaluator : or an `Inquiry`
    disagreement : what each side has without an agreement
    near : an outcome to start from

    Returns
    -------
    the zone, or None where it is proven that there is no agreement at all

    Examples
    --------
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> zone = agreement_zone(ListedOutcomes([(9, 1), (4, 3)]), (5.0, 5.0))
    >>> zone.exists, zone.shortfall, zone.total
    (False, 2.0, 0.0)
    >>> zone.transfer
    Transfer(payer=0, amount=4.0, most=4.0)
    """
    inquiry = Inquiry.of(evaluator)
    questions = [
        Question(lesser_gain(disagreement), near=near),
        Question(weighted(1.0, 1.0), near=near),
    ]
    answers = [checked(answer, "agreement zone") for answer in inquiry.each(questions, step="agreement zone")]
    if answers[0] is None or answers[1] is None:
        return None
    nearest, richest = answers[0].outcome, answers[1].outcome
    assert nearest is not None
    assert richest is not None
    least = min(gains_over(disagreement, nearest.utilities))
    scale = max(map(abs, nearest.utilities))
    exists = is_nothing(-least, scale)
    gains = gains_over(disagreement, richest.utilities)
    return AgreementZone(
        exists=exists,
        is_proven=exists or not is_nothing(-answers[0].bound, scale),
        shortfall=0.0 if exists else -least,
        ideal=ideal_point(inquiry, disagreement, near=nearest) if exists else None,
        total=sum(gains),
        nearest=nearest,
        transfer=None if exists else transfer_that_opens(gains),
    )


def transfer_that_opens(gains: Utilities) -> Transfer | None:
    """The payment that divides a sum of gains so that nobody loses; None: none does, or none is needed.

    Examples
    --------
    >>> transfer_that_opens((4.0, -4.0)), transfer_that_opens((1.0, -2.0))
    (Transfer(payer=0, amount=4.0, most=4.0), None)
    """
    if sum(gains) < 0.0 or min(gains) >= 0.0:
        return None
    payer = BUYER if gains[BUYER] > gains[SELLER] else SELLER
    return Transfer(payer, -gains[1 - payer], gains[payer])


@dataclass(frozen=True, slots=True)
class PaymentRange:
    """What can be paid for one and the same plan.

    Parameters
    ----------
    lowest : the least payment that the seller can accept
    highest : the most that the buyer would pay
    """

    lowest: float
    highest: float

    @property
    def is_zone(self) -> bool:
        """Whether some payment harms neither side."""
        return self.lowest <= self.highest

    @property
    def missing(self) -> float:
        """By how much the sides are apart; 0 where there is a zone."""
        return max(0.0, self.lowest - self.highest)


def payment_range(
    utilities: Utilities,
    disagreement: Utilities,
    *,
    payment: float,
    worth: Utilities = (-1.0, 1.0),
) -> PaymentRange:
    """The lowest payment that the seller can accept for a plan, and the highest that the buyer would make.

    With `u_i` at the payment `p` and `w_i` the worth of one more unit of payment, each side is as well off
    as without an agreement at `p − (u_i − d_i) / w_i`.

    Parameters
    ----------
    utilities : of (buyer, seller), at the payment that the plan has
    disagreement : what each side has without an agreement
    payment : the payment in that plan, in money of any one kind
    worth : change of both utilities for one more unit of that payment: below 0 for the buyer, above 0 for
    the
        seller; other than one where the sides discount differently

    Examples
    --------
    >>> payment_range((30.0, 5.0), (10.0, 8.0), payment=100.0)
    PaymentRange(lowest=103.0, highest=120.0)
    """
    if not (worth[BUYER] < 0.0 < worth[SELLER]):
        raise InputError(
            f"one more unit of payment is worth {worth} to buyer and seller; allowed: below 0 and above 0"
        )
    gains = gains_over(disagreement, utilities)
    return PaymentRange(
        lowest=payment - gains[SELLER] / worth[SELLER], highest=payment - gains[BUYER] / worth[BUYER]
    )
