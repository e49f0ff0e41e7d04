"""The seller's cash account as figures, and the most that a unit can cost in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.planning.deals_with_cash import with_account
from tests.planning.learning_deal import learning_deal
from tests.planning.small_deal import small_deal
from tests.results.solved import optimum

from dronedeal.assessment import assess
from dronedeal.deal.funds import Rate
from dronedeal.planning import build
from dronedeal.planning.arrange import arrange
from dronedeal.planning.blocks.seller_cash import greatest_unit_cost


def test_amounts_are_in_base_year_millions_of_the_deals_currency() -> None:
    deal = with_account(small_deal(), opening=80_000, floor=-8_000, currency="EUR")
    deal = deal.with_table("rates", [Rate(id="EUR", fiscal_year=2027, value=1.25)])
    account = arrange(deal, assess(deal)).cash
    assert (account.is_kept, account.opening, account.floor) == (True, 0.1, -0.01)
    assert (account.home_receipt_share, account.reinvestment_share, account.fund_value) == (1.0, 0.0, 1.0)


def test_without_an_opening_no_account_is_kept() -> None:
    deal = with_account(small_deal(), floor=5_000)
    problem = build(deal, assess(deal)).problem
    families = [problem.columns[name] for name in ("cash", "reinvest", "cash_floor_violation")]
    families += [problem.rows[name] for name in ("cash_balance", "cash_floor", "reinvested")]
    assert [family.count for family in families] == [0] * 6


def test_an_account_that_never_runs_short_changes_no_plan() -> None:
    without = with_account(small_deal())
    rich = with_account(small_deal(), opening=10**8, reinvestment_share=0.5)
    assert optimum(rich) == pytest.approx(optimum(without), rel=1e-9)


def test_money_worth_more_in_the_fund_adds_its_gain_at_the_end_of_the_year() -> None:
    """All of 1,000,000 and not a cent less than was there: it goes into the fund in the first year."""
    idle = small_deal()
    for table in ("requirements", "requirement_quantities", "home_needs", "other_buyers", "prices", "rules"):
        idle = idle.with_table(table, [])
    lines = [row.model_copy(update={"fixed_cost": 0.0}) for row in idle.lines]
    deal = with_account(idle.with_table("lines", lines), opening=1_000_000, fund_value=1.5)
    # The first year of the buyer ends with the second month of the plan, one month after its start.
    assert optimum(deal) == pytest.approx(0.5e6 * 1.12 ** (-1 / 12), rel=1e-9)


# A quarter of the experience is left after a year: two doublings lost, and half of one in three months.
LEARNT: list[tuple[dict[str, Any], int, float]] = [
    ({"learning_slope": None}, 3, 1.0),
    ({"learning_slope": 0.8, "units_already_made": 200.0}, 3, 1.0),
    ({"learning_slope": 0.8, "units_already_made": 200.0, "forgetting_rate": 0.75}, 3, 0.8**-0.5),
    ({"learning_slope": None, "startup_premium": 0.3, "startup_units": 10.0}, 3, 1.3),
    (
        {"learning_slope": 0.5**0.5, "units_already_made": 9.0, "learning_theory": "cumulative_average"},
        0,
        0.5,
    ),
]


@pytest.mark.parametrize(("row", "slot", "ratio"), LEARNT)
def test_greatest_unit_cost_is_that_of_what_is_left_of_the_experience(
    row: dict[str, Any], slot: int, ratio: float
) -> None:
    plain = {"learning_slope": None, "forgetting_rate": 0.0, "startup_premium": 0.0, "startup_units": 0.0}
    deal = learning_deal()
    rows = [item.model_copy(update=plain) for item in deal.line_systems]
    rows[0] = rows[0].model_copy(update=row)
    deal = replace(deal, line_systems=tuple(rows))
    data = arrange(deal, assess(deal))
    assert greatest_unit_cost(data)[0, slot] == pytest.approx(ratio * data.products.unit_cost[0], rel=1e-12)
