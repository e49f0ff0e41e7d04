"""A plan with tens of thousands of rows for a made-up deal of any size; its figures mean nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from tests.report.sample_plan import sample_plan
from tests.results.causes import NO_MORE

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.quantities.calendar import Calendar, FiscalYears
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan

Rows = Sequence[Mapping[str, Any]]


def large_plan(deal: Deal, assessment: Assessment) -> Plan:
    """Shipments on every eligible pair of every third month, and rows for everything else."""
    settings = deal.settings
    chance = random.Random(5)
    shipments, purchases = _deliveries(deal, assessment, chance)
    coverage, unmet = _coverage(deal)
    tables = {
        "shipments": shipments,
        "purchases": purchases,
        "coverage": coverage,
        "unmet": unmet,
        "production": _production(deal, chance),
        "capacity": _capacity(deal, chance),
        "home_coverage": _own_needs(deal),
        "budgets": _budgets(deal),
    }
    empty: dict[str, Rows] = dict.fromkeys(PLAN_TABLES, ())
    return sample_plan(deal, months=settings.months, start=settings.start, tables={**empty, **tables})


def _months(deal: Deal) -> list[tuple[int, str]]:
    calendar = Calendar(deal.settings.start, deal.settings.months)
    return [(month, calendar.label(month)) for month in range(calendar.months)]


def _deliveries(deal: Deal, assessment: Assessment, chance: random.Random) -> tuple[Rows, Rows]:
    calendar = Calendar(deal.settings.start, deal.settings.months)
    years = FiscalYears(calendar, deal.settings.buyer.fiscal_year_start)
    branch = {row.id: row.branch for row in deal.requirements}
    line = {row.system: row.line for row in deal.line_systems}
    shipments, purchases = [], []
    for pairing in assessment.pairings:
        if not pairing.is_eligible:
            continue
        quantity = float(chance.randint(1, 500))
        row = {
            "branch": branch[pairing.requirement],
            "requirement": pairing.requirement,
            "system": pairing.system,
            "line": line.get(pairing.system),
            "quantity": quantity,
            "amount": quantity * 900,
            "amount_then_year": quantity * 950,
        }
        more = {"effective_quantity": quantity * 0.7, "unit_price": 900.0}
        for month, label in _months(deal)[::3]:
            shipments.append({**row, **more, "month": label, "fiscal_year": years.of(month)})
        purchases += [{**row, "fiscal_year": year} for year in years.names]
    return shipments, purchases


def _production(deal: Deal, chance: random.Random) -> Rows:
    quantity = float(chance.randint(1, 900))
    row = {"quantity": quantity, "good_quantity": quantity, "unit_cost": 500.0, "amount": quantity * 500}
    return [
        {**row, "month": label, "line": making.line, "system": making.system}
        for making in deal.line_systems
        for _, label in _months(deal)
    ]


def _capacity(deal: Deal, chance: random.Random) -> Rows:
    loads = (0.0, 40.0, 70.0, 95.0, 100.0)
    return [
        {"month": label, "line": line.id, "quantity": 100.0, "used": chance.choice(loads)}
        for line in deal.lines
        for _, label in _months(deal)
    ]


def _coverage(deal: Deal) -> tuple[Rows, Rows]:
    """Half of every threshold is reached, in every year."""
    branch = {row.id: row.branch for row in deal.requirements}
    coverage, unmet = [], []
    for row in deal.requirement_quantities:
        half = row.threshold / 2
        about = {
            "requirement": row.requirement,
            "branch": branch[row.requirement],
            "fiscal_year": row.fiscal_year,
        }
        covered = {"quantity": half, "to_threshold": half, "to_objective": 0.0, "amount": 5.0, "kind": "use"}
        wanted = {"threshold": row.threshold, "objective": row.objective}
        short = {"short_of_threshold": half, "short_of_objective": row.objective - half}
        coverage.append({**about, **wanted, **covered, **short})
        words = f"no line has room for more in {row.fiscal_year}-09"
        unmet.append(
            {**about, "quantity": row.objective - half, "cause": "capacity", **NO_MORE, "words": words}
        )
    return coverage, unmet


def _own_needs(deal: Deal) -> Rows:
    return [
        {
            "need": need.id,
            "fiscal_year": need.fiscal_year,
            "needed": need.quantity + 1,
            "required": need.quantity,
            "quantity": need.quantity,
            "shortfall": 0.0,
        }
        for need in deal.home_needs
    ]


def _budgets(deal: Deal) -> Rows:
    return [
        {
            "branch": budget.branch,
            "budget_year": budget.fiscal_year,
            "appropriation": budget.appropriation,
            "amount_then_year": budget.amount,
            "spent": budget.amount / 2,
            "left": budget.amount / 2,
            "overspent": 0.0,
        }
        for budget in deal.budgets
    ]
