"""What can be paid for each system and for all of them, and what closes or opens the zone of agreement.

All is worked out around one plan of reference, that of the Nash point, in which every other term stays.

- *One system*: the plan is made again without it, so that what there is to gain is divided as at the
  reference. The seller can accept a payment with which it is no worse off than without the system, the buyer
  would pay up to what leaves it no worse off.
- *All of them*: the same against having no agreement.

A payment counts at delivery, discounted at the buyer's rate; to the seller it is worth what the same payments
are worth at its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.clause_unit import clause_unit
from dronedeal.deal.term_sheet import Side, nearest_value, position
from dronedeal.engine import Engine, Serial
from dronedeal.negotiation.clauses import ClausePrice
from dronedeal.negotiation.evaluator import (
    BUYER,
    SELLER,
    Affine,
    Question,
    Utilities,
    gain_of,
    lesser_gain,
)
from dronedeal.negotiation.fair_point import gains_over
from dronedeal.negotiation.record import SystemZone
from dronedeal.negotiation.trials import TO_BUYER, TO_SELLER, Value
from dronedeal.negotiation.zone import payment_range, transfer_that_opens
from dronedeal.planning import SystemDeliveries, deliveries_by_system
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.report.wording import money_text, number_text, plain
from dronedeal.workflow.negotiation.evaluator import DealEvaluator

# Halvings of the way to the value at which a clause closes the zone, and clauses that are looked at.
_HALVINGS, _MOST_CLAUSES = 6, 4
# Weight of both shares beside the lesser one, so that the side with more loses nothing for nothing.
_LITTLE = 1e-3
# Fewer units are what a solver leaves of none.
_LEAST_UNITS = 0.5
SIDES: tuple[Side, ...] = ("buyer", "seller")
ALL_SYSTEMS = "All systems"


class Ask(Protocol):
    """Whoever re-plans under terms, remembers it under a name, and gives the utilities; None: no plan."""

    def __call__(
        self,
        name: str,
        terms: Mapping[str, float],
        question: Question,
        /,
        *,
        closed: IntArray | None = None,
    ) -> Value: ...


@dataclass(frozen=True)
class Reference:
    """The plan around which payments are looked at.

    Parameters
    ----------
    terms, values : of the plan; utilities : what it is worth to (buyer, seller)
    without : what each side has without an agreement
    """

    terms: Mapping[str, float]
    values: FloatArray
    utilities: Utilities
    without: Utilities

    @property
    def gains(self) -> Utilities:
        """What each side has more than without an agreement."""
        return gains_over(self.without, self.utilities)

    @property
    def question(self) -> Question:
        """The best plan that divides what there is to gain as the reference does.

        `max min_i g_i / G_i + ε · Σ_i g_i / G_i` with the gains `G` at the reference. A weighted sum alone
        would run along a straight frontier to another division altogether.
        """
        units = self.gains
        shares = tuple(gain_of(side, self.without, units[side]) for side in (BUYER, SELLER))
        little = tuple((Affine(_LITTLE * s.buyer, _LITTLE * s.seller, _LITTLE * s.constant),) for s in shares)
        return Question((shares, *little))

    def lost(self, without: Utilities | None) -> Utilities | None:
        """What both sides lose in a plan without something; None: there is none, or none that is worse.

        A plan that leaves something out and serves the same aim better says only that the reference is not
        the best one, which no range can be told from.
        """
        if without is None or self.question.value(without) > self.question.value(self.utilities):
            return None
        return gains_over(without, self.utilities)


def system_zones(
    deal: Deal, evaluator: DealEvaluator, reference: Reference, ask: Ask, *, engine: Engine | None = None
) -> list[SystemZone]:
    """Payments that both sides can accept, for all systems together and for each that is delivered.

    Parameters
    ----------
    ask : re-plans, with the deliveries of a system closed
    engine : where systems are looked at; None: one after the other
    """

    def closed(each: SystemDeliveries) -> Value:
        name = f"payments for {names.get(each.system, each.system)}"
        return ask(name, reference.terms, reference.question, closed=each.columns)

    model, as_it_is = evaluator.built(reference.terms), evaluator.built({})
    delivered = [
        each for each in deliveries_by_system(model, reference.values) if each.quantity >= _LEAST_UNITS
    ]
    if not delivered:
        return []
    is_alike = as_it_is.problem.n_columns == model.problem.n_columns
    at_prices_now = deliveries_by_system(as_it_is, reference.values) if is_alike else ()
    now = {each.system: each for each in at_prices_now}
    names = {system.id: system.name for system in deal.systems}
    found = [_together(delivered, reference)]
    worth = (engine or Serial()).map(closed, delivered)
    for each, without in zip(delivered, worth, strict=True):
        found.append(_alone(each, names, reference.lost(without), now.get(each.system)))
    return found


def _together(delivered: Sequence[SystemDeliveries], reference: Reference) -> SystemZone:
    paid = np.sum([each.payment for each in delivered], axis=0) * MONEY_UNIT
    span = payment_range(
        reference.utilities, reference.without, payment=float(paid[BUYER]), worth=_worth(paid)
    )
    return SystemZone(
        system=None,
        name=ALL_SYSTEMS,
        quantity=sum(each.quantity for each in delivered),
        lowest_payment=span.lowest,
        highest_payment=span.highest,
    )


def _alone(
    each: SystemDeliveries,
    names: Mapping[str, str],
    lost: Utilities | None,
    now: SystemDeliveries | None,
) -> SystemZone:
    """One system, from what both sides lose without it; None: that is not known."""
    paid = each.payment * MONEY_UNIT
    low = high = None
    if lost is not None:
        span = payment_range(lost, (0.0, 0.0), payment=float(paid[BUYER]), worth=_worth(paid))
        # Where both sides together do as well without the system there is no payment to speak of.
        if span.lowest <= span.highest:
            low, high = span.lowest, span.highest
    units = each.discounted_quantity
    return SystemZone(
        system=each.system,
        name=names.get(each.system, each.system),
        quantity=each.quantity,
        lowest_payment=low,
        highest_payment=high,
        lowest_unit_price=None if low is None else low / units,
        highest_unit_price=None if high is None else high / units,
        price_now=None if now is None else float(now.payment[BUYER]) * MONEY_UNIT / units,
    )


def _worth(paid: FloatArray) -> Utilities:
    """What one more unit of payment is worth to each side."""
    return -1.0, float(paid[SELLER] / paid[BUYER]) if paid[BUYER] > 0 else 1.0


def what_closes(
    deal: Deal,
    evaluator: DealEvaluator,
    reference: Reference,
    *,
    zones: Sequence[SystemZone],
    prices: Sequence[ClausePrice],
    ask: Ask,
) -> tuple[str, ...]:
    """What would close the zone, each in one sentence: payments, and clauses moved alone."""
    currency = deal.settings.currency
    found = [_payments_words(zones[0], reference, currency)] if zones else []
    shut = [
        (price.clause, side)
        for price in prices
        for side, to, change in (
            ("buyer", TO_BUYER, price.at_buyer),
            ("seller", TO_SELLER, price.at_seller),
        )
        if change is None and price.clause in evaluator.as_it_is and _position(deal, price.clause, to)
    ]
    for clause, side in shut[:_MOST_CLAUSES]:
        found.append(_closing_words(deal, reference, clause, side, ask))
    if prices and not shut:
        found.append(
            "No clause closes the zone by going alone from the Nash point to the position of either side, "
            "all else staying."
        )
    return tuple(found)


def what_opens(
    deal: Deal,
    evaluator: DealEvaluator,
    terms: Mapping[str, float],
    without: Utilities,
    *,
    richest: Utilities | None,
    ask: Ask,
) -> tuple[str, ...]:
    """What would open a zone where there is none, each in one sentence: a payment, clauses that stay.

    Parameters
    ----------
    terms : under which the side that gains less gains most
    richest : utilities of the agreement that is worth most to both together; None: there is none
    """
    found = []
    names: dict[str, str] = {party.role: party.name for party in deal.settings.parties}
    transfer = None if richest is None else transfer_that_opens(gains_over(without, richest))
    if transfer is not None:
        payer, payee = ("buyer", "seller") if transfer.payer == BUYER else ("seller", "buyer")
        amount, most = (money_text(each, deal.settings.currency) for each in (transfer.amount, transfer.most))
        found.append(
            f"Beside the terms that are worth most to both together, a payment of {amount} from "
            f"{names[payer]} to {names[payee]} opens one; {names[payer]} could pay up to {most}."
        )
    elif richest is not None:
        found.append(
            "No payment opens one: even the terms that are worth most to both together are worth less than "
            "what both have without an agreement."
        )
    for clause in evaluator.stays:
        for side in SIDES:
            at = position(deal, clause, side=side)
            if at is None:
                continue
            name = f"{plain(clause)} as the {side} asks"
            worth = ask(name, {**terms, clause: at}, Question(lesser_gain(without)))
            if worth is not None and min(gains_over(without, worth)) >= 0:
                found.append(f"With {plain(clause)} at the position of the {side} there is one.")
    return tuple(found)


def _position(deal: Deal, clause: str, to: str) -> bool:
    side: Side = "buyer" if to == TO_BUYER else "seller"
    return position(deal, clause, side=side) is not None


def _payments_words(total: SystemZone, reference: Reference, currency: str) -> str:
    assert total.lowest_payment is not None
    assert total.highest_payment is not None
    now = total.highest_payment - reference.gains[BUYER]
    low, at, high = (
        money_text(each, currency) for each in (total.lowest_payment, now, total.highest_payment)
    )
    fall = (
        f"could fall to {low} before the seller would"
        if total.lowest_payment > 0.0
        else "could fall away altogether, and the seller would still agree"
    )
    return (
        f"All payments together, {at} at the Nash point, could rise to {high} before the buyer would rather "
        f"have no agreement, and {fall}."
    )


def _closing_words(deal: Deal, reference: Reference, clause: str, side: str, ask: Ask) -> str:
    """Where on its way to the position of a side a clause closes the zone, by halving the way."""
    ends = position(deal, clause, side="buyer" if side == "buyer" else "seller")
    assert ends is not None
    open_at, shut_at = reference.terms[clause], ends
    for _ in range(_HALVINGS):
        middle = nearest_value(deal, clause, (open_at + shut_at) / 2)
        if middle in (open_at, shut_at):
            break
        name = f"where {plain(clause)} closes the zone, {number_text(middle)}"
        worth = ask(name, {**reference.terms, clause: middle}, Question(lesser_gain(reference.without)))
        is_there = worth is not None and min(gains_over(reference.without, worth)) >= 0
        open_at, shut_at = (middle, shut_at) if is_there else (open_at, middle)
    unit = clause_unit(deal, next(each for each in deal.clauses if each.id == clause))
    at = f"{number_text(shut_at)} {unit}".strip() if unit else number_text(shut_at)
    way = "From" if shut_at >= reference.terms[clause] else "Down from"
    return (
        f"{way} {at} on, towards the {side}'s position, {plain(clause)} alone closes the zone; at the Nash "
        f"point it is {number_text(reference.terms[clause])}."
    )
