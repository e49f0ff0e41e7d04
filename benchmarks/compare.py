"""The optimiser beside the outside formulations: the same optimum, and what each needs to get there."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.comparable import comparable
from benchmarks.outside_learning import least, production_cost
from benchmarks.outside_model import OutsideModel
from benchmarks.outside_pyomo import PyomoModel
from benchmarks.outside_tables import MILLION, Tables

import dronedeal
from dronedeal import planning
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.results.plan import Plan

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Comparison:
    """One deal solved by both; money in base-year deal currency, times in seconds.

    `at_our_decisions` is the outside optimum with steps, openings, integration work and projects held at
    those of our plan: a linear problem (but for tiers, bundles and choices, which follow from quantities), so
    that it must meet our objective however far either search for integers has come.
    """

    columns: int
    rows: int
    ours: float
    our_gap: float
    outside: float
    outside_status: str
    at_our_decisions: float
    our_build: float
    outside_build: float
    our_solve: float
    outside_solve: float
    in_pyomo: float
    pyomo_build: float

    @property
    def pyomo_difference(self) -> float:
        """Relative difference of Pyomo's value of our steps and openings."""
        return abs(self.ours - self.in_pyomo) / max(1.0, abs(self.ours))

    @property
    def difference(self) -> float:
        """Relative difference of the two optima."""
        return abs(self.ours - self.outside) / max(1.0, abs(self.ours))

    @property
    def fixed_difference(self) -> float:
        """Relative difference of the two values of our steps and openings."""
        return abs(self.ours - self.at_our_decisions) / max(1.0, abs(self.ours))


def compare(deal: Deal, *, gap: float, time_limit: float, repeats: int) -> Comparison:
    """Build by turns, then solve with both.

    Parameters
    ----------
    deal : a deal that can be planned without violations
    gap : relative gap of both searches
    time_limit : seconds for each search
    repeats : builds of each kind; the medians count
    """
    deal = comparable(deal)
    assessment = dronedeal.match(deal)
    our_builds, outside_builds = [], []
    for _ in range(repeats):
        our_builds.append(_seconds_of_our_build(deal, assessment))
        outside, seconds = _outside_build(deal, assessment)
        outside_builds.append(seconds)
    began = time.perf_counter()
    plan = dronedeal.plan(deal, gap=gap, time_limit=time_limit)
    solved = time.perf_counter()
    our_solve = solved - began
    value = outside.optimise("joint", gap=gap, time_limit=time_limit) * MILLION
    done = time.perf_counter()
    status = outside.status
    began = time.perf_counter()
    pyomo = PyomoModel(Tables(deal, assessment))
    pyomo_build = time.perf_counter() - began
    hold_decisions(pyomo, plan)
    return Comparison(
        columns=plan.sizes["columns"],
        rows=plan.sizes["rows"],
        ours=plan.objective,
        our_gap=plan.gap,
        outside=value,
        outside_status=status,
        at_our_decisions=value_at(outside, plan, time_limit=time_limit),
        our_build=statistics.median(our_builds),
        outside_build=statistics.median(outside_builds),
        our_solve=our_solve,
        outside_solve=done - solved,
        in_pyomo=pyomo.optimise("joint", gap=0.0, time_limit=time_limit) * MILLION,
        pyomo_build=pyomo_build,
    )


def _seconds_of_our_build(deal: Deal, assessment: Assessment) -> float:
    began = time.perf_counter()
    planning.build(deal, assessment)
    return time.perf_counter() - began


def _outside_build(deal: Deal, assessment: Assessment) -> tuple[OutsideModel, float]:
    began = time.perf_counter()
    model = OutsideModel(Tables(deal, assessment))
    return model, time.perf_counter() - began


def hold_decisions(outside: OutsideModel, plan: Plan) -> None:
    """Hold steps, openings, starts of integration work and beginnings of projects at those of a plan."""
    label = outside.tables.worth.calendar.label
    works, projects = outside.works, outside.deal.projects
    cases: list[tuple[Any, list[Any], dict[Any, float]]] = [
        (
            outside.decide,
            [
                (outside.deal.lines[row.line].id, row.kind, label(row.tau))
                for row in outside.tables.decision.itertuples()
            ],
            _taken(plan, "openings", "line", "kind", "decided"),
        ),
        (
            outside.start,
            [
                (works[row.w][0].system, works[row.w][0].standard.casefold(), label(row.tau))
                for row in outside.starts.itertuples()
            ],
            _taken(plan, "integrations", "system", "standard", "start"),
        ),
        (
            outside.begin,
            [(projects[row.j].id, label(row.tau)) for row in outside.begins.itertuples()],
            _taken(plan, "projects", "project", "begin"),
        ),
    ]
    for variable, keys, taken in cases:
        assert set(taken) <= set(keys), f"unknown to the outside formulation: {set(taken) - set(keys)}"
        outside.hold(variable, [taken.get(key, 0.0) for key in keys])


