"""How large a contract quantity can be, by hand, and which are integers of the search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import PlanningData, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.planning.contracts import is_branched, most


@pytest.fixture(scope="module")
def data() -> PlanningData:
    deal = small_deal(whole_units=True)
    return arrange(deal, assess(deal))


def at(data: PlanningData, pair: str) -> int:
    return data.labels["pair"].index(pair)


def test_the_least_of_need_offer_output_and_money_limits_a_quantity(data: PlanningData) -> None:
    units = most(data)
    # Scouting asks for 1200 · 2/12 effective units; money and output allow more in both years.
    assert units[at(data, "kite@home:scouting")] == pytest.approx([200.0, 200.0])
    # 200,000 of procurement money at 7,000 a unit, in both years; 60 · (1 + 2 · (1 − 0.6^(1/12))) are asked.
    assert units[at(data, "mule@home:hauling")] == pytest.approx([200 / 7, 200 / 7])
    # 150 a year on sale, in two months.
    assert units[at(data, "hawk@market:patrol")] == pytest.approx([25.0, 25.0])
    # A line of 40 with two steps of 10 makes at most 60 a month.
    assert units[at(data, "kite@joint:scouting")] == pytest.approx([120.0, 200.0])


def test_money_and_output_bind_where_they_are_scarce() -> None:
    deal = small_deal(whole_units=True)
    poor = [row.model_copy(update={"amount": row.amount / 10}) for row in deal.budgets]
    data = arrange(deal.with_table("budgets", poor), assess(deal))
    # 20,000 of 2027 at 1000, and in 2028 29,000 of then-year money at 950 · 1.05.
    assert most(data)[at(data, "kite@home:scouting")] == pytest.approx([20.0, 29000 / 997.5])


def test_a_stock_is_refilled_for_what_is_lost(data: PlanningData) -> None:
    rich = replace(data, budgets=replace(data.budgets, amount=data.budgets.amount * 100))
    lost = 60 * (1 + 2 * (1 - 0.6 ** (1 / 12)))
    # 0.8 · 108 / 4 mules a month for two months, then for four.
    assert most(rich)[at(rich, "mule@home:hauling")] == pytest.approx([43.2, lost])


@pytest.mark.parametrize(("up_to", "expected"), [(0, False), (25, False), (28, False), (29, True)])
def test_small_quantities_are_integers_of_the_search(data: PlanningData, up_to: int, expected: bool) -> None:
    chosen = replace(data, whole_units_up_to=up_to)
    assert is_branched(chosen)[at(data, "mule@home:hauling")].tolist() == [expected] * 2
    problem = build_problem(chosen)
    assert problem.is_integer[problem.columns["contract"].slice].tolist() == [expected] * 2
    assert problem.is_whole[problem.columns["contract"].slice].all()
    assert problem.is_whole[problem.columns["assign"].slice].all()


def test_without_whole_units_the_problem_is_as_before(data: PlanningData) -> None:
    before = build_problem(replace(data, whole_units_up_to=None))
    assert before.columns["contract"].count == before.rows["contract"].count == 0
    assert not before.is_whole.any()
    whole = build_problem(replace(data, whole_units_up_to=10**6))
    kept = np.ones(whole.n_columns, dtype=bool)
    kept[whole.columns["contract"].slice] = False
    assert (whole.utility[:, kept] == before.utility).all()
    assert (whole.upper[kept] == before.upper).all()


def test_firm_minima_of_a_part_of_a_year_are_whole() -> None:
    firm = [250.0 if row.firm_minimum else None for row in small_deal().prices]
    units = {}
    for is_whole in (True, False):
        deal = small_deal(whole_units=is_whole)
        rows = [row.model_copy(update={"firm_minimum": n}) for row, n in zip(deal.prices, firm, strict=True)]
        data = arrange(deal.with_table("prices", rows), assess(deal))
        units[is_whole] = data.prices.firm_minimum.max()
    assert units[True] == 41.0
    assert units[False] == pytest.approx(250 * 2 / 12)
