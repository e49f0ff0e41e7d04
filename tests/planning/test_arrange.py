"""The arrays of a deal against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import PlanningData
from dronedeal.planning.arrange import arrange
from dronedeal.planning.data import BUYER, SELLER, THIRD


@pytest.fixture(scope="module")
def data() -> PlanningData:
    deal = small_deal()
    return arrange(deal, assess(deal))


def test_products_are_the_rows_of_line_systems_then_the_market(data: PlanningData) -> None:
    assert data.labels["product"] == ("kite@home", "mule@home", "kite@joint", "kite@allied", "hawk@market")
    assert data.products.line.tolist() == [0, 0, 1, 2, -1]
    assert data.products.operator.tolist() == [SELLER, SELLER, BUYER, THIRD, THIRD]
    assert data.products.is_owned_by_seller.tolist() == [True, True, True, True, False]


def test_cost_premium_is_part_of_the_unit_cost(data: PlanningData) -> None:
    assert data.products.unit_cost[2] * 1e6 == pytest.approx(600 * 1.25)


def test_leads_count_qualification_and_steps_of_candidates_wait_for_the_opening(data: PlanningData) -> None:
    assert data.lines.open_lead.tolist() == [0, 1, 1]
    assert data.lines.step_lead.tolist() == [1, 1, 1]


def test_a_price_of_one_line_goes_before_the_price_of_all_lines(data: PlanningData) -> None:
    prices = data.prices.price * 1e6
    assert prices[0].tolist() == [1000, 950]
    assert prices[3].tolist() == [1000, 1100]
    assert data.prices.royalty[3].tolist() == [0.1, 0.05]


def test_then_year_prices_are_brought_to_the_base_year(data: PlanningData) -> None:
    assert data.prices.price[1] * 1e6 == pytest.approx([7000, 7000 / 1.05])


def test_yearly_flows_are_prorated_and_levels_are_not(data: PlanningData) -> None:
    assert data.requirements.threshold[0].tolist() == [100, 100]  # use: 600 × 2/12
    assert data.requirements.threshold[1].tolist() == [40, 40]  # stock
    assert data.home.quantity.tolist() == [60, 20]  # 240 × 3/12 and × 1/12
    assert data.sales.maximum.tolist() == [20]
    assert data.prices.maximum[-1] == pytest.approx(150 * 2 / 12)
    assert data.components.limit.tolist() == [1000]


def test_permit_and_start_limit_the_months_of_a_pair(data: PlanningData) -> None:
    mule = data.labels["pair"].index("mule@home:hauling")
    assert (data.pairs.first[mule], data.pairs.last[mule]) == (1, 3)


def test_money_is_valid_in_its_years_and_for_its_groups(data: PlanningData) -> None:
    deliveries = [group.purpose == "deliveries" for group in data.budgets.groups]
    assert data.labels["group"][:3] == ("army.any", "army.procurement", "navy.any")
    assert data.budgets.fits[:, deliveries].tolist() == [
        [True, True, False],
        [True, False, False],
        [False, False, True],
    ]
    assert data.budgets.first.tolist() == [0, 1, 0]
    assert data.budgets.last.tolist() == [1, 1, 1]
    assert data.budgets.index == pytest.approx([1, 1.05])


def test_discount_factors_fall_month_by_month(data: PlanningData) -> None:
    assert data.discount[BUYER] == pytest.approx(1.06 ** (-np.arange(4) / 12))
    assert data.discount[SELLER] == pytest.approx(1.12 ** (-np.arange(4) / 12))


def test_stock_requirements_and_partly_open_years_are_not_pooled(data: PlanningData) -> None:
    pooled = {data.labels["pair"][pair] for pair in np.flatnonzero(data.is_pooled.any(axis=1))}
    assert "kite@home:scouting" in pooled
    assert "mule@home:hauling" not in pooled
