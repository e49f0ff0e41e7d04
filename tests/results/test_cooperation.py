"""Integration work and projects in a plan that can be followed with a pencil."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.results.solved import plan_of, read_solution

from dronedeal.assessment import assess
from dronedeal.deal import TABLES, Deal, Party, Settings
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.funds import Budget
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Branch, Requirement, RequirementQuantity
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings, Options
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price
from dronedeal.planning import build, optional_columns
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
            parties=parties, options=Options(whole_units=False),
        ),
        systems=(
            System(id="hawk", name="H", maker="H", supplier="west", domain="air", role="scout"),
            System(id="mule", name="M", maker="M", supplier="river", domain="ground", role="cargo"),
        ),
        lines=(
            Line(id="yard", site="Y", country="RV", operator="river", status="existing", initial_capacity=1),
        ),
        line_systems=(LineSystem(line="yard", system="mule", unit_cost=1000),),
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


def project(effect: str, cost: float, **cells: Any) -> Project:
    return Project(
        id="joint", name="Joint", systems=("hawk",), cost_by_year=(cost, cost), buyer_share=1.0, months=12,
        effect=effect, result_owner="north", **cells,
    )  # fmt: skip


def with_project(effect: str, cost: float, **cells: Any) -> Deal:
    return deal_with().with_table("projects", [project(effect, cost, **cells)])


def measured(deal: Deal, effectiveness: float) -> Deal:
    """The same deal where a hawk counts for so much."""
    prior = EvidencePrior(measure="hit", successes=10 * effectiveness, failures=10 * (1 - effectiveness))
    settings = deal.settings.model_copy(update={"evidence": EvidenceSettings(priors=(prior,))})
    needs = [row.model_copy(update={"effectiveness_measure": "hit"}) for row in deal.requirements]
    return Deal(settings, **{name: deal.table(name) for name in TABLES}).with_table("requirements", needs)


def test_a_project_for_effectiveness_counts_with_its_chance_from_the_year_in_which_it_is_done() -> None:
    """Twenty effective hawks are asked for a year: 25 at 0.8, in 2028 20 / 0.96, with 0.8 · 0.2 more each.

    It would add 0.25, but no hawk counts for more than one.
    """
    plain = measured(deal_with(), 0.8)
    joint = project("effectiveness", 1000.0, effect_value=0.25, success_probability=0.8)
    deal = plain.with_table("projects", [joint])
    plan = plan_of(deal)
    (row,) = plan.tables["projects"]
    assert (row["begin"], row["done"], row["amount_buyer"]) == ("2027-01", "2028-01", 2000.0)
    gains = [gain["quantity"] for gain in plan.tables["project_gains"]]
    assert sum(gains) == pytest.approx(0.16 * 20 / 0.96)
    bought = sum(row["quantity"] for row in plan.tables["purchases"] if row["fiscal_year"] == 2028)
    assert bought == pytest.approx(20 / 0.96)
    saved = 3000.0 * (25 - 20 / 0.96) * 1.21 ** (-23 / 12)
    assert plan.objective - plan_of(plain).objective == pytest.approx(saved - 1000.0 * (1 + 1.21**-1))
    assert verify(plan, deal).failures == ()


def test_a_project_cannot_make_what_counts_in_full_count_for_more() -> None:
    plan = plan_of(with_project("effectiveness", 1.0, effect_value=0.25, success_probability=0.8))
    assert plan.tables["projects"] == ()
    assert plan.tables["project_gains"] == ()


def test_gains_above_an_effectiveness_of_one_are_found() -> None:
    joint = project("effectiveness", 1000.0, effect_value=0.25, success_probability=0.8)
    deal = measured(deal_with(), 0.8).with_table("projects", [joint])
    plan = plan_of(deal)
    rows = [row | {"quantity": row["quantity"] * 1.25} for row in plan.tables["project_gains"]]
    spoilt = replace(plan, tables={**plan.tables, "project_gains": rows})
    assert "project_gains" in {failure.check for failure in verify(spoilt, deal).failures}


def test_a_project_that_brings_less_than_it_costs_is_not_begun() -> None:
    plan = plan_of(with_project("effectiveness", 9000.0, effect_value=0.25, success_probability=0.8))
    assert plan.tables["projects"] == ()
    assert plan.objective == pytest.approx(plan_of(deal_with()).objective)


def test_a_successor_is_delivered_from_the_month_on_in_which_its_project_is_done() -> None:
    deal = with_project("successor", 100.0, effect_subject="hawk", success_probability=0.8)
    plan = plan_of(deal)
    months = {row["month"] for row in plan.tables["shipments"]}
    assert months
    assert min(months) >= "2028-01"
    assert verify(plan, deal).failures == ()
    unlikely = with_project("successor", 100.0, effect_subject="hawk", success_probability=0.79)
    assert plan_of(unlikely).tables["shipments"] == ()


def test_an_interface_makes_the_work_of_one_branch_needless() -> None:
    works = (work("army", 80_000.0), work("navy", 80_000.0))
    built = project("interface", 100.0, effect_subject="army", success_probability=0.9)
    deal = deal_with(*works).with_table("projects", [built])
    plan = plan_of(deal)
    assert plan.tables["integrations"] == ()
    assert {row["branch"] for row in plan.tables["shipments"]} == {"army"}
    assert {row["fiscal_year"] for row in plan.tables["shipments"]} == {2028}
    assert verify(plan, deal).failures == ()


def test_a_stop_before_any_plan_leaves_the_work_that_a_firm_minimum_waits_for() -> None:
    deal = deal_with(work("army", 12_000.0), work("navy", 12_000.0), firm=4.0)
    model = build(deal, assess(deal))
    optional = set(optional_columns(model.problem).tolist())
    assert not optional & set(model.problem.columns["integrate"].numbers.tolist())
    free = build(deal_with(work("army", 12_000.0)), assess(deal_with(work("army", 12_000.0)))).problem
    assert set(free.columns["integrate"].numbers.tolist()) <= set(optional_columns(free).tolist())
