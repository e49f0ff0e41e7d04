"""Rules about composition rules."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "rule_without_limit",
        changed(SOUND, "rules", 1, limit=None),
        at=(("rules", 1, "limit"),),
        says=(
            "limit of the export_permit rule 'permit'; found a blank cell; allowed: a whole number of months",
        ),
    ),
    Case("exclusion_with_limit", changed(SOUND, "rules", 3, limit=0.5), at=(("rules", 3, "limit"),)),
    Case(
        "rule_limit_outside_range",
        changed(SOUND, "rules", 0, limit=40),
        at=(("rules", 0, "limit"),),
        says=("found 40; allowed: a share from 0 to 1", "a share of 40 % is written 0.4"),
    ),
    Case("rule_limit_outside_range", changed(SOUND, "rules", 1, limit=1.5), at=(("rules", 1, "limit"),)),
    Case("rule_limit_outside_range", changed(SOUND, "rules", 2, limit=-1), at=(("rules", 2, "limit"),)),
    Case("rule_without_origin", changed(SOUND, "rules", 0, origin=()), at=(("rules", 0, "origin"),)),
    Case(
        "rule_ends_before_it_starts",
        changed(SOUND, "rules", 2, valid_from="2028-02"),
        at=(("rules", 2, "valid_until"),),
        says=("found 2028-01; allowed: a month from valid_from, 2028-02, on",),
    ),
    Case(
        "soft_rule_without_price",
        changed(SOUND, "rules", 3, violation_price=None),
        at=(("rules", 3, "violation_price"),),
    ),
    Case(
        "rule_subject_matches_nothing",
        changed(SOUND, "rules", 0, subject="motr"),
        at=(("rules", 0, "subject"),),
        says=("did you mean 'motor'?",),
    ),
    Case(
        "rule_subject_matches_nothing",
        changed(SOUND, "rules", 4, within="motr"),
        at=(("rules", 4, "within"),),
        says=("within of rule 'mix'; found 'motr'", "did you mean 'motor'?"),
    ),
    Case(
        "rule_without_origin",
        changed(SOUND, "rules", 4, kind="work_share", within=None),
        at=(("rules", 4, "origin"),),
    ),
    Case(
        "rule_without_systems",
        changed(SOUND, "rules", 5, systems=()),
        at=(("rules", 5, "systems"),),
        says=("systems of the either_or rule 'choice'; found a blank cell; allowed: at least one system",),
    ),
    Case(
        "rule_limit_outside_range",
        changed(SOUND, "rules", 5, limit=3),
        at=(("rules", 5, "limit"),),
        says=("found 3; allowed: a whole number of systems from 0 to 2",),
    ),
    Case("rule_limit_outside_range", changed(SOUND, "rules", 5, limit=0.5), at=(("rules", 5, "limit"),)),
    Case(
        "rule_column_without_use",
        changed(SOUND, "rules", 0, direction="at_most"),
        at=(("rules", 0, "direction"),),
        says=(
            "direction of the component_origin_limit rule 'origin'; found 'at_most'; allowed: a blank cell; "
            "only work_share and mix and either_or rules have a direction",
        ),
    ),
    Case(
        "rule_column_without_use",
        changed(SOUND, "rules", 5, measure="units"),
        at=(("rules", 5, "measure"),),
    ),
    Case("rule_column_without_use", changed(SOUND, "rules", 5, within="air"), at=(("rules", 5, "within"),)),
    Case(
        "rule_column_without_use",
        changed(SOUND, "rules", 4, systems=("scout",)),
        at=(("rules", 4, "systems"),),
    ),
    Case(
        "dangling_reference",
        changed(SOUND, "rules", 5, systems=("scout", "scuot")),
        at=(("rules", 5, "systems"),),
        says=("systems of rules 'choice'; found 'scuot'",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize("subject", ["*", "scout", "recon", "relay", "air", "motor", "away"])
def test_a_rule_may_be_about_a_system_role_domain_part_line_or_everything(subject: str) -> None:
    assert run_checks(changed(SOUND, "rules", 1, subject=subject)) == ()
