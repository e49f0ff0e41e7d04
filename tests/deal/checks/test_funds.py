"""Rules about budgets and escalation indices."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed, with_settings, without

CASES = (
    Case(
        "budget_years_not_whole",
        changed(SOUND, "budgets", 0, years_valid=2.5),
        at=(("budgets", 0, "years_valid"),),
        says=("found 2.5; allowed: a whole number of fiscal years",),
    ),
    Case(
        "missing_index_year",
        without(SOUND, "indices", 2),
        at=("parties.0.escalation_index",),
        says=("index 'procurement' of party 'us'; found no value for 2028", "there are 2026, 2027"),
    ),
    Case(
        "missing_index_year",
        without(SOUND, "indices", 3),
        at=("parties.1.escalation_index",),
        says=("index 'producer' of party 'ua'; found no value for 2026",),
    ),
    Case(
        "missing_index_year",
        with_settings(
            SOUND.with_table("rates", [SOUND.rates[0].model_copy(update={"fiscal_year": 2025})]),
            price_base_year=2025,
        ),
        at=("parties.0.escalation_index", "parties.1.escalation_index"),
        says=("found no value for 2025",),
    ),
    Case(
        "missing_index_year",
        changed(SOUND, "budgets", 0, fiscal_year=2025, price_basis="base_year"),
        at=("parties.0.escalation_index",),
        says=("found no value for 2025",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
