"""The optimiser against every plan there is: random small deals, over a thousand optima in `make oracles`."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from tests.oracles.enumerated import MILLION, Enumeration, small_deal
from tests.width import width

import dronedeal

DEALS = width(175, wide=350)
OBJECTIVES = ("joint", "buyer", "seller")


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("part", range(7))
def test_no_plan_that_can_be_written_down_is_better(objective: str, part: int) -> None:
    """On all 350 deals the three objectives are 1,050 optima, in parts so that processors can share them."""
    differing = {}
    for seed in range(part, DEALS, 7):
        small = small_deal(seed)
        best = Enumeration(small).best(objective) * MILLION
        plan = dronedeal.plan(small.deal, objective=objective, gap=0.0)  # type: ignore[arg-type]
        if math.isnan(best):
            assert plan.status == "relaxed", f"deal {seed}: no plan keeps the rules, and none was relaxed"
        elif abs(plan.objective - best) > 1e-6 * max(1.0, abs(best)):
            differing[seed] = (plan.objective, best)
    assert differing == {}


@pytest.mark.parametrize("part", range(4))
def test_a_plan_with_learning_is_the_best_that_can_be_written_down(part: int) -> None:
    """On steep curves too: whole numbers and ranges of output are cut until the best plan is proven."""
    differing = {}
    for seed in range(part, width(64, wide=160), 4):
        draw = random.Random(seed)
        changes = {"slope": draw.choice([0.55, 0.7, 0.8, 0.9]), "prior": draw.randint(1, 8)}
        small = replace(small_deal(seed), **changes)
        best = Enumeration(small).best("joint") * MILLION
        if math.isnan(best):
            continue
        plan = dronedeal.plan(small.deal, gap=0.0)
        assert plan.bound is not None
        is_best = abs(plan.objective - best) <= 1e-6 * max(1.0, abs(best))
        if not (is_best and best - 1.0 <= plan.bound <= best + 1e-3 * abs(best) + 1.0):
            differing[seed] = (plan.objective, best, plan.bound)
    assert differing == {}
