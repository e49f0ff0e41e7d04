"""What `offer` prints: plain text of at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dronedeal.negotiation.offer_record import Improvement, Offer
from dronedeal.negotiation.record_parts import Opening, Sides
from dronedeal.report.negotiation.wording import Voice
from dronedeal.report.wording import change_text, gap_text, number_text, shorten
from dronedeal.terminal import columns_text, wrapped
from dronedeal.terminal_negotiation import money_scale

_LABEL = 24


def offer_text(offer: Offer, directory: Path | None) -> str:
    """What an offer is worth, clause by clause, what it breaks, and the smallest change that helps both."""
    noun = "Signed" if offer.is_signed else "Offer"
    heading = f"{offer.title}: {offer.name or 'a term sheet without a name'}"
    parts = [
        wrapped(heading),
        "\n".join(_plan_lines(offer, noun)),
        _worth_text(offer),
        _clauses_text(offer),
        "\n".join(wrapped(f"- {fault.words}", indent="  ") for fault in offer.faults),
        _improvement_text(offer),
        "\n".join(wrapped(warning) for warning in offer.warnings),
        "" if directory is None else _where(directory),
    ]
    return "\n\n".join(part for part in parts if part)


def _plan_lines(offer: Offer, noun: str) -> Iterator[str]:
    proof = "nothing is proven" if offer.gap is None else f"gap {gap_text(offer.gap)}"
    yield wrapped(f"{noun:7} {offer.plan_words} It is {offer.status}, {proof}.", indent="        ")
    if not offer.keeps_rules:
        yield "Rules   under these terms no plan keeps every rule"
    yield f"Money   {offer.currency} at prices of {offer.price_base_year}, discounted"


def _worth_text(offer: Offer) -> str:
    places: list[tuple[str, Sides | None]] = [
        ("no agreement", offer.alternatives),
        ("as it stands", offer.as_it_stands),
        ("all as the buyer asks", _worth_of(offer.openings.buyer)),
        ("all as the seller asks", _worth_of(offer.openings.seller)),
        ("the signed text" if offer.is_signed else "the offer", offer.utilities),
        (
            "with the amendment" if offer.is_signed else "with the change",
            _worth_of(offer.improvement),
        ),
    ]
    known = [(name, sides) for name, sides in places if sides is not None]
    # Both sides are shown in what makes the smaller numbers readable.
    least = min(max(abs(getattr(sides, side)) for _, sides in known) for side in ("buyer", "seller"))
    scale, word = money_scale([Sides(least, least)])
    rows = [[f"{offer.currency} {word}".strip(), "buyer", "gain", "seller", "gain"]]
    for name, sides in known:
        alone = offer.alternatives
        rows.append(
            [
                name,
                number_text(sides.buyer / scale, 2),
                change_text((sides.buyer - alone.buyer) / scale, 2),
                number_text(sides.seller / scale, 2),
                change_text((sides.seller - alone.seller) / scale, 2),
            ]
        )
    return columns_text(rows)


def _worth_of(found: Opening | Improvement | None) -> Sides | None:
    return None if found is None else found.utilities


def _clauses_text(offer: Offer) -> str:
    """What each clause that the offer moves brings to both sides inside it."""
    voice = Voice(offer)
    moved = [clause for clause in offer.clauses if clause.within is not None]
    if not moved:
        return ""
    scale, word = money_scale([clause.within for clause in moved if clause.within is not None])
    rows = [["Clauses", "now", "offered", f"buyer, {offer.currency} {word}".strip(), "seller"]]
    for clause in moved:
        assert clause.within is not None  # as they were chosen
        now = "–" if clause.now is None else number_text(clause.now)
        offered = "–" if clause.offered is None else number_text(clause.offered)
        changes = (change_text(each / scale, 2) for each in (clause.within.buyer, clause.within.seller))
        rows.append([shorten(voice.clause_name(clause.id), _LABEL), now, offered, *changes])
    note = "What each side gains by a clause: all terms together less all but this one."
    return f"{columns_text(rows)}\n{wrapped(note)}"


def _improvement_text(offer: Offer) -> str:
    found = offer.improvement
    noun = "amendment" if offer.is_signed else "change"
    if found is None:
        return wrapped(offer.improvement_words) if offer.improvement_words else ""
    scale, word = money_scale([found.change])
    lines = [f"The smallest {noun} that helps both, shown and not pushed"]
    voice = Voice(offer)
    for move in found.moves:
        old = "as in the deal" if move.offered is None else number_text(move.offered)
        name = voice.clause_name(move.clause)
        lines.append(
            wrapped(f"  {name} ({move.clause}): {old} → {number_text(move.proposed)}", indent="    ")
        )
    both = (
        f"  buyer {change_text(found.change.buyer / scale, 2)}, seller "
        f"{change_text(found.change.seller / scale, 2)} {offer.currency} {word}"
    )
    stands = ["  The signed text stands unless both sides amend it."] if offer.is_signed else []
    return "\n".join([*lines, both.rstrip(), *stands, wrapped(offer.improvement_words)])


def _where(directory: Path) -> str:
    return (
        f"Page      {directory / 'offer.html'}\n"
        "          with offer.xlsx, offer.json, plans/ and term-sheets/ beside it"
    )
