"""Whole units from the deal to the plan: a case by hand, what rounding costs, and rules that collide."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.planning.small_deal import small_deal
from tests.results.hand_worked import values_of

import dronedeal
from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.funds import Budget
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import Options
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price


def boats(**options: Any) -> Deal:
    """Two kinds of boats from the market, for ten in one year and 1,000,000 in the account.

    A ship costs 300,000 and is worth 700,000 up to the ten asked for; a dinghy costs 70,000 and counts half
    a boat. One unit of money buys 7/3 of worth in ships, 5 in dinghies.
    """
    parties = (
        Party(id="north", name="Northland", role="buyer"),
        Party(id="river", name="Riverland", role="seller"),
        Party(id="west", name="Westmark", role="third"),
    )
    common: dict[str, Any] = {"maker": "Yard", "supplier": "west", "domain": "surface", "role": "patrol"}
    return Deal(
        Settings(
            format=1, title="Boats", start="2027-01", months=12, currency="USD", price_base_year=2027,
            parties=parties, options=Options(**options),
        ),
        systems=(System(id="ship", name="Ship", **common), System(id="dinghy", name="Dinghy", **common)),
        branches=(Branch(id="navy", party="north", name="Navy"),),
        requirements=(
            Requirement(
                id="patrol", branch="navy", name="Patrol", role="patrol", domain="surface", kind="use",
                value_threshold=700_000, value_objective=700_000,
            ),
        ),
        requirement_quantities=(
            RequirementQuantity(requirement="patrol", fiscal_year=2027, threshold=5, objective=10),
        ),
        prices=(
            Price(system="ship", fiscal_year=2027, unit_price=300_000),
            Price(system="dinghy", fiscal_year=2027, unit_price=70_000, maximum=2.5),
        ),
        budgets=(Budget(branch="navy", fiscal_year=2027, appropriation="procurement", amount=1_000_000),),
    )  # fmt: skip


def bought(plan: dronedeal.Plan) -> dict[str, float]:
    return {row["system"]: row["quantity"] for row in plan.tables["purchases"]}


def test_parts_of_boats_are_bought_where_units_need_not_be_whole() -> None:
    # 2.5 dinghies for 175,000, and 825,000 for 2.75 ships: 5.25 boats at 700,000 less a million.
    plan = dronedeal.plan(boats(whole_units=False), gap=0.0)
    assert bought(plan) == pytest.approx({"ship": 2.75, "dinghy": 2.5})
    assert plan.objective == pytest.approx(5.25 * 700_000 - 1_000_000)
    assert plan.rounding is None


@pytest.mark.parametrize("up_to", [0, 50])
def test_whole_boats_are_bought_by_search_and_by_rounding(up_to: int) -> None:
    # 2 dinghies for 140,000 and 2 ships for 600,000: a third ship would cost 40,000 more than is left.
    plan = dronedeal.plan(boats(whole_units_up_to=up_to), gap=0.0)
    worth = 4 * 700_000 - 740_000
    assert bought(plan) == {"ship": 2.0, "dinghy": 2.0}
    assert plan.objective == pytest.approx(worth)
    assert plan.rounding is not None
    assert plan.rounding["contracts"] == 2
    assert plan.rounding["integers"] == (2 if up_to else 0)
    lost = 0.0 if up_to else 5.25 * 700_000 - 1_000_000 - worth
    assert plan.rounding["cost"] == pytest.approx(lost)
    assert plan.status == "optimal"


def test_more_money_buys_the_third_ship() -> None:
    deal = boats()
    richer = deal.with_table("budgets", [deal.budgets[0].model_copy(update={"amount": 1_040_000.0})])
    assert bought(dronedeal.plan(richer, gap=0.0)) == {"ship": 3.0, "dinghy": 2.0}


def test_money_keeps_its_price_where_quantities_are_held() -> None:
    # The duals are those of the problem with free quantities: one more dollar buys 7/3 − 1 dollars of worth.
    plan = dronedeal.plan(boats(whole_units_up_to=0), gap=0.0)
    (row,) = (row for row in plan.tables["binding"] if row["kind"] == "budget")
    assert row["dual"] == pytest.approx(7 / 3 - 1)


def whole_deal(**changes: Any) -> Deal:
    return replace(small_deal(whole_units=True), **changes)


@pytest.mark.parametrize("objective", ["joint", "buyer", "seller"])
def test_every_quantity_of_a_plan_is_whole_and_every_rule_is_kept(objective: str) -> None:
    plan = dronedeal.plan(whole_deal(), objective=objective)
    quantities = np.array([row["quantity"] for row in plan.tables["purchases"]])
    assert len(quantities) > 3
    assert (quantities == np.round(quantities)).all()
    assert plan.tables["violations"] == ()
    assert plan.status == "optimal"


def test_a_firm_minimum_is_met_by_rounding_up() -> None:
    # Hawks are worth nothing to anybody here, and 12 must be bought of each year's maximum of 25.
    deal = whole_deal()
    prices = [
        row.model_copy(update={"firm_minimum": 73.0, "unit_price": 9_000.0}) if row.system == "hawk" else row
        for row in deal.prices
    ]
    plan = dronedeal.plan(deal.with_table("prices", prices))
    sums: dict[int, float] = {}
    for row in plan.tables["purchases"]:
        if row["system"] == "hawk":
            sums[row["fiscal_year"]] = sums.get(row["fiscal_year"], 0.0) + row["quantity"]
    assert sums == {2027: 12.0, 2028: 12.0}


def test_rules_that_collide_are_broken_by_whole_units() -> None:
    deal = whole_deal()
    needs = [row.model_copy(update={"quantity": 700.0, "required_share": 1.0}) for row in deal.home_needs]
    prices = [
        row.model_copy(update={"firm_minimum": 2700.0 if row.firm_minimum else None}) for row in deal.prices
    ]
    plan = dronedeal.plan(deal.with_table("home_needs", needs).with_table("prices", prices))
    assert plan.status == "relaxed"
    assert {row["kind"] for row in plan.tables["violations"]} == {"firm_minimum"}
    for row in plan.tables["violations"]:
        assert row["quantity"] == pytest.approx(round(row["quantity"]))


def test_the_check_finds_quantities_that_are_not_whole() -> None:
    deal = boats()
    values = values_of(dronedeal.plan(deal, gap=0.0))
    row = values["tables"]["purchases"][0]
    row["quantity"] += 0.5
    failed = dronedeal.verify(dronedeal.Plan(**values), deal).failures
    assert "whole_units" in {failure.check for failure in failed}


def test_the_check_finds_months_that_do_not_add_up_to_whole_units() -> None:
    deal = boats()
    values = values_of(dronedeal.plan(deal, gap=0.0))
    values["tables"]["shipments"][0]["quantity"] += 0.25
    failed = dronedeal.verify(dronedeal.Plan(**values), deal).failures
    assert any(item.check == "whole_units" and item.subject.startswith("shipments") for item in failed)


@pytest.mark.parametrize(
    "rounding",
    [
        None,
        {"cost": -5.0, "contracts": 2, "integers": 0},
        {"cost": 5e6, "contracts": 2, "integers": 0},
        {"cost": 0.0, "contracts": 3, "integers": 0},
        {"cost": 0.0, "contracts": 2, "integers": 3},
        {"cost": 0.0, "contracts": 2},
    ],
)
def test_the_check_finds_a_wrong_cost_of_rounding(rounding: dict[str, float] | None) -> None:
    deal = boats()
    values = values_of(dronedeal.plan(deal, gap=0.0)) | {"rounding": rounding}
    failed = dronedeal.verify(dronedeal.Plan(**values), deal).failures
    assert "whole_units" in {failure.check for failure in failed}


def test_a_deal_without_whole_units_states_no_cost_of_them() -> None:
    deal = boats(whole_units=False)
    values = values_of(dronedeal.plan(deal, gap=0.0))
    values["rounding"] = {"cost": 0.0, "contracts": 2, "integers": 0}
    failed = dronedeal.verify(dronedeal.Plan(**values), deal).failures
    assert {failure.check for failure in failed} == {"whole_units"}
