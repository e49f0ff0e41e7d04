from __future__ import annotations

import pytest

from dronedeal.files.suggestion import did_you_mean, nearest, printable, quoted

NAMES = ["fiscal_year", "quantity", "unit_price"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("Quantity", "quantity"),
        ("fiscalyear", "fiscal_year"),
        ("price", "unit_price"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_found_whatever_the_case(word: str, name: str | None) -> None:
    assert nearest(word, NAMES) == name


def test_a_next_step_is_given_even_where_no_name_is_near() -> None:
    assert did_you_mean("quantty", NAMES, otherwise="remove it") == "did you mean `quantity`?"
    assert did_you_mean("xyz", NAMES, otherwise="remove it") == "remove it"


def test_a_long_text_is_cut_and_control_characters_are_shown_as_escapes() -> None:
    assert quoted("x" * 100) == "'" + "x" * 57 + "…'"
    assert quoted("a\x00b\n") == "'a\\x00b\\n'"
    assert printable("\udcff") == "\\udcff"


def test_looking_for_a_very_long_name_takes_no_time() -> None:
    assert nearest("x" * 1_000_000, NAMES) is None
