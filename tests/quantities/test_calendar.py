"""Months and fiscal years, against Python's own dates."""

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.quantities.calendar import Calendar, FiscalYears, absolute_month

starts = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 1)).map(lambda day: day.replace(day=1))
lengths = st.integers(1, 240)
start_months = st.integers(1, 12)


def month_after(day: dt.date) -> dt.date:
    """First day of the next month."""
    return (day.replace(day=28) + dt.timedelta(days=5)).replace(day=1)


def days_of(start: dt.date, months: int) -> list[dt.date]:
    days = [start]
    while len(days) < months:
        days.append(month_after(days[-1]))
    return days


def fiscal_year_of(day: dt.date, start_month: int) -> int:
    """Calendar year of the last day of the twelve months that hold the day and begin in `start_month`."""
    while day.month != start_month:
        day = (day - dt.timedelta(days=1)).replace(day=1)
    for _ in range(11):
        day = month_after(day)
    return day.year


@given(starts, lengths)
@settings(deadline=None, max_examples=50)
def test_labels_are_the_consecutive_months_and_index_is_their_inverse(start: dt.date, months: int) -> None:
    calendar = Calendar(start.strftime("%Y-%m"), months)
    labels = [day.strftime("%Y-%m") for day in days_of(start, months)]
    assert [calendar.label(month) for month in range(months)] == labels
    assert [calendar.index(label) for label in labels] == list(range(months))


def test_months_outside_the_calendar_count_on() -> None:
    calendar = Calendar("2026-10", 3)
    assert calendar.index("2026-08") == -2
    assert calendar.label(-2) == "2026-08"
    assert calendar.label(15) == "2028-01"


@given(starts, lengths, start_months)
@settings(deadline=None, max_examples=60)
def test_fiscal_year_of_each_month(start: dt.date, months: int, start_month: int) -> None:
    years = FiscalYears(Calendar(start.strftime("%Y-%m"), months), start_month)
    expected = [fiscal_year_of(day, start_month) for day in days_of(start, months)]
    assert [years.of(month) for month in range(months)] == expected
    assert years.by_month.tolist() == expected
    assert list(years.names) == sorted(set(expected))


@given(starts, lengths, start_months)
@settings(deadline=None, max_examples=60)
def test_months_in_and_share_of_every_year_around_the_calendar(
    start: dt.date, months: int, start_month: int
) -> None:
    years = FiscalYears(Calendar(start.strftime("%Y-%m"), months), start_month)
    of_month = [fiscal_year_of(day, start_month) for day in days_of(start, months)]
    for year in range(of_month[0] - 2, of_month[-1] + 3):
        inside = [month for month, name in enumerate(of_month) if name == year]
        assert list(years.months_in(year)) == inside
        assert years.share(year) == len(inside) / 12


@pytest.mark.parametrize(
    ("start_month", "first_year", "first_months"),
    [(1, 2026, 3), (7, 2027, 9), (10, 2027, 12), (11, 2026, 1)],
)
def test_years_that_start_after_january_are_named_for_the_year_they_end_in(
    start_month: int, first_year: int, first_months: int
) -> None:
    years = FiscalYears(Calendar("2026-10", 60), start_month)
    assert years.names[0] == first_year
    assert len(years.months_in(first_year)) == first_months


def test_absolute_months_follow_each_other_over_the_turn_of_the_year() -> None:
    assert absolute_month("2027-01") - absolute_month("2026-12") == 1


def test_the_calendar_alone_does_not_load_numpy() -> None:
    code = "import sys, dronedeal.quantities.calendar; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
