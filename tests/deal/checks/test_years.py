"""Rules about fiscal years and months."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

from dronedeal.deal.checks import run_checks

CASES = (
    *(
        Case(
            "fiscal_year_outside_calendar",
            changed(SOUND, table, 0, fiscal_year=year),
            at=((table, 0, "fiscal_year"),),
            also=("clause_subject_matches_nothing",) if table == "prices" else (),
            says=(f"found {year}", f"of the {side} inside the plan: {allowed}"),
        )
        for table, year, side, allowed in (
            ("requirement_quantities", 2026, "buyer", "2027 to 2028"),
            ("prices", 2029, "buyer", "2027 to 2028"),
            ("home_needs", 2029, "seller", "2026 to 2028"),
            ("other_buyers", 2025, "seller", "2026 to 2028"),
            ("component_supply", 2029, "seller", "2026 to 2028"),
        )
    ),
    Case(
        "fiscal_year_outside_calendar",
        SOUND.with_table(
            "uncertainty",
            [row.model_copy(update={"fiscal_year": 2026}) for row in SOUND.uncertainty],
        ),
        at=tuple(("uncertainty", row, "fiscal_year") for row in range(5)),
    ),
    Case(
        "budget_outside_calendar",
        changed(SOUND, "budgets", 0, fiscal_year=2024, years_valid=3),
        at=(("budgets", 0, "fiscal_year"),),
        says=(
            "found it can be spent in 2024 to 2026; allowed: at least one of the buyer's fiscal years 2027",
        ),
    ),
    Case(
        "budget_outside_calendar",
        changed(SOUND, "budgets", 1, fiscal_year=2029),
        at=(("budgets", 1, "fiscal_year"),),
    ),
    Case(
        "month_outside_calendar",
        changed(SOUND, "systems", 0, available_from="2028-10"),
        at=(("systems", 0, "available_from"),),
        says=("found 2028-10; allowed: a month up to the last one of the plan, 2028-09",),
    ),
    Case(
        "month_outside_calendar",
        changed(SOUND, "lines", 0, available_from="2030-01"),
        at=(("lines", 0, "available_from"),),
    ),
    Case(
        "month_outside_calendar",
        changed(SOUND, "rules", 1, valid_from="2029-01"),
        at=(("rules", 1, "valid_from"),),
    ),
    Case(
        "month_outside_calendar",
        changed(SOUND, "rules", 2, valid_until="2026-09"),
        at=(("rules", 2, "valid_until"),),
        says=("a month from the start of the plan, 2026-10",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize("month", ["2026-01", "2028-09"])
def test_what_was_available_before_the_plan_or_comes_in_its_last_month_is_no_fault(month: str) -> None:
    assert run_checks(changed(SOUND, "systems", 0, available_from=month)) == ()


def test_money_that_is_still_valid_in_the_first_year_of_the_plan_is_no_fault() -> None:
    assert run_checks(changed(SOUND, "budgets", 0, fiscal_year=2025, years_valid=3)) == ()
