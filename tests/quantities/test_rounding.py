"""Named roundings, against the decimal module."""

import decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import MoneyError
from dronedeal.quantities.rounding import ROUNDINGS, round_exact

DECIMAL_NAMES = {
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_up": decimal.ROUND_HALF_UP,
    "down": decimal.ROUND_DOWN,
    "up": decimal.ROUND_UP,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}


@given(st.integers(-10_000, 10_000), st.sampled_from([1, 2, 4, 5, 10, 100]))
@settings(deadline=None, max_examples=200)
def test_every_rounding_agrees_with_the_decimal_module(numerator: int, denominator: int) -> None:
    exact = decimal.Decimal(numerator) / denominator
    for name in ROUNDINGS:
        expected = int(exact.to_integral_value(rounding=DECIMAL_NAMES[name]))
        assert round_exact(Fraction(numerator, denominator), name) == expected, name


def test_an_unknown_rounding_is_named_with_the_known_ones() -> None:
    with pytest.raises(MoneyError, match=r"found 'nearest'; allowed: half_even, half_up, down"):
        round_exact(Fraction(1, 3), "nearest")  # type: ignore[arg-type]
