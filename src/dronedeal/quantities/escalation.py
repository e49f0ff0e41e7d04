"""Base-year and then-year money by an escalation index."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from dronedeal.errors import InputError, MoneyError
from dronedeal.quantities.money import Money
from dronedeal.quantities.rounding import round_ratio


@dataclass(frozen=True)
class Escalation:
    """Price levels by fiscal year, relative to a base year.

    The factor of year y is `level(y) / level(base year)`; then-year money is base-year money times
    the factor of the year in which it is paid (the usual price index convention of budget exhibits).
    Levels count as the decimal numbers that they read as, so that conversions are exact.

    Parameters
    ----------
    levels : price level by fiscal year, index points above zero; only ratios matter
    base_year : fiscal year whose prices are the base
    name : name of the index, for messages

    Examples
    --------
    >>> escalation = Escalation({2026: 100.0, 2027: 102.5}, 2026)
    >>> escalation.factor(2027)
    1.025
    >>> price = Money(10_000, "USD", basis="base_year", year=2026)
    >>> str(escalation.to_then_year(price, 2027))
    '102.50 USD, then year 2027'
    """

    levels: Mapping[int, float]
    base_year: int
    name: str = "escalation index"

    def __post_init__(self) -> None:
        for year, level in self.levels.items():
            if not (math.isfinite(level) and level > 0):
                raise InputError(
                    f"{self.name}, fiscal year {year}: found level {level}; allowed: a finite number above 0"
                )
        self._level(self.base_year)

    def factor(self, year: int) -> float:
        """Then-year money of that year over base-year money, a pure number.

        Raises
        ------
        InputError : where the index has no level for the year
        """
        return float(self.exact_factor(year))

    def exact_factor(self, year: int) -> Fraction:
        """`factor` as an exact fraction."""
        try:
            return self._factors[year]
        except KeyError:
            return self._level(year)  # which raises, with the years that there are

    def to_then_year(self, money: Money, year: int) -> Money:
        """Base-year money in the prices of the year of payment, rounded half to even.

        Raises
        ------
        MoneyError : where the money is not of this base year
        InputError : where the index has no level for the year
        """
        if money.basis != "base_year" or money.year != self.base_year:
            raise MoneyError(
                f"{self.name}: found {money}; allowed: base-year money of {self.base_year}; "
                "convert it with the index of its own base year first"
            )
        factor = self.exact_factor(year)
        minor = round_ratio(money.minor * factor.numerator, factor.denominator)
        return Money(minor, money.currency, basis="then_year", year=year)

    def to_base_year(self, money: Money) -> Money:
        """Then-year money in the prices of the base year, rounded half to even.

        Base year → then year → base year ends within `max(1, floor(1/2 + 1/(2 factor)))` minor units
        of where it began: within one as long as prices are above a third of the base year's.

        Raises
        ------
        MoneyError : where the money is not then-year money
        InputError : where the index has no level for its year
        """
        if money.basis != "then_year":
            raise MoneyError(f"{self.name}: found {money}; allowed: then-year money")
        factor = self.exact_factor(money.year)
        minor = round_ratio(money.minor * factor.denominator, factor.numerator)
        return Money(minor, money.currency, basis="base_year", year=self.base_year)

    @cached_property
    def _factors(self) -> dict[int, Fraction]:
        base = self._level(self.base_year)
        return {year: self._level(year) / base for year in self.levels}

    def _level(self, year: int) -> Fraction:
        if year not in self.levels:
            years = ", ".join(str(known) for known in sorted(self.levels)) or "none"
            raise InputError(
                f"{self.name}: no level for fiscal year {year}; there are levels for: {years}; "
                f"add a row for {year} to the table `indices`"
            )
        return Fraction(Decimal(repr(float(self.levels[year]))))
