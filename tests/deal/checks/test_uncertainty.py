"""Rules about uncertainty."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, without

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "probabilities_do_not_sum_to_one",
        changed(SOUND, "uncertainty", 2, probability=0.6),
        at=(("uncertainty", 0, "probability"),),
        says=("chances of buyer_need of 'patrol' from 2028 on; found 0.9 in all, outcomes: 3; allowed: 1",),
    ),
    Case(
        "probabilities_do_not_sum_to_one",
        changed(SOUND, "uncertainty", 2, probability=0.70000001),
        at=(("uncertainty", 0, "probability"),),
    ),
    Case(
        "probabilities_do_not_sum_to_one",
        without(SOUND, "uncertainty", 0),
        at=(("uncertainty", 0, "probability"),),
    ),
    Case(
        "uncertainty_subject_matches_nothing",
        added(SOUND, "uncertainty", factor="line_outage", subject="hom", probability=1),
        at=(("uncertainty", 3, "subject"),),
        says=("found 'hom'; allowed: `*`, or an id of `lines`: away, home; did you mean 'home'?",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_sums_that_miss_one_by_rounding_are_no_fault() -> None:
    assert run_checks(changed(SOUND, "uncertainty", 2, probability=0.7 + 5e-10)) == ()


def test_every_row_of_a_factor_can_be_meant() -> None:
    assert run_checks(added(SOUND, "uncertainty", factor="price", subject="*", probability=1)) == ()
