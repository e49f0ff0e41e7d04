"""Plans of the small deal of the planning tests, solved to the last unit."""

from __future__ import annotations

import numpy as np

from dronedeal.assessment import Assessment, assess
from dronedeal.deal import Deal
from dronedeal.planning import build, no_deal_columns
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import Plan
from dronedeal.results.reading import Reading
from dronedeal.solving import ObjectiveKind, SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

EXACT = SolveOptions(gap=1e-9)


def read_solution(deal: Deal, kind: ObjectiveKind = "joint") -> tuple[Reading, Assessment]:
    """The solution of a deal on its axes."""
    assessment = assess(deal)
    model = build(deal, assessment)
    outcome = solve_plan(
        model.problem, HighsSolver(), kind=kind, no_deal=no_deal_columns(model), options=EXACT
    )
    return Reading(deal, model, outcome), assessment


def plan_of(deal: Deal, kind: ObjectiveKind = "joint") -> Plan:
    """The plan of a deal, not verified."""
    reading, assessment = read_solution(deal, kind)
    return make_plan(reading.model, reading.outcome, deal, assessment, options=EXACT, versions={})


def optimum(deal: Deal) -> float:
    """Greatest joint worth in currency."""
    reading, _ = read_solution(deal)
    return reading.outcome.solution.objective * 1e6


def held_optimum(deal: Deal, like: Reading) -> float:
    """Greatest joint worth in currency with openings and steps held as in another solution."""
    assessment = assess(deal)
    model = build(deal, assessment)
    problem = model.problem
    integers = np.flatnonzero(problem.is_integer)
    problem.lower[integers] = like.values[integers]
    problem.upper[integers] = like.values[integers]
    outcome = solve_plan(problem, HighsSolver(), no_deal=no_deal_columns(model), options=EXACT)
    return outcome.solution.objective * 1e6
