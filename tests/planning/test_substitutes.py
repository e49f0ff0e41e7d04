"""Substitute parts: where they are of use, what rules ask for, what stretches a short supply, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.planning.small_deal import small_deal
from tests.planning.test_model import fork_last_year
from tests.results.solved import plan_of

from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.production import Component
from dronedeal.deal.terms import Rule
from dronedeal.planning import PlanningData, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

MOTOR = Component(id="motor", name="Motor", category="motor", origin="RV", unit_cost=20)
RADIO = Component(id="radio", name="Radio", category="radio", origin="NL", unit_cost=20)


def substitute(name: str, origin: str, premium: float) -> Component:
    return Component(
        id=name,
        name="Motor",
        category="motor",
        origin=origin,
        unit_cost=20,
        substitute_for="motor",
        premium=premium,
    )


def limit(**changes: Any) -> Rule:
    cells = {
        "id": "parts",
        "kind": "component_origin_limit",
        "subject": "kite",
        "origin": ("RV",),
        "limit": 0.5,
    }
    return Rule.model_validate(cells | changes)


def deal_with(*rules: Rule, parts: tuple[Component, ...], **tables: Any) -> Deal:
    deal = small_deal().with_table("rules", rules).with_table("components", (MOTOR, RADIO, *parts))
    for name, rows in tables.items():
        deal = deal.with_table(name, rows)
    return deal


def data_of(deal: Deal) -> PlanningData:
    return arrange(deal, assess(deal))


def checked(deal: Deal) -> Plan:
    plan = plan_of(deal)
    assert verify(plan, deal).failures == ()
    return plan


def units(plan: Plan, table: str, **cells: Any) -> float:
    rows = (row for row in plan.tables[table] if all(row[name] == value for name, value in cells.items()))
    return sum(row["quantity"] for row in rows)


ABROAD, CHEAP = substitute("motor_nl", "NL", 0.3), substitute("motor_rv", "rv", 0.0)


def test_a_product_beyond_a_hard_limit_is_eligible_with_a_substitute_from_elsewhere() -> None:
    pairing = assess(deal_with(limit(), parts=(ABROAD, CHEAP))).pairing("scouting", "kite")
    (found,) = (item for item in pairing.criteria if item.kind == "component_origin")
    assert pairing.is_eligible
    assert (pairing.first_month, pairing.last_month) == (0, 3)
    assert found.found == "100 % from RV, kept with substitute motor_nl in place of motor"
    assert found.is_met is True


@pytest.mark.parametrize("parts", [(), (CHEAP,)])
def test_without_a_substitute_from_elsewhere_it_stays_out(parts: tuple[Component, ...]) -> None:
    assert not assess(deal_with(limit(), parts=parts)).pairing("scouting", "kite").is_eligible


def test_a_limit_that_is_kept_asks_for_nothing() -> None:
    data = data_of(deal_with(limit(limit=1.0), parts=(ABROAD,), component_supply=()))
    assert data.substitutes.count == 0
    assert len(data.substitutes.counted) == 0


def test_only_as_many_parts_give_way_as_the_limit_asks_for() -> None:
    # 80 of motors and 20 of a radio, both from RV: without the motors a fifth is left
    home_radio = RADIO.model_copy(update={"origin": "RV"})
    spare = Component(
        id="radio_nl",
        name="Radio",
        category="radio",
        origin="NL",
        unit_cost=30,
        substitute_for="radio",
        premium=0.5,
    )
    parts = [row for row in small_deal().system_components if row.component == "motor" or row.line == "joint"]
    for share, needed in ((0.2, {"motor"}), (0.1, {"motor", "radio"})):
        deal = deal_with(limit(limit=share), parts=(ABROAD, spare), system_components=parts)
        deal = deal.with_table("components", (MOTOR, home_radio, ABROAD, spare))
        data = data_of(deal)
        joint = data.labels["product"].index("kite@joint")
        found = {
            deal.components[part].id
            for part, product in zip(data.substitutes.duty_part, data.substitutes.duty_product, strict=True)
            if product == joint
        }
        assert found == needed


def test_what_is_delivered_under_the_rule_is_made_with_substitutes_at_their_premium() -> None:
    deal = deal_with(limit(branch="army", valid_from="2028-01"), parts=(ABROAD,), component_supply=())
    plan = checked(deal)
    delivered = sum(
        row["quantity"]
        for row in plan.tables["shipments"]
        if (row["system"], row["branch"], row["fiscal_year"]) == ("kite", "army", 2028)
    )
    assert delivered > 0
    # on the line of a third party, whose money is in no utility, more may be made with them than need be
    ours = sum(units(plan, "substitutions", line=line) for line in ("home", "joint"))
    assert ours <= delivered + 1e-6
    assert units(plan, "substitutions") >= delivered - 1e-6
    for row in plan.tables["substitutions"]:
        assert row["amount"] == pytest.approx(4 * 0.3 * 20 * row["quantity"])
    free = checked(deal.with_table("rules", ()))
    assert free.tables["substitutions"] == ()
    assert free.objective > plan.objective


def test_a_substitute_without_a_premium_makes_the_rule_free() -> None:
    gift = substitute("motor_nl", "NL", 0.0)
    deal = deal_with(limit(), parts=(gift,), component_supply=())
    stock = [row.model_copy(update={"initial_stock": 0.0}) for row in deal.line_systems]
    deal = deal.with_table("line_systems", stock)
    assert checked(deal).objective == pytest.approx(checked(deal.with_table("rules", ())).objective, rel=1e-9)


def test_a_substitute_stretches_a_part_in_short_supply() -> None:
    supply = [row.model_copy(update={"limit": 240.0}) for row in small_deal().component_supply]
    short = checked(deal_with(parts=(), component_supply=supply))
    stretched = checked(deal_with(parts=(ABROAD,), component_supply=supply))
    assert stretched.objective > short.objective
    assert units(stretched, "substitutions") > 0


def test_a_substitute_in_short_supply_holds_deliveries_back() -> None:
    row = small_deal().component_supply[0]
    supply = [
        row.model_copy(update={"component": "motor_nl", "fiscal_year": year, "limit": 96.0})
        for year in (2028, 2029)
    ]
    plan = checked(deal_with(limit(), parts=(ABROAD,), component_supply=supply))
    # a quarter of 96 in the three months of 2028, and 96 a year in the one of 2029: eight kites, after four
    assert units(plan, "substitutions") <= 96 * (3 + 1) / 12 / 4 + 1e-6
    assert units(plan, "shipments", system="kite") == pytest.approx(units(plan, "substitutions"))


def test_two_rules_share_no_unit_but_a_delivery_under_both_needs_what_both_allow() -> None:
    far = substitute("motor_wm", "WM", 0.1)
    rules = (limit(id="army", branch="army"), limit(id="navy", branch="navy", origin=("RV", "WM")))
    data = data_of(deal_with(*rules, parts=(ABROAD, far)))
    names = [row.id for row in deal_with(*rules, parts=(ABROAD, far)).components]
    home = data.labels["product"].index("kite@home")
    duties = {
        frozenset(names[data.substitutes.substitute[at]] for at in np.flatnonzero(serves)): {
            data.labels["pair"][pair] for pair in np.flatnonzero(counts.any(axis=1))
        }
        for product, serves, counts in zip(
            data.substitutes.duty_product, data.substitutes.serves, data.substitutes.counted, strict=True
        )
        if product == home
    }
    # the navy takes motors from NL only; both together take no more than there are of either
    assert duties == {
        frozenset({"motor_nl"}): {"kite@home:patrol"},
        frozenset({"motor_nl", "motor_wm"}): {"kite@home:patrol", "kite@home:scouting"},
    }
    plan = checked(deal_with(*rules, parts=(ABROAD, far)))
    assert (
        units(plan, "shipments", branch="navy", system="kite")
        <= units(plan, "substitutions", substitute="motor_nl") + 1e-6
    )


def test_where_no_substitute_keeps_all_rules_nothing_is_delivered() -> None:
    far = substitute("motor_wm", "WM", 0.1)
    rules = (limit(id="one", origin=("RV", "WM")), limit(id="two", origin=("RV", "NL"), valid_from="2028-02"))
    data = data_of(deal_with(*rules, parts=(ABROAD, far)))
    pairs = [at for at, label in enumerate(data.labels["pair"]) if label.startswith("kite")]
    assert data.is_deliverable[pairs][:, 3].any() is np.False_
    assert data.is_deliverable[pairs][:, :3].any()
    checked(deal_with(*rules, parts=(ABROAD, far)))


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_a_future_split_into_two_alike_changes_nothing(share: float) -> None:
    data = data_of(deal_with(limit(), parts=(ABROAD,)))
    forked = replace(data, tree=fork_last_year(data.tree, share))
    assert _optimum(forked) == pytest.approx(_optimum(data), rel=1e-9)


def _optimum(data: PlanningData) -> float:
    outcome = solve_plan(
        build_problem(data), HighsSolver(), no_deal=np.array([], dtype=int), options=SolveOptions(gap=1e-9)
    )
    return outcome.solution.objective
