"""Rules about technical cooperation."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

CASES = (
    Case(
        "project_without_effect",
        changed(SOUND, "projects", 0, effect_value=None),
        at=(("projects", 0, "effect_value"),),
        says=("found a blank cell; allowed: a number: factor on unit cost",),
    ),
    Case(
        "project_without_effect",
        changed(SOUND, "projects", 1, effect_subject=None),
        at=(("projects", 1, "effect_subject"),),
        says=("allowed: an id of `systems`",),
    ),
    Case(
        "project_subject_unknown",
        changed(SOUND, "projects", 1, effect_subject="rangr"),
        at=(("projects", 1, "effect_subject"),),
        says=("for the effect 'successor': falcon, ranger, scout; did you mean 'ranger'?",),
    ),
    Case(
        "project_subject_unknown",
        changed(SOUND, "projects", 1, effect="compliant_part", effect_subject="ranger"),
        at=(("projects", 1, "effect_subject"),),
        says=("an id of `components`",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
