"""Rebates of price tiers and bundles on a deal that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.results.tiered_deal import ALL_UNITS, INCREMENTAL, deal_with

import dronedeal
from dronedeal.deal.settings import PaymentTerms
from dronedeal.deal.terms import Bundle
from dronedeal.results.plan import Plan


def gulls(plan: Plan) -> float:
    return float(sum(row["quantity"] for row in plan.tables["purchases"] if row["system"] == "gull"))


@pytest.mark.parametrize(
    ("tier", "objective", "bought", "buyer", "seller"),
    [
        # 100 at 8 rather than 79 at 10: 100·(12 − 8) + 9·(12 − 10)
        (ALL_UNITS, "buyer", 100, 418, 781),
        # 79 at 10 earn 711, 100 at 8 earn 700: the seller stops below the tier, and may not avoid it above
        (ALL_UNITS, "seller", 79, 176, 792),
        # what the tier takes, the buyer gets: all that is worth its cost is made
        (ALL_UNITS, "joint", 100, 418, 781),
        # 80 at 10 and 20 at 8
        (INCREMENTAL, "buyer", 100, 258, 941),
        (INCREMENTAL, "seller", 100, 258, 941),
    ],
)
def test_a_tier_that_is_reached_is_granted_whoever_maximises(
    tier: dict[str, Any], objective: Any, bought: float, buyer: float, seller: float
) -> None:
    plan = dronedeal.plan(deal_with(tier), objective=objective, gap=0.0)
    assert gulls(plan) == pytest.approx(bought)
    assert plan.utilities["buyer"] == pytest.approx(buyer)
    assert plan.utilities["seller"] == pytest.approx(seller)


def test_rebate_stands_in_its_table_in_the_payments_and_in_what_the_seller_is_owed() -> None:
    deal = deal_with(ALL_UNITS)
    plan = dronedeal.plan(deal, gap=0.0)
    (row,) = plan.tables["rebates"]
    assert (row["kind"], row["subject"], row["branch"], row["quantity"]) == ("tier", "gull", "army", 100.0)
    assert row["amount"] == row["amount_then_year"] == pytest.approx(200.0)
    paid = {row["branch"]: row["amount"] for row in plan.tables["payments"]}
    assert paid == {"army": pytest.approx(800.0), "navy": pytest.approx(90.0)}
    (year,) = plan.tables["commitments"]
    assert (year["rebates"], year["to_seller"]) == (pytest.approx(200.0), pytest.approx(890.0))


def test_ceiling_counts_what_is_paid_after_the_rebate() -> None:
    """100 at 8 and 9 at 10 are 890: they fit under a ceiling of 890 that 1,090 would not fit under."""
    deal = deal_with(ALL_UNITS)
    settings = deal.settings.model_copy(update={"terms": PaymentTerms(ceiling=890)})
    plan = dronedeal.plan(replace(deal, settings=settings), gap=0.0)
    assert gulls(plan) == pytest.approx(100)
    assert plan.tables["violations"] == ()


def test_a_dearer_tier_is_charged_too() -> None:
    """From 80 on all cost 11: the buyer stops at 79, and pays 11 for all where it must take 90."""
    dearer = {"tier_from": 80, "unit_price": 11}
    assert gulls(dronedeal.plan(deal_with(dearer), objective="buyer", gap=0.0)) == pytest.approx(79)
    deal = deal_with(dearer)
    firm = [
        row.model_copy(update={"firm_minimum": 90.0}) if (row.system, row.tier_from) == ("gull", 0) else row
        for row in deal.prices
    ]
    plan = dronedeal.plan(deal.with_table("prices", firm), objective="buyer", gap=0.0)
    assert plan.tables["rebates"][0]["amount"] == pytest.approx(-gulls(plan))


@pytest.mark.parametrize("objective", ["joint", "buyer", "seller"])
def test_every_whole_set_of_a_bundle_is_granted(objective: Any) -> None:
    """100 gulls make 33 sets of 3, 9 terns make 9 sets of 1: 9 rebates of 5, shared by the branches."""
    bundle = Bundle(id="flock", fiscal_year=2027, systems=("gull", "tern"), quantities=(3, 1), rebate=5)
    plan = dronedeal.plan(deal_with(bundle=bundle), objective=objective, gap=0.0)
    rows = plan.tables["rebates"]
    assert {(row["kind"], row["subject"]) for row in rows} == {("bundle", "flock")}
    assert sum(row["quantity"] for row in rows) == pytest.approx(9)
    assert sum(row["amount"] for row in rows) == pytest.approx(45)
    assert plan.utilities["buyer"] == pytest.approx(109 * 2 + 45)
    assert plan.utilities["seller"] == pytest.approx(109 * 9 - 45)


def test_a_seller_would_rather_not_make_a_set_that_costs_it_more_than_the_unit_brings() -> None:
    """A set brings 9 for its tern and loses 10 of rebate: the seller sells gulls only."""
    bundle = Bundle(id="duo", fiscal_year=2027, systems=("gull", "tern"), quantities=(1, 1), rebate=10)
    plan = dronedeal.plan(deal_with(bundle=bundle), objective="seller", gap=0.0)
    assert plan.tables["rebates"] == ()
    assert gulls(plan) == pytest.approx(100)
    assert plan.utilities["seller"] == pytest.approx(900)


def test_without_tiers_and_bundles_the_plan_is_as_it_was() -> None:
    plan = dronedeal.plan(deal_with(), gap=0.0)
    same = dronedeal.plan(deal_with({"tier_from": 5000, "unit_price": 1}), gap=0.0)
    assert plan.tables["rebates"] == same.tables["rebates"] == ()
    assert plan.objective == pytest.approx(same.objective)
