"""Both files of a report written at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dronedeal.deal import Deal
from dronedeal.report import drawing_process, report_html, write_plan_workbook, write_report_files
from dronedeal.results.plan import Plan


def test_both_files_are_the_same_as_one_by_one_whoever_draws(
    plan: Plan, deal: Deal, assessment: Any, tmp_path: Path
) -> None:
    with drawing_process():
        page, workbook = write_report_files(plan, deal, assessment, tmp_path)
    assert page == tmp_path / "report.html"
    assert page.read_text(encoding="utf-8") == report_html(plan, deal, assessment)
    write_plan_workbook(plan, deal, assessment, tmp_path / "alone.xlsx")
    assert workbook.read_bytes() == (tmp_path / "alone.xlsx").read_bytes()
