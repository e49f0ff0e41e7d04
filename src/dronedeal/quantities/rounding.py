"""Named ways of rounding an exact number to a whole one."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, get_args

from dronedeal.errors import MoneyError

Rounding = Literal["half_even", "half_up", "down", "up", "floor", "ceiling"]
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)


def round_exact(value: Fraction | int, rounding: Rounding = "half_even") -> int:
    """The whole number next to an exact number, by a named rule.

    Parameters
    ----------
    value : exact number
    rounding : `half_even` (ties to the even neighbour), `half_up` (ties away from zero), `down` (towards
        zero), `up` (away from zero), `floor`, `ceiling`; the names are those of the General Decimal
        Arithmetic specification (Cowlishaw 2009)

    Raises
    ------
    MoneyError : where the rounding has no such name

    Examples
    --------
    >>> [round_exact(Fraction(5, 2), rule) for rule in ("half_even", "half_up", "floor", "ceiling")]
    [2, 3, 2, 3]
    """
    return round_ratio(value.numerator, value.denominator, rounding=rounding)


def round_ratio(numerator: int, denominator: int, *, rounding: Rounding = "half_even") -> int:
    """`round_exact` of numerator ÷ denominator, without reducing the fraction first.

    Parameters
    ----------
    numerator : whole number
    denominator : whole number above zero

    Examples
    --------
    >>> round_ratio(250, 100), round_ratio(350, 100)
    (2, 4)
    """
    floor, remainder = divmod(numerator, denominator)
    if rounding == "floor" or remainder == 0:
        return floor
    if rounding == "ceiling":
        return floor + 1
    if rounding in ("down", "up"):
        return floor + 1 if (rounding == "up") == (numerator > 0) else floor
    if rounding in ("half_even", "half_up"):
        return floor + _half_rises(floor, 2 * remainder - denominator, is_to_even=rounding == "half_even")
    raise MoneyError(f"rounding: found '{rounding}'; allowed: {', '.join(ROUNDINGS)}")


def _half_rises(floor: int, above_half: int, *, is_to_even: bool) -> bool:
    """Whether the upper neighbour is taken; `above_half` is negative, zero on a tie, or positive."""
    if above_half != 0:
        return above_half > 0
    return floor % 2 == 1 if is_to_even else floor >= 0
