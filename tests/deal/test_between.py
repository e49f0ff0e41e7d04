"""What lies between the values of two positions."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.deal.between import between, end_value, is_alike, share_of
from dronedeal.deal.change_value import UnusableValueError
from dronedeal.deal.schema import TABLES, Column

PRICE = TABLES["prices"].column("unit_price")
LEAD = TABLES["lines"].column("open_lead_months")
MONTH = TABLES["rules"].column("valid_from")
DAY = TABLES["trials"].column("date")
FLAG = TABLES["rules"].column("is_hard")
PARTY = TABLES["lines"].column("investor")


@pytest.mark.parametrize(
    ("column", "ends", "share", "expected"),
    [
        (PRICE, (1.0, 3.0), "1/4", 1.5),
        (PRICE, (0.1, 0.4), "1/3", 0.2),
        (LEAD, (0, 3), "1/6", 0),
        (LEAD, (0, 3), "1/2", 1),
        (LEAD, (3, 0), "1/2", 2),
        (LEAD, (3, 0), "4/7", 1),
        (MONTH, ("2026-11", "2027-02"), "1/3", "2026-12"),
        (MONTH, ("2027-02", "2026-11"), "2/3", "2026-12"),
        (DAY, (dt.date(2027, 1, 1), dt.date(2027, 1, 11)), "3/10", dt.date(2027, 1, 4)),
        (FLAG, (True, False), "1/2", True),
        (FLAG, (True, False), "4/7", False),
        (PARTY, ("us", "ua"), "1/3", "us"),
        (MONTH, (None, "2027-01"), "1/2", None),
        (MONTH, (None, "2027-01"), "4/7", "2027-01"),
    ],
)
def test_numbers_months_and_days_move_in_proportion_and_the_rest_changes_in_the_middle(
    column: Column, ends: tuple[object, object], share: str, expected: object
) -> None:
    found = between(ends, Fraction(share), column)
    assert found == expected
    assert type(found) is type(expected)


@settings(deadline=None, max_examples=60)
@given(
    column=st.sampled_from([PRICE, LEAD]),
    first=st.integers(0, 600),
    way=st.integers(1, 500),
    hundredths=st.integers(0, 100),
)
def test_the_share_of_what_lies_between_leads_back_to_it(
    column: Column, first: int, way: int, hundredths: int
) -> None:
    ends = (float(first), float(first + way)) if column is PRICE else (first, first + way)
    value = between(ends, Fraction(hundredths, 100), column)
    share = share_of(value, ends, column)
    assert share is not None
    assert is_alike(between(ends, share, column), value, ends=ends, column=column)
    assert between(ends, Fraction(0), column) == ends[0]
    assert between(ends, Fraction(1), column) == ends[1]


def test_a_word_that_is_neither_end_lies_nowhere_between() -> None:
    assert share_of("dk", ("us", "ua"), PARTY) is None
    assert share_of("ua", ("us", "ua"), PARTY) == 1
    assert share_of(None, (1.0, 2.0), PRICE) is None
    assert share_of(None, (None, 2.0), PRICE) == 0
    assert share_of(1.5, (None, 2.0), PRICE) is None


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("0.1", PRICE, 0.1),
        ("12", LEAD, 12),
        ("2027-03", MONTH, "2027-03"),
        ("2027-03-01", MONTH, "2027-03"),
        ("2027-03-31", DAY, dt.date(2027, 3, 31)),
        ("TRUE", FLAG, True),
        ("us", PARTY, "us"),
        (None, PARTY, None),
        (None, LEAD, 0),
    ],
)
def test_the_text_of_an_end_is_read_as_its_cell_is(text: str, column: Column, value: object) -> None:
    assert end_value(text, column) == value


@pytest.mark.parametrize(
    ("text", "column", "step"),
    [
        ("NaN", PRICE, "write a plain number"),
        ("10%", TABLES["prices"].column("royalty"), "write the share without a percent sign: 0.1"),
        ("1.5", LEAD, "whole number"),
        ("2027-13", MONTH, "write year and month"),
        ("2027-03-02", MONTH, "write year and month"),
        ("2027-02-30", DAY, "write year, month and day"),
        ("yes", FLAG, "write one of the two words"),
    ],
)
def test_what_its_cell_could_not_hold_is_refused_with_what_to_write(
    text: str, column: Column, step: str
) -> None:
    with pytest.raises(UnusableValueError) as error:
        end_value(text, column)
    assert step in error.value.next_step
