"""Rules that need the assessment: each is triggered, and a sound deal triggers none."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest
from tests.assessment.small_deals import asked, deal, figure, price, requirement, rule, system, trial
from tests.assessment.test_worth import blank, said, stating

from dronedeal.assessment import assess, run_all_checks
from dronedeal.deal import Deal, Finding
from dronedeal.deal.checks import RULES, run_checks
from dronedeal.deal.production import Component, Line
from dronedeal.deal.settings import EvidencePrior

ASSESSMENT_RULES = [name for name, registered in RULES.items() if registered.stage == "assessment"]


def found(rule: str, wrong: Deal) -> list[Finding]:
    return [finding for finding in run_checks(wrong, stage="assessment") if finding.rule == rule]


def failing(**changes: object) -> object:
    return trial(**{"measure": "mission", "exposure": 10.0, "exposure_unit": "h", "failures": 1} | changes)


TRIGGERS: dict[str, Callable[[], Deal]] = {
    "unlike_measured_units": lambda: deal(trials=(failing(), failing(exposure_unit="km"))),
    "measure_of_two_kinds": lambda: deal(trials=(trial(), failing())),
    "not_assessable": lambda: deal(
        components=(Component(id="m", name="M", category="motor", origin="UA", unit_cost=1, currency="EUR"),)
    ),
    "requirement_nobody_can_meet": lambda: deal(systems=(system(role="cargo"),)),
    "priced_but_never_eligible": lambda: deal(
        systems=(system(), system("falcon", domain="ground")),
        prices=(
            price(),
            price("falcon"),
        ),
    ),
    "rule_beyond_matching": lambda: deal(
        lines=(
            Line(id="home", site="X", country="UA", operator="river", status="existing", initial_capacity=1),
        ),
        rules=(rule("exclusion", subject="home"),),
    ),
    "preferences_contradict": lambda: stating(said(low=1.0), said("t", low=2.0)),
    "value_not_bounded": lambda: stating(said(kind="ranking", other_requirement="other"), needs=(blank(),)),
    "prior_only": lambda: deal(requirements=(requirement(effectiveness_measure="mission"),)),
}


def test_every_rule_has_a_trigger() -> None:
    assert sorted(TRIGGERS) == sorted(ASSESSMENT_RULES)


@pytest.mark.parametrize("rule", TRIGGERS)
def test_each_rule_finds_its_fault(rule: str) -> None:
    findings = found(rule, TRIGGERS[rule]())
    assert findings
    for finding in findings:
        assert finding.severity == RULES[rule].severity
        assert all((finding.subject, finding.found, finding.allowed, finding.next_step))


def test_a_sound_deal_triggers_none_of_them() -> None:
    assert run_checks(deal(trials=(trial(),)), stage="assessment") == ()


def test_nobody_can_meet_names_the_nearest_system_and_what_stops_it() -> None:
    wrong = deal(
        systems=(system("far"), system("near"), system("cargo", role="cargo")),
        prices=(price("far"), price("near"), price("cargo")),
        attributes=tuple(
            figure(attribute="range", value=value, unit="km").model_copy(update={"system": name})
            for name, value in (("far", 40.0), ("near", 95.0), ("cargo", 500.0))
        ),
        requirement_attributes=(asked(attribute="range", threshold=100, unit="km"),),
    )
    (finding,) = found("requirement_nobody_can_meet", wrong)
    assert str(finding) == (
        "table requirements, line 1: warning [requirement_nobody_can_meet] requirement 'watch'; found none; "
        "the nearest, 'near', is stopped by attribute range (95 km, needed at least 100 km); allowed: "
        "at least one system that meets every hard criterion; offer a system, have the nearest one "
        "changed or tested, or ease the criterion"
    )


def test_the_nearest_system_has_the_right_role_whatever_else_it_lacks() -> None:
    wrong = deal(
        systems=(system("cargo", role="cargo"), system("bare")),
        prices=(price("cargo"),),
        requirement_attributes=(asked(standard="Link 16"),),
        attributes=(figure(attribute="link", standard="Link 16").model_copy(update={"system": "cargo"}),),
    )
    (finding,) = found("requirement_nobody_can_meet", wrong)
    assert finding.found.startswith("none; the nearest, 'bare', is stopped by standard Link 16")


def test_without_systems_nobody_can_meet_anything() -> None:
    (finding,) = found("requirement_nobody_can_meet", deal(systems=()))
    assert finding.found == "no system at all"


def test_a_price_in_vain_is_reported_once_at_its_first_row() -> None:
    wrong = deal(systems=(system(role="cargo"),))
    (finding,) = found("priced_but_never_eligible", wrong)
    assert finding.place == wrong.place("prices", 0, "system")
    assert "for the nearest, 'watch': role role (cargo, needed scout)" in finding.found


def test_prior_only_names_the_systems_and_their_prior() -> None:
    wrong = deal(
        systems=(system(), system("tested"), system("cargo", role="cargo")),
        prices=(price(), price("tested"), price("cargo")),
        trials=(trial(system="tested"),),
        requirements=(requirement(effectiveness_measure="mission"),),
        evidence={"priors": (EvidencePrior(measure="mission", successes=3, failures=1),)},
    )
    (finding,) = found("prior_only", wrong)
    assert finding.subject == "effectiveness of kestrel for requirement 'watch'"
    assert finding.found == (
        "no trials of 'mission', condition 'any', that count; prior for every role: 3 successes and 1 failure"
    )


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        (
            lambda: deal(
                trials=(failing(),),
                requirement_attributes=(asked(measure="mission", threshold=1, unit="kg"),),
            ),
            "1/h for a rate, or h between failures",
        ),
        (
            lambda: deal(
                trials=(trial(),), requirement_attributes=(asked(measure="mission", threshold=1, unit="h"),)
            ),
            "1 or %, for the measure is a success probability",
        ),
    ],
)
def test_thresholds_of_measures_have_fitting_units(wrong: Callable[[], Deal], allowed: str) -> None:
    (finding,) = found("unlike_measured_units", wrong())
    assert (finding.allowed, finding.place.name) == (allowed, "unit")


def test_priors_and_effectiveness_must_be_of_the_kind_of_the_trials() -> None:
    wrong = deal(
        trials=(failing(),),
        requirements=(requirement(effectiveness_measure="mission"),),
        evidence={"priors": (EvidencePrior(measure="mission", successes=1, failures=1),)},
    )
    prior, effectiveness = found("measure_of_two_kinds", wrong)
    assert prior.place.name == "evidence.priors.0"
    assert prior.allowed == "a prior of what its trials count, failures over an exposure"
    assert effectiveness.allowed == "a measure of successes out of trials"


def test_faults_of_units_are_not_reported_twice() -> None:
    assert found("not_assessable", TRIGGERS["unlike_measured_units"]()) == []


def test_rules_on_the_assessment_wait_until_the_others_find_no_error() -> None:
    broken = TRIGGERS["requirement_nobody_can_meet"]().with_table("trials", [trial(n_successes=11)])
    rules = {finding.rule for finding in run_all_checks(broken)}
    assert "successes_above_trials" in rules
    assert not rules & set(ASSESSMENT_RULES)
    sound = TRIGGERS["requirement_nobody_can_meet"]()
    with_errors = [finding for finding in run_checks(sound) if finding.severity == "error"]
    assert with_errors == []
    assert "requirement_nobody_can_meet" in {finding.rule for finding in run_all_checks(sound)}


def test_one_deal_is_assessed_once_for_rules_plan_and_check() -> None:
    first, second = deal(), deal()
    run_checks(first, stage="assessment")
    kept = assess(first)
    run_checks(first, stage="assessment")
    assert assess(first) is kept
    assert assess(second) is not kept


def test_an_assessment_goes_with_its_deal() -> None:
    gone = deal()
    kept = weakref.ref(assess(gone))
    del gone
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    ("kind", "subject", "is_reported"),
    [
        ("exclusion", "home", True),
        ("exclusion", "motor", False),
        ("exclusion", "kestrel", False),
        ("component_origin_limit", "home", True),
        ("export_permit", "home", True),
        ("export_permit", "motor", True),
        ("export_permit", "scout", False),
        ("local_content", "home", True),
        ("local_content", "motor", False),
        ("price_cap", "motor", True),
        ("work_share", "home", False),
    ],
)
def test_rules_that_the_matching_cannot_judge_are_named(kind: str, subject: str, is_reported: bool) -> None:
    checked = deal(
        lines=(
            Line(id="home", site="X", country="UA", operator="river", status="existing", initial_capacity=1),
        ),
        components=(Component(id="m", name="M", category="motor", origin="UA", unit_cost=1),),
        rules=(rule(kind, subject=subject, origin=("CN",), limit=0.5),),
    )
    assert bool(found("rule_beyond_matching", checked)) == is_reported
