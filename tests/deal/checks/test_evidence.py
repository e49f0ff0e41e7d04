"""Rules about trials and priors."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed, with_prior, with_settings

TWO_PRIORS = {"priors": [{"measure": "mission_success", "successes": 1, "failures": 2}] * 2}
CASES = (
    Case(
        "trial_without_one_form",
        changed(SOUND, "trials", 0, n_successes=None),
        at=(("trials", 0, None),),
        says=(
            "found n_trials; allowed: either n_trials and n_successes, or exposure, exposure_unit, failures",
        ),
    ),
    Case("trial_without_one_form", changed(SOUND, "trials", 0, failures=2), at=(("trials", 0, None),)),
    Case(
        "trial_without_one_form", changed(SOUND, "trials", 1, exposure_unit=None), at=(("trials", 1, None),)
    ),
    Case(
        "successes_above_trials",
        changed(SOUND, "trials", 0, n_successes=21),
        at=(("trials", 0, "n_successes"),),
        says=("found 21; allowed: at most n_trials, 20",),
    ),
    Case("exposure_not_positive", changed(SOUND, "trials", 1, exposure=0), at=(("trials", 1, "exposure"),)),
    Case(
        "trial_of_future_version",
        changed(SOUND, "trials", 0, version=3),
        at=(("trials", 0, "version"),),
        says=("found 3; allowed: at most the design_version of the system, 2",),
    ),
    Case(
        "duplicate_prior",
        with_settings(SOUND, evidence=TWO_PRIORS),
        at=("evidence.priors.1",),
        also=("row_without_basis",),
        says=("prior of 'mission_success' for every role; found a second one, after number 1",),
    ),
    Case(
        "prior_without_one_form",
        with_prior(SOUND, 0, shape=2),
        at=("evidence.priors.0",),
        says=(
            "found successes, failures, shape; allowed: either successes and failures, or shape and exposure",
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
