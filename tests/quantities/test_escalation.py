"""Base-year and then-year money, there and back."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError, MoneyError
from dronedeal.quantities.escalation import Escalation
from dronedeal.quantities.money import Money

CASES = 100_000


def base(minor: int, year: int = 2026) -> Money:
    return Money(minor, "USD", basis="base_year", year=year)


def test_base_year_to_then_year_and_back_is_within_one_minor_unit() -> None:
    draw = random.Random(20260101)
    indices = []
    for _ in range(200):
        levels = {year: round(draw.uniform(60.0, 160.0), draw.randrange(5)) for year in range(2020, 2036)}
        indices.append(Escalation(levels, 2026))
    worst = 0
    for case in range(CASES):
        escalation = indices[case % len(indices)]
        money = base(draw.randrange(-(10**13), 10**13))
        then = escalation.to_then_year(money, draw.randrange(2020, 2036))
        worst = max(worst, abs(escalation.to_base_year(then).minor - money.minor))
    assert worst <= 1


@given(
    st.integers(-(10**12), 10**12),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)
@settings(deadline=None, max_examples=200)
def test_the_round_trip_stays_within_the_stated_bound_for_any_levels(
    minor: int, level: int, base_level: int
) -> None:
    escalation = Escalation({2026: float(base_level), 2030: float(level)}, 2026)
    again = escalation.to_base_year(escalation.to_then_year(base(minor), 2030))
    bound = max(1, int(Fraction(1, 2) + Fraction(base_level, 2 * level)))
    assert abs(again.minor - minor) <= bound


@given(st.integers(0, 10**9), st.integers(1, 2000), st.integers(1, 2000))
@settings(deadline=None, max_examples=100)
def test_then_year_money_is_the_product_rounded_half_to_even(minor: int, level: int, base_level: int) -> None:
    escalation = Escalation({2026: base_level / 10, 2030: level / 10}, 2026)
    then = escalation.to_then_year(base(minor), 2030)
    assert then.minor == round(Fraction(minor * level, base_level))
    assert (then.basis, then.year) == ("then_year", 2030)


def test_levels_count_as_the_decimals_that_they_read_as() -> None:
    escalation = Escalation({2026: 0.1, 2027: 0.3}, 2026)
    assert escalation.exact_factor(2027) == 3
    assert escalation.factor(2027) == 3.0
    assert escalation.exact_factor(2026) == Fraction(Decimal(1))


def test_the_base_year_itself_changes_nothing_but_the_basis() -> None:
    escalation = Escalation({2026: 117.3, 2027: 120.0}, 2026)
    then = escalation.to_then_year(base(12_345), 2026)
    assert then == Money(12_345, "USD", basis="then_year", year=2026)
    assert escalation.to_base_year(then) == base(12_345)


def test_a_missing_year_is_named_with_the_years_there_are() -> None:
    escalation = Escalation({2027: 102.0, 2026: 100.0}, 2026, name="index 'procurement'")
    for ask in (
        lambda: escalation.factor(2031),
        lambda: escalation.to_then_year(base(1), 2031),
        lambda: escalation.to_base_year(Money(1, "USD", basis="then_year", year=2031)),
    ):
        with pytest.raises(InputError) as caught:
            ask()
        assert str(caught.value) == (
            "index 'procurement': no level for fiscal year 2031; there are levels for: 2026, 2027; "
            "add a row for 2031 to the table `indices`"
        )


def test_a_missing_base_year_is_found_when_the_index_is_made() -> None:
    with pytest.raises(InputError, match="no level for fiscal year 2025; there are levels for: 2026"):
        Escalation({2026: 100.0}, 2025)


@pytest.mark.parametrize("level", [0.0, -1.0, float("nan"), float("inf")])
def test_levels_must_be_finite_and_above_zero(level: float) -> None:
    with pytest.raises(InputError, match="fiscal year 2027: found level"):
        Escalation({2026: 100.0, 2027: level}, 2026)


def test_money_of_another_base_or_basis_is_refused() -> None:
    escalation = Escalation({2026: 100.0, 2027: 102.0}, 2026)
    with pytest.raises(MoneyError, match="allowed: base-year money of 2026"):
        escalation.to_then_year(base(1, year=2024), 2027)
    with pytest.raises(MoneyError, match="allowed: base-year money of 2026"):
        escalation.to_then_year(Money(1, "USD", basis="then_year", year=2026), 2027)
    with pytest.raises(MoneyError, match="allowed: then-year money"):
        escalation.to_base_year(base(1))
