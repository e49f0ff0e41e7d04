"""Exact amounts: nothing is lost, unlike amounts never mix."""

import operator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError, MoneyError
from dronedeal.quantities.money import Money, minor_digits, total

minors = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(["USD", "UAH", "JPY", "KWD", "CLF"])
amounts = st.builds(
    lambda minor, currency, basis, year: Money(minor, currency, basis=basis, year=year),
    minors,
    currencies,
    st.sampled_from(["base_year", "then_year"]),
    st.integers(1990, 2100),
)
weight_lists = st.lists(
    st.one_of(
        st.integers(0, 10**6),
        st.decimals(0, 100, places=3),
        st.fractions(0, 10, max_denominator=97),
    ),
    min_size=1,
    max_size=12,
).filter(lambda weights: any(weight > 0 for weight in weights))


def usd(minor: int, year: int = 2026) -> Money:
    return Money(minor, "USD", basis="base_year", year=year)


@given(amounts, weight_lists)
@settings(deadline=None, max_examples=100)
def test_a_split_sums_to_the_whole(money: Money, weights: list[int | Decimal | Fraction]) -> None:
    assert sum(part.minor for part in money.split(weights)) == money.minor


@given(amounts, weight_lists)
@settings(deadline=None, max_examples=100)
def test_every_part_is_within_one_minor_unit_of_its_exact_share(
    money: Money, weights: list[int | Decimal | Fraction]
) -> None:
    whole = sum(Fraction(weight) for weight in weights)
    for part, weight in zip(money.split(weights), weights, strict=True):
        assert abs(part.minor - money.minor * Fraction(weight) / whole) < 1
        assert weight != 0 or part.minor == 0
        assert (part.currency, part.basis, part.year) == (money.currency, money.basis, money.year)


@given(amounts, weight_lists)
@settings(deadline=None, max_examples=50)
def test_a_split_of_the_opposite_amount_is_the_opposite_split(
    money: Money, weights: list[int | Decimal | Fraction]
) -> None:
    assert (-money).split(weights) == tuple(-part for part in money.split(weights))


def test_left_over_minor_units_go_to_the_largest_fractions_and_to_the_earlier_part_on_a_tie() -> None:
    assert [part.minor for part in usd(10).split([1, 1, 1, 1])] == [3, 3, 2, 2]
    assert [part.minor for part in usd(10).split([5, 26, 69])] == [0, 3, 7]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_weights_that_cannot_share_out_are_refused(weights: list[int]) -> None:
    with pytest.raises(MoneyError, match="allowed: numbers of at least 0, at least one above 0"):
        usd(10).split(weights)


def test_float_weights_are_refused() -> None:
    with pytest.raises(MoneyError, match=r"weight: found 0\.5 of type float"):
        usd(10).split([0.5, 0.5])  # type: ignore[list-item]


@given(amounts)
@settings(deadline=None, max_examples=100)
def test_text_and_back_gives_the_same_amount(money: Money) -> None:
    assert Money.from_text(str(money)) == money


