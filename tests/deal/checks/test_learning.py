"""Rules about learning curves."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

from dronedeal.deal.checks import run_checks

CASES = (
    *(
        Case(
            "learning_slope_outside_range",
            changed(SOUND, "line_systems", 0, learning_slope=slope),
            at=(("line_systems", 0, "learning_slope"),),
            says=("allowed: above 0.5 and at most 1",),
        )
        for slope in (0.5, 1.01, 85)
    ),
    *(
        Case(
            "learning_without_experience",
            changed(SOUND, "line_systems", 0, units_already_made=units),
            at=(("line_systems", 0, "units_already_made"),),
            says=(found,),
        )
        for units, found in ((None, "found a blank cell"), (0, "found 0"))
    ),
    Case(
        "transfer_without_group",
        changed(SOUND, "line_systems", 2, learning_group=None),
        at=(("line_systems", 2, "learning_group"),),
        also=("learning_group_of_one",),
        says=("found 0.3 with a blank learning_group",),
    ),
    Case(
        "learning_group_of_one",
        changed(SOUND, "line_systems", 1, learning_group="rangers"),
        at=(("line_systems", 1, "learning_group"),),
        says=("found 'rangers' in this row only; allowed: a group of two rows or more",),
    ),
    *(
        Case(
            "transfer_beyond_plan",
            changed(SOUND, "line_systems", 2, transfer_lag_months=lag),
            at=(("line_systems", 2, "transfer_lag_months"),),
            says=(f"found {lag}; allowed: fewer than {SOUND.settings.months - 1}",),
        )
        for lag in (SOUND.settings.months - 1, 600)
    ),
    Case(
        "everything_forgotten",
        changed(SOUND, "line_systems", 0, forgetting_rate=1),
        at=(("line_systems", 0, "forgetting_rate"),),
        says=("found 1; allowed: from 0 to below 1",),
    ),
    Case(
        "forgetting_without_slope",
        changed(SOUND, "line_systems", 1, forgetting_rate=0.2),
        at=(("line_systems", 1, "learning_slope"),),
        says=("forgetting_rate of system 'ranger' on line 'home'; found 0.2 with a blank learning_slope",),
    ),
    Case(
        "startup_incomplete",
        changed(SOUND, "line_systems", 1, startup_premium=0.5),
        at=(("line_systems", 1, "startup_units"),),
        says=("found 0 with startup_premium 0.5",),
    ),
    Case(
        "startup_incomplete",
        changed(SOUND, "line_systems", 1, startup_units=100),
        at=(("line_systems", 1, "startup_premium"),),
        says=("found 0 with startup_units 100",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize("slope", [0.501, 1])
def test_the_ends_of_the_range_of_slopes(slope: float) -> None:
    assert run_checks(changed(SOUND, "line_systems", 0, learning_slope=slope)) == ()


def test_the_longest_lag_that_lets_experience_arrive_is_no_fault() -> None:
    lag = SOUND.settings.months - 2
    assert run_checks(changed(SOUND, "line_systems", 2, transfer_lag_months=lag)) == ()
