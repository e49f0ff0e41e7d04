"""What was found of one offer, written down as its record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress

from dronedeal.deal.clause_unit import clause_unit
from dronedeal.deal.clauses import Clause
from dronedeal.deal.one_side import statement
from dronedeal.deal.term_sheet import Side, clause_range, position, value_now
from dronedeal.errors import TermSheetError
from dronedeal.negotiation.evaluator import Utilities
from dronedeal.negotiation.offer_record import Improvement, Offer, OfferedClause, OfferFault, ProposedTerm
from dronedeal.negotiation.record_parts import (
    AlternativePlan,
    Alternatives,
    Opening,
    Openings,
    Parties,
    Sides,
    proven,
)
from dronedeal.negotiation.trials import Value, difference
from dronedeal.report.wording import list_text, number_text, plain
from dronedeal.workflow.negotiation.offer_findings import RISE, SIDES, Better, Chosen, OfferFindings, keeps
from dronedeal.workflow.plans import program_versions


def recorded_offer(found: OfferFindings) -> Offer:
    """The record of an offer.

    Parameters
    ----------
    found : with the plan under the offer and both alternatives; what else is missing was stopped
    """
    chosen = found.chosen
    assert chosen is not None  # the run ends with an error before it is known
    deal, settings, plan = found.deal, found.deal.settings, chosen.run.plan
    names = {party.role: party.name for party in settings.parties}
    gains = difference(chosen.utilities, found.without)
    bound, gap = _proof(chosen)
    return Offer(
        title=settings.title,
        name=found.sheet.title,
        is_signed=found.sheet.is_signed,
        parties=Parties(buyer=names["buyer"], seller=names["seller"]),
        currency=settings.currency,
        price_base_year=settings.price_base_year,
        digest=deal.digest,
        digest_under=found.under.digest,
        options=dict(found.options),
        versions=program_versions(),
        alternatives=Sides.of(found.without),
        alternative_plans=_alternatives(found),
        terms=dict(found.named),
        least={side: found.sheet.least[side] for side in SIDES if side in found.sheet.least},
        utilities=Sides.of(chosen.utilities),
        gains=Sides.of(gains),
        keeps_alternatives=keeps(chosen.utilities, found.without),
        keeps_rules=not plan.tables["violations"],
        status=plan.status,
        bound=bound,
        gap=gap,
        plan="plans/offer",
        plan_words=chosen.words,
        as_it_stands=None if found.as_it_stands is None else Sides.of(found.as_it_stands),
        openings=Openings(_opening(found, "buyer"), _opening(found, "seller")),
        clauses=_clauses(found),
        faults=(*_faults(found, gains), *_idle(found)),
        improvement=None if found.better is None else _improvement(found, found.better, bound),
        improvement_bound=found.improvement_bound,
        improvement_words=_improvement_words(found, bound),
        warnings=_warnings(found),
    )


def _proof(chosen: Chosen) -> tuple[float | None, float | None]:
    """Bound of both utilities together, and the gap to it."""
    bound = None if chosen.bound is None else proven(chosen.bound)
    if bound is None:
        return None, None
    both = sum(chosen.utilities)
    bound = max(bound, both)
    return bound, (bound - both) / max(1.0, abs(both))


def _alternatives(found: OfferFindings) -> Alternatives:
    def of(side: str, words: str) -> AlternativePlan:
        plan = found.alternatives[side].plan
        return AlternativePlan(
            utility=plan.utilities[side], bound=plan.bound, plan=f"plans/{side}-alone", words=words
        )

    return Alternatives(
        of("buyer", "The buyer meets its needs from suppliers other than the seller, at their prices."),
        of("seller", "The seller serves its own needs and its other customers."),
    )


def _opening(found: OfferFindings, side: str) -> Opening | None:
    terms, worth = found.openings.get(side, ({}, None))
    if not terms:
        return None
    reason = "" if worth else "No plan under these terms leaves both sides what they have without them."
    return Opening(terms=dict(terms), utilities=_sides(worth), reason=reason)


def _clauses(found: OfferFindings) -> tuple[OfferedClause, ...]:
    """Those that the offer moves by what they bring inside it, then the others as in the deal."""
    rows = [_clause(found, clause) for clause in found.deal.clauses]

    def weight(row: OfferedClause) -> float:
        return -1.0 if row.within is None else abs(row.within.buyer) + abs(row.within.seller)

    return tuple(sorted(rows, key=lambda row: (row.id not in found.within, -weight(row))))


def _clause(found: OfferFindings, clause: Clause) -> OfferedClause:
    deal, now = found.deal, value_now(found.deal, clause)
    ends: tuple[float | None, float | None] = clause.lower, clause.upper
    with suppress(TermSheetError):
        ends = clause_range(deal, clause)
    asked = {side: position(deal, clause, side=side) for side in SIDES}
    offered = found.named.get(clause.id, now)
    return OfferedClause(
        id=clause.id,
        name=clause.name or "",
        kind=clause.kind,
        subject=clause.subject,
        unit=clause_unit(deal, clause),
        words=clause.note or "",
        is_named=clause.id in found.sheet.terms,
        is_frozen=clause.id in found.sheet.frozen,
        now=now,
        offered=offered,
        buyer_position=asked["buyer"],
        seller_position=asked["seller"],
        lower=ends[0],
        upper=ends[1],
        place=_place(offered, asked),
        alone=_sides(found.alone.get(clause.id)),
        within=_sides(found.within.get(clause.id)),
    )


def _place(offered: float | None, asked: Mapping[Side, float | None]) -> float | None:
    buyer, seller = asked["buyer"], asked["seller"]
    if offered is None or buyer is None or seller is None or buyer == seller:
        return None
    return (offered - buyer) / (seller - buyer)


def _faults(found: OfferFindings, gains: Utilities) -> Iterator[OfferFault]:
    """Rules that the plan breaks, and sides that are better off alone."""
    assert found.chosen is not None
    plan = found.chosen.run.plan
    for row in plan.tables["violations"]:
        yield OfferFault(kind="rule", subject=row["subject"], words=row["words"])
    for side, have in zip(SIDES, found.chosen.utilities, strict=True):
        missing = found.sheet.least.get(side, have) - have
        if missing > RISE * max(1.0, abs(have)):
            words = f"the {side} has {plan.currency} {missing:,.0f} less than the sheet says at least"
            bound = found.chosen.bound
            if bound is not None and missing <= bound - sum(found.chosen.utilities):
                words += "; within the gap of the plan there may be one that leaves it as much"
            yield OfferFault(kind="least", subject=side, words=words)
    proof = (
        "it is proven that no plan under the offer leaves both sides as much as they have alone"
        if found.is_without_proven
        else "no plan under the offer was found that leaves both sides as much as they have alone"
    )
    for side, gain, alone in zip(SIDES, gains, found.without, strict=True):
        if gain < -RISE * max(1.0, abs(alone)):
            words = f"the {side} has {plan.currency} {-gain:,.0f} less than without an agreement"
            # A plan that breaks a rule says nothing of other plans.
            yield OfferFault(
                kind="alternative",
                subject=side,
                words=words if plan.tables["violations"] else f"{words}; {proof}",
            )


def _idle(found: OfferFindings) -> Iterator[OfferFault]:
    for name, reason in found.idle.items():
        yield OfferFault(
            kind="no_effect", subject=name, words=f"the term of clause {name} changes nothing here: {reason}"
        )


def _improvement(found: OfferFindings, better: Better, bound: float | None) -> Improvement:
    assert found.chosen is not None
    assert found.values is not None
    alone = {
        move.clause: each for move, each in zip(better.exchange.moves, better.exchange.alone, strict=True)
    }
    utilities = better.chosen.utilities
    return Improvement(
        moves=tuple(
            ProposedTerm(
                clause=name,
                offered=found.values.at_offer[name],
                proposed=value,
                alone=_sides(alone[name]),
            )
            for name, value in better.moved.items()
        ),
        terms=dict(found.named) | dict(better.moved),
        utilities=Sides.of(utilities),
        change=Sides.of(difference(utilities, found.chosen.utilities)),
        is_proven=bound is not None and sum(utilities) > bound,
        plan="plans/improvement",
    )


def _improvement_words(found: OfferFindings, bound: float | None) -> str:
    """What was found, and what is proven of all other changes."""
    assert found.chosen is not None
    parts = []
    if not found.was_looked_for:
        return "A change that helps both was not looked for."
    if found.better is None and found.was_stopped:
        parts.append("The search for a change that helps both was stopped before it ended.")
    elif found.better is None:
        parts.append("No change was found that helps both sides by more than the gap of the plan.")
    elif bound is not None and sum(found.better.chosen.utilities) > bound:
        parts.append("It is worth more to both together than any plan under the offer can be.")
    else:
        parts.append("It lies within the gap of the plan: a better plan under the offer might do as much.")
    parts += _tried_words(found)
    most = found.improvement_bound
    if most is not None:
        is_nothing = most <= RISE * max(1.0, *map(abs, found.chosen.utilities))
        much = (
            f"brings both sides more than {found.deal.settings.currency} {math.ceil(round(most, 2)):,} each"
        )
        parts.append(
            f"It is proven that no change of terms in proportion {'helps both' if is_nothing else much}."
        )
        still = [] if found.values is None else [plain(name) for name in found.values.still]
        if still:
            parts.append(
                f"In that proof {list_text(still)} {'stays' if len(still) == 1 else 'stay'} as offered."
            )
    return " ".join(parts)


def _tried_words(found: OfferFindings) -> Iterator[str]:
    """How much was tried of a large deal, and what was not."""
    currency, better = found.deal.settings.currency, found.better
    if better is not None and better.without is not None:
        is_more = better.without > RISE * max(1.0, *map(abs, better.chosen.utilities))
        much = f"{currency} {math.ceil(better.without):,} more each" if is_more else "nothing more"
        yield f"Carried back to the terms of the offer, the plan of the change brings {much}."
    if not found.tried:
        return
    counts = [
        f"{count:,} of {'one clause' if size == 1 else f'{size} clauses'}"
        for size, count in sorted(found.tried.items())
    ]
    yield (
        f"Changes that were valued: {list_text(counts)}, each from the plan of the offer with its "
        "whole-number decisions where they can be held; other values of the clauses, and changes of more of "
        "them, were not."
    )
    if found.promising is not None:
        moved = [f"{plain(name)} {number_text(value)}" for name, value in found.promising.moved.items()]
        buyer, seller = (number_text(each, 0) for each in found.promising.change)
        end = "no plan was made of it" if found.was_stopped else "no plan of it kept that"
        yield (
            f"Of these {list_text(moved)} would bring the buyer {currency} {buyer} and the seller {currency} "
            f"{seller} more as far as was seen; {end}."
        )
    if found.untried:
        yield f"Not tried at every place that they could go to: {list_text(found.untried)}."


def _warnings(found: OfferFindings) -> tuple[str, ...]:
    alone = statement(found.deal)
    warnings = [alone] if alone else []
    if found.under.digest == found.deal.digest:
        warnings.append("The offer changes nothing: the deal under it is the deal as it stands.")
    if found.sheet.least:
        warnings.append(
            "The worth of clauses is that of joint plans under the terms alone, whatever the sheet says that "
            "each side has at least."
        )
    if found.was_stopped:
        warnings.append(
            "The search was stopped: worth of clauses and a change that helps both may be missing."
        )
    return tuple(warnings)


def _sides(value: Value) -> Sides | None:
    return None if value is None else Sides.of(value)
