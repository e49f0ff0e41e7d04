"""What a negotiation found, written down as its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from dronedeal.deal import Deal
from dronedeal.deal.clause_unit import clause_unit
from dronedeal.deal.clauses import Clause
from dronedeal.deal.one_side import statement
from dronedeal.deal.term_sheet import clause_range, is_computed, position, value_now
from dronedeal.errors import TermSheetError
from dronedeal.negotiation.analysis_record import AnalysisRecord, InputMargin
from dronedeal.negotiation.clauses import ClausePrice
from dronedeal.negotiation.evaluator import BUYER, SELLER, Answer, Outcome, Utilities
from dronedeal.negotiation.fair_point import FairPoint
from dronedeal.negotiation.frontier_points import Frontier
from dronedeal.negotiation.given_away import given_away, moved_alternatives
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.record import (
    FAIR_POINTS,
    AlternativePlan,
    Alternatives,
    ClauseRecord,
    Negotiation,
    Opening,
    Openings,
    PackagesRecord,
    Parties,
    Sides,
    SystemZone,
    Zone,
    proven,
)
from dronedeal.negotiation.recording import (
    Reading,
    bound_curve,
    exchange_record,
    fair_plan,
    frontier_plans,
    jump_ids,
    priced,
)
from dronedeal.report.wording import list_text, plain
from dronedeal.workflow.negotiation.analysis import analysis_record
from dronedeal.workflow.negotiation.choosing import Looked
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.package_recording import packages_record
from dronedeal.workflow.plans import program_versions


class Alone(Protocol):
    """What a side has without an agreement."""

    @property
    def utilities(self) -> Mapping[str, float]:
        """Of the plan of that side, by side, currency."""
        ...

    @property
    def bound(self) -> float | None:
        """No plan without an agreement is worth more to that side; None: not proven."""
        ...


@dataclass
class Findings:
    """Everything that the steps of a negotiation found so far.

    alternatives, openings : by side; zone : the plan with the greatest lesser gain; None: not asked yet
    fair : by name, none where there is no zone; prices : of every clause that is computed
    folders : of the plan of each outcome that was written
    systems, changes : payments that both sides can accept, and what closes or opens the zone
    stays : clauses that stay as they are in the frontier, with the reason
    margins : how far the main inputs may move
    looked : the packages that were looked at; None: not known yet; opened : plans of opening positions
    known : gives every plan that was found
    stopped : why the work ended early; None: it did not
    """

    deal: Deal
    options: Mapping[str, int | float | None]
    alternatives: Mapping[str, Alone]
    zone: Answer | None = None
    frontier: Frontier = field(default_factory=lambda: Frontier(()))
    fair: dict[str, FairPoint] = field(default_factory=dict)
    prices: tuple[ClausePrice, ...] = ()
    exchange: Exchange | None = None
    folders: dict[Outcome, str] = field(default_factory=dict)
    openings: dict[str, tuple[Mapping[str, float], Utilities | None]] = field(default_factory=dict)
    systems: list[SystemZone] = field(default_factory=list)
    changes: tuple[str, ...] = ()
    stays: Mapping[str, str] = field(default_factory=dict)
    margins: tuple[InputMargin, ...] = ()
    looked: Looked | None = None
    opened: dict[str, Outcome] = field(default_factory=dict)
    known: Callable[[], Sequence[Outcome]] = tuple
    stopped: str | None = None

    @property
    def without(self) -> Utilities:
        """What each side has without an agreement."""
        buyer, seller = (self.alternatives[side].utilities[side] for side in ("buyer", "seller"))
        return buyer, seller


def recorded(found: Findings) -> Negotiation:
    """The record of a negotiation."""
    settings, fair = found.deal.settings, found.fair
    names = {party.role: party.name for party in settings.parties}
    reading = Reading(_terms, found.folders.get)
    points = frontier_plans(found.frontier, reading)
    is_whole_zone = len(fair) == len(FAIR_POINTS)
    together = fair.get("welfare")
    made = {name: fair_plan(point, reading, together=together) for name, point in fair.items()}
    plans = {name: plan for name, plan in made.items() if plan is not None}
    packages = packages_record(
        found.looked, frontier=points, fair=plans, known=found.known(), without=found.without
    )
    return Negotiation(
        title=settings.title,
        parties=Parties(buyer=names["buyer"], seller=names["seller"]),
        currency=settings.currency,
        price_base_year=settings.price_base_year,
        digest=found.deal.digest,
        options=dict(found.options),
        versions=program_versions(),
        alternatives=Sides.of(found.without),
        alternative_plans=_alternatives(found),
        zone=_zone(found),
        openings=Openings(_opening(found, "buyer"), _opening(found, "seller")),
        frontier=points,
        frontier_jumps=jump_ids(found.frontier, points),
        is_frontier_whole=found.frontier.is_whole and not found.frontier.was_stopped,
        frontier_bound=bound_curve(found.frontier) if points else (),
        nash=plans.get("nash"),
        kalai_smorodinsky=plans.get("kalai_smorodinsky"),
        egalitarian=plans.get("egalitarian"),
        welfare=plans.get("welfare"),
        clauses=_clauses(found),
        clause_reference=(
            "the joint plan of the deal as it stands"
            if "nash" not in fair
            else "the joint plan under the terms of the Nash point"
        ),
        packages=packages,
        exchange=exchange_record(found.exchange),
        disclosure=(
            given_away(found.frontier, found.without, currency=settings.currency) if is_whole_zone else None
        ),
        analysis=_analysis(found, [point.id for point in points]),
        was_stopped=found.stopped is not None,
        perspective=statement(found.deal) or None,
        warnings=_warnings(found, packages),
    )


def _analysis(found: Findings, ids: Sequence[str]) -> AnalysisRecord:
    currency = found.deal.settings.currency
    is_whole_zone = len(found.fair) == len(FAIR_POINTS)
    moved = (
        moved_alternatives(found.frontier, found.without, ids=ids, currency=currency) if is_whole_zone else ()
    )
    return analysis_record(found.deal, sensitivity=moved, margins=found.margins)


def _alternatives(found: Findings) -> Alternatives:
    def of(side: str, words: str) -> AlternativePlan:
        plan = found.alternatives[side]
        return AlternativePlan(
            utility=plan.utilities[side], bound=plan.bound, plan=f"plans/{side}-alone", words=words
        )

    return Alternatives(
        of("buyer", "The buyer meets its needs from suppliers other than the seller, at their prices."),
        of("seller", "The seller serves its own needs and its other customers."),
    )


def _zone(found: Findings) -> Zone:
    if found.zone is None:
        reason = "The work was stopped before it was known whether there is one."
        return Zone(is_there=False, greatest_lesser_gain=None, bound=None, reason=reason)
    outcome, without = found.zone.outcome, found.without
    bound = proven(found.zone.bound)
    if outcome is None:
        reason = "No plan under any terms leaves both sides at least what they have without an agreement."
        return Zone(
            is_there=False, greatest_lesser_gain=None, bound=bound, reason=reason, changes=found.changes
        )
    gains = outcome.utilities[BUYER] - without[BUYER], outcome.utilities[SELLER] - without[SELLER]
    least = min(gains)
    is_there = least >= 0
    reason = (
        "There are terms under which both sides gain over what they have without an agreement."
        if is_there
        else f"Under the best terms found the {'buyer' if gains[0] < gains[1] else 'seller'} still loses."
    )
    return Zone(
        is_there=is_there,
        greatest_lesser_gain=least,
        bound=bound,
        reason=reason,
        changes=found.changes,
        systems=tuple(found.systems),
    )


def _opening(found: Findings, side: str) -> Opening | None:
    terms, worth = found.openings.get(side, ({}, None))
    if not terms:
        return None
    utilities = None if worth is None else Sides.of(worth)
    reason = "" if worth else "No plan under these terms leaves both sides what they have without them."
    plan = None if side not in found.opened else found.folders.get(found.opened[side])
    return Opening(terms=dict(terms), utilities=utilities, plan=plan, reason=reason)


def _terms(outcome: Outcome) -> dict[str, float]:
    return dict(outcome.plan.terms) if isinstance(outcome.plan, Point) else {}


def _clauses(found: Findings) -> tuple[ClauseRecord, ...]:
    """Clauses with a price in their order, the others after them."""
    by_id = {clause.id: clause for clause in found.deal.clauses}
    priced = [_clause(found, by_id[price.clause], price) for price in found.prices]
    known = {price.clause for price in found.prices}
    others = [_clause(found, clause, None) for clause in found.deal.clauses if clause.id not in known]
    return (*priced, *others)


def _clause(found: Findings, clause: Clause, price: ClausePrice | None) -> ClauseRecord:
    deal = found.deal
    ends: tuple[float | None, float | None] = clause.lower, clause.upper
    with suppress(TermSheetError):
        ends = clause_range(deal, clause)
    record = ClauseRecord(
        id=clause.id,
        name=clause.name or "",
        kind=clause.kind,
        subject=clause.subject,
        unit=clause_unit(deal, clause),
        words=clause.note or "",
        buyer_position=position(deal, clause, side="buyer"),
        seller_position=position(deal, clause, side="seller"),
        lower=ends[0],
        upper=ends[1],
        now=value_now(deal, clause),
        is_computed=is_computed(deal, clause),
        stays=found.stays.get(clause.id),
    )
    return record if price is None else priced(record, price)


def _warnings(found: Findings, packages: PackagesRecord | None) -> tuple[str, ...]:
    stopped: list[str] = []
    if found.stopped is not None:
        stopped = [
            f"The negotiation ended before it was whole ({found.stopped}): what it says was found and is "
            "proven, and what it does not say was not looked into."
        ]
    elif found.frontier.was_stopped:
        stopped = ["The frontier was stopped before it had all its points."]
    alone = [statement(found.deal)] if statement(found.deal) else []
    part = [packages.covers] if packages is not None and not packages.is_whole else []
    return (*stopped, *alone, *part, *_left(found))


def _left(found: Findings) -> tuple[str, ...]:
    """That some clauses are not moved; the reasons stand with the clauses."""
    names = [clause.name or plain(clause.id) for clause in found.deal.clauses if clause.id in found.stays]
    if not names:
        return ()
    return (f"Clauses left as they are in the frontier, for reasons given with each: {list_text(names)}.",)
