"""Points of a finished negotiation: their plans, and their term sheets as papers and as files."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from dronedeal import output, report
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.term_sheet import Side, TermSheet, deal_at
from dronedeal.errors import CommandError
from dronedeal.exchange import POINT_MARK
from dronedeal.files import write_term_sheet
from dronedeal.negotiation.chosen import chosen_point, point_names
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.record import FAIR_POINTS, Negotiation, Terms
from dronedeal.negotiation.record_store import NEGOTIATION_FILE, OFFER_FILE, read_negotiation, read_offer
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.record import SCENARIOS_FILE
from dronedeal.results.store import read_plan
from dronedeal.workflow.deals import PathLike, read

if TYPE_CHECKING:
    from dronedeal.report.negotiation.offer_sheet import Which
    from dronedeal.report.negotiation.term_sheet import TermSheetPage


def point_sheet(negotiation: Negotiation, name: str) -> TermSheet:
    """The term sheet of a point, which `offer` values as the point: its terms, and what it leaves each side.

    Terms do not say how much is bought. What the plan of the point leaves each side stands for the quantities
    that were agreed with them.

    Parameters
    ----------
    name : one of `report.point_names`

    Raises
    ------
    CommandError : where no point has that name
    """
    chosen = chosen_point(negotiation, name)
    least = {cast(Side, side): amount for side, amount in chosen.least.items()}
    words = FAIR_POINTS.get(chosen.name, chosen.name)
    return TermSheet(dict(chosen.terms), f"{words} of {negotiation.title}", least=least)


def plan_of_point(path: PathLike, name: str) -> Plan:
    """The plan of a point of a negotiation.

    Parameters
    ----------
    path : folder of the negotiation, or its `negotiation.json`
    name : of the point

    Raises
    ------
    CommandError : where no point has that name, or its plan was not written
    PlanFileError : where the plan is damaged
    """
    chosen = chosen_point(read_negotiation(Path(path)), name)
    plan = _plan(Path(path), chosen.plan)
    if plan is None and chosen.plan is not None:
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        if (folder / chosen.plan / SCENARIOS_FILE).exists():
            raise CommandError(
                f"point '{name}' of {path}: its plan is one for many futures, not one of a single future; "
                f"open {folder / chosen.plan / 'scenarios.html'}, or name a point of the negotiation of the "
                "deal as stated, in the folder as-stated beside it"
            )
    if plan is None:
        raise CommandError(
            f"point '{name}' of {path}: no plan of it was written; choose a fair point or a point of the "
            "frontier whose plan lies in plans/"
        )
    return plan


def split_point(path: PathLike) -> tuple[Path, str] | None:
    """A path such as `out#nash` as the negotiation and the point; None: it names a plan itself.

    >>> split_point("out/negotiation.json#nash")
    (PosixPath('out/negotiation.json'), 'nash')
    >>> split_point("out/plans/nash")
    """
    head, mark, name = str(path).rpartition(POINT_MARK)
    return (Path(head), name) if mark and head and not Path(path).exists() else None


def deal_of_plan(path: PathLike, deal: Deal) -> Deal:
    """The deal that a plan was made of: as given, or under the terms of the point or the offer that it is of.

    Parameters
    ----------
    path : of the plan; `out#nash`, or a folder in `plans/` beside `negotiation.json` or `offer.json`
    deal : as it stands
    """
    for digest, terms in _terms(path):
        return deal_at(deal, terms) if digest == deal.digest else deal
    return deal


def deals_of_plans(paths: Sequence[PathLike], deals: Sequence[Deal]) -> list[Deal]:
    """The deal of each plan, as `deal_of_plan`; one deal alone is that of all plans."""
    each = list(deals) * len(paths) if len(deals) == 1 else list(deals)
    known = [deal_of_plan(path, deal) for path, deal in zip(paths, each, strict=False)]
    return [*known, *each[len(paths) :]]


def _terms(path: PathLike) -> Iterator[tuple[str, Terms]]:
    """Digest of the deal as it stands, and terms under which a plan was made; nothing where it has none."""
    point = split_point(path)
    if point is not None:
        record = read_negotiation(point[0])
        yield record.digest, chosen_point(record, point[1]).terms
        return
    folder = Path(path).parent if Path(path).suffix == ".json" else Path(path)
    place, beside = f"plans/{folder.name}", folder.parent.parent
    if folder.parent.name != "plans":
        return
    if (beside / NEGOTIATION_FILE).is_file():
        record = read_negotiation(beside)
        for name in point_names(record):
            chosen = chosen_point(record, name)
            if chosen.plan == place:
                yield record.digest, chosen.terms
    elif (beside / OFFER_FILE).is_file():
        offer = read_offer(beside)
        better = offer.improvement
        if offer.plan == place:
            yield offer.digest, offer.terms
        elif better is not None and better.plan == place:
            yield offer.digest, better.terms


def term_sheet_to_files(
    path: PathLike,
    name: str,
    *,
    to: Sequence[PathLike] = (),
    terms: PathLike | None = None,
    deal: PathLike | None = None,
    sides: Collection[Owner] = OWNERS,
    is_handed_over: bool = False,
) -> TermSheet:
    """Write a point as a term sheet of one page, and as a file that `offer` reads back.

    Parameters
    ----------
    path : folder of the negotiation, or its `negotiation.json`; of an offer, or its `offer.json`
    name : of the point, one of `report.point_names`; of an offer `offer`, or `improvement` for the change
    to : files that end in `.html` or `.docx`
    terms : file that ends in `.yaml`
    deal : for the names of systems; None: their ids
    sides : owners whose tables of the deal are read
    is_handed_over : whether the other side reads it: nothing of what it is worth to either side, and of what
        both asked for

    Raises
    ------
    CommandError : where no point has that name, or a file is there already
    """
    papers = _offer_papers if _is_offer(Path(path)) else _point_papers
    sheet, make, title = papers(Path(path), name)
    if is_handed_over:
        sheet = replace(sheet, title=f"Terms of {title}", least={}, frozen=())
    for file in (*to, *([] if terms is None else [terms])):
        output.refuse_file(Path(file))
    known = None if deal is None else read(deal, sides=sides)
    for file in to:
        output.write_page_of_terms(make(deal=known, is_handed_over=is_handed_over), Path(file))
    if terms is not None:
        write_term_sheet(sheet, Path(terms))
    return sheet


def offered_sheet(offer: Offer, which: str) -> TermSheet:
    """The term sheet of an offer, or of the change of it that helps both, as `offer` reads it.

    Parameters
    ----------
    which : `offer` or `improvement`

    Raises
    ------
    CommandError : where there is no such sheet
    """
    known = report.offer_sheets(offer)
    if which not in known:
        raise CommandError(
            f"point '{which}': the offer has no such sheet; allowed: {', '.join(known)}; name one of them"
        )
    frozen = tuple(clause.id for clause in offer.clauses if clause.is_frozen)
    better = offer.improvement
    if which == "offer" or better is None:
        least = {cast(Side, side): amount for side, amount in offer.least.items()}
        return TermSheet(dict(offer.terms), offer.name or "", offer.is_signed, frozen, least)
    title = f"{offer.name}, improved" if offer.name else "Improvement"
    least = {cast(Side, side): math.floor(getattr(better.utilities, side)) for side in offer.least}
    return TermSheet(dict(better.terms), title, frozen=frozen, least=least)


class _MakePage(Protocol):
    """Makes the page of a term sheet."""

    def __call__(self, *, deal: Deal | None, is_handed_over: bool) -> TermSheetPage:
        """See `report.term_sheet` and `report.offer_sheet`."""
        ...


def _point_papers(path: Path, name: str) -> tuple[TermSheet, _MakePage, str]:
    negotiation = read_negotiation(path)
    sheet, plan = point_sheet(negotiation, name), _plan(path, chosen_point(negotiation, name).plan)
    return sheet, partial(report.term_sheet, negotiation, name, plan=plan), negotiation.title


def _offer_papers(path: Path, name: str) -> tuple[TermSheet, _MakePage, str]:
    offer = read_offer(path)
    sheet = offered_sheet(offer, name)
    better = offer.improvement if name == "improvement" else None
    plan = _plan(path, offer.plan if better is None else better.plan)
    which: Which = "offer" if better is None else "improvement"
    return sheet, partial(report.offer_sheet, offer, which, plan=plan), offer.title


def _is_offer(path: Path) -> bool:
    """Whether a path leads to the record of an offer and not of a negotiation."""
    if path.is_dir():
        return not (path / NEGOTIATION_FILE).exists() and (path / OFFER_FILE).exists()
    return path.name == OFFER_FILE


def _plan(path: Path, place: str | None) -> Plan | None:
    """The plan of a point or an offer; None: none was written, or it is one for many futures."""
    folder = path if path.is_dir() else path.parent
    if place is None or not (folder / place).exists() or (folder / place / SCENARIOS_FILE).exists():
        return None
    return read_plan(folder / place)
