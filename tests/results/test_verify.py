"""The independent check accepts a plan worked out by hand and finds every way in which it can be wrong."""

from __future__ import annotations

import ast
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.results.corruptions import CORRUPTIONS, Corruption
from tests.results.hand_worked import hand_assessment, hand_deal, hand_plan, hand_values

import dronedeal.results.verify
from dronedeal.deal import Deal
from dronedeal.deal.terms import Rule
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.plan import Plan
from dronedeal.results.verify import CHECKS, TOLERANCE, Verification, verify

DEAL = hand_deal()
ASSESSMENT = hand_assessment()
MONEY_COLUMNS = {
    "unit_price",
    "unit_cost",
    "amount",
    "amount_buyer",
    "amount_seller",
    "amount_then_year",
    "spent",
    "left",
    "overspent",
    "licence_fee",
    *(column.name for column in PLAN_TABLES["cash"].columns if column.unit == "currency"),
    "dual",
    "penalty",
    "to_seller",
    "to_seller_so_far",
    "firm",
    "firm_later",
    "cancellation",
    "paid_in_advance",
    "paid_at_delivery",
    "paid_after_retention",
    "rebates",
}


def check(values: dict[str, Any]) -> Verification:
    return verify(Plan(**values), DEAL, ASSESSMENT)


def found_by(verification: Verification) -> set[str]:
    return {failure.check for failure in verification.failures}


def test_plan_worked_out_by_hand_passes_every_check() -> None:
    verification = verify(hand_plan(), DEAL, ASSESSMENT)
    assert verification.failures == ()
    assert verification.is_passed
    assert [result.name for result in verification.checks] == list(CHECKS)
    assert all(result.comparisons > 0 for result in verification.checks)
    assert max(result.largest_residual for result in verification.checks) < 1e-12


def test_assessment_is_made_where_none_is_given() -> None:
    assert verify(hand_plan(), DEAL).failures == ()


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_corruption_is_found_by_its_check(corruption: Corruption) -> None:
    values = hand_values(DEAL)
    corruption.spoil(values)
    verification = check(values)
    assert not verification.is_passed
    assert corruption.check in found_by(verification)


def test_every_check_has_a_corruption_that_it_finds() -> None:
    assert {corruption.check for corruption in CORRUPTIONS} == set(CHECKS)
    assert len({corruption.name for corruption in CORRUPTIONS}) == len(CORRUPTIONS)


def test_every_check_says_what_it_asks() -> None:
    meanings = [registered.meaning for registered in CHECKS.values()]
    assert all(meanings)
    assert len(set(meanings)) == len(meanings)


def test_failure_names_row_figures_and_rule() -> None:
    values = hand_values(DEAL)
    values["tables"]["stock"][3]["quantity"] = 10.0
    values["tables"]["stock"][4]["quantity"] = 13.0
    first, second = check(values).failures
    assert str(first) == (
        "[stock] stock: 2027-04, kyiv, hawk: stated 10, computed 9 (difference 1); "
        "stock is the month before, plus good units, minus deliveries"
    )
    assert (second.subject, second.stated, second.computed, second.difference) == (
        "stock: 2027-06, kyiv, hawk", "11", "12", -1.0,
    )  # fmt: skip


def test_market_delivery_is_named_as_such() -> None:
    values = hand_values(DEAL)
    values["tables"]["shipments"][1]["effective_quantity"] = 3.0
    (failure,) = check(values).failures
    assert failure.subject == "shipments: 2027-05, recon, fox, market"


@settings(deadline=None, max_examples=15, derandomize=True)
@given(seed=st.integers(0, 10**6), spoiled=st.sampled_from([None, *CORRUPTIONS]))
def test_order_of_rows_does_not_change_the_verdict(seed: int, spoiled: Corruption | None) -> None:
    values = hand_values(DEAL)
    if spoiled is not None:
        spoiled.spoil(values)
    before = check(values)
    for rows in values["tables"].values():
        random.Random(seed).shuffle(rows)
    after = check(values)
    assert after.is_passed is before.is_passed is (spoiled is None)
    assert found_by(after) == found_by(before)


@settings(deadline=None, max_examples=25, derandomize=True)
@given(power=st.integers(-6, 6), spoiled=st.sampled_from([None, *CORRUPTIONS]))
def test_unit_of_money_does_not_change_the_verdict(power: int, spoiled: Corruption | None) -> None:
    values = hand_values(DEAL)
    if spoiled is not None:
        spoiled.spoil(values)
    before = check(values)
    deal = _scaled_deal(10.0**power)
    scaled = _scaled_values(values, 10.0**power)
    if values["digest"] == DEAL.digest:
        scaled["digest"] = deal.digest
    # the gap is relative to at least one unit of money, and is the one figure that knows its size
    after = found_by(verify(Plan(**scaled), deal, ASSESSMENT)) - {"bound"}
    assert after == found_by(before) - {"bound"}


