"""Rules about the seller's own needs and other buyers."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

CASES = (
    Case(
        "home_need_without_one_subject",
        changed(SOUND, "home_needs", 0, system="scout"),
        at=(("home_needs", 0, "role"),),
        says=("what counts for home need 'front' in 2027; found both role and system",),
    ),
    Case(
        "home_need_without_one_subject",
        changed(SOUND, "home_needs", 1, system=None),
        at=(("home_needs", 1, "role"),),
        says=("found neither role nor system",),
    ),
    Case(
        "home_need_without_line",
        changed(SOUND, "home_needs", 1, system="falcon"),
        at=(("home_needs", 1, "system"),),
        says=("found system 'falcon', which no line makes for the seller", "returns output: ranger, scout"),
    ),
    Case(
        "other_buyer_of_unmade_system",
        changed(SOUND, "other_buyers", 0, system="falcon"),
        at=(("other_buyers", 0, "system"),),
        says=(
            "system of other buyer 'gulf' in 2028; found 'falcon'; allowed: a system from a line that the",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
