"""Published problems give their published answers, and wrong input is refused with what is allowed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solving.stochastic.published import air_conditioning, electricity, farmer, power_plants, savings

from dronedeal.errors import InputError
from dronedeal.solving.interface import Status, Termination
from dronedeal.solving.stochastic import StagedBuilder, TreeSolution, solve_tree
from dronedeal.solving.stochastic.solution import METHODS, Method


def best(stages: StagedBuilder, method: Method = "auto", **options: float) -> TreeSolution:
    return solve_tree(stages.problem(), objective="buyer", method=method, gap=1e-9, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_the_farmer_sows_170_80_and_250_acres(method: Method) -> None:
    stages, area = farmer()
    found = best(stages, method)
    assert found.status is Status.OK
    assert found.objective == pytest.approx(108390, abs=0.5)
    assert found.bound == pytest.approx(108390, abs=0.5)
    assert [stages.value(found, crop) for crop in area] == pytest.approx([170, 80, 250], abs=1e-4)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n_stages", "optimum"), [(2, 340315.52), (3, 406712.49)])
def test_electricity_is_bought_at_the_published_cost(n_stages: int, optimum: float, method: Method) -> None:
    found = best(electricity(n_stages), method)
    assert found.cost == pytest.approx(optimum, abs=0.02)
    assert found.cost_bound == pytest.approx(optimum, abs=0.02)


def test_air_conditioners_in_whole_units_cost_62500() -> None:
    stages, first = air_conditioning()
    found = best(stages)
    assert found.cost == pytest.approx(62500)
    assert found.termination is Termination.OPTIMAL
    assert [stages.value(found, column) for column in first] == pytest.approx([200, 100])


@pytest.mark.parametrize("method", METHODS)
def test_power_plants_of_louveaux_and_smeers_cost_as_published(method: Method) -> None:
    stages, capacity = power_plants()
    found = best(stages, method)
    assert found.cost == pytest.approx(381.853333, abs=1e-5)
    assert [stages.value(found, plant) for plant in capacity] == pytest.approx(
        [8 / 3, 4, 10 / 3, 2], abs=1e-4
    )


@pytest.mark.parametrize("method", METHODS)
def test_savings_with_uncertain_returns_fall_short_as_published(method: Method) -> None:
    found = best(savings(), method)
    assert found.cost == pytest.approx(1.514085, abs=1e-6)
    assert found.cost_bound == pytest.approx(1.514085, abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_worst_two_fifths_of_10_20_30_40_cost_36_25(method: Method) -> None:
    stages = StagedBuilder([-1, 0, 0, 0, 0], [1, 0.25, 0.25, 0.25, 0.25])
    for node in range(1, 5):
        paid = stages.column(node, "paid", cost=1)
        stages.row(node, "due", {paid: 1}, lower=10 * node)
    assert best(stages, method, tail=0.4).cost == pytest.approx(36.25)
    assert best(stages, method, tail=1.0).cost == pytest.approx(25)
    assert best(stages, method, tail=0.4, tail_weight=0.5).cost == pytest.approx((36.25 + 25) / 2)


@pytest.mark.parametrize("method", METHODS)
def test_needs_that_cannot_be_met_are_reported_as_infeasible(method: Method) -> None:
    stages = StagedBuilder([-1, 0, 0], [1, 0.5, 0.5])
    bought = stages.column(0, "bought", cost=1, upper=3)
    for node, need in ((1, 2.0), (2, 4.0)):
        stages.row(node, "need", {bought: 1}, lower=need)
    found = best(stages, method)
    assert found.values is None
    assert found.termination is Termination.INFEASIBLE
    assert found.objective == -np.inf
    assert found.gap == np.inf


def test_a_stop_gives_back_what_there_is() -> None:
    stages, _ = farmer()
    found = solve_tree(stages.problem(), objective="buyer", method="decomposition", should_stop=lambda: True)
    assert found.termination is Termination.INTERRUPTED
    assert found.status in (Status.WARNING, Status.ABORTED)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "guess"}, "method 'guess' is unknown; choose one of auto, extensive, decomposition"),
        ({"gap": -0.1}, "gap -0.1 is not a distance; give 0 or more"),
        ({"time_limit": 0.0}, "time_limit 0.0 leaves no time"),
        ({"tail": 0.0}, "tail 0.0 is not a share of outcomes; give more than 0 and at most 1"),
        ({"tail": 0.5, "tail_weight": 2.0}, "tail_weight 2.0 is not a share"),
        ({"objective": "nobody"}, "objective 'nobody' is unknown; choose one of joint, buyer, seller"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options: dict[str, object], message: str) -> None:
    stages, _ = farmer()
    with pytest.raises(InputError, match=message):
        solve_tree(stages.problem(), **options)  # type: ignore[arg-type]
