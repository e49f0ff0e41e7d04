"""Both files of a report at once, with the charts drawn in another process while the workbook is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal.deal import Deal
from dronedeal.report.charts.render import ask_for
from dronedeal.report.html import subject_html
from dronedeal.report.sections import Subject
from dronedeal.report.view import View
from dronedeal.report.workbook import write_subject_workbook

if TYPE_CHECKING:
    from dronedeal.assessment import Assessment
    from dronedeal.results.plan import Plan

REPORT_FILE = "report.html"
WORKBOOK_FILE = "plan.xlsx"


def write_report_files(plan: Plan, deal: Deal, assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write `report.html` and `plan.xlsx` into a folder; the same bytes as one by one.

    Inside a `drawing_process` the charts are drawn beside the workbook, otherwise after it.

    Returns
    -------
    Paths of the files.

    Examples
    --------
    ``write_report_files(plan, deal, assess(deal), Path("out"))``
    """
    subject = Subject(View(plan, deal), assessment)
    ask_for(subject.figures.values())
    page, workbook = folder / REPORT_FILE, folder / WORKBOOK_FILE
    write_subject_workbook(subject, workbook)
    page.write_text(subject_html(subject), encoding="utf-8", newline="\n")
    return page, workbook
