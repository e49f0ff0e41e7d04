"""The words that findings share."""

import pytest
from tests.deal.checks.case import SOUND

from dronedeal.deal import drafts


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12, "12"), (0.1, "0.1"), (-2.5, "-2.5"), (1e15, "1000000000000000"), (1e-9, "1e-09")],
)
def test_numbers_are_as_short_as_they_can_be_without_loss(value: float, text: str) -> None:
    assert drafts.number(value) == text
    assert float(text) == value


def test_values_are_quoted_on_one_line_and_cut() -> None:
    assert drafts.quoted("Kyiv Київ") == "'Kyiv Київ'"
    assert drafts.quoted("a\nb\u202ec") == "'a\\nb\\u202ec'"
    assert drafts.quoted("x" * 60) == f"'{'x' * 60}'"
    assert drafts.quoted("x" * 61) == f"'{'x' * 59}…'"


def test_many_names_are_cut_with_their_number() -> None:
    assert drafts.listed(f"n{number}" for number in range(9)) == "n0, n1, n2, n3, n4, n5, n6, n7 … (9 in all)"
    assert drafts.listed(["b", "a", "b"]) == "a, b"
    assert drafts.listed([]) == "nothing, for there is none"


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("systems", 0, "systems 'scout'"),
        ("prices", 0, "prices (system 'scout', fiscal_year 2027, tier_from 0)"),
        ("prices", 1, "prices (system 'scout', line 'away', fiscal_year 2027, tier_from 0)"),
        ("trials", 0, "a row of trials"),
    ],
)
def test_rows_are_named_by_their_key(table: str, row: int, words: str) -> None:
    assert drafts.row_name(table, SOUND.table(table)[row]) == words


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("Kestrel", "kestrel"), ("kestral", "kestrel"), ("KESTREL", "kestrel"), ("zzz", None)],
)
def test_the_nearest_known_name_is_suggested(name: str, nearest: str | None) -> None:
    advice = drafts.Names(["kestrel", "courier"]).advice(name, otherwise="add it")
    assert advice == ("add it" if nearest is None else f"did you mean '{nearest}'? Otherwise add it")


def test_suggestions_end_after_some_hundred_names_and_known_answers_stay() -> None:
    names = drafts.Names(["kestrel"])
    first = names.advice("kestrel_0", otherwise="add it")
    for number in range(1, 300):
        last = names.advice(f"kestrel_{number}", otherwise="add it")
    assert "did you mean" in first
    assert last == "add it"
    assert names.advice("kestrel_0", otherwise="add it") == first


def test_names_know_what_they_hold() -> None:
    names = drafts.Names(["b", "a"])
    assert "a" in names
    assert "c" not in names
    assert names.text == "a, b"
