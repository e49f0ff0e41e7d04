"""The plan against the same model written naively and solved by scipy: all three objectives, ten deals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.planning.plain_model import PlainModel

import dronedeal
from dronedeal.deal.synthetic import synthetic_deal

DEALS = Path(__file__).parents[2] / "deals"
NAMES = ["first-deal", "licensed-line", *(f"synthetic-{seed}" for seed in range(1, 9))]


@pytest.fixture(scope="module", params=NAMES)
def deal(request: pytest.FixtureRequest) -> Any:
    name, _, seed = request.param.rpartition("-")
    if name != "synthetic":
        return dronedeal.read(DEALS / request.param)
    number = int(seed)
    return synthetic_deal(
        systems=4 + number % 3,
        lines=2 + number % 3,
        requirements=2 + number % 2,
        seed=number,
        months=12 + 3 * (number % 5),
    )


@pytest.mark.parametrize("objective", ["joint", "buyer", "seller"])
def test_plan_reaches_the_optimum_of_the_naive_model(deal: Any, objective: str) -> None:
    plan = dronedeal.plan(deal, objective=objective, gap=0)
    expected = PlainModel(deal, dronedeal.match(deal)).best(objective)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(expected, rel=1e-6)


def test_no_made_up_deal_needs_a_violation(deal: Any) -> None:
    assert dronedeal.plan(deal).frame("violations").height == 0
