"""All files of a negotiation or an offer beside its record: page, workbook and term sheets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dronedeal.deal import Deal
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.record import Negotiation
from dronedeal.report.negotiation.offer_page import offer_page
from dronedeal.report.negotiation.offer_sheet import offer_sheet, offer_sheets
from dronedeal.report.negotiation.offer_workbook import write_offer_workbook
from dronedeal.report.negotiation.page import negotiation_page
from dronedeal.report.negotiation.term_sheet import write_sheet, write_term_sheet
from dronedeal.report.negotiation.workbook import write_negotiation_workbook
from dronedeal.results.plan import Plan

PAGE_FILE = "negotiation.html"
WORKBOOK_FILE = "negotiation.xlsx"
TERM_SHEETS = "term-sheets"
OFFER_PAGE_FILE = "offer.html"
OFFER_WORKBOOK_FILE = "offer.xlsx"


def write_negotiation_files(
    negotiation: Negotiation, plans: Mapping[str, Plan], folder: Path
) -> tuple[Path, ...]:
    """Write the page, the workbook and a term sheet in HTML and DOCX for each fair point into a folder.

    Parameters
    ----------
    plans : plan by the last part of the folder that the record names

    Returns
    -------
    Paths of the files.

    Examples
    --------
    ``write_negotiation_files(run.record, {}, Path("out"))``
    """
    page, workbook = folder / PAGE_FILE, folder / WORKBOOK_FILE
    drawn = negotiation_page(negotiation)
    drawn.ask()
    write_negotiation_workbook(negotiation, workbook)
    drawn.write(page)
    sheets = []
    (folder / TERM_SHEETS).mkdir(exist_ok=True)
    for name, point in negotiation.fair_points.items():
        plan = None if point.plan is None else plans.get(point.plan.rpartition("/")[2])
        for ending in ("html", "docx"):
            sheet = folder / TERM_SHEETS / f"{name}.{ending}"
            write_term_sheet(negotiation, name, sheet, plan=plan)
            sheets.append(sheet)
    return page, workbook, *sheets


def write_offer_files(
    offer: Offer, plans: Mapping[str, Plan], *, deal: Deal, folder: Path
) -> tuple[Path, ...]:
    """Write the page, the workbook and the term sheets of an offer and of its improvement into a folder.

    Parameters
    ----------
    plans : `offer` and `improvement`, where they were made
    deal : for the names of systems

    Returns
    -------
    Paths of the files.

    Examples
    --------
    ``write_offer_files(run.record, {}, deal=deal, folder=Path("out"))``
    """
    page, workbook = folder / OFFER_PAGE_FILE, folder / OFFER_WORKBOOK_FILE
    drawn = offer_page(offer)
    drawn.ask()
    write_offer_workbook(offer, workbook)
    drawn.write(page)
    sheets = []
    (folder / TERM_SHEETS).mkdir(exist_ok=True)
    for which in offer_sheets(offer):
        made = offer_sheet(offer, which, deal=deal, plan=plans.get(which))
        for ending in ("html", "docx"):
            sheets.append(folder / TERM_SHEETS / f"{which}.{ending}")
            write_sheet(made, sheets[-1])
    return page, workbook, *sheets
