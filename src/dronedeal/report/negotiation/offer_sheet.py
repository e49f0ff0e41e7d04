"""An offer, or the smallest change of it that helps both, as a term sheet of one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from dronedeal.deal import Deal
from dronedeal.negotiation.offer_record import Offer
from dronedeal.report.names import Names
from dronedeal.report.negotiation.offer_wording import OfferSpeech
from dronedeal.report.negotiation.term_sheet import (
    INSIDE,
    SheetTable,
    TermSheetPage,
    handed_over_systems,
    quantity_tables,
    terms_table,
    worth_table,
)
from dronedeal.report.negotiation.wording import sentence_start
from dronedeal.report.wording import gap_text, isolate, list_text

if TYPE_CHECKING:
    from dronedeal.results.plan import Plan

Which = Literal["offer", "improvement"]


def offer_sheets(offer: Offer) -> tuple[Which, ...]:
    """What a term sheet can be made of: the offer, and its improvement where one was found."""
    return ("offer",) if offer.improvement is None else ("offer", "improvement")


def offer_sheet(
    offer: Offer,
    which: Which,
    *,
    deal: Deal | None = None,
    plan: Plan | None = None,
    is_handed_over: bool = False,
) -> TermSheetPage:
    """An offer or its improvement as a term sheet.

    Parameters
    ----------
    which : one of `offer_sheets`
    deal : for the names of systems; None: their ids stand for them
    plan : for quantities by year and system; None: they are left out
    is_handed_over : whether the other side reads it: without what it is worth to either side, what both asked
        for, what they have without an agreement, and what is found and proven of that
    """
    speech = OfferSpeech(offer)
    terms = {clause.id: clause.offered for clause in offer.clauses}
    utilities = offer.utilities
    if which == "improvement" and offer.improvement is not None:
        terms |= dict(offer.improvement.terms)
        utilities = offer.improvement.utilities
    tables: list[SheetTable] = [
        terms_table(speech, offer.clauses, terms, is_handed_over=is_handed_over),
    ]
    if not is_handed_over:
        tables.insert(0, worth_table(speech, utilities))
    if plan is not None:
        only = handed_over_systems(plan, deal) if is_handed_over else None
        tables += quantity_tables(plan, _system_names(deal), only=only)
    return TermSheetPage(
        title=f"Term sheet: {isolate(offer.title)}",
        subtitle=_subtitle(speech, which, is_handed_over=is_handed_over),
        tables=tuple(tables),
        notes=() if is_handed_over else tuple(_notes(speech, which)),
        footer=_footer(offer, plan),
    )


def _system_names(deal: Deal | None) -> dict[str, str]:
    if deal is None:
        return {}
    names = Names(deal)
    return {system.id: names.system(system.id) for system in deal.systems}


def _subtitle(speech: OfferSpeech, which: Which, *, is_handed_over: bool) -> str:
    record = speech.record
    if is_handed_over:
        # That a change helps both, or what the other side called its sheet, is for nobody else to read.
        is_signed = record.is_signed and which == "offer"
        between = f"{speech.names['buyer']} (buyer) and {speech.names['seller']} (seller)"
        return f"Terms, between {between}. {'Signed.' if is_signed else 'Unsigned.'}"
    between = f"between {speech.names['buyer']} (buyer) and {speech.names['seller']} (seller)"
    if which == "offer":
        return f"{sentence_start(speech.called)}, {between}. {'Signed.' if record.is_signed else 'Unsigned.'}"
    what = "A possible amendment of" if record.is_signed else "The smallest change that helps both of"
    return f"{what} {speech.called}, {between}. Unsigned."


def _notes(speech: OfferSpeech, which: Which) -> Iterator[str]:
    yield from _plan_notes(speech, which)
    yield from map(isolate, speech.record.warnings)
    yield INSIDE


def _plan_notes(speech: OfferSpeech, which: Which) -> Iterator[str]:
    record = speech.record
    if which == "improvement" and record.improvement is not None:
        moved = list_text([speech.clause_name(move.clause) for move in record.improvement.moves])
        change = speech.two(record.improvement.change)
        yield f"Moved: {moved}. It brings {change} than the {speech.noun}, {speech.unit}."
        yield isolate(record.improvement_words)
        return
    yield isolate(record.plan_words)
    if record.gap is not None:
        yield f"Gap of the plan to the proven bound: {gap_text(record.gap)}."
    for fault in record.faults:
        yield sentence_start(f"{isolate(fault.words)}.")


def _footer(offer: Offer, plan: Plan | None) -> str:
    version = offer.versions.get("dronedeal", "")
    words = f"Made by dronedeal {version}".strip() + f" from the deal with the digest {offer.digest}"
    return (
        f"{words}; digest of the deal under these terms {plan.digest}." if plan is not None else f"{words}."
    )
