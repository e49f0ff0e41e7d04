"""The plan against the same model written naively and solved by scipy: all three objectives, ten deals."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.planning.plain_model import PlainModel
from tests.planning.ruled_deal import ruled_deal

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal

DEALS = Path(__file__).parents[2] / "deals"
GAP = 1e-8
NAMES = [
    "first-deal",
    "licensed-line",
    *(f"synthetic-{seed}" for seed in range(1, 9)),
    *(f"ruled-{seed}" for seed in (1, 2, 3)),
]


def without_learning(deal: Deal) -> Deal:
    """The same deal with unit costs that stay as they are; learning is no part of the naive model."""
    rows = [row.model_copy(update={"learning_slope": None}) for row in deal.line_systems]
    return deal.with_table("line_systems", rows)


@pytest.fixture(scope="module", params=NAMES)
def deal(request: pytest.FixtureRequest) -> Deal:
    name, _, seed = request.param.rpartition("-")
    if name == "ruled":
        return without_learning(ruled_deal(int(seed)))
    if name != "synthetic":
        return without_learning(dronedeal.read(DEALS / request.param))
    number = int(seed)
    deal = synthetic_deal(
        systems=4 + number % 3,
        lines=2 + number % 2,
        requirements=2 + number % 2,
        seed=number,
        months=12 + 3 * (number % 4),
    )
    return without_learning(deal)


@pytest.mark.parametrize("objective", ["joint", "buyer", "seller"])
def test_plan_reaches_the_optimum_of_the_naive_model(deal: Deal, objective: str) -> None:
    plan = dronedeal.plan(deal, objective=objective, gap=GAP)
    expected = PlainModel(deal, dronedeal.match(deal)).best(objective)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(expected, rel=1e-6)
    assert plan.frame("violations").height == 0
