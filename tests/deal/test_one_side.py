"""One side alone: what it estimates, what it lacks, and what its reports have to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.deal.sound_deal import sound_deal

from dronedeal.deal import Deal, Place
from dronedeal.deal.one_side import TO_NEGOTIATE, absent_side, missing, statement
from dronedeal.deal.place import RowOrigin
from dronedeal.deal.record import Owner


def alone(own: Owner, *blank: str) -> Deal:
    deal = sound_deal()
    for name in blank:
        deal = deal.with_table(name, [])
    return replace(deal, sides=("shared", own))


@pytest.mark.parametrize(
    ("sides", "absent"),
    [(("shared", "buyer"), "seller"), (("shared", "seller"), "buyer"), (("shared",), None)],
)
def test_a_side_is_absent_only_where_the_other_is_there(sides: tuple[Owner, ...], absent: Owner) -> None:
    assert absent_side(replace(sound_deal(), sides=sides)) == absent


def test_a_table_that_is_needed_and_not_there_is_asked_for_by_the_name_of_its_estimate() -> None:
    (finding,) = missing(alone("buyer", "lines"), TO_NEGOTIATE, purpose="to negotiate")
    assert str(finding) == (
        "buyer/estimates/lines.csv: error [missing_estimate] table `lines` of the seller, which is needed to "
        "negotiate; found neither the seller's own table nor an estimate of it; allowed: the seller's "
        "folder, or an estimate with the same columns; write what you think of it into the file "
        "buyer/estimates/lines.csv; one with its header alone says that there is nothing"
    )


def test_in_a_workbook_the_estimate_is_a_sheet() -> None:
    deal = replace(
        alone("seller", "budgets"), origins={"systems": (RowOrigin("deal.xlsx", 2, sheet="systems"),)}
    )
    (finding,) = missing(deal, TO_NEGOTIATE, purpose="to negotiate")
    assert finding.place == Place("deal.xlsx", sheet="seller~budgets")


def test_an_estimate_with_a_header_alone_says_that_there_is_nothing() -> None:
    deal = replace(alone("buyer", "lines"), estimates={"lines": Place("buyer/estimates/lines.csv")})
    assert missing(deal, TO_NEGOTIATE, purpose="to negotiate") == ()


def test_nothing_is_missing_where_both_sides_were_given() -> None:
    deal = sound_deal().with_table("lines", [])
    assert missing(deal, TO_NEGOTIATE, purpose="to negotiate") == ()
    assert statement(deal) == ""


def test_the_statement_names_what_is_estimated_and_what_is_not_there_at_all() -> None:
    estimates = {"lines": Place("buyer/estimates/lines.csv")}
    words = statement(replace(alone("buyer", "home_needs"), estimates=estimates))
    assert "no figure of the seller here is its own" in words
    assert "Estimated: lines." in words
    assert words.endswith("counted as nothing: home_needs.")
