"""The folder of a plan and its report: what may be written where, every file whole or not at all."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal import report
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet
from dronedeal.errors import CommandError
from dronedeal.files import write_term_sheet
from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.record import Negotiation
from dronedeal.negotiation.record_store import write_negotiation, write_offer
from dronedeal.results.compare import Comparison
from dronedeal.results.frames import spreadsheet_safe
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.record import (
    TABLE_FOLDER,
    ScenarioPlan,
    scenario_files,
    write_scenario_plan,
)
from dronedeal.results.store import write_plan
from dronedeal.results.stress.record import (
    STRESS_TABLE_FOLDER,
    StressTest,
    stress_files,
    write_stress_test,
)
from dronedeal.results.unfinished import unfinished
from dronedeal.results.verify import Verification

if TYPE_CHECKING:
    from dronedeal.report.negotiation.term_sheet import TermSheetPage

REPORT_FILE = "report.html"
TIMINGS_FILE = "timings.json"
COMPARISON_FILE = "comparison.html"
SCENARIOS_PAGE = "scenarios.html"
STRESS_PAGE, STRESS_WORKBOOK = "stress.html", "stress.xlsx"
COMPARISON_WORKBOOK = "comparison.xlsx"
FAILED_CHECK_FILE = "failed-check.json"


def refuse_output(directory: Path, *, deal_path: Path | None, overwrite: bool) -> None:
    """Refuse a folder in which something of the user's could be lost, before any work is done.

    Parameters
    ----------
    directory : where a plan or report shall go
    deal_path : where its deal lies; a plan is never written into it
    overwrite : replace the files of an earlier plan and leave all others as they are

    Raises
    ------
    CommandError : with what stands in the way and what to do
    """
    if deal_path is not None and _is_inside(directory, deal_path):
        raise CommandError(
            f"output folder {directory}: lies in the deal {deal_path}; name a folder outside of it with --out"
        )
    if not directory.exists():
        return
    if not directory.is_dir():
        raise CommandError(f"output folder {directory}: is a file; name a folder with --out")
    names = sorted(entry.name for entry in directory.iterdir())
    if names and not overwrite:
        shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
        raise CommandError(
            f"output folder {directory}: is not empty (it holds {shown}); name another one, or add "
            "--overwrite, which replaces an earlier plan and its report and leaves every other file as it is"
        )


def refuse_file(path: Path) -> None:
    """Refuse a file that exists, so that nothing of the user's is lost."""
    if path.exists():
        raise CommandError(f"{path}: exists already, and is left as it is; name another file with --out")


def _is_inside(directory: Path, deal_path: Path) -> bool:
    inner, outer = directory.resolve(), deal_path.resolve()
    return inner == outer or outer in inner.parents


def write_text(text: str, path: Path) -> None:
    """Write a text file; a folder or file that cannot be written is the user's to mend."""
    with _told(path):
        path.write_text(text, encoding="utf-8", newline="\n")


def write_matching(assessment: Assessment, path: Path) -> None:
    """Write one row for each criterion of each pair as CSV, safe to open in a spreadsheet."""
    import polars as pl

    frame = pl.DataFrame(assessment.table(), infer_schema_length=None)
    with _told(path):
        spreadsheet_safe(frame).write_csv(path)


def write_timings(directory: Path, seconds: Mapping[str, float]) -> None:
    """Write the seconds by stage; they differ from run to run, so they stand in a file of their own."""
    rounded = {name: round(value, 4) for name, value in seconds.items()}
    write_text(json.dumps(rounded, indent=2) + "\n", directory / TIMINGS_FILE)


def write_report_files(plan: Plan, deal: Deal, *, assessment: Assessment, directory: Path) -> None:
    """Write `report.html` and `plan.xlsx` into a folder, each whole or not at all."""
    with _told(directory), unfinished(directory) as waiting:
        for written in report.write_report_files(plan, deal, assessment, waiting):
            os.replace(written, directory / written.name)


def write_scenario_files(plan: ScenarioPlan, directory: Path) -> None:
    """Write a plan on scenarios with its tables and page into a folder, each file whole or not at all."""
    with _told(directory), unfinished(directory) as waiting:
        page = report.scenarios_page(plan)
        page.ask()
        write_scenario_plan(plan, waiting)
        page.write(waiting / SCENARIOS_PAGE)
        (directory / TABLE_FOLDER).mkdir(exist_ok=True)
        for name in (*scenario_files(), SCENARIOS_PAGE):
            os.replace(waiting / name, directory / name)


