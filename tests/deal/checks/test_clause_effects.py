"""Rules about the effects of clauses."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed, without

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "dangling_reference",
        changed(SOUND, "clause_effects", 0, clause="right"),
        at=(("clause_effects", 0, "clause"),),
        says=("did you mean 'rights'?",),
    ),
    Case(
        "clause_without_effects",
        SOUND.with_table("clause_effects", ()),
        at=(("clauses", 1, "subject"),),
        says=("found no row of `clause_effects`; its worth is not computed",),
    ),
    *(
        Case(
            "clause_effects_without_positions",
            changed(SOUND, "clauses", 1, buyer_position=buyer, seller_position=seller, lower=0, upper=1),
            at=(("clauses", 1, column),),
            also=also,
            says=(found,),
        )
        for buyer, seller, column, found, also in (
            (None, 0, "buyer_position", "found two equal ones", ()),
            (1, None, "seller_position", "found not both", ()),
            (1, 1, "seller_position", "found two equal ones", ("clause_bounds_beyond_positions",)),
        )
    ),
    Case(
        "clause_bounds_beyond_positions",
        changed(SOUND, "clauses", 1, lower=-1, upper=1),
        at=(("clauses", 1, "lower"),),
        says=("found -1; allowed: 0 to 1, its two positions",),
    ),
    Case(
        "clause_effect_of_a_subject",
        added(SOUND, "clause_effects", clause="price", subject="lines[away].open_lead_months"),
        at=(("clause_effects", 2, "clause"),),
        says=("found the subject 'prices[scout//2027/0].unit_price' in `clauses`",),
    ),
    *(
        Case(
            "clause_effect_unreadable",
            changed(SOUND, "clause_effects", row, **values),
            at=tuple(("clause_effects", row, column) for column in columns),
            says=(says,),
        )
        for row, values, columns, says in (
            (0, {"subject": "lines[away].transfer"}, ("subject",), "use a column of `lines`"),
            (0, {"subject": "settings.term.advance_share"}, ("subject",), "did you mean 'terms'?"),
            (0, {"buyer_value": "soon", "seller_value": "1.5"}, ("buyer_value", "seller_value"), "'soon'"),
            (1, {"buyer_value": None, "seller_value": None}, ("seller_value",), "the other position too"),
            (0, {"subject": "branches[army].name", "buyer_value": None}, ("buyer_value",), "write a value"),
            (1, {"buyer_value": "2026"}, ("buyer_value",), "write year and month"),
            (
                1,
                {"subject": "rules[permit].is_hard", "buyer_value": "true"},
                ("seller_value",),
                "true or false",
            ),
            (1, {"subject": "trials[#1].date", "buyer_value": "2026-05-01"}, ("seller_value",), "and day"),
            (
                0,
                {"subject": "prices[scout].tier_from"},
                ("subject",),
                "tier_from, which is part of the key of its table",
            ),
            (
                1,
                {"subject": "settings.parties[us].id", "buyer_value": "us", "seller_value": "eu"},
                ("subject",),
                "id, which is part of the key",
            ),
        )
    ),
    *(
        Case(
            "clause_effect_refused",
            changed(SOUND, "clause_effects", 0, subject=subject, seller_value=value),
            at=(("clause_effects", 0, "seller_value"),),
            says=(f"found {value}; allowed: a number from 0 to 1",),
        )
        for subject, value in (("lines[away].return_share", "2"), ("settings.terms.advance_share", "1.5"))
    ),
    Case(
        "clause_effect_matches_nothing",
        changed(SOUND, "clause_effects", 0, subject="lines[far].technology_transfer_months"),
        at=(("clause_effects", 0, "subject"),),
        says=("allowed: the key of a row of `lines`: id",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


def test_an_effect_may_set_words_numbers_months_and_settings() -> None:
    deal = SOUND
    for subject, buyer, seller in (
        ("lines[away].investor", "us", "ua"),
        ("rules[ban].is_hard", "true", "false"),
        ("settings.terms.retention_months", "0", "12"),
        ("lines[away].available_from", None, "2028-01"),
    ):
        deal = added(deal, "clause_effects", subject=subject, buyer_value=buyer, seller_value=seller)
    assert run_checks(deal) == ()
    assert {finding.rule for finding in run_checks(without(deal, "clauses", 1))} == {"dangling_reference"}
