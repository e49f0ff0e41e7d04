"""The page of an offer: one self-contained HTML file with the look of the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dronedeal.negotiation.offer_record import Offer
from dronedeal.report.negotiation import offer_tables as tables
from dronedeal.report.negotiation.offer_chart import offer_figure
from dronedeal.report.negotiation.offer_wording import OfferSpeech
from dronedeal.report.negotiation.wording import SIDES, sentence_start
from dronedeal.report.page import Page
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Block, Facts, Item, Section, Words
from dronedeal.report.wording import count_text, gap_text, isolate, list_text, sentence

# Below this gap of the plan a difference of two plans is that of their terms.
_SMALL_GAP = 5e-4


def offer_html(offer: Offer) -> str:
    """An offer as one HTML document.

    Parameters
    ----------
    offer : the record

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = offer_html(read_offer("out"))``
    """
    return offer_page(offer).html


def offer_page(offer: Offer) -> Page:
    """The page of an offer before its charts are drawn."""
    speech = OfferSpeech(offer)
    kind = "A signed text" if offer.is_signed else "An offer"
    name = f" ({isolate(offer.name)})" if offer.name else ""
    return Page(
        "offer.html",
        title=f"{kind} on the table{name}: {isolate(offer.title)}",
        subtitle=speech.who_and_in_what,
        banner=offer_banner(speech),
        sections=tuple(_sections(speech)),
        words={"digest": offer.digest},
    )


def write_offer_page(offer: Offer, path: Path) -> None:
    """Write the page of an offer to a file.

    Examples
    --------
    ``write_offer_page(read_offer("out"), Path("out/offer.html"))``
    """
    offer_page(offer).write(path)


def headline(speech: OfferSpeech) -> tuple[str, ...]:
    """What the offer brings to both sides, and what is proven of its plan."""
    record = speech.record
    first = f"{sentence_start(speech.called)} brings {speech.two(record.gains)} than no agreement."
    proof = (
        "It is not proven how much better a plan under it could be."
        if record.gap is None
        else f"No plan under it is worth more than {gap_text(record.gap)} more to both together."
        if record.gap > 0.5e-6
        else "It is proven that no plan under it is worth more to both together."
    )
    return first, f"{isolate(record.plan_words)} {proof}".strip()


def offer_banner(speech: OfferSpeech) -> Banner:
    """The first thing that a reader sees."""
    record = speech.record
    warnings = tuple(isolate(warning) for warning in record.warnings)
    worse = [speech.heads[side] for side in SIDES if getattr(record.gains, side) < 0]
    if not record.keeps_rules:
        count = sum(fault.kind == "rule" for fault in record.faults)
        text = (
            f"Under the {speech.noun} no plan keeps every rule; this one breaks {count_text(count, 'rule')}."
        )
        return Banner("bad", "Rules collide", text, warnings)
    if not record.keeps_alternatives:
        text = f"{list_text(worse)} has more without an agreement."
        return Banner("caution", f"Not for both: the {speech.noun} leaves a side worse off", text, warnings)
    title = "Both sides gain" if min(record.gains.buyer, record.gains.seller) > 0 else "No side loses"
    if warnings:
        return Banner("caution", title, "Mind this before you use the figures:", warnings)
    return Banner("good", title, "Every figure comes from a plan, checked.", ())


def _sections(speech: OfferSpeech) -> Iterator[Section]:
    facts = Facts(f"Key figures, {speech.unit}", tuple(_key_figures(speech)))
    yield Section(
        "answer", "In short", headline(speech), (offer_figure(speech), facts, tables.worth_grid(speech))
    )
    yield Section("clauses", "Clause by clause", (_clause_words(speech),),
                  (tables.standing_grid(speech), tables.clause_grid(speech)))  # fmt: skip
    yield Section("limits", "Rules and limits", (_limit_words(speech),), (tables.fault_grid(speech),))
    yield _improvement(speech)
    yield _record(speech)


def _key_figures(speech: OfferSpeech) -> Iterator[tuple[str, str, str]]:
    record = speech.record
    for side in SIDES:
        gain = getattr(record.gains, side)
        yield f"{speech.heads[side]} gains", speech.signed(gain), "over no agreement"
    if record.as_it_stands is not None:
        for side in SIDES:
            change = getattr(record.utilities, side) - getattr(record.as_it_stands, side)
            yield f"{speech.heads[side]}", speech.signed(change), "against the deal as it stands"


def _clause_words(speech: OfferSpeech) -> str:
    record = speech.record
    moved = [clause for clause in record.clauses if clause.within is not None]
    if not moved:
        return f"The {speech.noun} moves no clause whose worth was computed."
    first = moved[0]
    assert first.within is not None  # as it was chosen
    return (
        f"The {speech.noun} moves {count_text(len(moved), 'clause')} whose worth was computed. The one that "
        f"moves most money is {speech.clause_name(first.id)}: it brings {speech.two(first.within)}."
        f"{_within_the_gap(speech)}"
    )


def _within_the_gap(speech: OfferSpeech) -> str:
    """What a gap that is not small means for differences of plans."""
    record = speech.record
    if record.gap is None or record.bound is None or record.gap < _SMALL_GAP:
        return ""
    least = record.bound - record.utilities.buyer - record.utilities.seller
    return f" Less than the gap of the plan, {speech.money(least)}, may be owed to the search."


def _limit_words(speech: OfferSpeech) -> str:
    faults = speech.record.faults
    if not faults:
        return f"The {speech.noun} breaks no rule and no limit, and leaves no side worse off than alone."
    return f"{count_text(len(faults), 'finding')}, the worst first."


def _improvement(speech: OfferSpeech) -> Section:
    record = speech.record
    found = record.improvement
    title = f"The smallest {speech.change_noun} that helps both"
    if found is None:
        return Section("improvement", title, (isolate(record.improvement_words),), ())
    moves = list_text([speech.clause_name(move.clause) for move in found.moves])
    lead = (
        "The signed text stands. Were both sides to amend it, "
        if record.is_signed
        else "Shown for both sides to judge: "
    )
    words = (
        f"{lead}{count_text(len(found.moves), 'clause')} moved ({moves}) would bring "
        f"{speech.two(found.change)} than the {speech.noun}, {speech.unit}. "
        f"{isolate(record.improvement_words)}"
    )
    return Section("improvement", title, (words,), (tables.improvement_grid(speech),))


def _record(speech: OfferSpeech) -> Section:
    items = tuple(
        Item((f"{speech.money(found.utility)}. {isolate(sentence(found.words))}",), f"{speech.heads[side]}:")
        for side in SIDES
        if (found := getattr(speech.record.alternative_plans, side)) is not None
    )
    blocks: tuple[Block, ...] = (
        Words("Without an agreement", items),
        tables.terms_grid(speech),
        tables.certificate_grid(speech),
    )
    text = (
        "Both utilities are discounted base-year money, each side at its own discount rate. Every value is "
        "that of a joint plan: among plans under the same terms that leave no side worse off than alone, "
        "where there is one, the plan that is worth most to both together."
    )
    return Section("record", "What the figures rest on", (text,), blocks)
