"""Term sheets and the deal with their terms."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.sound_deal import added, changed, sound_deal
from tests.deal.test_change import with_origins

from dronedeal.deal import TABLES, Deal, Place
from dronedeal.deal.checks import run_checks
from dronedeal.deal.difference import input_differences
from dronedeal.deal.refresh import with_successors
from dronedeal.deal.term_sheet import (
    TermSheet,
    clause_range,
    deal_at,
    deal_of,
    is_computed,
    nearest_value,
    position,
    terms_of,
    value_now,
)
from dronedeal.errors import InputError, TermSheetError


def negotiable_deal() -> Deal:
    """The sound deal with clauses on a price, on two royalties, on months, on a setting and on words."""
    deal = changed(sound_deal(), "lines", 1, ramp_months=3)
    for clause, subject, ends in (
        ("royalty", "prices[scout].royalty", (0.0, 0.2)),
        ("lead", "lines[away].open_lead_months", (3, 12)),
        ("advance", "settings.terms.advance_share", (0.0, 0.4)),
        ("line", "*", (0.0, 10.0)),
        ("open", "*", (0.0, 1.0)),
    ):
        bounds = {"buyer_position": ends[0], "seller_position": ends[1], "lower": None, "upper": None}
        deal = added(deal, "clauses", id=clause, subject=subject, **bounds)
    for subject, buyer, seller in (
        ("lines[away].initial_capacity", "80", "40"),
        ("lines[away].investor", "ua", "us"),
        ("lines[away].ramp_months", "0", "6"),
        ("rules[ban].is_hard", "false", "true"),
    ):
        deal = added(
            deal, "clause_effects", clause="line", subject=subject, buyer_value=buyer, seller_value=seller
        )
    return with_origins(deal)


DEAL = negotiable_deal()
COMPUTED = [clause.id for clause in DEAL.clauses if clause.id != "open"]
SAID = {
    "price": {"prices[scout//2027/0].unit_price"},
    "rights": {"lines[away].technology_transfer_months", "rules[permit].valid_from"},
    "royalty": {"prices[scout//2027/0].royalty", "prices[scout/away/2027/0].royalty"},
    "lead": {"lines[away].open_lead_months"},
    "advance": {"settings.terms.advance_share"},
    "line": {"lines[away].initial_capacity", "lines[away].ramp_months", "lines[away].investor"}
    | {"rules[ban].is_hard"},
}


def faults_of(function: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(TermSheetError) as error:
        function(*arguments, **named)
    assert isinstance(error.value, InputError)
    assert str(error.value) == "\n".join(map(str, error.value.findings))
    return str(error.value)


@st.composite
def terms(draw: st.DrawFn) -> dict[str, float]:
    """Values of some clauses inside their ranges, on hundredths of the way; whole where cells are."""
    names = draw(st.lists(st.sampled_from(COMPUTED), unique=True))
    found = {}
    for name in names:
        lower, upper = clause_range(DEAL, name)
        value = lower + (upper - lower) * draw(st.integers(0, 100)) / 100
        found[name] = nearest_value(DEAL, name, value)
    return found


def test_the_deal_of_these_tests_is_sound_but_for_the_clause_that_is_not_computed() -> None:
    assert [(finding.rule, finding.severity) for finding in run_checks(DEAL)] == [
        ("clause_without_effects", "warning")
    ]
    assert not is_computed(DEAL, "open")
    assert all(is_computed(DEAL, name) for name in COMPUTED)


def test_a_position_is_that_of_the_side_itself_else_the_one_at_the_table() -> None:
    assert position(DEAL, "price", side="buyer") == 950
    assert position(DEAL, "price", side="seller") == 1100
    alone = DEAL.with_table("seller_positions", ())
    assert position(alone, "price", side="seller") == 1200
    assert position(DEAL, "royalty", side="buyer") == 0
    assert position(changed(DEAL, "clauses", 2, buyer_position=None), "royalty", side="buyer") is None


def test_the_range_is_that_of_the_bounds_else_that_of_the_positions() -> None:
    assert clause_range(DEAL, "price") == (800, 1300)
    assert clause_range(DEAL, "royalty") == (0, 0.2)
    assert clause_range(changed(DEAL, "clauses", 0, lower=None), "price") == (900, 1300)
    half = changed(DEAL, "clauses", 2, buyer_position=None, lower=0)
    assert "state lower and upper of the clause" in faults_of(clause_range, half, "royalty")


def test_the_value_now_is_the_one_that_all_cells_have() -> None:
    assert value_now(DEAL, "price") == 1000
    assert value_now(DEAL, "royalty") is None, "the two cells differ"
    assert value_now(DEAL, "advance") == 0
    assert value_now(DEAL, "open") is None
    assert (
        value_now(added(DEAL, "clauses", id="least", subject="prices[scout/away].maximum"), "least") is None
    )


def test_the_value_now_of_effects_is_where_all_of_them_agree_with_the_deal() -> None:
    assert value_now(DEAL, "line") == 5
    assert value_now(DEAL, "rights") == 1, "no months of transfer, a permit from the first month"
    later = changed(DEAL, "rules", 1, valid_from="2027-01")
    assert value_now(later, "rights") is None, "a quarter of the way there and none of it here"
    both = changed(later, "lines", 1, technology_transfer_months=3)
    assert value_now(both, "rights") == 0.75
    assert value_now(changed(DEAL, "lines", 1, initial_capacity=90), "line") is None, "beyond the positions"


def test_terms_change_the_cells_that_their_clauses_name_and_nothing_else() -> None:
    for name in COMPUTED:
        for end in clause_range(DEAL, name):
            agreed = deal_at(DEAL, {name: end})
            assert {each.address for each in input_differences([DEAL, agreed])} <= SAID[name]
            assert (agreed.owners, agreed.origins) == (DEAL.owners, DEAL.origins)
    agreed = deal_at(DEAL, {"rights": 0.5, "line": 7.5, "lead": 4, "royalty": 0.05})
    line = agreed.lines[1]
    assert (line.technology_transfer_months, agreed.rules[1].valid_from) == (6, "2027-04")
    assert (line.initial_capacity, line.ramp_months, line.investor) == (50, 4, "us")
    assert (agreed.rules[3].is_hard, line.open_lead_months) == (True, 4)
    assert [row.royalty for row in agreed.prices] == [0.05, 0.05, 0]


@settings(deadline=None, max_examples=40)
@given(terms())
def test_terms_do_the_same_twice_and_in_any_order(named: dict[str, float]) -> None:
    once = deal_at(DEAL, named)
    assert deal_at(once, named).digest == once.digest
    assert deal_at(DEAL, dict(reversed(named.items()))).digest == once.digest
    one_by_one = DEAL
    for name, value in named.items():
        one_by_one = deal_at(one_by_one, {name: value})
    assert one_by_one.digest == once.digest
    assert all(deal_at(once, {name: value}) == once for name, value in named.items())


@settings(deadline=None, max_examples=40)
@given(terms())
def test_a_clause_at_its_value_now_leaves_the_deal_as_it_is(named: dict[str, float]) -> None:
    agreed = deal_at(DEAL, named)
    present = {name: value for name in COMPUTED if (value := value_now(agreed, name)) is not None}
    assert set(named) - {"line", "rights"} <= set(present)
    assert deal_at(agreed, present).digest == agreed.digest
    assert deal_at(agreed, {}) == agreed


def test_of_a_completed_deal_the_one_that_was_stated_is_taken() -> None:
    completed = with_successors(DEAL)
    assert completed.stated is not None
    assert deal_at(completed, {"advance": 0.1}) == deal_at(DEAL, {"advance": 0.1})


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({"prize": 1.0}, "terms (prize): error [terms] there is no clause of this name; found 'prize'"),
        ({"prize": 1.0}, "did you mean 'price'?"),
        ({"price": 1300.5}, "term of clause 'price'; found 1300.5; allowed: 800 to 1300"),
        ({"line": -1.0}, "found -1; allowed: 0 to 10"),
        ({"price": float("nan")}, "found nan; allowed: a number"),
        ({"price": float("inf")}, "found inf"),
        ({"price": "cheap"}, "found 'cheap'; allowed: a number, or one of buyer, seller, now"),
        ({"price": True}, "found True"),
        (
            {"lead": 4.5},
            "found 4.5",
        ),
        ({"lead": 4.5}, "write 4, the nearest whole number"),
    ],
)
def test_terms_that_cannot_be_had_say_what_can(named: dict[str, Any], says: str) -> None:
    assert says in faults_of(deal_at, DEAL, named)


def test_all_faults_are_told_at_once_at_their_lines() -> None:
    sheet = TermSheet(
        {"price": 1.0, "prize": 1.0, "open": "buyer", "advance": 0.1},
        places={"price": Place("TERMS.yaml", 4, 3), "open": Place("TERMS.yaml", 6, 3)},
    )
    deal = changed(DEAL, "clauses", 6, buyer_position=None)
    assert deal.clauses[6].id == "open"
    said = faults_of(terms_of, deal, sheet)
    assert "found 'buyer', which has no position" in said
    assert "terms (prize)" in said
    said = faults_of(deal_of, DEAL, replace(sheet, terms={"price": 1.0, "lead": 4.5}))
    assert "TERMS.yaml, line 4, column 3: error [terms] term of clause 'price'; found 1;" in said
    assert "terms (lead)" in said


def test_two_terms_for_one_cell_are_refused_whatever_their_order() -> None:
    deal = added(DEAL, "clauses", id="dear", subject="prices[*/*/2027].unit_price", lower=0, upper=9999)
    said = {
        faults_of(deal_at, deal, dict(pair)) for pair in itertools.permutations([("price", 900), ("dear", 7)])
    }
    assert len(said) == 1
    assert "a cell of prices (unit_price) that clause 'dear' changes too" in said.pop()


def test_effects_without_the_positions_at_which_they_are_stated_are_refused() -> None:
    deal = changed(DEAL, "clauses", 1, buyer_position=None, lower=0, upper=1)
    assert "state buyer_position and seller_position" in faults_of(deal_at, deal, {"rights": 0.5})


def test_a_value_that_a_record_refuses_is_told_of_its_clause() -> None:
    deal = changed(DEAL, "clauses", 2, upper=5)
    said = faults_of(deal_at, deal, {"royalty": 2.0, "advance": 0.1})
    assert "term of clause 'royalty'; found 2; allowed: a number from 0 to 1" in said
    assert "advance" not in said


def test_words_stand_for_the_positions_and_for_the_deal_as_it_stands() -> None:
    sheet = TermSheet({"price": "buyer", "lead": "seller", "advance": "now", "royalty": "now", "line": 2})
    assert terms_of(DEAL, sheet) == {"price": 950, "lead": 12, "advance": 0, "line": 2}
    assert deal_of(DEAL, sheet) == deal_at(DEAL, terms_of(DEAL, sheet))
    assert sheet.place("price") == Place("terms", name="price")


def test_a_value_beyond_a_bound_by_rounding_is_that_bound() -> None:
    assert deal_at(DEAL, {"price": 1300.0000001}).prices[0].unit_price == 1300
    assert nearest_value(DEAL, "lead", 4.6) == 5
    assert nearest_value(DEAL, "lead", 99) == 12
    assert nearest_value(DEAL, "price", 4.6) == 800


def test_a_clause_that_is_not_computed_changes_nothing() -> None:
    assert deal_at(DEAL, {"open": 0.5}) == DEAL
    assert set(TABLES) >= {"clauses", "clause_effects", "buyer_positions", "seller_positions"}
