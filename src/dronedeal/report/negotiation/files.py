"""All files of a negotiation beside its record: page, workbook, and a term sheet for each fair point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dronedeal.negotiation.record import Negotiation
from dronedeal.report.negotiation.page import write_negotiation_page
from dronedeal.report.negotiation.term_sheet import write_term_sheet
from dronedeal.report.negotiation.workbook import write_negotiation_workbook
from dronedeal.results.plan import Plan

PAGE_FILE = "negotiation.html"
WORKBOOK_FILE = "negotiation.xlsx"
TERM_SHEETS = "term-sheets"


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
    write_negotiation_page(negotiation, page)
    write_negotiation_workbook(negotiation, workbook)
    sheets = []
    (folder / TERM_SHEETS).mkdir(exist_ok=True)
    for name, point in negotiation.fair_points.items():
        plan = None if point.plan is None else plans.get(point.plan.rpartition("/")[2])
        for ending in ("html", "docx"):
            sheet = folder / TERM_SHEETS / f"{name}.{ending}"
            write_term_sheet(negotiation, name, sheet, plan=plan)
            sheets.append(sheet)
    return page, workbook, *sheets
