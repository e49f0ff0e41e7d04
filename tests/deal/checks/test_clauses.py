"""Rules about clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.deal.checks.case import SOUND, Case, assert_found
from tests.deal.sound_deal import added, changed

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
        changed(
            changed(SOUND, "clauses", 0, buyer_position=700, seller_position=1301),
            "seller_positions",
            0,
            position=1400,
        ),
        at=(
            ("clauses", 0, "buyer_position"),
            ("clauses", 0, "seller_position"),
            ("seller_positions", 0, "position"),
        ),
        says=("found 700; allowed: at least 800 and at most 1300",),
    ),
    Case(
        "clause_range_unknown",
        added(
            SOUND,
            "clauses",
            id="royalty",
            subject="prices[scout/away].royalty",
            lower=0,
            upper=None,
            buyer_position=0.1,
            seller_position=None,
        ),
        at=(("clauses", 2, "upper"),),
        says=("found neither bounds nor two positions",),
    ),
    Case(
        "clause_without_positions",
        added(
            SOUND,
            "clauses",
            id="royalty",
            subject="prices[scout/away].royalty",
            lower=0,
            upper=0.2,
            buyer_position=None,
            seller_position=None,
        ),
        at=(("clauses", 2, "buyer_position"),),
        says=("positions of clause 'royalty'; found none",),
    ),
    *(
        Case(
            "clause_subject_not_a_number",
            changed(SOUND, "clauses", 0, subject=subject),
            at=(("clauses", 0, "subject"),),
            says=says,
        )
        for subject, says in (
            ("rules[permit].is_hard", ("is_hard, which holds true or false", "say in `clause_effects`")),
            ("settings.start", ("start, which holds a month as YYYY-MM",)),
        )
    ),
    Case(
        "clause_subject_not_a_number",
        changed(
            SOUND,
            "clauses",
            0,
            subject="prices[scout].tier_from",
            lower=0,
            upper=900,
            buyer_position=0,
            seller_position=900,
        ),
        at=(("clauses", 0, "subject"),),
        also=("clause_position_outside_bounds",),
        says=("tier_from, which is part of the key of its table",),
    ),
    Case(
        "clause_bound_refused",
        added(
            SOUND,
            "clauses",
            id="returned",
            subject="lines[away].return_share",
            lower=-1,
            upper=1.5,
            buyer_position=0.5,
            seller_position=1,
        ),
        at=(("clauses", 2, "lower"), ("clauses", 2, "upper")),
        says=("lower of clause 'returned'; found -1; allowed: a number from 0 to 1",),
    ),
    Case(
        "clause_bound_refused",
        added(
            SOUND,
            "clauses",
            id="lead",
            subject="lines[away].open_lead_months",
            lower=2,
            upper=12,
            buyer_position=2.5,
            seller_position=9,
        ),
        at=(("clauses", 2, "buyer_position"),),
        says=("found 2.5", "write 2, the nearest whole number"),
    ),
    Case(
        "clause_stands_outside_bounds",
        changed(SOUND, "clauses", 0, lower=1050, buyer_position=None, seller_position=1200),
        at=(("clauses", 0, "subject"),),
        also=("clause_position_outside_bounds",),
        says=("found 1000 in prices[scout//2027/0].unit_price; allowed: at least 1050 and at most 1300",),
    ),
    Case(
        "clauses_overlap",
        added(SOUND, "clauses", id="dearer", subject="prices[scout/*/2027].unit_price"),
        at=(("clauses", 2, "subject"),),
        says=("'prices[scout/*/2027].unit_price', with a cell that", "changes too"),
    ),
    Case(
        "clauses_overlap",
        added(SOUND, "clause_effects", subject="lines[*].technology_transfer_months"),
        at=(("clause_effects", 2, "subject"),),
        says=("narrow one of the two subjects, or leave one out",),
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
            ("settings.terms.advance", "did you mean 'advance_share'?"),
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
    ("subject", "lower", "upper"),
    [
        ("prices[scout].unit_price", 900, 1200),
        ("prices[scout/away].royalty", 0, 0.2),
        ("prices[*/*/2028].maximum", 10, 40),
        ("lines[away].return_share", 0, 1),
        ("settings.terms.advance_share", 0, 0.3),
        ("settings.parties[*].discount_rate", 0, 0.1),
    ],
)
def test_a_clause_names_rows_by_their_first_key_cells_or_by_any_and_settings_by_their_path(
    subject: str, lower: float, upper: float
) -> None:
    deal = added(SOUND, "clauses", id="one", subject=subject, lower=lower, upper=upper)
    rows = [row for row in deal.clauses if row.id != "price"]
    deal = (
        deal.with_table("clauses", rows).with_table("buyer_positions", ()).with_table("seller_positions", ())
    )
    rows[-1] = rows[-1].model_copy(update={"buyer_position": lower, "seller_position": upper})
    assert run_checks(deal.with_table("clauses", rows)) == ()


def test_what_each_side_asks_for_in_truth_gives_a_range_too() -> None:
    open_clause = changed(
        SOUND, "clauses", 0, lower=None, upper=None, buyer_position=None, seller_position=None
    )
    assert run_checks(open_clause) == ()
    alone = replace(open_clause.with_table("buyer_positions", ()), sides=("shared", "seller"))
    assert [finding.rule for finding in run_checks(alone)] == ["table_not_given"]