def _scaled_deal(factor: float) -> Deal:
    money = {
        "requirements": ("value_threshold", "value_objective"),
        "lines": ("step_cost", "open_cost", "fixed_cost", "licence_fee"),
        "line_systems": ("unit_cost",),
        "prices": ("unit_price",),
        "home_needs": ("value",),
        "components": ("unit_cost",),
        "other_buyers": ("price",),
        "budgets": ("amount",),
        "integrations": ("cost",),
    }
    account = DEAL.settings.cash
    held = {"opening": (account.opening or 0.0) * factor, "floor": account.floor * factor}
    cash = account.model_copy(update=held)
    deal = replace(DEAL, settings=DEAL.settings.model_copy(update={"cash": cash}))
    for table, columns in money.items():
        rows = [
            row.model_copy(update={name: getattr(row, name) * factor for name in columns})
            for row in deal.table(table)
        ]
        deal = deal.with_table(table, rows)
    projects = [
        row.model_copy(update={"cost_by_year": tuple(factor * cost for cost in row.cost_by_year)})
        for row in deal.projects
    ]
    deal = deal.with_table("projects", projects)
    return deal.with_table("rules", [_scaled_rule(row, factor) for row in deal.rules])


def _scaled_rule(row: Rule, factor: float) -> Rule:
    """A price cap is money; what is short in money costs money for money, all else money for units."""
    if row.kind == "price_cap":
        return row.model_copy(update={"limit": (row.limit or 0.0) * factor})
    if row.kind == "work_share" or row.violation_price is None:
        return row
    return row.model_copy(update={"violation_price": row.violation_price * factor})


def _scaled_values(values: dict[str, Any], factor: float) -> dict[str, Any]:
    tables = {
        name: [
            {
                key: value * factor if value is not None and _is_money(name, key, row) else value
                for key, value in row.items()
            }
            for row in rows
        ]
        for name, rows in values["tables"].items()
    }
    scaled = {
        key: values[key] if values[key] is None else values[key] * factor
        for key in ("objective", "bound", "alternative")
    }
    utilities = {side: value * factor for side, value in values["utilities"].items()}
    return {**values, **scaled, "utilities": utilities, "tables": tables}


def _is_money(table: str, column: str, row: dict[str, Any]) -> bool:
    if table == "baselines":
        return column in {"objective", "buyer", "seller", "difference"}
    if table == "rule_costs":
        return column not in {"rule", "status", "gap", "words"}
    if table == "rules" and column in ("violation", "measured", "limit"):
        is_money = column == "violation" or row["rule"] == "dear"
        return row["unit"] == "USD" and is_money and row[column] is not None
    return (
        column in MONEY_COLUMNS
        or (table == "violations" and column == "quantity" and row["kind"] == "budget")
        or column == "more"
    )


@pytest.mark.parametrize(("share", "is_passed"), [(0.5, True), (2.0, False)])
def test_tolerance_is_one_millionth_of_what_is_compared(share: float, is_passed: bool) -> None:
    values = hand_values(DEAL)
    values["tables"]["shipments"][0]["effective_quantity"] *= 1 + share * TOLERANCE
    assert check(values).is_passed is is_passed


def test_noise_of_a_solver_near_zero_passes() -> None:
    values = hand_values(DEAL)
    values["tables"]["stock"].append(
        {"month": "2028-03", "line": "ohio", "system": "crow", "quantity": 0.5e-8 * 18.0}
    )
    assert check(values).failures == ()


def test_plan_of_another_deal_is_refused_without_a_crash() -> None:
    deal = DEAL.with_table(
        "systems", [row.model_copy(update={"id": f"new_{row.id}"}) for row in DEAL.systems]
    )
    deal = deal.with_table(
        "line_systems", [row.model_copy(update={"system": f"new_{row.system}"}) for row in deal.line_systems]
    )
    verification = verify(hand_plan(), deal)
    assert {"digest", "ids", "products"} <= found_by(verification)


def test_plan_on_another_calendar_is_refused_without_a_crash() -> None:
    names = ("systems", "lines", "branches", "requirements", "indices")
    later = DEAL.settings.model_copy(update={"start": "2030-05", "months": 3})
    moved = Deal(later, **{name: DEAL.table(name) for name in names})
    assert {"digest", "months"} <= found_by(verify(hand_plan(), moved, ASSESSMENT))


def test_check_shares_no_code_with_planning_or_solving() -> None:
    allowed = (
        "dronedeal.deal",
        "dronedeal.quantities",
        "dronedeal.assessment",
        "dronedeal.errors",
        "dronedeal.results.",
    )
    own = ("columns", "plan", "vocabulary", "verify")
    folder = Path(dronedeal.results.verify.__file__).parent
    modules = [
        node.module or ""
        for path in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    ours = [module for module in modules if module.startswith("dronedeal")]
    assert len(ours) > 20
    for module in ours:
        assert module.startswith(allowed), module
        if module.startswith("dronedeal.results."):
            assert module.split(".")[2] in own, module
