"""The monthly calendar of a deal and the fiscal years of its parties on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Calendar:
    """Consecutive months, numbered from 0.

    Parameters
    ----------
    start : first month, as YYYY-MM
    months : number of months

    Examples
    --------
    >>> calendar = Calendar("2026-10", 60)
    >>> calendar.label(3), calendar.index("2027-01")
    ('2027-01', 3)
    """

    start: str
    months: int

    @cached_property
    def first(self) -> int:
        """Months since the year 0 of the first month."""
        return absolute_month(self.start)

    def label(self, month: int) -> str:
        """The month of that number as YYYY-MM; numbers outside the calendar count on."""
        year, zero_based = divmod(self.first + month, 12)
        return f"{year:04d}-{zero_based + 1:02d}"

    def index(self, label: str) -> int:
        """Number of a month given as YYYY-MM; negative before the start."""
        return absolute_month(label) - self.first


@dataclass(frozen=True)
class FiscalYears:
    """The fiscal years of one party on a calendar.

    A fiscal year that starts in January is named for that calendar year; one that starts later is
    named for the calendar year in which it ends (fiscal year 2027 of a party whose years start in
    October runs from October 2026 to September 2027).

    Parameters
    ----------
    calendar : the months
    start_month : month in which a fiscal year starts, 1 to 12

    Examples
    --------
    >>> years = FiscalYears(Calendar("2026-10", 60), 10)
    >>> years.names[0], years.months_in(2027)
    (2027, range(0, 12))
    >>> FiscalYears(Calendar("2026-10", 60), 1).share(2026)
    0.25
    """

    calendar: Calendar
    start_month: int

    def of(self, month: int) -> int:
        """Fiscal year of a month number."""
        year, zero_based = divmod(self.calendar.first + month, 12)
        return year + 1 if self.start_month > 1 and zero_based + 1 >= self.start_month else year

    @cached_property
    def by_month(self) -> npt.NDArray[np.int64]:
        """(months,) fiscal year of each month."""
        import numpy as np  # here, so that reading and checking a deal does not load numpy

        return np.array([self.of(month) for month in range(self.calendar.months)], dtype=np.int64)

    @cached_property
    def names(self) -> range:
        """The fiscal years that have at least one month on the calendar."""
        return range(self.of(0), self.of(self.calendar.months - 1) + 1)

    def months_in(self, year: int) -> range:
        """Month numbers of a fiscal year that are on the calendar; empty where there are none."""
        first_year = year if self.start_month == 1 else year - 1
        first = first_year * 12 + self.start_month - 1 - self.calendar.first
        return range(max(0, first), max(0, min(self.calendar.months, first + 12)))

    def share(self, year: int) -> float:
        """Share of the twelve months of a fiscal year that are on the calendar, 0 to 1."""
        return len(self.months_in(year)) / 12


def absolute_month(label: str) -> int:
    """Months since the year 0 of a month given as YYYY-MM."""
    year, month = label.split("-")
    return int(year) * 12 + int(month) - 1
