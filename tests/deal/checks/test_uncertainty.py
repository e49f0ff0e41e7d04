"""Rules about uncertainty."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, without

from dronedeal.deal import Deal
from dronedeal.deal.checks import run_checks
from dronedeal.deal.uncertainty import Correlation

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
        at=(("uncertainty", 5, "subject"),),
        says=("found 'hom'; allowed: `*`, or an id of `lines`: away, home; did you mean 'home'?",),
    ),
    Case(
        "correlation_of_nothing",
        changed(SOUND, "correlations", 0, subject="patrl"),
        at=(("correlations", 0, "subject"),),
    ),
    Case(
        "correlations_contradict_each_other",
        added(
            added(
                changed(
                    added(SOUND, "uncertainty", factor="price", subject="*", probability=1),
                    "correlations",
                    0,
                    coefficient=0.9,
                ),
                "correlations",
                other_factor="price",
                other_subject="*",
                coefficient=0.9,
            ),
            "correlations",
            factor="budget",
            subject="army",
            other_factor="price",
            other_subject="*",
            coefficient=-0.9,
        ),
        at=(("correlations", 2, "coefficient"),),
    ),
)


def correlated(*rows: tuple[str, str, float]) -> Deal:
    """The sound deal where prices vary by system, with correlations of them."""
    deal = SOUND
    for subject in ("*", "a", "b"):
        deal = added(deal, "uncertainty", factor="price", subject=subject, probability=1)
    cells = ("factor", "subject", "other_factor", "other_subject", "coefficient")
    made = [
        Correlation(**dict(zip(cells, ("price", one, "price", other, value), strict=True)))
        for one, other, value in rows
    ]
    return deal.with_table("correlations", made)


def rules_of(deal: Deal) -> list[str]:
    wanted = ("correlation_of_nothing", "correlations_contradict_each_other")
    return [str(finding) for finding in run_checks(deal) if finding.rule in wanted]


def test_correlations_that_fit_together_are_no_fault() -> None:
    assert rules_of(correlated(("*", "a", 0.9), ("a", "b", 0.9), ("*", "b", 0.8))) == []
    assert rules_of(correlated(("*", "a", 1.0), ("a", "b", -1.0), ("*", "b", -1.0))) == []


def test_correlations_that_no_chances_have_are_found_at_the_first_that_does_not_fit() -> None:
    (found,) = rules_of(correlated(("*", "a", 0.9), ("*", "b", 0.9), ("a", "b", -0.9)))
    assert "table correlations, line 3 (coefficient)" in found
    assert "correlation of price of a with price of b; found -0.9" in found


def test_a_correlation_needs_two_things_that_vary() -> None:
    found = rules_of(correlated(("*", "c", 0.5)))
    assert "what is correlated; found price of 'c'; allowed: each pair once" in found[0]
    assert "the same factor and subject twice" in rules_of(correlated(("a", "a", 0.5)))[0]
    assert "a pair that stands above" in rules_of(correlated(("a", "b", 0.5), ("b", "a", 0.5)))[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_sums_that_miss_one_by_rounding_are_no_fault() -> None:
    assert run_checks(changed(SOUND, "uncertainty", 2, probability=0.7 + 5e-10)) == ()


def test_every_row_of_a_factor_can_be_meant() -> None:
    assert run_checks(added(SOUND, "uncertainty", factor="price", subject="*", probability=1)) == ()
