"""One scenario of a plan on a tree, checked as every plan is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.problem import SparseRows
from dronedeal.results.assemble import make_plan
from dronedeal.results.scenarios.path import Path
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.verify import Verification, verify
from dronedeal.solving import SolveOptions

# What the tables of a plan on scenarios are made of.
_NEEDED = (
    "purchases",
    "openings",
    "integrations",
    "projects",
    "production",
    "coverage",
    "payments",
    "home_coverage",
    "cash",
    "violations",
)


def checked_scenario(path: Path, *, name: str, probability: float) -> tuple[Scenario, Verification]:
    """A scenario as an ordinary plan, and what plain arithmetic says of it."""
    made = make_plan(
        path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
    )
    verified = verify(made, path.deal, path.assessment, turned_out=path.availability)
    return Scenario(path, made, name, probability), verified


def kept_small(scenario: Scenario) -> Scenario:
    """The scenario without what no table of a plan on scenarios needs, for there can be thousands."""
    tables = {name: rows if name in _NEEDED else () for name, rows in scenario.plan.tables.items()}
    path, model = scenario.path, scenario.path.model
    nothing = SparseRows(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    problem = replace(model.problem, columns={}, rows={}, matrix=nothing, flows=(), curves=None)
    slim = replace(path, model=replace(model, problem=problem), values=np.zeros(0))
    return replace(scenario, plan=replace(scenario.plan, tables=tables), path=slim)
