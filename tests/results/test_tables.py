"""The monthly tables of a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of

from dronedeal.assessment import run_all_checks
from dronedeal.deal import TABLES, Deal, Party
from dronedeal.deal.settings import CashAccount
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


@pytest.mark.parametrize("table", [name for name in TABLES if small_deal().table(name)])
def test_a_deal_that_lacks_a_whole_table_still_gets_a_plan_that_passes(table: str) -> None:
    deal = small_deal().with_table(table, [])
    if any(finding.severity == "error" for finding in run_all_checks(deal)):
        pytest.skip(f"without {table} the deal has errors and is never planned")
    verification = verify(plan_of(deal), deal)
    assert [str(failure) for failure in verification.failures] == []


def test_an_empty_deal_gets_an_empty_plan() -> None:
    empty = {"parties": _without_index(), "cash": CashAccount()}
    deal = Deal(small_deal().settings.model_copy(update=empty))
    plan = plan_of(deal)
    assert plan.objective == 0
    yearly = {"utility_items", "commitments"}
    assert all(not rows for name, rows in plan.tables.items() if name not in yearly)
    assert verify(plan, deal).is_passed


def _without_index() -> tuple[Party, ...]:
    return tuple(
        party.model_copy(update={"escalation_index": None}) for party in small_deal().settings.parties
    )


SELLERS = [name for name, table in TABLES.items() if table.owner == "seller"]


def test_a_buyer_alone_plans_with_what_it_can_see() -> None:
    deal = small_deal()
    for table in SELLERS:
        deal = deal.with_table(table, [])
    deal = replace(deal, sides=("shared", "buyer"))
    assert [finding for finding in run_all_checks(deal) if finding.severity == "error"] == []
    plan = plan_of(deal)
    assert {row["system"] for row in plan.tables["purchases"]} == {"hawk"}
    # The firm minimum of a system that nobody is seen to make binds nobody.
    assert plan.status == "optimal"
    assert verify(plan, deal).is_passed
