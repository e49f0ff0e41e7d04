"""Names of ids."""

from __future__ import annotations

from tests.report.sample import sample_deal

from dronedeal.report.names import MARKET, Names


def test_ids_are_shown_by_the_names_of_the_deal() -> None:
    names = Names(sample_deal())
    assert names.system("bee") == "Bee 10"
    assert names.branch("coast-guard") == "Coast Guard"
    assert names.line("kyiv") == "Kyiv works (UA)"
    assert names.line(None) == MARKET
    assert names.need("front") == "strike"
    assert names.customer("gulf-one") == "A Gulf state"
    assert (names.party("buyer"), names.party("ua")) == ("United States", "Ukraine")


def test_two_ids_of_one_name_are_told_apart() -> None:
    names = Names(sample_deal({"bee": "Same", "falcon": "Same"}))
    assert names.system("bee") == "Same [bee]"
    assert names.system("falcon") == "Same [falcon]"


def test_an_unknown_id_stands_for_itself() -> None:
    assert Names(sample_deal()).system("unknown-1") == "unknown-1"


def test_a_subject_of_several_ids_is_named_part_by_part() -> None:
    assert Names(sample_deal()).subject("navy / procurement") == "Navy / procurement"
