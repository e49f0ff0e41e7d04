"""Rules about criteria and published figures."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

TABLE = "requirement_attributes"
CASES = (
    Case(
        "criterion_without_one_subject",
        changed(SOUND, TABLE, 0, measure="mission_success"),
        at=((TABLE, 0, "measure"),),
        says=("found attribute and measure; allowed: exactly one of attribute, measure, standard",),
    ),
    Case(
        "criterion_without_one_subject",
        changed(SOUND, TABLE, 0, attribute=None),
        at=((TABLE, 0, None),),
        says=("found none of them",),
    ),
    Case(
        "criterion_without_threshold",
        changed(SOUND, TABLE, 0, threshold=None, unit=None),
        at=((TABLE, 0, "threshold"), (TABLE, 0, "unit")),
        says=("threshold of the criterion 'range' of requirement 'patrol'; found a blank cell",),
    ),
    Case(
        "criterion_objective_behind_threshold",
        changed(SOUND, TABLE, 0, objective=39),
        at=((TABLE, 0, "objective"),),
        says=("found 39; allowed: at least the threshold, 40",),
    ),
    Case(
        "criterion_objective_behind_threshold",
        changed(SOUND, TABLE, 3, objective=0.06),
        at=((TABLE, 3, "objective"),),
        says=("found 0.06; allowed: at most the threshold, 0.05",),
    ),
    Case(
        "probability_outside_range",
        changed(SOUND, TABLE, 1, threshold=60, objective=80),
        at=((TABLE, 1, "threshold"), (TABLE, 1, "objective")),
        says=("found 60; allowed: a probability from 0 to 1",),
    ),
    Case(
        "unit_not_understood",
        changed(SOUND, TABLE, 0, unit="klicks"),
        at=((TABLE, 0, "unit"),),
        says=("found 'klicks'; allowed: unit symbols such as km",),
    ),
    Case(
        "unit_not_understood",
        changed(SOUND, "attributes", 0, unit="9**9**9"),
        at=(("attributes", 0, "unit"),),
    ),
    Case(
        "unit_not_understood",
        changed(SOUND, "trials", 1, exposure_unit="goes"),
        at=(("trials", 1, "exposure_unit"),),
    ),
    Case(
        "unlike_units",
        changed(SOUND, TABLE, 0, unit="kg"),
        at=((TABLE, 0, "unit"), (TABLE, 0, "unit")),
        says=("found 'kg'; allowed: a unit like 'km', as in table attributes, line 1 (unit)",),
    ),
    Case(
        "attribute_without_unit",
        changed(SOUND, "attributes", 0, unit=None),
        at=(("attributes", 0, "unit"),),
        says=("unit of 'range' of system 'scout'; found a blank cell",),
    ),
    Case(
        "attribute_says_nothing",
        changed(SOUND, "attributes", 1, value=None, unit=None),
        at=(("attributes", 1, "value"),),
        says=("'range' of system 'falcon'; found neither value nor standard",),
    ),
    Case(
        "unknown_attribute",
        changed(SOUND, TABLE, 0, attribute="rnage"),
        at=((TABLE, 0, "attribute"),),
        says=("allowed: a name that stands in `attributes`: interface, range; did you mean 'range'?",),
    ),
    Case(
        "unknown_measure",
        changed(SOUND, TABLE, 1, measure="hits"),
        at=((TABLE, 1, "measure"),),
        says=("`trials` or the priors of deal.yaml: link_loss, mission_success",),
    ),
    Case(
        "unknown_measure",
        changed(SOUND, "requirements", 0, effectiveness_measure="mission_succes"),
        at=(("requirements", 0, "effectiveness_measure"),),
        says=("did you mean 'mission_success'?",),
    ),
    Case(
        "unknown_standard",
        changed(SOUND, TABLE, 2, standard="STANAG 4587"),
        at=((TABLE, 2, "standard"),),
        says=("did you mean 'STANAG 4586'?",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)
