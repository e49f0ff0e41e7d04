"""Rules about clauses."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import changed

from dronedeal.deal.checks import run_checks

CASES = (
    Case(
        "clause_bounds_reversed",
        changed(SOUND, "clauses", 0, lower=1250, buyer_position=None, seller_position=None, upper=1200),
        at=(("clauses", 0, "lower"),),
        says=("found 1250; allowed: at most upper, 1200",),
    ),
    Case(
        "clause_position_outside_bounds",
        changed(SOUND, "clauses", 0, buyer_position=700, seller_position=1301),
        at=(("clauses", 0, "buyer_position"), ("clauses", 0, "seller_position")),
        says=("found 700; allowed: at least 800 and at most 1300",),
    ),
    *(
        Case(
            "clause_subject_unreadable",
            changed(SOUND, "clauses", 0, subject=subject),
            at=(("clauses", 0, "subject"),),
            says=(next_step,),
        )
        for subject, next_step in (
            ("prices", "write it in that form, such as prices[kestrel/*/2027].unit_price"),
            ("prices[scout].unit_price and more", "write it in that form"),
            ("price[scout].unit_price", "did you mean 'prices'?"),
            ("trials[scout].version", "write trials[#1].column for the first one"),
            ("prices[scout].unit_prize", "did you mean 'unit_price'?"),
            (
                "prices[scout//2027/0/x].unit_price",
                "give at most 4 key cells: system, line, fiscal_year, tier_from",
            ),
        )
    ),
    *(
        Case(
            "clause_subject_matches_nothing",
            changed(SOUND, "clauses", 0, subject=subject),
            at=(("clauses", 0, "subject"),),
            says=("allowed: the key of a row of `prices`: system, line, fiscal_year, tier_from",),
        )
        for subject in (
            "prices[scout//2028].unit_price",
            "prices[hawk].unit_price",
            "prices[*/*/2029].royalty",
        )
    ),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_its_fault_and_no_other_rule_speaks(case: Case) -> None:
    assert_found(case)


@pytest.mark.parametrize(
    "subject",
    [
        "*",
        "prices[scout].unit_price",
        "prices[scout/away].royalty",
        "prices[*/*/2028].maximum",
        "lines[away].return_share",
    ],
)
def test_a_clause_names_rows_by_their_first_key_cells_or_by_any(subject: str) -> None:
    assert run_checks(changed(SOUND, "clauses", 0, subject=subject)) == ()
