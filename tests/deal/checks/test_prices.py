"""Rules about the terms of prices and payments."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, with_settings

TIER = added(SOUND, "prices", tier_from=100, unit_price=900, firm_minimum=None, maximum=None)
CASES = (
    Case(
        "tiers_of_two_kinds",
        changed(TIER, "prices", 3, tier_kind="incremental", line="away"),
        at=(("prices", 3, "tier_kind"), ("prices", 3, "royalty")),
        says=("found incremental; allowed: that of the lowest tier, all_units",),
    ),
    Case(
        "tier_with_quantity_of_its_own",
        changed(TIER, "prices", 3, maximum=300),
        at=(("prices", 3, "maximum"),),
        says=("move the quantity to the row of the lowest tier",),
    ),
    Case(
        "increments_of_several_operators",
        changed(changed(TIER, "prices", 3, tier_kind="incremental"), "prices", 0, tier_kind="incremental"),
        at=(("prices", 0, "line"),),
        says=("state the tiers line by line",),
    ),
    Case(
        "bundle_without_whole_quantities",
        changed(SOUND, "bundles", 0, quantities=(4.0,)),
        at=(("bundles", 0, "quantities"),),
        says=("found 2 systems (scout; ranger) and quantities 4",),
    ),
    Case(
        "bundle_without_whole_quantities",
        changed(SOUND, "bundles", 0, quantities=(4.0, 0.5)),
        at=(("bundles", 0, "quantities"),),
    ),
    Case(
        "bundle_of_another_supplier",
        changed(SOUND, "bundles", 0, systems=("scout", "falcon")),
        at=(("bundles", 0, "systems"),),
        says=("'falcon', which 'dk' supplies",),
    ),
    Case(
        "bundle_rebate_above_price",
        changed(SOUND, "bundles", 0, systems=("scout",), quantities=(4.0,), rebate=4500),
        at=(("bundles", 0, "rebate"),),
        says=("found 4500; allowed: at most what a set costs at the lowest prices, 4000",),
    ),
    Case(
        "fiscal_year_outside_calendar",
        changed(SOUND, "bundles", 0, fiscal_year=2031),
        at=(("bundles", 0, "fiscal_year"),),
    ),
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
