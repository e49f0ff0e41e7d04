"""Integration work in a plan that can be followed with a pencil."""

from __future__ import annotations

import pytest
from tests.results.solved import plan_of, read_solution

from dronedeal.assessment import assess
from dronedeal.deal import Deal, Party, Settings
from dronedeal.deal.cooperation import Integration
from dronedeal.deal.funds import Budget
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price
from dronedeal.results.explain import binding, unmet
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify


def deal_with(*works: Integration, army: float = 100_000.0, firm: float | None = None) -> Deal:
    """Two years from January 2027; army and navy ask for 10 hawks a year, worth 5,000, sold at 3,000."""
    parties = (
        Party(id="north", name="Northland", role="buyer", discount_rate=0.21),
        Party(id="river", name="Riverland", role="seller"),
        Party(id="west", name="Westmark", role="third"),
    )
    return Deal(
        Settings(
            format=1, title="Work", start="2027-01", months=24, currency="USD", price_base_year=2027,
            parties=parties,
        ),
        systems=(System(id="hawk", name="H", maker="H", supplier="west", domain="air", role="scout"),),
        branches=tuple(Branch(id=name, party="north", name=name) for name in ("army", "navy")),
        requirements=tuple(
            Requirement(
                id=f"{name}_scouts", branch=name, name=name, role="scout", domain="air", kind="use",
                value_threshold=5000, value_objective=5000,
            )
            for name in ("army", "navy")
        ),
        requirement_quantities=tuple(
            RequirementQuantity(requirement=f"{name}_scouts", fiscal_year=year, threshold=10, objective=10)
            for name in ("army", "navy")
            for year in (2027, 2028)
        ),
        prices=tuple(
            Price(system="hawk", fiscal_year=year, unit_price=3000, firm_minimum=firm)
            for year in (2027, 2028)
        ),
        budgets=tuple(
            Budget(branch=name, fiscal_year=2027, appropriation="procurement", amount=amount, years_valid=2)
            for name, amount in (("army", army), ("navy", 100_000.0))
        ),
        integrations=works,
    )  # fmt: skip


def work(branch: str, cost: float, months: int = 6, payer: str = "north") -> Integration:
    return Integration(
        system="hawk", branch=branch, standard="Link 16", cost=cost, months=months, payer=payer
    )


def items(plan: Plan, item: str) -> dict[str, float]:
    return {row["party"]: row["amount"] for row in plan.tables["utility_items"] if row["item"] == item}


def test_work_that_pays_is_begun_at_once_and_shared_by_its_branches() -> None:
    deal = deal_with(work("army", 12_000.0), work("navy", 12_000.0))
    plan = plan_of(deal)
    assert [dict(row) for row in plan.tables["integrations"]] == [
        {
            "system": "hawk",
            "standard": "Link 16",
            "branches": "army / navy",
            "start": "2027-01",
            "done": "2027-07",
            "payer": "north",
            "amount": 12_000.0,
        }
    ]
    paid = {
        row["branch"]: row["amount"] for row in plan.tables["payments"] if row["purpose"] == "integration"
    }
    assert paid == pytest.approx({"army": 6000.0, "navy": 6000.0})
    assert items(plan, "integration") == pytest.approx({"buyer": -12_000.0, "seller": 0.0})
    # 40 hawks worth 5,000 in the last month of their year; paid when the discount is deepest, in that month
    value = 20 * 2000.0 * (1.21 ** (-11 / 12) + 1.21 ** (-23 / 12))
    assert plan.objective == pytest.approx(value - 12_000.0)
    assert verify(plan, deal).failures == ()


def test_work_that_costs_more_than_a_year_brings_waits_or_is_left_out() -> None:
    gain = [20 * 2000.0 * 1.21 ** (-month / 12) for month in (11, 23)]
    never = plan_of(deal_with(work("army", 80_000.0), work("navy", 80_000.0)))
    assert never.objective == pytest.approx(0.0)
    assert never.tables["integrations"] == ()
    alone = deal_with(work("army", 30_000.0))
    plan = plan_of(alone)
    # the army's hawks of both years bring 31,010 together: just enough; the navy waits for nothing
    assert plan.objective == pytest.approx(sum(gain) - 30_000.0)
    assert verify(plan, alone).failures == ()


def test_a_later_start_makes_ready_for_a_later_year() -> None:
    # a firm minimum binds in 2028 only; the work is begun six months before it, at the latest
    deal = deal_with(work("army", 50_000.0), work("navy", 50_000.0))
    prices = [deal.prices[1].model_copy(update={"firm_minimum": 20.0})]
    plan = plan_of(deal.with_table("prices", prices))
    (row,) = plan.tables["integrations"]
    assert (row["start"], row["done"]) == ("2027-07", "2028-01")
    assert plan.status == "optimal"
    expected = 20 * 2000.0 * 1.21 ** (-23 / 12) - 50_000.0 * 1.21 ** (-6 / 12)
    assert plan.objective == pytest.approx(expected)


def test_work_that_the_money_of_a_branch_cannot_pay_is_not_begun() -> None:
    deal = deal_with(work("army", 12_000.0), work("navy", 12_000.0), army=5000.0)
    plan = plan_of(deal)
    assert plan.tables["integrations"] == ()
    assert plan.tables["shipments"] == ()


def test_work_of_a_third_party_costs_neither_side() -> None:
    plan = plan_of(deal_with(work("army", 1e9, payer="west"), work("navy", 1e9, payer="west")))
    assert len(plan.tables["integrations"]) == 1
    assert items(plan, "integration") == {"buyer": 0.0, "seller": 0.0}


def test_a_shortage_for_want_of_work_says_so() -> None:
    deal = deal_with(work("army", 80_000.0), work("navy", 80_000.0))
    reading, _ = read_solution(deal)
    words = [row["words"] for row in binding(reading) if row["kind"] == "integration"]
    assert words
    assert "the work for Link 16 that hawk needs with army, at a cost of USD 80,000, is not done" in words[0]
    causes = {row["cause"] for row in unmet(reading, assess(deal))}
    assert causes == {"integration"}
