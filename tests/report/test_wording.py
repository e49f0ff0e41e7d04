"""Numbers, money and lists in words."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.report import pictures, wording
from dronedeal.report.wording import (
    MINUS,
    gap_text,
    isolate,
    list_text,
    money_text,
    number_text,
    percent_text,
    sentence,
    shorten,
)


@pytest.mark.parametrize("module", [wording, pictures])
def test_examples_of_the_documentation_run(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "USD 0"),
        (0.5, "USD 0.50"),
        (512, "USD 512"),
        (999_499, "USD 999,499"),
        (999_600, "USD 1.00 million"),
        (1_234_567, "USD 1.23 million"),
        (999_960_000, "USD 1.00 billion"),
        (45_678_900_000, "USD 45.7 billion"),
        (-2_500_000, f"USD {MINUS}2.50 million"),
        (3.2e12, "USD 3.20 trillion"),
    ],
)
def test_money_is_rounded_to_three_digits_and_named(amount: float, words: str) -> None:
    assert money_text(amount, "USD").replace("\u00a0", " ") == words


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.floats(-1e14, 1e14))
def test_money_in_words_is_within_half_a_percent(amount: float) -> None:
    text = money_text(amount, "USD").replace("\u00a0", " ").replace(MINUS, "-").replace(",", "")
    parts = text.split(" ")
    scale = {"million": 1e6, "billion": 1e9, "trillion": 1e12}.get(parts[2], 1.0) if len(parts) > 2 else 1.0
    assert abs(float(parts[1]) * scale - amount) <= max(0.0051, 0.0051 * abs(amount))


def test_what_is_not_whole_never_reads_as_all_or_nothing() -> None:
    assert percent_text(0.9996) == "over 99%"
    assert percent_text(0.0004) == "under 1%"
    assert percent_text(0) == "0%"
    assert gap_text(1e-5) == "0.001%"


def test_a_negative_number_that_rounds_to_zero_has_no_sign() -> None:
    assert number_text(-0.0001, 2) == "0.00"


def test_a_list_names_its_last_item_with_and() -> None:
    assert [list_text([]), list_text(["a"]), list_text(["a", "b"])] == ["", "a", "a and b"]


def test_text_from_right_to_left_is_isolated_and_other_text_is_left_alone() -> None:
    assert isolate("Bee 10") == "Bee 10"
    assert isolate("Дрон") == "Дрон"
    assert isolate("דבורה") == "\u2068דבורה\u2069"
    assert isolate("a\u202eb") == "\u2068a\u202eb\u2069"


def test_long_text_is_cut_on_one_line() -> None:
    assert shorten("one\ntwo  three", 9) == "one two…"
    assert sentence("done already.") == "Done already."
