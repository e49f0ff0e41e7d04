"""Each rule on statements of worth finds what it is for."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed, without

SUBSTITUTE, RANKING, AMOUNT = 0, 1, 2

CASES = (
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", AMOUNT, low=None, high=None),
        at=(("preferences", AMOUNT, "low"),),
        says=("found a blank cell; allowed: an amount of money above 0",),
    ),
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", AMOUNT, system="falcon", other_requirement="patrol"),
        at=(("preferences", AMOUNT, "system"), ("preferences", AMOUNT, "other_requirement")),
        says=("found 'falcon'; allowed: nothing beside this kind",),
    ),
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", RANKING, high=2.5, other_requirement=None, system="falcon"),
        at=(
            ("preferences", RANKING, "high"),
            ("preferences", RANKING, "other_requirement"),
            ("preferences", RANKING, "system"),
        ),
        says=("found 2.5; allowed: nothing: a ranking is a least factor alone",),
    ),
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", SUBSTITUTE, system=None),
        at=(("preferences", SUBSTITUTE, "system"),),
        says=("allowed: a system, or another requirement under other_requirement",),
    ),
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", SUBSTITUTE, other_requirement="depot"),
        at=(("preferences", SUBSTITUTE, "system"),),
        says=("allowed: a system or another requirement, not both",),
    ),
    Case(
        "preference_incomplete",
        changed(SOUND, "preferences", RANKING, other_requirement="patrol"),
        at=(("preferences", RANKING, "other_requirement"),),
        says=("allowed: something other than the unit itself",),
    ),
    Case(
        "preference_range",
        changed(SOUND, "preferences", SUBSTITUTE, high=0.5),
        at=(("preferences", SUBSTITUTE, "high"),),
        says=("found 0.5; allowed: at least low, 1",),
    ),
    Case(
        "preference_without_price",
        changed(SOUND, "preferences", SUBSTITUTE, fiscal_year=2027),
        at=(("preferences", SUBSTITUTE, "system"),),
        says=("no row of `prices` for system 'falcon' in fiscal year 2027",),
    ),
    Case(
        "requirement_without_value",
        changed(SOUND, "requirements", 0, value_objective=None),
        at=(("requirements", 0, "value_objective"),),
        says=("found a blank cell, and no row of `preferences` about it",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case: Case) -> None:
    assert_found(case)


def test_a_value_may_be_left_to_a_statement_about_either_part() -> None:
    blank = changed(SOUND, "requirements", 0, value_threshold=None, value_objective=None)
    silent = without(without(blank, "preferences", RANKING), "preferences", SUBSTITUTE)
    objective, threshold = ("requirements", 0, "value_objective"), ("requirements", 0, "value_threshold")
    assert_found(Case("requirement_without_value", blank, at=(objective,)))
    assert_found(Case("requirement_without_value", silent, at=(threshold, objective)))
