"""Conversion of units; the unit library is loaded only for a unit that is not among the common ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from dronedeal.errors import InputError, UnlikeUnitsError

if TYPE_CHECKING:
    import pint

_COUNTED: Mapping[str, str] = {
    "sortie": "sorties",
    "flight": "flights",
    "mission": "missions",
    "launch": "launches",
    "engagement": "engagements",
}
"""Counted events and their plurals; each is a dimension of its own: a rate per sortie is none per launch."""

_DIMENSIONS: Mapping[str, Mapping[str, Fraction]] = {
    "pure number": {"1": Fraction(1), "%": Fraction(1, 100), "percent": Fraction(1, 100)},
    "length": {
        "mm": Fraction(1, 1000),
        "cm": Fraction(1, 100),
        "m": Fraction(1),
        "km": Fraction(1000),
        "in": Fraction(254, 10_000),
        "ft": Fraction(3048, 10_000),
        "mi": Fraction(1_609_344, 1000),
        "nmi": Fraction(1852),
    },
    "time": {
        "s": Fraction(1),
        "min": Fraction(60),
        "h": Fraction(3600),
        **dict.fromkeys(("d", "day", "days"), Fraction(86_400)),
        **dict.fromkeys(("month", "months"), Fraction(31_557_600, 12)),
        **dict.fromkeys(("year", "years"), Fraction(31_557_600)),
    },
    "mass": {
        "g": Fraction(1, 1000),
        "kg": Fraction(1),
        "t": Fraction(1000),
        "lb": Fraction(45_359_237, 10**8),
    },
    "speed": {
        "m/s": Fraction(1),
        "km/h": Fraction(1000, 3600),
        "mph": Fraction(1_609_344, 3_600_000),
        "kn": Fraction(1852, 3600),
        "knot": Fraction(1852, 3600),
    },
    "rate in time": {
        "1/s": Fraction(1),
        "1/h": Fraction(1, 3600),
        "1/d": Fraction(1, 86_400),
        "Hz": Fraction(1),
        "kHz": Fraction(10**3),
        "MHz": Fraction(10**6),
        "GHz": Fraction(10**9),
    },
    "power": {"W": Fraction(1), "kW": Fraction(1000)},
    **{name: {name: Fraction(1), plural: Fraction(1)} for name, plural in _COUNTED.items()},
}
"""Size of each common unit against the unit of size 1 of its dimension (SI Brochure, 9th edition).

A year has 365.25 days (the Julian year of the IAU), a month a twelfth of it.
"""

_COMMON: Mapping[str, tuple[str, Fraction]] = {
    unit: (dimension, size) for dimension, units in _DIMENSIONS.items() for unit, size in units.items()
}
# A text reaches the library only as a short product of names with one-digit powers: the library
# evaluates what it is given, so that a text such as 9^9^9^9 must not come near it.
_NAME = r"[^\W\d_]+(?:(?:\^|\*\*)-?\d|[²³])?"
_UNIT_TEXT = re.compile(rf"(?:1|{_NAME})(?:[*/·]{_NAME}){{0,5}}")
_LONGEST_TEXT = 60


def convert(value: float, from_unit: str, to_unit: str) -> float:
    """A value in another unit.

    Parameters
    ----------
    value : number in `from_unit`
    from_unit, to_unit : unit texts such as `km`, `m/s`, `1/h`, `%`; `1` is a pure number

    Returns
    -------
    The value in `to_unit`; unchanged, and without a look at the text, where the two texts are equal

    Raises
    ------
    UnlikeUnitsError : where the two units measure different things
    InputError : where a text is not a unit

    Examples
    --------
    >>> convert(36, "km/h", "m/s"), convert(85, "%", "1"), convert(7, "parsecs or so", "parsecs or so")
    (10.0, 0.85, 7)
    """
    if from_unit == to_unit:
        return value
    source, target = _COMMON.get(from_unit), _COMMON.get(to_unit)
    if source is not None and target is not None:
        if source[0] != target[0]:
            raise _unlike(from_unit, to_unit)
        return float(Fraction(value) * source[1] / target[1])
    return _convert_by_library(value, from_unit, to_unit)


def is_unit(text: str) -> bool:
    """Whether the text is a unit that `convert` understands.

    >>> is_unit("km"), is_unit("furlong per fortnightly")
    (True, False)
    """
    return text in _COMMON or _library_unit(text) is not None


def are_like(first: str, second: str) -> bool:
    """Whether two units measure the same thing; units that are not understood are like themselves only.

    >>> are_like("nmi", "km"), are_like("kg", "km")
    (True, False)
    """
    try:
        convert(1.0, first, second)
    except InputError:
        return False
    return True


def _convert_by_library(value: float, from_unit: str, to_unit: str) -> float:
    source, target = _understood(from_unit), _understood(to_unit)
    if source.dimensionality != target.dimensionality:
        raise _unlike(from_unit, to_unit)
    return float(_registry().Quantity(value, source).to(target).magnitude)


def _understood(text: str) -> Any:
    unit = _library_unit(text)
    if unit is None:
        raise InputError(
            f"unit: found '{text}', which is not a unit; allowed: unit symbols such as km, kg, h, m/s, "
            "1/h or %, and 1 for a pure number; mend the unit column"
        )
    return unit


@lru_cache(maxsize=4096)
def _library_unit(text: str) -> Any:
    """The unit of the library, or None where the text is not one."""
    if len(text) > _LONGEST_TEXT or not (text == "%" or _UNIT_TEXT.fullmatch(text)):
        return None
    import pint

    try:
        return _registry().parse_units(text)
    except (pint.PintError, ValueError, AttributeError):
        return None


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry()
    # without these the library reads "units" as micro-nits
    for name in ("unit", "item", "trial", "failure"):
        registry.define(f"{name} = count")
    for name, plural in _COUNTED.items():
        registry.define(f"{name} = [{name}] = _ = {plural}")
    return registry


def _unlike(from_unit: str, to_unit: str) -> UnlikeUnitsError:
    return UnlikeUnitsError(
        f"units: found '{from_unit}' and '{to_unit}', which measure different things; "
        "allowed: two units of one kind; mend one of the two unit columns"
    )
