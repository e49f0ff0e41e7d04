from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.deal import TABLES, Column
from dronedeal.files.cells import CellError, describe, number_text, parse_cell
from dronedeal.files.grid import Unusable

NUMBER = TABLES["prices"].column("unit_price")
INTEGER = TABLES["trials"].column("n_trials")
BOOLEAN = TABLES["attributes"].column("is_tested")
DAY = TABLES["trials"].column("date")
PARTIAL = TABLES["attributes"].column("date")
MONTH = TABLES["systems"].column("available_from")
YEAR = TABLES["prices"].column("fiscal_year")
CHOICE = TABLES["systems"].column("domain")
IDS = TABLES["systems"].column("other_roles")
NUMBERS = TABLES["projects"].column("cost_by_year")
TEXTS = TABLES["rules"].column("origin")
TEXT = TABLES["systems"].column("name")


@pytest.mark.parametrize(
    ("raw", "column", "value"),
    [
        ("1500", NUMBER, 1500.0),
        ("+1.5e3", NUMBER, 1500.0),
        (".5", NUMBER, 0.5),
        ("5.", NUMBER, 5.0),
        (7, NUMBER, 7.0),
        ("12", INTEGER, 12),
        ("12.0", INTEGER, 12),
        (12.0, INTEGER, 12),
        ("TRUE", BOOLEAN, True),
        ("false", BOOLEAN, False),
        (True, BOOLEAN, True),
        ("2026-03-01", DAY, dt.date(2026, 3, 1)),
        (dt.datetime(2026, 3, 1), DAY, dt.date(2026, 3, 1)),
        ("2026", PARTIAL, "2026"),
        (2026, PARTIAL, "2026"),
        ("2026-02", PARTIAL, "2026-02"),
        (dt.date(2026, 3, 1), PARTIAL, "2026-03-01"),
        ("2026-10", MONTH, "2026-10"),
        (dt.date(2026, 10, 1), MONTH, "2026-10"),
        ("2027", YEAR, 2027),
        (2027.0, YEAR, 2027),
        ("air", CHOICE, "air"),
        ("a; b;c", IDS, ("a", "b", "c")),
        (";", IDS, ()),
        (5, IDS, ("5",)),
        ("1; 2.5", NUMBERS, (1.0, 2.5)),
        (3, NUMBERS, (3.0,)),
        ("a\\;b; c\\\\d", TEXTS, ("a;b", "c\\d")),
        ("a\\b", TEXTS, ("a\\b",)),
        ("a\\", TEXTS, ("a\\",)),
        (12.5, TEXT, "12.5"),
    ],
)
def test_a_cell_has_the_value_of_its_kind(raw: Any, column: Column, value: object) -> None:
    found = parse_cell(raw, column)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("raw", "column", "words"),
    [
        ("1,000", NUMBER, "write digits without separators between thousands: 1000"),
        ("1 000", NUMBER, "write digits without separators between thousands: 1000"),
        ("1\u00a0000\u202f000", NUMBER, "write digits without separators between thousands: 1000000"),
        ("1_000", NUMBER, "write digits without separators between thousands: 1000"),
        ("1,5", NUMBER, "write a point before the decimals: 1.5"),
        ("15%", NUMBER, "write the share without a percent sign, such as 0.15"),
        ("nan", NUMBER, "write a finite number, or leave the cell blank where nothing is known"),
        ("-inf", NUMBER, "write a finite number, or leave the cell blank where nothing is known"),
        ("#N/A", NUMBER, "write a finite number, or leave the cell blank where nothing is known"),
        ("1e999", NUMBER, "the number is too large; write a finite number, such as 1500000"),
        (
            "$500",
            NUMBER,
            "write a plain number, such as 12.5: digits with one decimal point at most, no unit",
        ),
        ("٣", NUMBER, "write a plain number, such as 12.5"),
        (True, NUMBER, "write a plain number"),
        (dt.date(2026, 1, 1), NUMBER, "write a plain number"),
        ("1.5", INTEGER, "write a whole number"),
        (1.5, INTEGER, "write a whole number, such as 12"),
        ("1e3", INTEGER, "write a whole number"),
        ("9" * 30, INTEGER, "write a whole number of at most 18 digits"),
        ("yes", BOOLEAN, "did you mean `true`?"),
        (0, BOOLEAN, "did you mean `false`?"),
        ("maybe", BOOLEAN, "write true or false"),
        ("01/02/2026", DAY, "write the day as year, month and day, such as 2026-10-31"),
        ("20260301", DAY, "write the day as year, month and day, such as 2026-10-31"),
        ("2026-02-30", DAY, "there is no such day in the calendar"),
        ("2026-02-30", PARTIAL, "there is no such day in the calendar"),
        ("2026-13", PARTIAL, "there is no such day in the calendar"),
        ("March 2026", PARTIAL, "write as much of the date as is known: 2026, 2026-10 or 2026-10-31"),
        (dt.datetime(2026, 3, 1, 8), DAY, "write the day alone, without a time of day"),
        ("2026-13", MONTH, "write year and month, such as 2026-10"),
        (dt.date(2026, 10, 2), MONTH, "write the month without a day: 2026-10"),
        ("27", YEAR, "write the year alone with four digits, such as 2027"),
        ("FY2027", YEAR, "write the year alone with four digits, such as 2027"),
        ("Air", CHOICE, "did you mean `air`?"),
        ("space", CHOICE, "did you mean `surface`?"),
        ("xyz", CHOICE, "write one of the allowed words"),
        ("a;;b", IDS, "remove the semicolon that has nothing before or behind it"),
        ("a;", NUMBERS, "remove the semicolon that has nothing before or behind it"),
        ("1;x", NUMBERS, "write a plain number"),
        (True, TEXT, "format the cell as text and type the value again"),
        ("x" * 40_000, TEXT, "shorten it"),
        (Unusable("the formula =1", "paste the value"), TEXT, "paste the value"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_write(raw: Any, column: Column, words: str) -> None:
    with pytest.raises(CellError) as fault:
        parse_cell(raw, column)
    assert fault.value.next_step.startswith(words)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_reads_back_as_the_same_number(value: float) -> None:
    found = parse_cell(number_text(value), TABLES["clauses"].column("lower"))
    assert repr(found) == repr(value)


@pytest.mark.parametrize(
    ("raw", "text"),
    [("a\tb", "'a\\tb'"), (5.0, "5"), (True, "TRUE"), (dt.date(2026, 1, 2), "2026-01-02"), (None, "''")],
)
def test_a_raw_cell_is_shown_as_the_user_knows_it(raw: Any, text: str) -> None:
    assert describe(raw) == text
