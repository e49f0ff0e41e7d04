"""Unit conversion, against the unit library and published definitions."""

import itertools
import subprocess
import sys

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError, UnlikeUnitsError
from dronedeal.quantities import units
from dronedeal.quantities.units import are_like, convert, is_unit


@pytest.fixture(scope="module")
def registry() -> "pint.UnitRegistry[float]":
    return pint.UnitRegistry()


def test_every_pair_of_common_units_agrees_with_the_unit_library(
    registry: "pint.UnitRegistry[float]",
) -> None:
    physical = [unit for unit, (dimension, _) in units._COMMON.items() if dimension not in units._COUNTED]
    assert len(physical) > 30
    for first, second in itertools.permutations(physical, 2):
        source, target = registry.parse_units(first), registry.parse_units(second)
        if source.dimensionality == target.dimensionality:
            expected = registry.Quantity(12.5, source).to(target).magnitude
            assert convert(12.5, first, second) == pytest.approx(expected, rel=1e-12), (first, second)
        else:
            with pytest.raises(UnlikeUnitsError):
                convert(12.5, first, second)


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (36.0, "km/h", "m/s", 10.0),
        (1.0, "nmi", "km", 1.852),
        (85.0, "%", "1", 0.85),
        (0.85, "1", "percent", 85.0),
        (1.0, "1/h", "1/d", 24.0),
        (20.0, "degC", "degF", 68.0),
        (2.0, "kW*h", "MJ", 7.2),
        (3.0, "m²", "cm^2", 30_000.0),
        (5.0, "units", "1", 5.0),
        (2.0, "units/month", "units/year", 24.0),
        (2.0, "1/sortie", "1/sorties", 2.0),
        (3.0, "launches", "launch", 3.0),
        (3.0, "launches/h", "launch/d", 72.0),
    ],
)
def test_published_conversions(value: float, from_unit: str, to_unit: str, expected: float) -> None:
    assert convert(value, from_unit, to_unit) == pytest.approx(expected, rel=1e-12)


@given(
    st.floats(-1e15, 1e15),
    st.sampled_from(["m", "km", "nmi", "mi", "ft"]),
    st.sampled_from(["m", "km", "nmi", "mi", "ft"]),
)
@settings(deadline=None, max_examples=100)
def test_there_and_back_gives_the_value_again(value: float, first: str, second: str) -> None:
    assert convert(convert(value, first, second), second, first) == pytest.approx(
        value, rel=1e-14, abs=1e-300
    )


def test_unlike_units_are_both_named() -> None:
    with pytest.raises(UnlikeUnitsError) as caught:
        convert(1.0, "km", "kg")
    assert str(caught.value) == (
        "units: found 'km' and 'kg', which measure different things; allowed: two units of one kind; "
        "mend one of the two unit columns"
    )
    with pytest.raises(UnlikeUnitsError, match="'kW\\*h' and 'km'"):
        convert(1.0, "kW*h", "km")


def test_a_text_that_is_no_unit_is_named() -> None:
    with pytest.raises(InputError) as caught:
        convert(1.0, "klicks", "km")
    assert not isinstance(caught.value, UnlikeUnitsError)
    assert str(caught.value) == (
        "unit: found 'klicks', which is not a unit; allowed: unit symbols such as km, kg, h, m/s, 1/h or %, "
        "and 1 for a pure number; mend the unit column"
    )


@pytest.mark.parametrize(
    "text",
    ["9**9**9**9", "m^99", "2 km", "km/", "(" * 50, "m" * 100, "__import__('os')", "", " km", "1e9", "m//s"],
)
def test_texts_that_the_library_would_have_to_compute_are_no_units(text: str) -> None:
    assert not is_unit(text)


def test_counted_events_of_two_kinds_are_unlike() -> None:
    for first, second in (
        ("sorties", "launches"),
        ("1/sortie", "1/launch"),
        ("mission", "1"),
        ("flights", "h"),
    ):
        with pytest.raises(UnlikeUnitsError):
            convert(1.0, first, second)


def test_likeness_of_units() -> None:
    assert are_like("knot", "km/h")
    assert are_like("klicks", "klicks")
    assert not are_like("klicks", "km")
    assert not are_like("%", "km")


def test_equal_texts_and_common_units_do_not_load_the_unit_library() -> None:
    code = (
        "import sys; from dronedeal.quantities.units import convert\n"
        "assert convert(5.0, 'sorties', 'sorties') == 5.0\n"
        "assert convert(5.0, 'km', 'm') == 5000.0\n"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
