"""Rules about prices and markets."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "firm_minimum_above_maximum",
        changed(SOUND, "prices", 0, firm_minimum=501),
        at=(("prices", 0, "firm_minimum"),),
        says=("firm_minimum of prices (system 'scout', fiscal_year 2027, tier_from 0); found 501",),
    ),
    Case(
        "market_system_without_price",
        added(SOUND, "systems", 2, id="hawk"),
        at=(("systems", 3, "id"),),
        says=("price of system 'hawk' of 'dk'; found none, and no line makes it",),
    ),
    Case(
        "market_price_without_maximum",
        changed(SOUND, "prices", 2, maximum=None),
        at=(("prices", 2, "maximum"),),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_capacity_limits_a_system_that_a_line_makes_so_that_its_price_needs_no_maximum() -> None:
    assert run_checks(changed(SOUND, "prices", 0, maximum=None)) == ()
