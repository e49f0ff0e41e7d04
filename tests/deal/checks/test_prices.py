"""Rules about the terms of prices and payments."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, with_settings

CASES = (
    Case(
        "escalation_clause_at_base_year_prices",
        changed(SOUND, "prices", 0, escalation_index="producer"),
        at=(("prices", 0, "price_basis"),),
        says=("allowed: 'then_year' in a row with an escalation_index",),
    ),
    Case(
        "escalation_clause_without_index_value",
        changed(
            added(SOUND, "indices", id="wages", fiscal_year=2026),
            "prices",
            0,
            escalation_index="wages",
            price_basis="then_year",
        ),
        at=(("prices", 0, "escalation_index"),),
        says=(
            "found no value for 2027",
            "the price base year and the fiscal year of the row; there are 2026",
        ),
    ),
    Case(
        "ceiling_without_rate",
        with_settings(SOUND, terms={"ceiling": 1e6, "currency": "GBP"}),
        at=("terms.currency",),
        says=("found no rate of GBP for 2026",),
    ),
    Case(
        "advance_and_retention_above_price",
        with_settings(SOUND, terms={"advance_share": 0.8, "retention_share": 0.3}),
        at=("terms.retention_share",),
        says=("found 1.1 together; allowed: at most 1",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
