"""Amounts in base-year money of the deal's currency, and discount factors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.small_deals import SELLER, deal

from dronedeal.assessment import Valuation
from dronedeal.deal import Deal, Party
from dronedeal.deal.funds import Budget, Index, Rate
from dronedeal.deal.production import Component
from dronedeal.deal.terms import Price
from dronedeal.errors import InputError

PARTIES = (
    Party(
        id="north", name="N", role="buyer", fiscal_year_start=10, discount_rate=0.21, escalation_index="pay"
    ),
    SELLER,
)
INDICES = tuple(
    Index(id="pay", fiscal_year=year, value=value, kind="procurement")
    for year, value in ((2027, 80.0), (2028, 84.0), (2029, 100.0))
)
RATES = (Rate(id="EUR", fiscal_year=2027, value=1.25), Rate(id="EUR", fiscal_year=2029, value=1.5))


def worth() -> Valuation:
    return Valuation(deal(parties=PARTIES, indices=INDICES, rates=RATES))


def part(**changes: object) -> Component:
    row = {"id": "motor", "name": "Motor", "category": "motor", "origin": "UA", "unit_cost": 60.0}
    return Component.model_validate(row | changes)


def test_base_year_amounts_of_the_deal_currency_are_unchanged() -> None:
    assert worth().base_amount(60.0, part(), party="north", year=2029) == 60.0


def test_base_year_amounts_take_the_rate_of_the_price_base_year() -> None:
    assert worth().base_amount(60.0, part(currency="EUR"), party="north", year=2029) == 75.0


def test_then_year_amounts_take_the_rate_of_their_year_and_lose_escalation() -> None:
    # 60 EUR × 1.5 USD/EUR = 90 USD of 2029; prices have risen by 100/80 = 1.25, so 72 USD of 2027
    row = part(currency="EUR", price_basis="then_year")
    assert worth().base_amount(60.0, row, party="north", year=2029) == pytest.approx(72.0, rel=1e-15)


def test_parties_without_an_index_see_stable_prices() -> None:
    row = part(price_basis="then_year")
    assert worth().base_amount(60.0, row, party="river", year=2050) == 60.0


def test_index_is_one_in_the_price_base_year() -> None:
    assert [worth().index("north", year) for year in (2027, 2028, 2029)] == [1.0, 1.05, 1.25]


def test_discount_factors_compound_by_the_year_and_start_at_one() -> None:
    assert worth().discount("north", 0) == 1.0
    assert worth().discount("north", 12) == pytest.approx(1 / 1.21, rel=1e-15)
    assert worth().discount("north", 6) == pytest.approx(1 / 1.1, rel=1e-15)
    assert list(worth().discounts("north")) == pytest.approx([1.1 ** (-t / 6) for t in range(24)])
    assert set(worth().discounts("river")) == {1.0}


def test_each_party_has_its_own_fiscal_years() -> None:
    assert list(worth().buyer_years.names) == [2027, 2028, 2029]
    assert list(worth().seller_years.names) == [2027, 2028]


@given(
    amount=st.floats(0, 1e12),
    scale=st.sampled_from([10.0**k for k in range(-3, 6)]),
    year=st.sampled_from([2027, 2029]),
)
@settings(deadline=None, max_examples=50, derandomize=True)
def test_worth_is_proportional_to_the_amount(amount: float, scale: float, year: int) -> None:
    row = part(currency="EUR", price_basis="then_year")
    whole = worth().base_amount(amount * scale, row, party="north", year=year)
    assert whole == pytest.approx(
        scale * worth().base_amount(amount, row, party="north", year=year), rel=1e-12
    )


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (
            lambda v: v.rate("EUR", 2028),
            "exchange rate of EUR to USD: no value for fiscal year 2028; known years: 2027, 2029; "
            "add the row to table rates",
        ),
        (
            lambda v: v.rate("GBP", 2027),
            "exchange rate of GBP to USD: no value for fiscal year 2027; no year of it is known; "
            "add the row to table rates",
        ),
        (
            lambda v: v.index("north", 2031),
            'escalation index "pay" of party "north": no value for fiscal year 2031; '
            "known years: 2027, 2028, 2029; add the row to table indices",
        ),
        (
            lambda v: v.discount("south", 1),
            'party "south" is not in deal.yaml; known parties: north, river',
        ),
        (lambda v: v.index("south", 2027), 'party "south" is not in deal.yaml; known parties: north, river'),
    ],
)
def test_what_is_missing_is_named_with_the_next_step(ask: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(worth())  # type: ignore[operator]
    assert str(caught.value) == words


def test_an_index_without_the_price_base_year_is_an_error() -> None:
    late = deal(parties=PARTIES, indices=INDICES[1:])
    with pytest.raises(InputError, match="no value for fiscal year 2027"):
        Valuation(late).index("north", 2028)


def test_budgets_voted_in_then_year_money_shrink_to_base_year_prices() -> None:
    row = Budget(branch="army", fiscal_year=2029, appropriation="buy", amount=500.0)
    assert worth().base_amount(row.amount, row, party="north", year=2029) == pytest.approx(400.0)


def test_a_valuation_needs_nothing_but_settings() -> None:
    bare = Deal(deal().settings)
    assert Valuation(bare).base_amount(7.0, part(), party="river", year=2027) == 7.0


@pytest.mark.parametrize(("share", "paid"), [(0.0, 1000), (1.0, 1200), (0.5, 1100)])
def test_escalation_clause_lets_a_share_of_the_price_follow_its_index(share: float, paid: float) -> None:
    """Wages rise by 20 % to 2028, prices by 5 %: what is paid in 2028 loses these 5 %."""
    wages = [Index(id="wages", fiscal_year=2027 + n, value=10 + 2 * n, kind="labour") for n in range(2)]
    valuation = Valuation(deal(parties=PARTIES, indices=(*INDICES, *wages)))
    row = Price(
        system="kite",
        fiscal_year=2028,
        unit_price=1000,
        price_basis="then_year",
        escalation_index="wages",
        escalation_share=share,
    )
    assert valuation.unit_price(row, party="north", year=2028) == pytest.approx(paid / 1.05)
