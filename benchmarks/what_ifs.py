"""How much sooner a what-if comes than a fresh plan: twenty varied changes of the real deal.

The deal is planned once as it stands with a solver that keeps what it knows; each change is then planned by
that solver and by a fresh one. What counts is the time of the plan without reading, report and files.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.exchange import PlanChoices
from dronedeal.solving import Solver
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.plans import run_plan

CHANGES = (
    "budgets[army/2028/procurement].amount*=0.9",
    "budgets[army/2029/procurement].amount*=1.2",
    "budgets[defence_wide/2027/procurement].amount*=0.8",
    "prices[shrike10_ndaa].unit_price*=1.1",
    "prices[sting_ndaa].unit_price*=0.9",
    "prices[lucas].unit_price*=1.2",
    "lines[ua_firepoint].initial_capacity*=1.5",
    "lines[ua_taf].initial_capacity*=0.7",
    "lines[us_powerus].open_cost*=0.5",
    "lines[ua_sting].step_cost*=1.3",
    "lines[us_skyfoundry].availability*=0.8",
    "home_needs[home_fpv].quantity*=1.05",
    "home_needs[home_fpv].required_share*=0.9",
    "component_supply[camera_us].limit*=1.5",
    "component_supply[fc_us].limit*=0.8",
    "requirement_quantities[army_fpv].objective*=1.1",
    "requirements[ddp_phase3].value_threshold*=1.1",
    "line_systems[ua_nord/nord_fpv_ndaa].unit_cost*=1.2",
    "other_buyers[uae].maximum*=1.5",
    "integrations[leleka100].cost*=2",
)
# Of the licensed-line deal, which takes a second to plan.
QUICK_CHANGES = ("lines[uk_line].open_cost*=1.1", "prices[octopus].unit_price*=0.99")


@dataclass(frozen=True)
class WhatIfTime:
    """Seconds of one change, and what both plans of it are worth."""

    change: str
    cold: float
    hot: float
    cold_objective: float
    hot_objective: float

    @property
    def share(self) -> float:
        """Time of the hot plan as a share of the cold one."""
        return self.hot / self.cold

    @property
    def difference(self) -> float:
        """Relative difference of the two plans' worth; each is within the gap of its bound."""
        return abs(self.hot_objective - self.cold_objective) / max(1.0, abs(self.cold_objective))


def what_if_times(deal: Deal, changes: Sequence[str] = CHANGES) -> list[WhatIfTime]:
    """Plan every change with a hot and a fresh solver, by turns."""
    kept = HighsSolver(is_hot=True)
    _plan(deal, kept)
    found = []
    for change in changes:
        changed = apply_changes(deal, [change])
        hot, hot_objective = _plan(changed, kept)
        cold, cold_objective = _plan(changed, HighsSolver())
        found.append(WhatIfTime(change, cold, hot, cold_objective, hot_objective))
    return found


def _plan(deal: Deal, solver: Solver) -> tuple[float, float]:
    dronedeal.match(deal)  # the matching is the same work for both, and kept
    began = time.perf_counter()
    run = run_plan(
        deal,
        PlanChoices(is_proven=False),  # as a what-if goes: what a change is worth shows between two plans
        watch=Stopwatch(),
        on_progress=lambda _: None,
        should_stop=lambda: False,
        solver=solver,
    )
    return time.perf_counter() - began, run.plan.objective


def median_share(times: Sequence[WhatIfTime]) -> float:
    """Median of hot as a share of cold."""
    return statistics.median(item.share for item in times)
