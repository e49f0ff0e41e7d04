"""Verbs that read and write plans, reports and comparisons, and draw single charts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal import output, report
from dronedeal.deal import Deal
from dronedeal.errors import PlanFileError
from dronedeal.exchange import WhatIf
from dronedeal.results import store
from dronedeal.results.compare import Comparison
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.workflow.deals import PathLike, match
from dronedeal.workflow.negotiation.points import plan_of_point, split_point

if TYPE_CHECKING:
    from dronedeal.report.charts.render import Picture


def read_plan(path: PathLike) -> Plan:
    """Read a plan from `plan.json`, the folder that it lies in, or a point of a negotiation: `out#nash`."""
    point = split_point(path)
    return store.read_plan(Path(path)) if point is None else plan_of_point(*point)


def write_plan(plan: Plan, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `plan.json`, its JSON Schema and the tables as CSV and Parquet; returns the folder."""
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    output.write_plan_files(plan, target)
    return target


def write_report(plan: Plan, deal: Deal, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `report.html` and `plan.xlsx` of a plan that passes its check; returns the path of the report.

    Raises
    ------
    PlanFileError : where the plan belongs to another deal, or fails its check
    """
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    verification = verify_by_arithmetic(plan, deal)
    if not verification.is_passed:
        failures = "\n".join(str(failure) for failure in verification.failures)
        raise PlanFileError(f"the plan fails its check and is not reported; make it again\n{failures}")
    output.write_report_files(plan, deal, assessment=match(deal), directory=target)
    return target / output.REPORT_FILE


def chart(plan: Plan, deal: Deal, *, name: str) -> Picture:
    """One chart of the report, which a notebook shows by itself.

    Parameters
    ----------
    name : such as `purchases` or `coverage`; an unknown name is answered with all that exist
    """
    return report.chart(plan, deal, name)


def write_comparison(comparison: Comparison, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `comparison.html` and `comparison.xlsx`; returns the path of the page."""
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    output.write_comparison_files(comparison, target)
    return target / output.COMPARISON_FILE


def write_what_if(
    result: WhatIf, directory: PathLike, *, deal_path: PathLike | None = None, overwrite: bool = False
) -> Path:
    """Write the comparison, and the plans in `as-it-stands/` and `changed/`; returns the path of the page."""
    target = Path(directory)
    output.refuse_output(
        target, deal_path=None if deal_path is None else Path(deal_path), overwrite=overwrite
    )
    output.write_comparison_files(result.comparison, target)
    for plan, name in zip(result.comparison.plans, ("as-it-stands", "changed"), strict=True):
        output.write_plan_files(plan, target / name)
    return target / output.COMPARISON_FILE
