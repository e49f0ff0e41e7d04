"""Violations, one-sided objectives and other plans that must pass as they are, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.results.hand_worked import hand_assessment, hand_deal, hand_values, row_of

from dronedeal.deal import Deal
from dronedeal.deal.settings import PaymentTerms
from dronedeal.deal.terms import Price
from dronedeal.results.plan import Plan
from dronedeal.results.verify import Verification, verify

Values = dict[str, Any]
Case = tuple[Deal, Values]


def _with(table: str, where: Callable[[Any], bool], **changes: Any) -> Deal:
    deal = hand_deal()
    rows = [row.model_copy(update=changes) if where(row) else row for row in deal.table(table)]
    return deal.with_table(table, rows)


def _violation(kind: str, subject: str, year: int, quantity: float, unit: str = "units") -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": subject,
        "fiscal_year": year,
        "quantity": quantity,
        "unit": unit,
        "words": "…",
    }


def _relaxed(deal: Deal, *violations: dict[str, Any]) -> Values:
    values = hand_values(deal)
    values["status"] = "relaxed"
    values["tables"]["violations"] = list(violations)
    return values


def firm_minimum_of_a_line() -> Case:
    """30 crows a year are 15 in half a year; 5.25 are taken."""
    deal = _with("prices", lambda row: row.system == "crow", firm_minimum=30)
    values = _relaxed(deal, _violation("firm_minimum", "crow / ohio", 2028, 9.75))
    row_of(values["tables"], "commitments", fiscal_year=2027)["firm_later"] = 15 * 3150.0
    row_of(values["tables"], "commitments", fiscal_year=2028)["firm"] = 15 * 3150.0
    return deal, values


def firm_minimum_of_every_line() -> Case:
    """40 hawks a year are 30 in nine months; 18 are taken."""
    deal = _with("prices", lambda row: row.system == "hawk" and row.fiscal_year == 2027, firm_minimum=40)
    values = _relaxed(deal, _violation("firm_minimum", "hawk", 2027, 12.0))
    row_of(values["tables"], "commitments", fiscal_year=2027)["firm"] = 30 * 1600.0
    return deal, values


def own_need_behind_its_pace() -> Case:
    """18 required in 2027 are 1.5 a month, 1 a month is delivered: 6 behind at the end; 4.5 in 2028: 1.5."""
    deal = _with("home_needs", lambda row: row.id == "scouts", required_share=0.75)
    values = _relaxed(
        deal, _violation("home_need", "scouts", 2027, 6.0), _violation("home_need", "scouts", 2028, 1.5)
    )
    row_of(values["tables"], "home_coverage", need="scouts", fiscal_year=2027).update(
        required=18.0, shortfall=6.0
    )
    row_of(values["tables"], "home_coverage", need="scouts", fiscal_year=2028).update(
        required=4.5, shortfall=1.5
    )
    return deal, values


def output_not_returned() -> Case:
    """Half of 6 good crows in 2027 and of 1 in 2028; 1.5 and 0.25 went home."""
    deal = _with("lines", lambda row: row.id == "ohio", return_share=0.5)
    return deal, _relaxed(
        deal, _violation("return_share", "ohio", 2027, 1.5), _violation("return_share", "ohio", 2028, 0.25)
    )


def budget_overspent() -> Case:
    """51,300 spent of 50,000."""
    deal = _with("budgets", lambda row: row.branch == "army" and row.fiscal_year == 2027, amount=50_000)
    values = _relaxed(deal, _violation("budget", "army / procurement", 2027, 1300.0, "USD"))
    row = row_of(values["tables"], "budgets", branch="army", budget_year=2027)
    row.update(amount_then_year=50_000.0, left=0.0, overspent=1300.0)
    return deal, values


def ceiling_passed() -> Case:
    """28,800 and 13,440 for hawks and 1,653.75 of royalties, against 40,000."""
    deal = hand_deal()
    settings = deal.settings.model_copy(update={"terms": PaymentTerms(ceiling=40_000)})
    deal = replace(deal, settings=settings)
    return deal, _relaxed(deal, _violation("ceiling", "ua", 2028, 3893.75, "USD"))


def account_below_its_floor() -> Case:
    """94,750 at the end of 2027 and 91,262.50 at the end of 2028, where 93,000 must be left."""
    deal = hand_deal()
    account = deal.settings.cash.model_copy(update={"floor": 93_000.0})
    deal = replace(deal, settings=deal.settings.model_copy(update={"cash": account}))
    values = _relaxed(deal, _violation("cash_floor", "ua", 2028, 1737.5, "USD"))
    for row in values["tables"]["cash"]:
        row["floor"] = 93_000.0
    row_of(values["tables"], "cash", fiscal_year=2028)["short"] = 1737.5
    return deal, values


CASES = (
    firm_minimum_of_a_line,
    firm_minimum_of_every_line,
    own_need_behind_its_pace,
    output_not_returned,
    budget_overspent,
    account_below_its_floor,
    ceiling_passed,
)


def check(deal: Deal, values: Values) -> Verification:
    return verify(Plan(**values), deal, hand_assessment())


@pytest.mark.parametrize("case", CASES)
def test_relaxed_plan_passes_where_it_states_its_violations(case: Callable[[], Case]) -> None:
    assert check(*case()).failures == ()


@pytest.mark.parametrize("case", CASES)
def test_violation_left_out_is_found(case: Callable[[], Case]) -> None:
    deal, values = case()
    values["tables"]["violations"] = []
    values["status"] = "optimal"
    failures = check(deal, values).failures
    assert {failure.check for failure in failures} == {"violations"}


@pytest.mark.parametrize("case", CASES)
def test_violation_stated_too_small_is_found(case: Callable[[], Case]) -> None:
    deal, values = case()
    values["tables"]["violations"][0]["quantity"] *= 0.9
    (failure,) = check(deal, values).failures
    assert failure.check == "violations"
    assert failure.difference < 0


@pytest.mark.parametrize("case", CASES)
def test_violations_in_an_optimal_plan_are_refused(case: Callable[[], Case]) -> None:
    deal, values = case()
    values["status"] = "optimal"
    assert [failure.check for failure in check(deal, values).failures] == ["status"]


@pytest.mark.parametrize("case", CASES)
def test_violation_in_another_unit_is_refused(case: Callable[[], Case]) -> None:
    deal, values = case()
    values["tables"]["violations"][0]["unit"] = "litres"
    assert [failure.check for failure in check(deal, values).failures] == ["violations"]


def test_firm_minimum_of_a_tier_that_does_not_hold_binds_nobody() -> None:
    deal = _with("prices", lambda row: row.tier_from == 50, firm_minimum=50)
    assert check(deal, hand_values(deal)).failures == ()


def test_price_of_a_line_goes_before_the_price_of_all_lines() -> None:
    deal = hand_deal()
    dearer = Price(system="hawk", line="kyiv", fiscal_year=2028, unit_price=1700)
    deal = deal.with_table("prices", [*deal.prices, dearer])
    failures = check(deal, hand_values(deal)).failures
    assert {"prices", "payments", "utility_items"} <= {failure.check for failure in failures}
    assert next(failure for failure in failures if failure.check == "prices").computed == "1700"


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_one_sided_plan_passes_at_the_other_sides_alternative(side: str) -> None:
    values = hand_values()
    other = {"buyer": "seller", "seller": "buyer"}[side]
    utility = values["utilities"][side]
    values.update(
        objective_kind=side,
        objective=utility,
        bound=utility,
        gap=0.0,
        gap_of_cost=0.0,
        alternative=values["utilities"][other],
    )
    values["tables"].update(baselines=[], rule_costs=[])  # they were made for the joint objective
    assert check(hand_deal(), values).failures == ()


def test_one_sided_plan_passes_where_the_other_side_has_no_alternative() -> None:
    values = hand_values()
    utility = values["utilities"]["buyer"]
    values.update(
        objective_kind="buyer", objective=utility, bound=utility, gap=0.0, gap_of_cost=0.0, alternative=None
    )
    values["tables"].update(baselines=[], rule_costs=[])  # they were made for the joint objective
    assert check(hand_deal(), values).failures == ()


def test_plan_stopped_early_may_have_no_bound() -> None:
    values = hand_values() | {
        "status": "feasible",
        "termination": "time_limit",
        "bound": None,
        "gap": None,
        "gap_of_cost": None,
    }
    assert check(hand_deal(), values).failures == ()


def test_rows_of_nothing_may_stand_in_yearly_tables() -> None:
    values = hand_values()
    nothing = {"quantity": 0.0, "amount": 0.0, "amount_then_year": 0.0, "fiscal_year": 2028}
    values["tables"]["purchases"].append(row_of(values["tables"], "purchases", system="fox") | nothing)
    assert check(hand_deal(), values).failures == ()


def test_closed_line_makes_nothing_before_it_is_available() -> None:
    deal = _with("lines", lambda row: row.id == "kyiv", available_from="2027-02")
    failures = check(deal, hand_values(deal)).failures
    assert [str(failure.subject) for failure in failures if failure.check == "capacity"] == ["kyiv, 2027-01"]


def test_verification_is_recorded_in_the_plan() -> None:
    plan = Plan(**hand_values())
    verified = plan.with_verification(verify(plan, hand_deal(), hand_assessment()))
    assert plan.verification is None
    assert verified.verification is not None
    assert verified.verification["is_passed"] is True
    assert verified.verification["checks"][0] == {"name": "digest", "comparisons": 6, "largest_residual": 0.0}
    assert verified == replace(plan, verification=verified.verification)
    assert Plan.from_json(verified.to_json()) == verified
