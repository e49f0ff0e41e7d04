"""Rules about production lines."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, without

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "line_makes_nothing",
        added(SOUND, "lines", id="idle"),
        at=(("lines", 2, "id"),),
        says=("systems of line 'idle'; found none; allowed: at least one row of `line_systems`",),
    ),
    Case(
        "candidate_without_capacity",
        changed(SOUND, "lines", 1, initial_capacity=0),
        at=(("lines", 1, "initial_capacity"),),
    ),
    Case(
        "existing_line_with_opening",
        changed(SOUND, "lines", 0, open_cost=5, open_lead_months=2, technology_transfer_months=3),
        at=(
            ("lines", 0, "open_cost"),
            ("lines", 0, "open_lead_months"),
            ("lines", 0, "technology_transfer_months"),
        ),
    ),
    Case(
        "steps_without_size",
        changed(SOUND, "lines", 0, step_size=0),
        at=(("lines", 0, "step_size"),),
        says=("found 0; allowed: a number above 0 where max_steps is 3",),
    ),
    Case(
        "line_without_output",
        changed(SOUND, "lines", 0, initial_capacity=0, max_steps=0),
        at=(("lines", 0, "initial_capacity"),),
    ),
    Case(
        "line_without_output", changed(SOUND, "lines", 1, availability=0), at=(("lines", 1, "availability"),)
    ),
    Case(
        "investment_outside_deal",
        changed(SOUND, "lines", 1, investor="dk"),
        at=(("lines", 1, "investor"),),
        says=("investment in line 'away'; found paid by 'dk', a third party",),
    ),
    Case(
        "investment_outside_deal",
        changed(SOUND, "lines", 1, investor=None),
        at=(("lines", 1, "operator"),),
    ),
    Case(
        "licence_fee_outside_deal",
        changed(SOUND, "lines", 1, investor=None, licence_fee=900),
        at=(("lines", 1, "licence_fee"),),
        also=("investment_outside_deal",),
    ),
    Case(
        "licence_fee_for_no_licence",
        changed(SOUND, "lines", 1, operator="ua", licence_fee=900),
        at=(("lines", 1, "licence_fee"),),
        says=("licence_fee of line 'away'; found 900",),
    ),
    Case(
        "licence_fee_for_no_licence",
        changed(changed(SOUND, "lines", 1, licence_fee=900), "line_systems", 2, system="falcon"),
        at=(("lines", 1, "licence_fee"),),
        also=("line_does_not_make_system",),
    ),
    Case(
        "yield_above_one",
        changed(SOUND, "line_systems", 0, yield_rate=1.01),
        at=(("line_systems", 0, "yield_rate"),),
        says=("yield_rate of system 'scout' on line 'home'; found 1.01; allowed: above 0 and at most 1",),
    ),
    Case(
        "return_without_home_need",
        without(changed(SOUND, "home_needs", 0, role="relay"), "home_needs", 1),
        at=(("lines", 1, "return_share"),),
        says=("return_share of line 'away'; found 0.5",),
    ),
    Case(
        "seller_system_without_line",
        added(SOUND, "systems", id="paper"),
        at=(("systems", 3, "id"),),
        says=("lines of the seller's system 'paper'; found none",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_an_existing_line_that_can_only_grow_is_no_fault() -> None:
    assert run_checks(changed(SOUND, "lines", 0, initial_capacity=0)) == ()
