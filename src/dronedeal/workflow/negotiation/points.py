"""Points of a finished negotiation: their plans, and their term sheets as papers and as files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from dronedeal import output, report
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.term_sheet import Side, TermSheet, deal_at
from dronedeal.errors import CommandError
from dronedeal.exchange import POINT_MARK
from dronedeal.files import write_term_sheet
from dronedeal.negotiation.chosen import ChosenPoint, chosen_point, point_names
from dronedeal.negotiation.record import FAIR_POINTS, Negotiation, Terms
from dronedeal.negotiation.record_store import NEGOTIATION_FILE, OFFER_FILE, read_negotiation, read_offer
from dronedeal.results.plan import Plan
from dronedeal.results.store import read_plan
from dronedeal.workflow.deals import PathLike, read


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
    plan = _plan(Path(path), chosen)
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
    path : folder of the negotiation, or its `negotiation.json`
    name : of the point, one of `report.point_names`
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
    negotiation = read_negotiation(Path(path))
    sheet, plan = point_sheet(negotiation, name), _plan(Path(path), chosen_point(negotiation, name))
    if is_handed_over:
        sheet = replace(sheet, title=f"Terms of {negotiation.title}", least={})
    for file in (*to, *([] if terms is None else [terms])):
        output.refuse_file(Path(file))
    known = None if deal is None else read(deal, sides=sides)
    for file in to:
        page = report.term_sheet(negotiation, name, plan=plan, deal=known, is_handed_over=is_handed_over)
        output.write_page_of_terms(page, Path(file))
    if terms is not None:
        write_term_sheet(sheet, Path(terms))
    return sheet


def _plan(path: Path, chosen: ChosenPoint) -> Plan | None:
    """The plan of a point; None: none was written."""
    folder = path if path.is_dir() else path.parent
    if chosen.plan is None or not (folder / chosen.plan).exists():
        return None
    return read_plan(folder / chosen.plan)
