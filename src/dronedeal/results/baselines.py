"""The table of baselines: joint production against all made by one side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dronedeal.results.plan import Plan

Row = dict[str, Any]


def with_baselines(plan: Plan, others: Mapping[str, Plan]) -> Plan:
    """The plan with a row for each baseline.

    Parameters
    ----------
    plan : of the whole deal
    others : the plan of each baseline by its kind, with the same objective

    Returns
    -------
    the same plan with the table `baselines`; `difference` is what the plan is worth more
    """
    rows = tuple(_row(plan, kind, other) for kind, other in others.items())
    return replace(plan, tables={**plan.tables, "baselines": rows})


def _row(plan: Plan, kind: str, other: Plan) -> Row:
    return {
        "kind": kind,
        "status": other.status,
        "objective": other.objective,
        "buyer": other.utilities["buyer"],
        "seller": other.utilities["seller"],
        "difference": plan.objective - other.objective,
        "gap": other.gap,
        "delivered": float(sum(row["quantity"] for row in other.tables["purchases"])),
        "broken": len(other.tables["violations"]),
    }


def relaxed_where_broken(plan: Plan) -> Plan:
    """A plan that misses firm minima which bind nobody in its baseline says so by its status."""
    return replace(plan, status="relaxed") if plan.tables["violations"] else plan
