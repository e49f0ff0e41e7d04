"""Rules about parties."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed, with_party

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "one_buyer_one_seller",
        with_party(SOUND, 2, role="buyer"),
        at=("parties",),
        says=("parties with the role buyer; found 'us', 'dk'; allowed: exactly one buyer",),
    ),
    Case(
        "duplicate_party",
        with_party(SOUND, 2, id="ua"),
        at=("parties.2.id",),
        also=("dangling_reference", "investment_outside_deal"),
    ),
    Case(
        "branch_of_another_party",
        changed(SOUND, "branches", 0, party="ua"),
        at=(("branches", 0, "party"),),
        says=("found 'ua'; allowed: the buyer, 'us'",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_a_deal_without_a_buyer_is_still_checked_to_the_end() -> None:
    deal = changed(with_party(SOUND, 0, role="third"), "line_systems", 0, yield_rate=2)
    found = {finding.rule: finding.found for finding in run_checks(deal)}
    assert found["one_buyer_one_seller"] == "none"
    assert "yield_above_one" in found
