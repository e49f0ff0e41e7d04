"""Terms so bad for one side that it would rather have no deal are relaxed, never "infeasible"."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.oracles.enumerated import MILLION, Enumeration, small_deal

import dronedeal


@pytest.mark.parametrize(("seed", "objective"), [(7, "seller"), (15, "buyer")])
def test_a_firm_minimum_that_drives_the_other_side_away_is_relaxed(seed: int, objective: str) -> None:
    small = small_deal(seed)
    assert small.firm_minimum
    plan = dronedeal.plan(small.deal, objective=objective, gap=0.0)  # type: ignore[arg-type]
    other = "seller" if objective == "buyer" else "buyer"
    assert plan.alternative is not None
    assert plan.status == "relaxed"
    assert {row["kind"] for row in plan.tables["violations"]} == {"firm_minimum"}
    assert plan.utilities[other] >= plan.alternative - 1.0


@pytest.mark.parametrize(("seed", "objective"), [(24, "buyer"), (38, "seller")])
def test_a_plan_that_is_worth_nothing_passes_its_check(seed: int, objective: str) -> None:
    small = replace(small_deal(seed), integration=0)
    plan = dronedeal.plan(small.deal, objective=objective, gap=0.0)  # type: ignore[arg-type]
    assert plan.objective == pytest.approx(Enumeration(small).best(objective) * MILLION, abs=1.0)
