"""The values of a solution on their axes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import read_solution

from dronedeal.results.reading import Reading


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_solution(small_deal())[0]


def test_stock_worked_out_from_the_decisions_is_the_solvers(reading: Reading) -> None:
    family = reading.problem.columns["stock"]
    found = np.zeros_like(reading.stock)
    found[tuple(family.coordinates.values())] = reading.values[family.slice]
    assert reading.stock == pytest.approx(found, abs=1e-6)
    assert reading.stock.min() >= 0


def test_a_years_pool_is_shared_out_without_loss(reading: Reading) -> None:
    data = reading.data
    by_product = np.zeros((data.products.count, data.tree.n_slots))
    np.add.at(by_product, data.pairs.product, reading.ship)
    pool = reading.problem.columns["pool"]
    ship = reading.problem.columns["ship"]
    expected = np.zeros_like(by_product)
    expected[tuple(pool.coordinates.values())] += reading.values[pool.slice]
    np.add.at(
        expected,
        (data.pairs.product[ship.coordinates["pair"]], ship.coordinates["slot"]),
        reading.values[ship.slice],
    )
    assert by_product == pytest.approx(expected, abs=1e-9)


def test_deliveries_keep_to_the_months_of_their_pair(reading: Reading) -> None:
    assert reading.ship[~reading.data.is_deliverable].max(initial=0.0) == 0


def test_what_is_used_stays_inside_the_capacity(reading: Reading) -> None:
    assert (reading.used <= reading.capacity * (1 + 1e-9) + 1e-9).all()


def test_integers_are_whole_and_noise_is_gone(reading: Reading) -> None:
    integers = reading.values[reading.problem.is_integer]
    assert (integers == np.round(integers)).all()
    small = reading.values[(reading.values != 0) & (np.abs(reading.values) < 1e-12)]
    assert len(small) == 0


def test_nothing_is_behind_its_pace_where_no_rule_is_broken(reading: Reading) -> None:
    assert reading.short_home.tolist() == [0, 0]
