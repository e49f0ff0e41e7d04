"""The monthly tables of a plan."""

from __future__ import annotations

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of

from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(small_deal())


@pytest.mark.parametrize("kind", ["joint", "buyer", "seller"])
def test_every_plan_passes_its_independent_check(kind: str) -> None:
    deal = small_deal()
    verification = verify(plan_of(deal, kind), deal)  # type: ignore[arg-type]
    assert [str(failure) for failure in verification.failures] == []


def test_market_systems_have_no_line_and_no_production(plan: Plan) -> None:
    assert all((row["line"] is None) == (row["system"] == "hawk") for row in plan.tables["shipments"])
    assert not [row for row in plan.tables["production"] if row["system"] == "hawk"]


def test_good_units_are_what_the_yield_leaves(plan: Plan) -> None:
    rows = [row for row in plan.tables["production"] if row["system"] == "mule"]
    assert rows
    for row in rows:
        assert row["good_quantity"] == pytest.approx(0.8 * row["quantity"])  # type: ignore[operator]


def test_openings_name_their_months_and_who_pays(plan: Plan) -> None:
    opened = {row["line"]: row for row in plan.tables["openings"] if row["kind"] == "open"}
    assert opened["joint"]["investor"] == "north"
    assert (opened["joint"]["decided"], opened["joint"]["effective"]) == ("2027-11", "2027-12")
    assert opened["joint"]["amount"] == 5000


def test_then_year_amounts_carry_the_index_of_their_year(plan: Plan) -> None:
    for row in plan.tables["shipments"]:
        index = 1.05 if row["fiscal_year"] == 2028 else 1.0
        assert row["amount_then_year"] == pytest.approx(row["amount"] * index)  # type: ignore[operator]


def test_rows_of_nothing_are_left_out_of_monthly_tables(plan: Plan) -> None:
    for name in ("shipments", "production", "stock", "home_supply", "other_sales"):
        assert all(row["quantity"] > 0 for row in plan.tables[name])  # type: ignore[operator]
