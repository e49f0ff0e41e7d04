"""Rules about the seller's cash account."""

from __future__ import annotations

from typing import Any

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import with_settings

from dronedeal.deal import Deal
from dronedeal.deal.checks import run_checks

ACCOUNT = {"opening": 5000, "floor": 1000, "basis": "assumption", "note": "Made up"}


def _account(**changes: Any) -> Deal:
    return with_settings(SOUND, cash={**ACCOUNT, **changes})


CASES = (
    Case(
        "cash_without_opening",
        with_settings(SOUND, cash={"floor": 1000, "fund_value": 1.5}),
        at=("cash.opening",),
        says=("opening of the seller's cash account; found nothing, beside floor, fund_value",),
    ),
    Case(
        "cash_below_floor_at_once",
        _account(floor=6000),
        at=("cash.opening",),
        says=("found 5000; allowed: at least the floor, 6000",),
    ),
    Case(
        "unknown_currency",
        _account(currency="CNY"),
        at=("cash.currency",),
        says=("currency of cash; found 'CNY'",),
    ),
    Case("then_year_without_year", _account(price_basis="then_year"), at=("cash.price_basis",)),
    Case("row_without_basis", _account(basis=None), at=("cash.basis",)),
    Case("unknown_fact", _account(source="F9"), at=("cash.source",)),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_a_sound_account_and_a_credit_line_are_in_order() -> None:
    assert run_checks(_account()) == ()
    assert run_checks(_account(opening=0, floor=-500, reinvestment_share=0.5)) == ()


def test_keys_at_their_defaults_say_nothing() -> None:
    assert run_checks(with_settings(SOUND, cash={"floor": 0, "fund_value": 1})) == ()
