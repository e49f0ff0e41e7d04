"""The workbook of a plan: summary, charts, one sheet for each plan table, and where figures come from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal.deal import Deal
from dronedeal.report.sections import Subject
from dronedeal.report.view import View
from dronedeal.report.workbook_charts import write_pictures
from dronedeal.report.workbook_sheets import (
    Book,
    write_grids,
    write_names,
    write_sources,
    write_summary,
    write_tables,
)

if TYPE_CHECKING:
    from dronedeal.assessment import Assessment
    from dronedeal.results.plan import Plan

# A workbook carries the time at which it was made; a constant keeps equal plans equal files (rule R9).
CREATED = dt.datetime(2000, 1, 1)


def write_plan_workbook(plan: Plan, deal: Deal, assessment: Assessment, path: Path) -> None:
    """Write the tables of a plan as an Excel workbook.

    Monthly tables stand with one row a series and one column a month, as a delivery schedule does; the same
    rows with all their columns stand in the table files. Text is always written as text, whatever it starts
    with.

    Parameters
    ----------
    plan : the plan
    deal : the deal that it was made for
    assessment : the matching and the evidence that it was made with
    path : file to write

    Examples
    --------
    ``write_plan_workbook(plan, deal, assessment, Path("out/plan.xlsx"))``
    """
    write_subject_workbook(Subject(View(plan, deal), assessment), path)


def write_subject_workbook(subject: Subject, path: Path) -> None:
    """Write the workbook of a subject, which may be shared with a report."""
    import xlsxwriter

    plan, deal = subject.view.plan, subject.view.deal
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {"title": plan.title, "created": CREATED, "comments": f"Deal digest {plan.digest}"}
        )
        book = Book(workbook)
        write_summary(book, subject)
        write_pictures(book, subject.view)
        write_tables(book, subject.view)
        write_grids(book, subject)
        write_names(book, deal)
        write_sources(book, deal)
