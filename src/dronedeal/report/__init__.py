"""Charts, the HTML report and the workbook of a plan.

The functions are loaded when they are first asked for, so that a command that writes no report does not
pay for them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dronedeal.report.charts.renderer import drawing_process
    from dronedeal.report.comparison import comparison_html, write_comparison
    from dronedeal.report.comparison_workbook import write_comparison_workbook
    from dronedeal.report.files import write_report_files
    from dronedeal.report.html import report_html, write_report
    from dronedeal.report.negotiation.files import write_negotiation_files, write_offer_files
    from dronedeal.report.negotiation.offer_page import offer_html, write_offer_page
    from dronedeal.report.negotiation.offer_sheet import offer_sheet, offer_sheets
    from dronedeal.report.negotiation.page import negotiation_html, write_negotiation_page
    from dronedeal.report.negotiation.term_sheet import (
        point_names,
        term_sheet,
        term_sheet_html,
        write_sheet,
        write_term_sheet,
    )
    from dronedeal.report.negotiation.workbook import write_negotiation_workbook
    from dronedeal.report.pictures import chart, chart_names, chart_svg
    from dronedeal.report.ready import ready_to_write, warm_up
    from dronedeal.report.scenarios.page import scenarios_html, scenarios_page, write_scenarios_page
    from dronedeal.report.stress.page import stress_html, stress_page, write_stress_page
    from dronedeal.report.stress.workbook import write_stress_workbook
    from dronedeal.report.workbook import write_plan_workbook

_HOMES = {
    "chart": "pictures",
    "chart_names": "pictures",
    "chart_svg": "pictures",
    "drawing_process": "charts.renderer",
    "comparison_html": "comparison",
    "negotiation_html": "negotiation.page",
    "offer_html": "negotiation.offer_page",
    "offer_sheet": "negotiation.offer_sheet",
    "offer_sheets": "negotiation.offer_sheet",
    "point_names": "negotiation.term_sheet",
    "ready_to_write": "ready",
    "report_html": "html",
    "scenarios_html": "scenarios.page",
    "scenarios_page": "scenarios.page",
    "stress_html": "stress.page",
    "stress_page": "stress.page",
    "term_sheet": "negotiation.term_sheet",
    "term_sheet_html": "negotiation.term_sheet",
    "warm_up": "ready",
    "write_comparison": "comparison",
    "write_comparison_workbook": "comparison_workbook",
    "write_negotiation_files": "negotiation.files",
    "write_negotiation_page": "negotiation.page",
    "write_negotiation_workbook": "negotiation.workbook",
    "write_offer_files": "negotiation.files",
    "write_offer_page": "negotiation.offer_page",
    "write_plan_workbook": "workbook",
    "write_report": "html",
    "write_report_files": "files",
    "write_scenarios_page": "scenarios.page",
    "write_stress_page": "stress.page",
    "write_stress_workbook": "stress.workbook",
    "write_sheet": "negotiation.term_sheet",
    "write_term_sheet": "negotiation.term_sheet",
}

__all__ = [
    "chart",
    "chart_names",
    "chart_svg",
    "comparison_html",
    "drawing_process",
    "negotiation_html",
    "offer_html",
    "offer_sheet",
    "offer_sheets",
    "point_names",
    "ready_to_write",
    "report_html",
    "scenarios_html",
    "scenarios_page",
    "stress_html",
    "stress_page",
    "term_sheet",
    "term_sheet_html",
    "warm_up",
    "write_comparison",
    "write_comparison_workbook",
    "write_negotiation_files",
    "write_negotiation_page",
    "write_negotiation_workbook",
    "write_offer_files",
    "write_offer_page",
    "write_plan_workbook",
    "write_report",
    "write_report_files",
    "write_scenarios_page",
    "write_sheet",
    "write_stress_page",
    "write_stress_workbook",
    "write_term_sheet",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
