"""Outcome → Plan: every table, the utilities and the certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.planning import Model
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results import accounts, agreement, cooperation, explain, rebates, seller_cash, tables
from dronedeal.results.learning import learning
from dronedeal.results.plan import Plan, relative_gap
from dronedeal.results.reading import Reading
from dronedeal.results.rule_tables import rules, substitutions
from dronedeal.solving import Outcome, SolveOptions, Termination

Row = dict[str, Any]


def make_plan(
    model: Model,
    outcome: Outcome,
    deal: Deal,
    assessment: Assessment,
    *,
    options: SolveOptions,
    versions: Mapping[str, str],
    warnings: Sequence[str] = (),
) -> Plan:
    """The plan behind a solved objective; not yet verified.

    Parameters
    ----------
    model, outcome, deal, assessment : what was solved
    options : of the solve
    versions : name → version of the programs that took part
    warnings : findings about the deal, as text

    Returns
    -------
    Plan with money in whole units of the deal's currency at base-year prices
    """
    reading = Reading(deal, model, outcome)
    items = accounts.utility_items(reading)
    utilities = {
        party: sum(row["amount"] for row in items if row["party"] == party) for party in ("buyer", "seller")
    }
    objective = sum(utilities.values()) if outcome.kind == "joint" else utilities[outcome.kind]
    bound = max(outcome.solution.bound * MONEY_UNIT, objective)
    gap = relative_gap(objective, bound)
    settings = deal.settings
    return Plan(
        title=settings.title,
        currency=settings.currency,
        price_base_year=settings.price_base_year,
        start=settings.start,
        months=settings.months,
        status=_status(outcome),
        termination=outcome.solution.termination.value,
        objective_kind=outcome.kind,
        objective=objective,
        bound=bound if bound < float("inf") else None,
        gap=gap if bound < float("inf") else None,
        gap_of_cost=accounts.gap_of_cost(items, bound - objective) if bound < float("inf") else None,
        utilities=utilities,
        alternative=None if outcome.alternative is None else outcome.alternative * MONEY_UNIT,
        rounding=_rounding(reading, objective),
        sizes=_sizes(model),
        options={"gap": options.gap, "threads": options.threads, "time_limit": options.time_limit},
        seed=options.seed,
        versions=dict(versions) | {"solver": outcome.solver_name},
        digest=deal.digest,
        warnings=tuple(warnings),
        not_counted=not_counted(deal),
        tables=_tables(reading, assessment, items),
    )


def _tables(reading: Reading, assessment: Assessment, items: list[Row]) -> dict[str, tuple[Row, ...]]:
    """Every table of the plan, by name."""
    margins = explain.Margins(reading)
    shipments, production = tables.shipments(reading), tables.production(reading)
    return {
        "shipments": tuple(shipments),
        "production": tuple(production),
        "learning": tuple(learning(reading)),
        "stock": tuple(tables.stock(reading)),
        "capacity": tuple(tables.capacity(reading)),
        "openings": tuple(tables.openings(reading)),
        "integrations": tuple(cooperation.integrations(reading)),
        "projects": tuple(cooperation.projects(reading)),
        "project_gains": tuple(cooperation.project_gains(reading)),
        "project_savings": tuple(cooperation.project_savings(reading)),
        "home_supply": tuple(tables.home_supply(reading)),
        "home_coverage": tuple(tables.home_coverage(reading)),
        "other_sales": tuple(tables.other_sales(reading)),
        "coverage": tuple(accounts.coverage(reading)),
        "purchases": tuple(accounts.purchases(shipments, is_whole=reading.data.has_whole_units)),
        "payments": tuple(accounts.payments(reading)),
        "budgets": tuple(accounts.budgets(reading)),
        "rebates": tuple(rebates.rebates(reading)),
        "commitments": tuple(agreement.commitments(reading)),
        "cash": tuple(seller_cash.cash(reading, production)),
        "utility_items": tuple(items),
        "violations": tuple(explain.violations(reading)),
        "binding": tuple(explain.binding(reading)),
        "unmet": tuple(explain.unmet(reading, assessment, margins)),
        "passed_over": tuple(explain.passed_over(reading, assessment, margins=margins, shipments=shipments)),
        "changes": (),
        "frozen": (),
        "rules": tuple(rules(reading)),
        "substitutions": tuple(substitutions(reading)),
        "rule_costs": (),
        "baselines": (),
    }


def _status(outcome: Outcome) -> str:
    if outcome.is_relaxed:
        return "relaxed"
    return "optimal" if outcome.solution.termination is Termination.OPTIMAL else "feasible"


def _rounding(reading: Reading, objective: float) -> dict[str, float] | None:
    """What whole units cost, and how many contract quantities there are."""
    problem = reading.problem
    if not reading.data.has_whole_units:
        return None
    cost = reading.outcome.unrounded * MONEY_UNIT - objective
    bought = reading.values[problem.is_whole] > 0
    return {
        # What the solver's tolerance makes of a difference of zero is zero.
        "cost": cost if cost > 1e-9 * max(1.0, abs(objective)) else 0.0,
        "contracts": int(bought.sum()),
        "integers": int((bought & problem.is_integer[problem.is_whole]).sum()),
    }


def _sizes(model: Model) -> dict[str, int]:
    problem = model.problem
    return {
        "columns": problem.n_columns,
        "rows": problem.n_rows,
        "nonzeros": len(problem.matrix.value),
        "integers": int(problem.is_integer.sum()),
    }


def not_counted(deal: Deal) -> tuple[str, ...]:
    """Terms that stand in the folder and that the plan does not count yet, in words."""
    cases = (
        (len(deal.clauses), "clauses: they are positions for the negotiation, not rules of the plan"),
        (len(deal.uncertainty), "uncertainty: the plan is made for the figures as stated"),
    )
    return tuple(f"{words} ({count} rows)" for count, words in cases if count)
