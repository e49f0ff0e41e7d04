"""The tables of an offer, for the page and the workbook alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dronedeal.negotiation.record_parts import Sides
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.negotiation.offer_wording import FAULT_WORDS, OfferSpeech
from dronedeal.report.negotiation.tables import both, cells, option_words
from dronedeal.report.negotiation.wording import SIDES, sentence_start, short_unit
from dronedeal.report.wording import sentence

OFFER_GRIDS: dict[str, Callable[[OfferSpeech], Grid]] = {}
"""Every table by the name of its sheet, in the order of the workbook."""


def _sheet(name: str) -> Callable[[Callable[[OfferSpeech], Grid]], Callable[[OfferSpeech], Grid]]:
    def register(maker: Callable[[OfferSpeech], Grid]) -> Callable[[OfferSpeech], Grid]:
        OFFER_GRIDS[name] = maker
        return maker

    return register


def places(speech: OfferSpeech) -> Iterator[tuple[str, Sides]]:
    """What is worth something to both sides, by its name in words."""
    record = speech.record
    yield "No agreement", record.alternatives
    if record.as_it_stands is not None:
        yield "The deal as it stands", record.as_it_stands
    for side in SIDES:
        opening = getattr(record.openings, side)
        if opening is not None and opening.utilities is not None:
            yield f"All as {speech.names[side]} asks", opening.utilities
    yield f"The {speech.noun}", record.utilities
    if record.improvement is not None:
        yield f"The {speech.noun} with the smallest {speech.change_noun}", record.improvement.utilities


@_sheet("Worth")
def worth_grid(speech: OfferSpeech) -> Grid:
    """What the offer is worth to both sides, beside what else there is."""
    rows = tuple(
        (name, *cells(sides), *cells(speech.gains(sides)), sides.buyer + sides.seller)
        for name, sides in places(speech)
    )
    columns = (
        GridColumn("Agreement"),
        *both(speech, "Worth"),
        *both(speech, "Gain", kind="change"),
        GridColumn("Both together", "money", speech.unit),
    )
    note = "Gain: what a side has more than without an agreement."
    return Grid("What it is worth to both sides", columns, rows, note=note, is_open=True)


@_sheet("Standing")
def standing_grid(speech: OfferSpeech) -> Grid:
    """Every clause: what the offer makes of it, and where that stands between both positions."""
    rows = tuple(
        (
            sentence_start(speech.clause_name(clause.id)),
            short_unit(clause.unit),
            clause.now,
            clause.offered,
            clause.buyer_position,
            clause.seller_position,
            speech.standing(clause),
        )
        for clause in speech.record.clauses
    )
    columns = (
        GridColumn("Clause"),
        GridColumn("Unit"),
        GridColumn("Now", "figure"),
        GridColumn(sentence_start(speech.noun), "figure"),
        GridColumn(f"{speech.heads['buyer']} asks", "figure"),
        GridColumn(f"{speech.heads['seller']} asks", "figure"),
        GridColumn("It stands"),
    )
    return Grid("Where it stands between both positions", columns, rows, is_open=True)


@_sheet("Clauses")
def clause_grid(speech: OfferSpeech) -> Grid:
    """What every clause that the offer moves is worth to both sides, inside it and alone."""
    rows = tuple(
        (sentence_start(speech.clause_name(clause.id)), *cells(clause.within), *cells(clause.alone))
        for clause in speech.record.clauses
        if clause.within is not None or clause.alone is not None
    )
    columns = (
        GridColumn("Clause"),
        *both(speech, f"Within the {speech.noun}", kind="change"),
        *both(speech, "Alone", kind="change"),
    )
    note = (
        f"Within the {speech.noun}: the {speech.noun} less the {speech.noun} with this clause as the deal "
        "has it now. Alone: the deal as it stands with this clause moved, less the deal as it stands. Each "
        "from a plan of its own; a dash where there is then no agreement."
    )
    return Grid("What each clause that moves is worth", columns, rows, note=note, is_open=True)


@_sheet("Limits")
def fault_grid(speech: OfferSpeech) -> Grid:
    """Rules and limits that the offer breaks, and terms that do nothing."""
    rows = tuple(
        (FAULT_WORDS[each.kind], each.subject, sentence(each.words)) for each in speech.record.faults
    )
    columns = (GridColumn("What"), GridColumn("Of"), GridColumn("In words"))
    return Grid("Rules and limits", columns, rows, is_open=True)


@_sheet("Improvement")
def improvement_grid(speech: OfferSpeech) -> Grid:
    """The smallest change that helps both, clause by clause."""
    found = speech.record.improvement
    columns = (
        GridColumn("Clause"),
        GridColumn("Unit"),
        GridColumn(sentence_start(speech.noun), "figure"),
        GridColumn(sentence_start(speech.change_noun), "figure"),
        *both(speech, kind="change"),
    )
    if found is None:
        return Grid(f"The smallest {speech.change_noun}", columns, ())
    units = {clause.id: clause.unit for clause in speech.record.clauses}
    rows: list[tuple[Any, ...]] = [
        (
            sentence_start(speech.clause_name(move.clause)),
            short_unit(units.get(move.clause)),
            move.offered,
            move.proposed,
            *cells(move.alone),
        )
        for move in found.moves
    ]
    rows.append(("All together", None, None, None, *cells(found.change)))
    note = f"What each side has more than under the {speech.noun}; single rows: the clause alone."
    return Grid(
        f"The smallest {speech.change_noun} that helps both", columns, tuple(rows), note=note, is_open=True
    )


@_sheet("Terms")
def terms_grid(speech: OfferSpeech) -> Grid:
    """All terms side by side: now, the offer, the improvement, both positions and the range."""
    record = speech.record
    better = {} if record.improvement is None else record.improvement.terms
    rows = tuple(
        (
            sentence_start(speech.clause_name(clause.id)),
            short_unit(clause.unit),
            clause.now,
            clause.offered,
            better.get(clause.id, clause.offered) if better else None,
            clause.lower,
            clause.upper,
            "yes" if clause.is_named else "no",
            "yes" if clause.is_frozen else "no",
            clause.words or None,
        )
        for clause in record.clauses
    )
    columns = (
        GridColumn("Clause"),
        GridColumn("Unit"),
        GridColumn("Now", "figure"),
        GridColumn(sentence_start(speech.noun), "figure"),
        GridColumn(f"With the {speech.change_noun}", "figure"),
        GridColumn("Least", "figure"),
        GridColumn("Greatest", "figure"),
        GridColumn("Named"),
        GridColumn("Frozen"),
        GridColumn("Note"),
    )
    return Grid("Terms and their ranges", columns, rows)


@_sheet("Certificate")
def certificate_grid(speech: OfferSpeech) -> Grid:
    """Where the figures come from: bound, gap, digests, options, versions."""
    record = speech.record
    proof = "nothing is proven" if record.bound is None else f"{record.bound:,.0f} {record.currency}"
    rows: list[tuple[str, str]] = [
        ("Plan", record.plan or "not written"),
        ("Which plan", record.plan_words),
        ("Status of the plan", record.status),
        ("No plan under it is worth more to both than", proof),
        ("Gap", "nothing is proven" if record.gap is None else f"{record.gap:.6%}"),
        ("Digest of the deal", record.digest),
        (f"Digest of the deal under the {speech.noun}", record.digest_under),
        ("Format", record.format),
    ]
    rows += [(f"Option {name}", option_words(value)) for name, value in record.options.items()]
    rows += [(f"Version of {name}", value) for name, value in record.versions.items()]
    columns = (GridColumn("What"), GridColumn("Value"))
    return Grid("Proof, digests, options and versions", columns, tuple(rows), is_open=True)
