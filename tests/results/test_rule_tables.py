"""How a solved plan stands to its rules: shares, choices, prices of breaking them, collisions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.terms import Rule
from dronedeal.results.plan import Plan
from dronedeal.results.variants import is_settled, least_and_most
from dronedeal.results.verify import verify
from dronedeal.workflow.variants import without_rule


def with_rules(*rules: Rule) -> Deal:
    """The small deal with hawks at 600, so that all of them are bought, under some rules."""
    deal = small_deal().with_table("rules", rules)
    prices = [
        each.model_copy(update={"unit_price": 600.0}) if each.system == "hawk" else each
        for each in deal.prices
    ]
    return deal.with_table("prices", prices)


def checked(deal: Deal) -> Plan:
    plan = plan_of(deal)
    assert verify(plan, deal).failures == ()
    return plan


def row(plan: Plan, rule: str, year: int | None) -> dict[str, Any]:
    (found,) = (
        dict(each) for each in plan.tables["rules"] if (each["rule"], each["fiscal_year"]) == (rule, year)
    )
    return found


def bought(plan: Plan, year: int, **cells: Any) -> float:
    return sum(
        each["quantity"]
        for each in plan.tables["purchases"]
        if each["fiscal_year"] == year and all(each[name] == value for name, value in cells.items())
    )


def mix(limit: float, **changes: Any) -> Rule:
    cells = {
        "id": "mix",
        "kind": "mix",
        "subject": "hawk",
        "within": "scout",
        "measure": "units",
        "limit": limit,
    }
    return Rule.model_validate(cells | changes)


def test_a_hard_mix_is_kept_and_costs_what_it_costs() -> None:
    free, held = checked(with_rules()), checked(with_rules(mix(0.1, direction="at_most")))
    assert bought(free, 2028, system="hawk") > 0.1 * (
        bought(free, 2028, system="hawk") + bought(free, 2028, system="kite")
    )
    hawks, kites = bought(held, 2028, system="hawk"), bought(held, 2028, system="kite")
    found = row(held, "mix", 2028)
    assert hawks <= 0.1 * (hawks + kites) + 1e-6
    assert found["measured"] == pytest.approx(hawks / (hawks + kites))
    assert (found["violation"], found["penalty"], found["unit"]) == (0.0, 0.0, "units")
    assert held.objective < free.objective


def test_a_priced_mix_is_bought_off_by_the_unit() -> None:
    plan = checked(with_rules(mix(0.9, is_hard=False, violation_price=3.0)))
    for year in (2027, 2028):
        hawks, kites = bought(plan, year, system="hawk"), bought(plan, year, system="kite")
        found = row(plan, "mix", year)
        assert found["violation"] == pytest.approx(0.9 * (hawks + kites) - hawks)
        assert found["penalty"] == pytest.approx(3.0 * found["violation"])
    items = {(item["party"], item["item"]): item["amount"] for item in plan.tables["utility_items"]}
    # the buyer's year 2027 ends in month 1, its year 2028 inside the plan in month 3
    paid = [
        row(plan, "mix", year)["penalty"] * 1.06 ** (-month / 12) for year, month in ((2027, 1), (2028, 3))
    ]
    assert items["buyer", "rule_penalties"] == pytest.approx(-sum(paid))


def test_a_work_share_counts_what_lines_deliver_by_value() -> None:
    rule = Rule(
        id="work",
        kind="work_share",
        subject="*",
        origin=("NL",),
        limit=0.5,
        is_hard=False,
        violation_price=0.01,
    )
    plan = checked(with_rules(rule))
    paid = {
        line: sum(
            each["amount"]
            for each in plan.tables["purchases"]
            if each["line"] == line and each["fiscal_year"] == 2028
        )
        for line in ("home", "joint", "allied", None)
    }
    of_lines = paid["home"] + paid["joint"] + paid["allied"]
    found = row(plan, "work", 2028)
    assert paid[None] > 0  # what is bought on the market has no line and does not count
    assert found["measured"] == pytest.approx(paid["joint"] / of_lines)
    assert found["violation"] == pytest.approx(max(0.0, 0.5 * of_lines - paid["joint"]))
    assert found["penalty"] == pytest.approx(0.01 * found["violation"])


def choice(**changes: Any) -> Rule:
    cells = {"id": "choice", "kind": "either_or", "subject": "*", "systems": ("kite", "hawk"), "limit": 1}
    return Rule.model_validate(cells | changes)


def test_one_of_two_systems_is_left_out() -> None:
    plan = checked(with_rules(choice(valid_from="2028-01")))
    found = row(plan, "choice", None)
    assert (found["measured"], found["violation"]) == (1.0, 0.0)
    assert found["words"] == "rule choice: 1 of kite and hawk are bought, at most 1 asked for"
    assert bought(plan, 2028, system="hawk") == 0  # 40 kites are firm
    assert bought(plan, 2027, system="hawk") > 0  # before the rule holds
    assert bought(plan, 2027, system="kite") > 0


def test_a_second_system_is_bought_where_its_price_is_worth_it() -> None:
    dear = checked(with_rules(choice(is_hard=False, violation_price=10**6)))
    cheap = checked(with_rules(choice(is_hard=False, violation_price=10)))
    assert row(dear, "choice", None)["measured"] == 1.0
    found = row(cheap, "choice", None)
    assert (found["measured"], found["violation"], found["penalty"], found["unit"]) == (
        2.0,
        1.0,
        10.0,
        "systems",
    )


def test_at_least_so_many_systems_are_bought_by_a_unit_of_the_least_welcome() -> None:
    dear = [
        each.model_copy(update={"unit_price": 50_000.0}) if each.system == "hawk" else each
        for each in small_deal().prices
    ]
    deal = with_rules(choice(direction="at_least", limit=2)).with_table("prices", dear)
    plan = checked(deal)
    hawks = {year: bought(plan, year, system="hawk") for year in (2027, 2028)}
    assert max(hawks.values()) == pytest.approx(1.0)
    assert row(plan, "choice", None)["measured"] == 2.0
    without = checked(deal.with_table("rules", ()))
    assert bought(without, 2027, system="hawk") + bought(without, 2028, system="hawk") == 0


def test_a_hard_mix_against_a_firm_minimum_is_a_named_violation() -> None:
    # forty kites are firm in 2028 and at most 25 hawks are on sale: a share of nine tenths cannot be kept
    deal = with_rules(mix(0.9))
    plan = checked(deal)
    assert plan.status == "relaxed"
    kinds = {(each["kind"], each["subject"]) for each in plan.tables["violations"]}
    assert kinds in ({("rule", "mix")}, {("firm_minimum", "kite")})


def test_where_own_needs_are_dearer_the_rule_gives_way_and_says_by_how_much() -> None:
    deal = with_rules(choice(direction="at_least", limit=2, systems=("kite", "hawk")))
    none_on_sale = [each for each in deal.prices if each.system != "hawk"]
    plan = checked(deal.with_table("prices", none_on_sale))
    assert plan.status == "relaxed"
    (found,) = plan.tables["violations"]
    assert (found["kind"], found["subject"], found["fiscal_year"]) == ("rule", "choice", 2028)
    assert (found["quantity"], found["unit"]) == (1.0, "systems")
    assert found["words"] == "rule choice is not kept in fiscal year 2028: 1.0 systems are missing"


def test_what_binds_says_what_one_unit_short_of_a_mix_is_worth() -> None:
    plan = checked(with_rules(mix(0.1, direction="at_most")))
    found = [each for each in plan.tables["binding"] if (each["kind"], each["subject"]) == ("rule", "mix")]
    assert found
    assert all(each["dual"] > 0 for each in found)
    assert "rule mix asks for at most 10% of the units delivered in fiscal year" in found[0]["words"]
    assert "one more unit beyond it adds USD" in found[0]["words"]


def test_rules_on_what_is_not_there_change_nothing() -> None:
    free = checked(with_rules())
    idle = checked(
        with_rules(
            mix(0.5, subject="mule", within="mule", direction="at_least"),
            choice(id="all", limit=2),
            Rule(id="cap", kind="price_cap", subject="*", limit=10**6),
        )
    )
    assert idle.objective == pytest.approx(free.objective, rel=1e-9)


def test_the_cost_of_each_rule_is_the_plan_without_it() -> None:
    deal = with_rules(
        mix(0.1, direction="at_most"),
        Rule(id="idle", kind="price_cap", subject="*", limit=10**6),
        Rule(id="ban", kind="exclusion", subject="kite", branch="navy"),
    )
    plan = dronedeal.plan(deal, gap=1e-9, rule_costs=True)
    costs = {found["rule"]: found for found in plan.tables["rule_costs"]}
    assert list(costs) == ["mix", "idle", "ban"]
    for name, found in costs.items():
        alone = dronedeal.plan(without_rule(deal, name), gap=1e-9)
        assert found["objective"] == pytest.approx(alone.objective, rel=1e-9)
        assert found["difference"] == pytest.approx(alone.objective - plan.objective, abs=1e-2)
    assert costs["idle"]["difference"] == pytest.approx(0.0, abs=1e-2)
    assert costs["idle"]["words"].endswith("within the gaps of the two plans, and may be chance")
    assert costs["mix"]["difference"] > 0
    assert costs["ban"]["difference"] > 0
    assert costs["mix"]["words"].startswith("without rule mix the objective is USD ")
    assert verify(plan, deal).failures == ()


def test_rules_that_bar_the_same_are_left_out_together_too() -> None:
    """Each of two bans alone keeps the kite out, so that neither costs anything without the other."""
    bans = [Rule(id=name, kind="exclusion", subject="kite", branch="navy") for name in ("one", "other")]
    deal = with_rules(*bans)
    plan = dronedeal.plan(deal, gap=1e-9, rule_costs=True)
    costs = {found["rule"]: found for found in plan.tables["rule_costs"]}
    assert list(costs) == ["one", "other", "all exclusion"]
    assert costs["one"]["difference"] == pytest.approx(0.0, abs=1e-2)
    free = dronedeal.plan(with_rules(), gap=1e-9)
    assert costs["all exclusion"]["objective"] == pytest.approx(free.objective, rel=1e-9)
    assert costs["all exclusion"]["difference"] > 1.0
    assert costs["all exclusion"]["words"].startswith("without all rules of the kind exclusion the objective")


@pytest.mark.parametrize(("table", "least", "most"), [("baselines", 10.0, 12.0), ("rule_costs", 0.0, 1.0)])
def test_what_the_gaps_leave_open_of_a_difference(table: str, least: float, most: float) -> None:
    """The plan is worth 20 to 21, a baseline 9 to 10: 10 to 12 less. Without a rule it is 20.5 to 21."""
    plan = replace(checked(with_rules()), objective=20.0, bound=21.0)
    rows = {
        "baselines": {"status": "optimal", "objective": 9.0, "gap": 1 / 9},
        "rule_costs": {
            "status": "optimal",
            "objective": 20.5,
            "gap": 0.5 / 20.5,
            "difference": 0.5,
            "rule": "r",
        },
    }
    assert least_and_most(plan, rows[table]) == pytest.approx((least, most))
    assert is_settled(plan, rows[table]) == (least > 0)
    one_sided = replace(plan, objective_kind="buyer")
    assert least_and_most(one_sided, rows["rule_costs"]) == pytest.approx((-0.5, 1.0))
    assert least_and_most(replace(plan, bound=None), rows[table]) is None


def test_a_stop_keeps_the_costs_that_are_done() -> None:
    deal = with_rules(mix(0.1, direction="at_most"), choice(limit=2), choice(id="last", limit=2))
    seen: list[str] = []
    plan = dronedeal.plan(
        deal,
        gap=1e-9,
        rule_costs=True,
        on_progress=lambda progress: seen.append(progress.step),
        should_stop=lambda: any("without choice" in step for step in seen),
    )
    assert [found["rule"] for found in plan.tables["rule_costs"]] == ["mix"]
    assert any(step.endswith("without mix") for step in seen)


def test_nobody_asked_what_rules_cost() -> None:
    assert checked(with_rules(mix(0.1, direction="at_most"))).tables["rule_costs"] == ()