def _taken(plan: Plan, table: str, *key: str) -> dict[Any, float]:
    """What a plan decides, by key: a whole number, 1 where the table has no quantity."""
    return {
        tuple(row[name].casefold() if name == "standard" else row[name] for name in key): float(
            round(row.get("quantity", 1))
        )
        for row in plan.frame(table).iter_rows(named=True)
    }


def hold_quantities(outside: OutsideModel, plan: Plan) -> None:
    """Hold whole contract quantities at those of a plan."""
    taken = _taken(plan, "purchases", "requirement", "system", "line", "fiscal_year")
    product, needs, lines = outside.tables.product, outside.deal.requirements, outside.deal.lines
    line_of = [None if line < 0 else lines[line].id for line in product.line]
    keys = [(needs[r].id, product.system[k], line_of[k], year) for k, r, year in outside.contracts.T.tolist()]
    assert set(taken) <= set(keys), f"unknown to the outside formulation: {set(taken) - set(keys)}"
    outside.hold(outside.contract, [taken.get(key, 0.0) for key in keys])


def value_at(outside: OutsideModel, plan: Plan, *, time_limit: float) -> float:
    """Best the outside formulation can do with the decisions of a plan."""
    hold_decisions(outside, plan)
    return outside.optimise("joint", gap=0.0, time_limit=time_limit) * MILLION


# The deal as it stands, with learning and whole units


@dataclass(frozen=True)
class LearningComparison:
    """A deal with learning and whole units; money in base-year deal currency.

    `at_our_production` is what the outside formulation makes of our decisions, whole quantities and
    production, whose cost it works out on the curves itself: a plan that keeps all rules, so that it may be
    worth no less than ours and no more than our bound. `at_least_cost` is its relaxation with every unit at
    the least cost that it could ever have, which no plan can be worth more than.
    """

    ours: float
    our_bound: float
    at_our_production: float
    at_least_cost: float

    @property
    def is_within(self) -> bool:
        """Whether everything lies where it must, to a millionth."""
        slack = TOLERANCE * max(1.0, abs(self.ours))
        is_ours = self.ours - slack <= self.at_our_production <= self.our_bound + slack
        return is_ours and self.ours <= self.at_least_cost + slack


def compare_learning(deal: Deal, *, time_limit: float) -> LearningComparison:
    """Plan the deal as it stands, and judge the plan by the outside formulation."""
    assessment = dronedeal.match(deal)
    plan = dronedeal.plan(deal, time_limit=time_limit)
    cheap = OutsideModel(Tables(deal, assessment, least))
    cheap.relax()
    at_least_cost = cheap.optimise("joint", gap=0.0, time_limit=time_limit) * MILLION
    return LearningComparison(
        plan.objective,
        math.inf if plan.bound is None else plan.bound,
        at_production(deal, assessment, plan, time_limit=time_limit),
        at_least_cost,
    )


def at_production(deal: Deal, assessment: Assessment, plan: Plan, *, time_limit: float) -> float:
    """What the outside formulation makes of the decisions, quantities and production of a plan."""
    tables = Tables(deal, assessment, lambda its, _: np.zeros(its.months))
    outside = OutsideModel(tables)
    hold_decisions(outside, plan)
    hold_quantities(outside, plan)
    calendar = tables.worth.calendar
    made = {(row.line, row.system): np.zeros(tables.months) for row in tables.deal.line_systems}
    for row in plan.frame("production").iter_rows(named=True):
        made[row["line"], row["system"]][calendar.index(row["month"])] += row["quantity"]
    outside.hold(outside.make, np.concatenate(list(made.values())), slack=10 * TOLERANCE)
    value = outside.optimise("joint", gap=0.0, time_limit=time_limit)
    return (value - sum(production_cost(tables, made).values())) * MILLION