def write_stress_files(test: StressTest, directory: Path) -> None:
    """Write a stress test with its tables into a folder, each file whole or not at all."""
    with _told(directory), unfinished(directory) as waiting:
        page = report.stress_page(test)
        page.ask()
        write_stress_test(test, waiting)
        report.write_stress_workbook(test, waiting / STRESS_WORKBOOK)
        page.write(waiting / STRESS_PAGE)
        (directory / STRESS_TABLE_FOLDER).mkdir(exist_ok=True)
        for name in (*stress_files(), STRESS_PAGE, STRESS_WORKBOOK):
            os.replace(waiting / name, directory / name)


def write_comparison_files(comparison: Comparison, directory: Path) -> None:
    """Write `comparison.html` and `comparison.xlsx` into a folder, each whole or not at all."""
    with _told(directory), unfinished(directory) as waiting:
        report.write_comparison(comparison, waiting / COMPARISON_FILE)
        report.write_comparison_workbook(comparison, waiting / COMPARISON_WORKBOOK)
        for name in (COMPARISON_FILE, COMPARISON_WORKBOOK):
            os.replace(waiting / name, directory / name)


def write_negotiation_files(negotiation: Negotiation, plans: Mapping[str, Plan], directory: Path) -> None:
    """Write the record of a negotiation, its page and workbook, and a term sheet for each fair point.

    Parameters
    ----------
    plans : by the last part of the folder under which the record knows them
    """
    write_negotiation(negotiation, directory)
    with _told(directory), unfinished(directory) as waiting:
        for written in report.write_negotiation_files(negotiation, plans, waiting):
            place = directory / written.relative_to(waiting)
            place.parent.mkdir(exist_ok=True)
            os.replace(written, place)


def write_offer_files(
    offer: Offer, plans: Mapping[str, Plan], *, deal: Deal, sheet: TermSheet, directory: Path
) -> None:
    """Write the record of an offer, its page and workbook, and its term sheets, those that read back too.

    Parameters
    ----------
    plans : `offer` and `improvement`, where they were made
    sheet : as it was given
    """
    write_offer(offer, directory)
    with _told(directory), unfinished(directory) as waiting:
        for written in report.write_offer_files(offer, plans, deal=deal, folder=waiting):
            place = directory / written.relative_to(waiting)
            place.parent.mkdir(exist_ok=True)
            os.replace(written, place)
    sheets = {"offer": sheet}
    if offer.improvement is not None:
        title = f"{sheet.title}, improved" if sheet.title else "Improvement"
        worth = offer.improvement.utilities
        least = {side: math.floor(getattr(worth, side)) for side in sheet.least}
        sheets["improvement"] = TermSheet(
            dict(offer.improvement.terms), title, frozen=sheet.frozen, least=least
        )
    for name, each in sheets.items():
        write_term_sheet(each, directory / "term-sheets" / f"{name}.yaml", overwrite=True)


def write_page_of_terms(page: TermSheetPage, path: Path) -> None:
    """Write a term sheet as a page or a Word document, by the ending of the file."""
    with _told(path):
        report.write_sheet(page, path)


def write_plan_files(plan: Plan, directory: Path) -> None:
    """Write `plan.json`, its schema and the tables; a note on an earlier failed check goes."""
    write_plan(plan, directory, overwrite=True)
    (directory / FAILED_CHECK_FILE).unlink(missing_ok=True)


def write_failed_check(plan: Plan, verification: Verification, directory: Path) -> Path:
    """Keep a plan that failed its check, with the failures, for those who look into the fault."""
    path = directory / FAILED_CHECK_FILE
    directory.mkdir(parents=True, exist_ok=True)
    content = {
        "failures": [str(failure) for failure in verification.failures],
        "plan": json.loads(plan.to_json()),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """A place that cannot be written is the user's to mend, not a fault of the program."""
    try:
        yield
    except OSError as error:
        raise CommandError(
            f"{path}: cannot be written ({error.strerror or error}); name another place or mend this one"
        ) from error
