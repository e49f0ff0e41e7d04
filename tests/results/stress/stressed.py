"""The first deal with uncertain rows, planned and gone through once for all tests."""

from __future__ import annotations

from functools import cache

from tests.results.scenarios.branching import uncertain_first_deal

from dronedeal import plan
from dronedeal.results.plan import Plan
from dronedeal.results.stress.record import StressTest
from dronedeal.workflow.stress_test import stress


@cache
def signed() -> Plan:
    """The best plan for the figures as stated."""
    return plan(uncertain_first_deal(), gap=1e-6)


@cache
def stressed() -> StressTest:
    """The same in 60 futures."""
    return stress(signed(), uncertain_first_deal(), paths=60, seed=3)
