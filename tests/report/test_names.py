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


def test_sentences_of_the_plan_speak_of_names_and_months() -> None:
    words = "line kyiv has no room for more bee by 2028-09; one more would change the objective by USD -314"
    assert Names(sample_deal()).in_words(words) == (
        "line Kyiv works (UA) has no room for more Bee 10 by September 2028; "
        "one more would change the objective by USD −314"
    )


def test_a_party_in_a_sentence_has_its_article_and_no_brackets() -> None:
    names = Names(sample_deal({"ua": "Ukraine (state and makers)"}))
    assert names.short_party("buyer") == "the United States"
    assert names.short_party("seller") == "Ukraine"
    assert names.party("seller") == "Ukraine (state and makers)"
