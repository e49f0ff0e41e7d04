"""Rules about technical cooperation."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

from dronedeal.deal import Deal

CASES = (
    Case(
        "project_without_effect",
        changed(SOUND, "projects", 0, effect_value=None),
        at=(("projects", 0, "effect_value"),),
        says=("found a blank cell; allowed: a number: factor on unit cost, from 0 to 1",),
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
        changed(SOUND, "projects", 1, effect="compliant_part", effect_value=9.0, effect_subject="ranger"),
        at=(("projects", 1, "effect_subject"),),
        says=("an id of `components`",),
    ),
)


def _second_branch(**changes: object) -> Deal:
    work = SOUND.integrations[0].model_copy(update={"branch": "navy", **changes})
    navy = SOUND.branches[0].model_copy(update={"id": "navy", "name": "Navy"})
    deal = SOUND.with_table("branches", (*SOUND.branches, navy))
    return deal.with_table("integrations", (*SOUND.integrations, work))


CASES += (
    Case(
        "shared_work_differs",
        _second_branch(cost=9000.0, months=4),
        at=(("integrations", 1, "cost"), ("integrations", 1, "months")),
        says=("found '9000.0', but '10000.0' in", "table integrations, line 1"),
    ),
    Case(
        "shared_work_differs",
        _second_branch(standard="stanag 4586", payer="ua"),
        at=(("integrations", 1, "payer"),),
        says=("found 'ua', but 'us' in",),
    ),
    Case(
        "project_without_effect",
        changed(SOUND, "projects", 1, effect="interface", effect_subject=None),
        at=(("projects", 1, "effect_subject"),),
        says=("allowed: an id of `branches`",),
    ),
    Case(
        "project_without_effect",
        changed(SOUND, "projects", 1, effect="compliant_part", effect_subject="motor_ua"),
        at=(("projects", 1, "effect_value"),),
        says=("a number: more parts a year, 0 or above",),
    ),
    Case(
        "project_effect_outside_range",
        changed(SOUND, "projects", 0, effect_value=1.1),
        at=(("projects", 0, "effect_value"),),
        says=("found 1.1; allowed: a number: factor on unit cost, from 0 to 1",),
    ),
    Case(
        "project_effect_outside_range",
        changed(SOUND, "projects", 0, effect="effectiveness", effect_value=-0.1),
        at=(("projects", 0, "effect_value"),),
    ),
    Case(
        "project_not_assured",
        changed(SOUND, "projects", 1, success_probability=0.79),
        at=(("projects", 1, "success_probability"),),
        says=("found 0.79; allowed: at least options.assurance, 0.8",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
