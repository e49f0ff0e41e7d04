"""Rules about requirements and branches."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, with_prior, without

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "threshold_above_objective",
        changed(SOUND, "requirement_quantities", 1, threshold=81),
        at=(("requirement_quantities", 1, "threshold"),),
        says=("threshold of requirement 'patrol' in 2028; found 81; allowed: at most the objective, 80",),
    ),
    Case(
        "coverage_value_rises",
        changed(SOUND, "requirements", 0, value_objective=3000.5),
        at=(("requirements", 0, "value_objective"),),
        says=("found 3000.5; allowed: at most value_threshold, 3000",),
    ),
    Case(
        "role_without_system",
        changed(SOUND, "requirements", 1, role="reccon"),
        at=(("requirements", 1, "role"),),
        says=("allowed: a role of a system: recon, relay; did you mean 'recon'?",),
    ),
    Case(
        "role_without_system", changed(SOUND, "home_needs", 0, role="cargo"), at=(("home_needs", 0, "role"),)
    ),
    Case("role_without_system", with_prior(SOUND, 0, role="cargo"), at=("evidence.priors.0.role",)),
    Case(
        "requirement_without_quantity",
        without(without(SOUND, "requirement_quantities", 3), "requirement_quantities", 2),
        at=(("requirements", 1, "id"),),
        says=("size of requirement 'depot'; found no quantity above 0",),
    ),
    Case(
        "branch_without_budget",
        SOUND.with_table("budgets", ()),
        at=(("branches", 0, "id"),),
        says=("money of branch 'army'; found no budget",),
    ),
    Case(
        "appropriation_without_budget",
        changed(SOUND, "requirements", 0, appropriation="Procurement"),
        at=(("requirements", 0, "appropriation"),),
        says=("an appropriation of branch 'army': operations, procurement; did you mean 'procurement'?",),
    ),
    Case(
        "appropriation_without_budget",
        changed(SOUND, "integrations", 0, appropriation="research"),
        at=(("integrations", 0, "appropriation"),),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_a_branch_that_needs_nothing_needs_no_money() -> None:
    assert run_checks(added(SOUND, "branches", id="navy")) == ()


def test_a_second_role_of_a_system_is_a_role() -> None:
    assert run_checks(changed(SOUND, "requirements", 1, role="relay")) == ()
