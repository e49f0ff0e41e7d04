"""Terms and points in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.negotiation.record_case import full_negotiation

from dronedeal.report.negotiation.wording import Speech, term_text, together
from dronedeal.report.wording import NO_BREAK_SPACE


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.0375, "share", "3.75%"),
        (1.0, "share of output", "100% of output"),
        (-0.00001, None, "0"),
        (2_000_000.0, "EUR", "2,000,000 EUR"),
        (12.5, "months", "12.5 months"),
        (-3.0, None, "−3"),
    ],
)
def test_a_term_has_its_unit_and_a_share_is_a_percentage(value: float, unit: str | None, words: str) -> None:
    assert term_text(value, unit).replace(NO_BREAK_SPACE, " ") == words


def test_fair_points_that_are_one_plan_are_named_together() -> None:
    assert [names for names, _ in together(full_negotiation().fair_points)] == [
        ["Nash", "Egalitarian"],
        ["Kalai–Smorodinsky", "Greatest welfare"],
    ]


def test_a_clause_that_the_record_does_not_have_is_none() -> None:
    speech = Speech(full_negotiation())
    assert speech.clause("nothing") is None
    assert speech.clause("price") == full_negotiation().clauses[0]


def test_a_clause_is_called_what_the_deal_calls_it() -> None:
    record = full_negotiation()
    called = replace(record.clauses[0], name="price of a Kestrel")
    speech = Speech(replace(record, clauses=(called, *record.clauses[1:])))
    assert speech.clause_name("price") == "price of a Kestrel"


def test_a_clause_without_a_name_is_called_by_its_id_in_words() -> None:
    speech = Speech(full_negotiation())
    assert speech.clause_name("re_export") == "re export"
    assert speech.clause_name("not_there") == "not there"


@pytest.mark.parametrize("name", ["two\nlines", "\u202eturned"])
def test_the_name_of_a_clause_changes_nothing_around_it(name: str) -> None:
    record = full_negotiation()
    speech = Speech(replace(record, clauses=(replace(record.clauses[0], name=name),)))
    assert "\n" not in speech.clause_name("price")
    assert speech.clause_name("price") != name
