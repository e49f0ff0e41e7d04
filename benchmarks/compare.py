"""The optimiser beside the outside formulations: the same optimum, and what each needs to get there."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from benchmarks.comparable import comparable
from benchmarks.outside_model import OutsideModel
from benchmarks.outside_pyomo import PyomoModel
from benchmarks.outside_tables import MILLION, Tables

import dronedeal
from dronedeal import planning
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.results.plan import Plan


@dataclass(frozen=True)
class Comparison:
    """One deal solved by both; money in base-year deal currency, times in seconds.

    `at_our_decisions` is the outside optimum with steps and openings held at those of our plan: a linear
    problem, so that it must meet our objective however far either search for integers has come.
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
    pyomo.hold(decisions(outside, plan))
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


def decisions(outside: OutsideModel, plan: Plan) -> list[float]:
    """Steps and openings of a plan, in the order of the outside formulation's decisions."""
    taken = {
        (row["line"], row["kind"], row["decided"]): round(row["quantity"])
        for row in plan.frame("openings").iter_rows(named=True)
    }
    calendar = outside.tables.worth.calendar
    decided = [
        float(taken.pop((outside.deal.lines[row.line].id, row.kind, calendar.label(row.tau)), 0))
        for row in outside.tables.decision.itertuples()
    ]
    assert not taken, f"the outside formulation does not know the decisions {sorted(taken)}"
    return decided


def value_at(outside: OutsideModel, plan: Plan, *, time_limit: float) -> float:
    """Best the outside formulation can do with the steps and openings of a plan."""
    decided = decisions(outside, plan)
    if outside.decide is not None:
        like = outside.decide.upper
        outside.decide.upper = like.copy(data=decided)
        outside.decide.lower = like.copy(data=decided)
    return outside.optimise("joint", gap=0.0, time_limit=time_limit) * MILLION
