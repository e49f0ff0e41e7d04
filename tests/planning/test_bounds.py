"""The most that can be made and delivered, by hand for the deal of four months."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import build
from dronedeal.planning.arrange import arrange
from dronedeal.planning.bounds import Bounds


@pytest.fixture(scope="module")
def bounds() -> Bounds:
    deal = small_deal()
    return Bounds(arrange(deal, assess(deal)))


def test_capacity_with_every_opening_and_step_at_once(bounds: Bounds) -> None:
    # 60 at nine tenths; three steps of 20 at nine tenths follow a month later, half of them at first
    assert bounds.capacity[0] == pytest.approx([54, 54 + 27, 54 + 54, 54 + 54])
    # 40 a month after the opening, two steps of 10 with it
    assert bounds.capacity[1] == pytest.approx([0, 60, 60, 60])


def test_finished_units_add_up_from_the_initial_stock(bounds: Bounds) -> None:
    labels = bounds.data.labels["product"]
    kite, mule, hawk = (labels.index(name) for name in ("kite@home", "mule@home", "hawk@market"))
    assert bounds.finished[kite] == pytest.approx([15 + 54, 15 + 135, 15 + 243, 15 + 351])
    assert bounds.finished[mule] == pytest.approx(np.array([54, 135, 243, 351]) / 4 * 0.8)
    assert np.isinf(bounds.finished[hawk]).all()


def test_a_stock_takes_what_fills_it_and_makes_up_its_losses(bounds: Bounds) -> None:
    keep = 0.6 ** (1 / 12)
    hauling = bounds.data.labels["requirement"].index("hauling")
    assert bounds.taken[hauling] == pytest.approx([60 * (1 + (1 - keep))] * 2)


def test_the_least_of_need_offer_and_capacity_holds(bounds: Bounds) -> None:
    pairs = bounds.data.labels["pair"]
    hawk = np.array([pairs.index("hawk@market:scouting")])
    assert bounds.delivered(hawk, 0) == pytest.approx(150 / 6)  # on sale: two months of 150 a year
    mule = np.array([pairs.index("mule@home:hauling")])
    assert bounds.delivered(mule, 0) == pytest.approx(27)  # made by December


def test_no_plan_delivers_more_than_the_bounds_allow() -> None:
    """The rows that wait for work leave a hundredth of room above the bound, so that none of them binds."""
    deal = small_deal()
    problem = build(deal, assess(deal)).problem
    rows = problem.rows["integrated"].numbers
    in_rows = np.isin(problem.matrix.row_of_entry, rows) & (problem.matrix.value < 0)
    assert -problem.matrix.value[in_rows].max() == pytest.approx(1.01 * 150 / 6)