@given(amounts)
@settings(deadline=None, max_examples=100)
def test_the_amount_in_currency_units_is_exact(money: Money) -> None:
    again = Money.of(money.amount, money.currency, basis=money.basis, year=money.year)
    assert again == money
    assert money.amount.as_tuple().exponent == -minor_digits(money.currency)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(123456, "USD", basis="base_year", year=2026), "1234.56 USD, base year 2026"),
        (Money(-5, "USD", basis="then_year", year=2028), "-0.05 USD, then year 2028"),
        (Money(1234, "JPY", basis="base_year", year=2026), "1234 JPY, base year 2026"),
        (Money(1234, "KWD", basis="base_year", year=2026), "1.234 KWD, base year 2026"),
    ],
)
def test_text_has_the_minor_digits_of_the_currency(money: Money, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize("text", ["", "12 USD", "1e3 USD, base year 2026", "12.345 USD, base year 2026"])
def test_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.from_text(text)


@given(minors, minors)
@settings(deadline=None, max_examples=100)
def test_sums_and_differences_are_those_of_the_minor_units(first: int, second: int) -> None:
    assert (usd(first) + usd(second)).minor == first + second
    assert (usd(first) - usd(second)).minor == first - second
    assert (usd(first) < usd(second)) == (first < second)
    assert (usd(first) >= usd(second)) == (first >= second)


@pytest.mark.parametrize(
    "other",
    [
        Money(100, "EUR", basis="base_year", year=2026),
        Money(100, "USD", basis="then_year", year=2026),
        Money(100, "USD", basis="base_year", year=2027),
    ],
)
@pytest.mark.parametrize(
    "operation",
    [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge, Money.ratio],
)
def test_unlike_amounts_never_mix_and_both_are_named(operation: object, other: Money) -> None:
    with pytest.raises(MoneyError) as caught:
        operation(usd(100), other)  # type: ignore[operator]
    assert str(usd(100)) in str(caught.value)
    assert str(other) in str(caught.value)


def test_unlike_amounts_are_unequal_and_like_ones_equal() -> None:
    assert usd(100) != Money(100, "EUR", basis="base_year", year=2026)
    assert len({usd(100), usd(100), usd(100, year=2027)}) == 2


def test_the_words_of_an_unlike_addition() -> None:
    with pytest.raises(MoneyError) as caught:
        usd(100) + Money(100, "USD", basis="then_year", year=2028)
    assert str(caught.value) == (
        "cannot add 1.00 USD, base year 2026 and 1.00 USD, then year 2028; allowed: amounts of one currency, "
        "price basis and year; convert one of them first"
    )


def test_a_plain_number_cannot_be_added() -> None:
    with pytest.raises(MoneyError, match="allowed: two amounts of Money"):
        usd(100) + 1  # type: ignore[operator]


def test_a_float_multiplier_is_refused_with_the_decimal_to_write() -> None:
    with pytest.raises(MoneyError) as caught:
        usd(100) * 0.1  # type: ignore[operator]
    assert str(caught.value) == (
        "factor: found 0.1 of type float, which is not exact; allowed: int, Decimal or Fraction; "
        "write Decimal('0.1') for the number as it reads"
    )


@pytest.mark.parametrize("factor", [True, "2", Decimal("NaN"), Decimal("Infinity")])
def test_multipliers_that_are_not_numbers_are_refused(factor: object) -> None:
    with pytest.raises(MoneyError):
        usd(100) * factor  # type: ignore[operator]


def test_exact_products_need_no_rounding_and_others_must_name_one() -> None:
    assert usd(100) * Decimal("0.25") == 25 * usd(1)
    with pytest.raises(MoneyError, match=r"0\.33333333333333333333 USD, which is not a whole number"):
        usd(100) * Fraction(1, 3)
    assert usd(100).times(Fraction(1, 3), rounding="ceiling") == usd(34)


def test_an_amount_between_two_minor_units_needs_a_named_rounding() -> None:
    with pytest.raises(MoneyError, match="name a rounding"):
        Money.of("0.005", "USD", basis="base_year", year=2026)
    assert Money.of("0.005", "USD", basis="base_year", year=2026, rounding="half_up") == usd(1)
    assert Money.of("0.005", "KWD", basis="base_year", year=2026).minor == 5


@pytest.mark.parametrize("amount", ["1e9", "nan", "1,000", " 1", "0x10", "1_000"])
def test_amounts_are_read_from_plain_digits_only(amount: str) -> None:
    with pytest.raises(MoneyError, match="allowed: digits with at most one point"):
        Money.of(amount, "USD", basis="base_year", year=2026)


@pytest.mark.parametrize(
    ("minor", "currency", "basis"),
    [(1.0, "USD", "base_year"), (True, "USD", "base_year"), (1, "usd", "base_year"), (1, "USD", "real")],
)
def test_fields_of_another_kind_are_refused(minor: object, currency: str, basis: str) -> None:
    with pytest.raises(MoneyError, match="allowed"):
        Money(minor, currency, basis=basis, year=2026)  # type: ignore[arg-type]


def test_totals_are_exact_and_an_empty_total_is_refused() -> None:
    assert total([usd(1), usd(2), usd(3)]) == usd(6)
    with pytest.raises(MoneyError, match="found no amount"):
        total([])


def test_ratios_are_exact() -> None:
    assert usd(100).ratio(usd(300)) == Fraction(1, 3)
    with pytest.raises(MoneyError, match="a divisor other than zero"):
        usd(100).ratio(usd(0))


def test_the_sign_can_be_turned_and_dropped() -> None:
    assert abs(-usd(7)) == usd(7)
    assert -usd(7) < usd(0) <= usd(0)


def test_an_amount_is_frozen_and_its_errors_are_the_users() -> None:
    with pytest.raises(AttributeError):
        usd(1).minor = 2  # type: ignore[misc]
    assert issubclass(MoneyError, InputError)
