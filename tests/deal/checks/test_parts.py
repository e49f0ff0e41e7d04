"""Rules about parts and successors."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

CASES = (
    Case(
        "successor_cycle",
        changed(SOUND, "systems", 0, successor_of="ranger"),
        at=(("systems", 0, "successor_of"),),
        also=("successor_without_a_date",),
        says=("found scout → ranger → scout; allowed: a chain that ends",),
    ),
    Case(
        "successor_cycle",
        changed(SOUND, "systems", 2, successor_of="falcon"),
        at=(("systems", 2, "successor_of"),),
        also=("successor_without_a_date",),
        says=("found falcon → falcon",),
    ),
    Case(
        "successor_without_a_date",
        changed(SOUND, "systems", 2, successor_of="scout"),
        at=(("systems", 2, "available_from"),),
        says=("found nothing, though it replaces 'scout'",),
    ),
    Case(
        "successor_before_predecessor",
        changed(
            changed(SOUND, "systems", 2, successor_of="scout", available_from="2027-03"),
            "systems",
            0,
            available_from="2027-03",
        ),
        at=(("systems", 2, "available_from"),),
        says=("found 2027-03, when 'scout' comes in 2027-03; allowed: a month after 2027-03",),
    ),
    Case(
        "substitute_cycle",
        changed(SOUND, "components", 0, substitute_for="motor_ua"),
        at=(("components", 0, "substitute_for"),),
    ),
    Case(
        "line_does_not_make_system",
        changed(SOUND, "prices", 1, system="ranger"),
        at=(("prices", 1, "line"),),
        says=("found 'away', which does not make 'ranger'", "'away' makes scout"),
    ),
    Case(
        "line_does_not_make_system",
        changed(SOUND, "system_components", 1, system="ranger"),
        at=(("system_components", 1, "line"),),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
