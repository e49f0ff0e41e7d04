"""Exact amounts of money: whole minor units with a currency and a price basis.

Contract amounts are never floats. A product that is not a whole number of minor units is an error
unless the caller names a rounding, and a split always sums to the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from dronedeal.errors import MoneyError
from dronedeal.quantities.rounding import Rounding, round_exact

MoneyBasis = Literal["base_year", "then_year"]
Exact = int | Decimal | Fraction

_CURRENCIES_BY_DIGITS: Mapping[int, str] = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS: Mapping[str, int] = {
    code: digits for digits, codes in _CURRENCIES_BY_DIGITS.items() for code in codes.split()
}
"""Digits of the minor unit by currency (ISO 4217, list one); every other currency has two."""

_BASIS_WORDS: Mapping[MoneyBasis, str] = {"base_year": "base year", "then_year": "then year"}
_TEXT = re.compile(r"(-?\d+(?:\.\d+)?) ([A-Z]{3}), (base|then) year (\d{4})")
_CURRENCY = re.compile(r"[A-Z]{3}")


def minor_digits(currency: str) -> int:
    """Digits after the point of an amount in that currency.

    >>> minor_digits("USD"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    return MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of money.

    Two amounts are alike when currency, basis and year agree; only like amounts are added, subtracted
    or ordered. `==` of unlike amounts is False, so that amounts can be keys and members of sets.

    Parameters
    ----------
    minor : whole number of minor units (cents)
    currency : three-letter code
    basis : `base_year` (prices of the base year) or `then_year` (prices of the year of payment)
    year : the base year, or the year of payment

    Examples
    --------
    >>> price = Money(250_050, "USD", basis="base_year", year=2026)
    >>> str(price * 3)
    '7501.50 USD, base year 2026'
    >>> [str(part.amount) for part in price.split([1, 1, 1])]
    ['833.50', '833.50', '833.50']
    """

    minor: int
    currency: str
    _: KW_ONLY
    basis: MoneyBasis
    year: int

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise MoneyError(
                f"amount: found {self.minor!r} minor units of type {type(self.minor).__name__}; "
                "allowed: an int; build the amount with Money.of(amount, currency, basis=..., year=...)"
            )
        if not _CURRENCY.fullmatch(self.currency):
            raise MoneyError(f"currency: found {self.currency!r}; allowed: a three-letter code such as USD")
        if self.basis not in _BASIS_WORDS:
            raise MoneyError(f"price basis: found {self.basis!r}; allowed: base_year, then_year")

    @classmethod
    def of(
        cls,
        amount: Exact | str,
        currency: str,
        *,
        basis: MoneyBasis,
        year: int,
        rounding: Rounding | None = None,
    ) -> Money:
        """Money from an amount in whole currency units.

        Parameters
        ----------
        amount : exact number, or its text, in currency units
        rounding : how to reach a whole minor unit; None: an amount between two minor units is an error

        Raises
        ------
        MoneyError : where the amount is a float, is no number, or lies between two minor units

        Examples
        --------
        >>> Money.of("12.34", "USD", basis="then_year", year=2028).minor
        1234
        """
        exact = _exact(_number(amount) if isinstance(amount, str) else amount, "amount")
        scaled = exact * 10 ** minor_digits(currency)
        return cls(_whole(scaled, currency, rounding), currency, basis=basis, year=year)

    @classmethod
    def from_text(cls, text: str) -> Money:
        """The amount that `str` wrote, such as `12.34 USD, then year 2028`.

        Raises
        ------
        MoneyError : where the text has another form
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise MoneyError(
                f"amount of money: found '{text}'; allowed: the form '12.34 USD, base year 2026' or "
                "'12.34 USD, then year 2028'"
            )
        amount, currency, word, year = match.groups()
        basis: MoneyBasis = "base_year" if word == "base" else "then_year"
        return cls.of(amount, currency, basis=basis, year=int(year))

    @property
    def amount(self) -> Decimal:
        """The amount in currency units, exact, with the digits of the currency."""
        sign, digits = int(self.minor < 0), tuple(int(digit) for digit in str(abs(self.minor)))
        return Decimal((sign, digits, -minor_digits(self.currency)))

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}, {_BASIS_WORDS[self.basis]} {self.year}"

    def __add__(self, other: Money) -> Money:
        return replace(self, minor=self.minor + self._like(other, "add").minor)

    def __sub__(self, other: Money) -> Money:
        return replace(self, minor=self.minor - self._like(other, "subtract").minor)

    def __neg__(self) -> Money:
        return replace(self, minor=-self.minor)

    def __abs__(self) -> Money:
        return replace(self, minor=abs(self.minor))

    def __mul__(self, factor: Exact) -> Money:
        return self.times(factor)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._like(other, "compare").minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._like(other, "compare").minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._like(other, "compare").minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._like(other, "compare").minor

    def times(self, factor: Exact, *, rounding: Rounding | None = None) -> Money:
        """The amount times an exact number.

        Parameters
        ----------
        factor : int, Decimal or Fraction; a float is an error
        rounding : how to reach a whole minor unit; None: a product between two minor units is an error

        Raises
        ------
        MoneyError : where the factor is not exact or the product is no whole number of minor units

        Examples
        --------
        >>> str(Money(1001, "USD", basis="base_year", year=2026).times(Fraction(1, 2), rounding="half_even"))
        '5.00 USD, base year 2026'
        """
        product = self.minor * _exact(factor, "factor")
        return replace(self, minor=_whole(product, self.currency, rounding))

    def ratio(self, other: Money) -> Fraction:
        """How many times the other amount this one is, exact.

        Raises
        ------
        MoneyError : where the amounts are unlike or the other one is zero
        """
        divisor = self._like(other, "divide").minor
        if divisor == 0:
            raise MoneyError(f"cannot divide {self} by {other}; allowed: a divisor other than zero")
        return Fraction(self.minor, divisor)

    def split(self, weights: Sequence[Exact]) -> tuple[Money, ...]:
        """Parts in proportion to weights that sum to the whole, to the last minor unit.

        Largest remainder: every part gets the whole minor units of its exact share; the minor units
        left over go to the parts with the largest fractions, the earlier part first where they tie
        (Hamilton's method; Balinski and Young, *Fair Representation*, 1982). Each part is within one
        minor unit of its exact share; a part of weight zero is zero.

        Parameters
        ----------
        weights : exact numbers of at least zero, at least one above zero

        Raises
        ------
        MoneyError : where a weight is negative or not exact, or none is above zero

        Examples
        --------
        >>> [part.minor for part in Money(100, "USD", basis="base_year", year=2026).split([1, 1, 1])]
        [34, 33, 33]
        """
        exact = [_exact(weight, "weight") for weight in weights]
        total = sum(exact, Fraction(0))
        if total <= 0 or min(exact) < 0:
            found = ", ".join(str(weight) for weight in weights) or "none"
            raise MoneyError(f"weights: found {found}; allowed: numbers of at least 0, at least one above 0")
        shares = [abs(self.minor) * weight / total for weight in exact]
        parts = [share.numerator // share.denominator for share in shares]
        by_fraction = sorted(range(len(parts)), key=lambda part: (parts[part] - shares[part], part))
        for part in by_fraction[: abs(self.minor) - sum(parts)]:
            parts[part] += 1
        sign = -1 if self.minor < 0 else 1
        return tuple(replace(self, minor=sign * part) for part in parts)

    def _like(self, other: object, verb: str) -> Money:
        if not isinstance(other, Money):
            raise MoneyError(f"cannot {verb} {self} and {other!r}; allowed: two amounts of Money")
        if (self.currency, self.basis, self.year) != (other.currency, other.basis, other.year):
            raise MoneyError(
                f"cannot {verb} {self} and {other}; allowed: amounts of one currency, price basis and year; "
                "convert one of them first"
            )
        return other


def total(amounts: Iterable[Money]) -> Money:
    """Sum of like amounts.

    Raises
    ------
    MoneyError : where the amounts are unlike, or there is none (an empty sum has no currency)

    Examples
    --------
    >>> str(total(Money(cents, "EUR", basis="base_year", year=2026) for cents in (1, 2, 3)))
    '0.06 EUR, base year 2026'
    """
    iterator = iter(amounts)
    result = next(iterator, None)
    if result is None:
        raise MoneyError("sum of money: found no amount; allowed: at least one, which gives the currency")
    for amount in iterator:
        result = result + amount
    return result


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?\d{1,40}(\.\d{1,40})?", text):
        raise MoneyError(f"amount: found '{text}'; allowed: digits with at most one point, such as -12.34")
    return Decimal(text)


def _exact(value: object, what: str) -> Fraction:
    """The number as a fraction; floats are refused because 0.1 is not the float of that name."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise MoneyError(f"{what}: found {value}; allowed: a finite number")
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    hint = f"; write Decimal('{value}') for the number as it reads" if isinstance(value, float) else ""
    raise MoneyError(
        f"{what}: found {value!r} of type {type(value).__name__}, which is not exact; "
        f"allowed: int, Decimal or Fraction{hint}"
    )


def _whole(minor: Fraction, currency: str, rounding: Rounding | None) -> int:
    if rounding is not None:
        return round_exact(minor, rounding)
    if minor.denominator != 1:
        with localcontext(prec=20):
            amount = Decimal(minor.numerator) / Decimal(minor.denominator * 10 ** minor_digits(currency))
        raise MoneyError(
            f"amount: found {amount} {currency}, which is not a whole number of minor units "
            f"({minor_digits(currency)} digits); allowed: whole minor units; name a rounding, such as "
            "rounding='half_even', or share the amount out with split()"
        )
    return minor.numerator
