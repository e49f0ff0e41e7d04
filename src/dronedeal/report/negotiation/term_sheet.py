"""One chosen point as a term sheet of one page: terms beside both positions, quantities, gains, proof."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dronedeal.deal import Deal
from dronedeal.errors import CommandError
from dronedeal.negotiation.chosen import chosen_point, point_names
from dronedeal.negotiation.record import FAIR_POINTS, FairPlan, FrontierPlan, Negotiation, Sides, Terms
from dronedeal.report.html import environment
from dronedeal.report.names import Names
from dronedeal.report.negotiation.wording import (
    SIDES,
    Speech,
    Voice,
    sentence_start,
    short_unit,
    term_text,
)
from dronedeal.report.wording import gap_text, isolate, number_text

if TYPE_CHECKING:
    from dronedeal.results.plan import Plan

__all__ = [
    "SheetTable", "TermSheetPage", "point_names", "quantity_tables", "sheet_html", "term_sheet",
    "term_sheet_html", "terms_table", "worth_table", "write_sheet", "write_term_sheet",
]  # fmt: skip

OPEN = "open, not computed"
INSIDE = (
    "Not for the other side: it tells what both have without an agreement, and what both asked for. One to "
    "hand over leaves that out: dronedeal term-sheet with --hand-over."
)
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SheetTable:
    """One table of a term sheet, as text.

    Parameters
    ----------
    caption : what it shows, with its unit
    columns : titles of the columns
    rows : text of the cells
    is_number : (n_columns,) whether the cells of a column stand flush right
    """

    caption: str
    columns: tuple[str, ...]
    rows: Rows
    is_number: tuple[bool, ...]


@dataclass(frozen=True)
class TermSheetPage:
    """All that a term sheet says, whatever kind of file it becomes."""

    title: str
    subtitle: str
    tables: tuple[SheetTable, ...]
    notes: tuple[str, ...]
    footer: str


@dataclass(frozen=True)
class _Point:
    """A point that was chosen: its name in words, what it is worth, its terms, and what is proven."""

    name: str
    utilities: Sides | None
    terms: Terms
    proof: str
    plan: str | None


def term_sheet(
    negotiation: Negotiation,
    name: str,
    *,
    plan: Plan | None = None,
    deal: Deal | None = None,
    is_handed_over: bool = False,
) -> TermSheetPage:
    """A point as a term sheet.

    Parameters
    ----------
    negotiation : the record
    name : one of `point_names`
    plan : plan of that point, for quantities by year and system; None: they are left out
    deal : for the names of systems; None: their ids stand for those that the record does not name
    is_handed_over : whether the other side reads it: without what it is worth to either side, what both asked
        for, and what is proven of that

    Raises
    ------
    CommandError : where no point has that name, or the plan is in another currency
    """
    speech, point = Speech(negotiation), _chosen(negotiation, name)
    if plan is not None and plan.currency != negotiation.currency:
        raise CommandError(
            f"plan of point '{name}': in {plan.currency}; allowed: {negotiation.currency}, as the "
            "negotiation; give the plan that belongs to it"
        )
    tables = [terms_table(speech, negotiation.clauses, point.terms, is_handed_over=is_handed_over)]
    if point.utilities is not None and not is_handed_over:
        tables.insert(0, worth_table(speech, point.utilities))
    if plan is not None:
        only = handed_over_systems(plan, deal) if is_handed_over else None
        tables += quantity_tables(plan, _system_names(negotiation, deal), only=only)
    return TermSheetPage(
        title=f"Term sheet: {isolate(negotiation.title)}",
        subtitle=(
            f"{'Terms' if is_handed_over else sentence_start(point.name)}, between "
            f"{speech.names['buyer']} (buyer) and {speech.names['seller']} (seller). Unsigned."
        ),
        tables=tuple(tables),
        notes=() if is_handed_over else (*_notes(speech, point), INSIDE),
        footer=_footer(negotiation, plan),
    )


def _chosen(negotiation: Negotiation, name: str) -> _Point:
    speech, chosen = Speech(negotiation), chosen_point(negotiation, name)
    point = chosen.point
    if isinstance(point, FairPlan):
        proof = f"{point.reason} Gap of its measure to the proven bound: {gap_text(point.gap)}."
        return _Point(_fair_words(chosen.name), point.utilities, point.terms, proof, point.plan)
    if isinstance(point, FrontierPlan):
        words = f"point {point.id} of the frontier"
        return _Point(words, point.utilities, point.terms, _gap_words(speech, point.gap), point.plan)
    words = f"the opening position of {speech.names[chosen.name.removeprefix('opening_')]}"
    return _Point(words, point.utilities, point.terms, point.reason, point.plan)


def _fair_words(name: str) -> str:
    words = FAIR_POINTS[name]
    if name == "welfare":
        return f"the plan of {words.lower()}"
    return f"the {words.lower() if name == 'egalitarian' else words} point"


def _gap_words(speech: Speech, gap: float | None) -> str:
    if gap is None:
        return "It is not proven how much better a side could be off with the other no worse off."
    return (
        f"At no plan is one side better off by more than {speech.money(gap)} ({speech.unit}) with the "
        "other no worse off."
    )


class StatedClause(Protocol):
    """A clause with what both sides ask for and what can be agreed."""

    @property
    def id(self) -> str:
        """Name of the clause."""
        ...

    @property
    def unit(self) -> str | None:
        """Unit of its values."""
        ...

    @property
    def buyer_position(self) -> float | None:
        """What the buyer asks for."""
        ...

    @property
    def seller_position(self) -> float | None:
        """What the seller asks for."""
        ...

    @property
    def lower(self) -> float | None:
        """Least value that can be agreed."""
        ...

    @property
    def upper(self) -> float | None:
        """Greatest value that can be agreed."""
        ...


def worth_table(voice: Voice, utilities: Sides) -> SheetTable:
    """What terms are worth to both sides, beside no agreement."""
    gains = voice.gains(utilities)
    rows = tuple(
        (
            voice.heads[side],
            number_text(getattr(voice.record.alternatives, side), 0),
            number_text(getattr(utilities, side), 0),
            number_text(getattr(gains, side), 0),
        )
        for side in SIDES
    )
    columns = ("Side", "Without an agreement", "With these terms", "Gain")
    return SheetTable(f"Worth to both sides, {voice.unit}", columns, rows, (False, True, True, True))


def terms_table(
    voice: Voice,
    clauses: Iterable[StatedClause],
    terms: Mapping[str, float | None],
    *,
    is_handed_over: bool = False,
) -> SheetTable:
    """Terms clause by clause, beside both positions, which may be private, and the range.

    What is handed over is in the order of the alphabet: records have first what is worth most.
    """
    if is_handed_over:
        clauses = sorted(clauses, key=lambda clause: clause.id)
    rows = tuple(_term_row(voice, clause, terms) for clause in clauses)
    columns = ("Clause", "Term", f"{voice.heads['buyer']} asked", f"{voice.heads['seller']} asked", "Range")
    caption = f"Terms; money in {voice.record.currency}, base-year {voice.record.price_base_year}"
    if is_handed_over:
        rows = tuple((clause, term, span) for clause, term, _, _, span in rows)
        return SheetTable(caption, ("Clause", "Term", "Range"), rows, (False, True, True))
    return SheetTable(caption, columns, rows, (False, True, True, True, True))


def _term_row(voice: Voice, clause: StatedClause, terms: Mapping[str, float | None]) -> tuple[str, ...]:
    unit = short_unit(clause.unit)
    value = terms.get(clause.id)
    agreed = OPEN if value is None else term_text(value, unit)
    span = "–"
    if clause.lower is not None and clause.upper is not None:
        low = term_text(clause.lower, "share" if _is_share(unit) else None)
        high = term_text(clause.upper, "share" if _is_share(unit) else None)
        span = f"{low} to {high}"
    asked = (term_text(each, "share" if _is_share(unit) else None) for each in
             (clause.buyer_position, clause.seller_position))  # fmt: skip
    return (sentence_start(voice.clause_name(clause.id)), agreed, *asked, span)


def _is_share(unit: str | None) -> bool:
    return unit is not None and re.match(r"share\b", unit) is not None


def handed_over_systems(plan: Plan, deal: Deal | None) -> frozenset[str]:
    """Systems of a plan that the seller may read of: its own, and not what the buyer buys elsewhere.

    Parameters
    ----------
    deal : says whose system it is; None: those that a line makes count as the seller's
    """
    rows = plan.tables["purchases"]
    if deal is None:
        return frozenset(row["system"] for row in rows if row["line"] is not None)
    seller = deal.settings.seller.id
    return frozenset(system.id for system in deal.systems if system.supplier == seller)


def quantity_tables(
    plan: Plan, names: Mapping[str, str], *, only: Collection[str] | None = None
) -> Iterator[SheetTable]:
    """Units bought by system and fiscal year of the buyer.

    Parameters
    ----------
    names : of the systems; only : ids of those that are shown; None: all
    """
    sums: dict[str, dict[int, float]] = {}
    for row in plan.tables["purchases"]:
        if only is not None and row["system"] not in only:
            continue
        years = sums.setdefault(row["system"], {})
        years[row["fiscal_year"]] = years.get(row["fiscal_year"], 0.0) + row["quantity"]
    if not sums:
        return
    all_years = sorted({year for years in sums.values() for year in years})
    rows = tuple(
        (
            names.get(system, isolate(system)),
            *(number_text(years.get(year, 0.0), 0) for year in all_years),
            number_text(sum(years.values()), 0),
        )
        for system, years in sorted(sums.items(), key=lambda item: -sum(item[1].values()))
    )
    columns = ("System", *(f"FY{year}" for year in all_years), "All years")
    caption = "Quantities by system and fiscal year of the buyer, units"
    yield SheetTable(caption, columns, rows, (False, *([True] * (len(columns) - 1))))


def _system_names(record: Negotiation, deal: Deal | None) -> Mapping[str, str]:
    if deal is not None:
        names = Names(deal)
        return {system.id: names.system(system.id) for system in deal.systems}
    return {row.system: isolate(row.name) for row in record.zone.systems if row.system is not None}


def _notes(speech: Speech, point: _Point) -> Iterator[str]:
    if speech.record.perspective is not None:
        yield isolate(speech.record.perspective)
    if point.proof:
        yield isolate(point.proof)
    elif point.utilities is None:
        yield "Under these terms no plan was found that keeps both alternatives."
    if point.plan is not None:
        yield f"The plan stands in {isolate(point.plan)}."


def _footer(negotiation: Negotiation, plan: Plan | None) -> str:
    version = negotiation.versions.get("dronedeal", "")
    words = f"Made by dronedeal {version}".strip() + f" from the deal with the digest {negotiation.digest}"
    return (
        f"{words}; digest of the deal under these terms {plan.digest}." if plan is not None else f"{words}."
    )


def term_sheet_html(
    negotiation: Negotiation, name: str, *, plan: Plan | None = None, deal: Deal | None = None
) -> str:
    """A term sheet as one HTML document of one A4 page; parameters as for `term_sheet`.

    Examples
    --------
    ``html = term_sheet_html(read_negotiation("out"), "nash")``
    """
    return sheet_html(term_sheet(negotiation, name, plan=plan, deal=deal))


def sheet_html(page: TermSheetPage) -> str:
    """A page of terms as one HTML document of one A4 page."""
    return environment().get_template("term_sheet.html").render(page=page)


def write_term_sheet(
    negotiation: Negotiation,
    name: str,
    path: Path,
    *,
    plan: Plan | None = None,
    deal: Deal | None = None,
) -> None:
    """Write a term sheet as HTML or DOCX, by the ending of the file; parameters as for `term_sheet`.

    Raises
    ------
    CommandError : where the file ends otherwise, or the point cannot be had

    Examples
    --------
    ``write_term_sheet(read_negotiation("out"), "nash", Path("out/nash.docx"))``
    """
    write_sheet(term_sheet(negotiation, name, plan=plan, deal=deal), path)


def write_sheet(page: TermSheetPage, path: Path) -> None:
    """Write a page of terms as HTML or DOCX, by the ending of the file.

    Raises
    ------
    CommandError : where the file ends otherwise
    """
    target = Path(path)
    if target.suffix == ".docx":
        from dronedeal.report.negotiation.term_sheet_docx import term_sheet_docx

        target.write_bytes(term_sheet_docx(page))
    elif target.suffix == ".html":
        target.write_text(sheet_html(page), encoding="utf-8", newline="\n")
    else:
        raise CommandError(
            f"term sheet {target}: found the ending '{target.suffix}'; allowed: .html, .docx; "
            "name it with one of them"
        )
