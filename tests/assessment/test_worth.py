"""Values of requirements from statements: in money, checked against what each statement says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.small_deals import deal, price, requirement, system

from dronedeal.assessment import Worths, completed, with_worth
from dronedeal.deal import Deal
from dronedeal.deal.funds import Rate
from dronedeal.deal.requirements import Preference
from dronedeal.errors import InputError


def said(name: str = "s", need: str = "patrol", **cells: Any) -> Preference:
    return Preference(**{"id": name, "requirement": need, "kind": "amount", **cells})


def blank(name: str = "patrol", **cells: Any) -> Any:
    return requirement(name, **{"value_threshold": None, "value_objective": None, **cells})


def stating(*preferences: Preference, needs: tuple[Any, ...] = (), **tables: Any) -> Deal:
    return deal(requirements=needs or (blank(),), preferences=preferences, **tables)


def test_an_amount_and_a_share_of_it_fill_both_values() -> None:
    half = said("h", part="objective", kind="substitute", low=0.5, other_requirement="patrol")
    (row,) = with_worth(stating(said(low=3000.0), half)).requirements
    assert row.worth == (3000.0, 1500.0)
    assert row.currency is None


def test_a_range_gives_the_value_halfway_in_proportion() -> None:
    found = Worths(stating(said(low=100.0, high=400.0), said("o", part="objective", low=50.0)))
    assert found.values == {("patrol", "threshold"): 200.0, ("patrol", "objective"): 50.0}
    (first, _) = found.table()
    assert (first.lowest, first.highest) == (100.0, 400.0)
    assert first.said == ("preferences 's': a unit of 'patrol' up to its threshold is worth 100 to 400",)


def test_a_unit_beyond_the_threshold_is_worth_no_more_than_one_up_to_it() -> None:
    found = Worths(stating(said(low=100.0), said("o", part="objective", low=80.0, high=500.0)))
    (_, beyond) = found.table()
    assert (beyond.lowest, beyond.highest) == (80.0, 100.0)


def test_a_substitute_is_worth_its_price_in_the_money_of_the_deal() -> None:
    prices = (
        price("falcon", 2027, unit_price=1000.0, currency="EUR"),
        price("falcon", 2028, unit_price=1210.0, currency="EUR"),
        price("falcon", 2028, tier_from=100.0, unit_price=1.0, currency="EUR"),
    )
    offer: dict[str, Any] = {
        "prices": prices, "systems": (system("falcon"),),
        "rates": (Rate(id="EUR", fiscal_year=2027, value=1.25),),
    }  # fmt: skip
    beyond = said("o", part="objective", low=1.0)
    every = stating(said(kind="substitute", low=2.0, system="falcon"), beyond, **offer)
    assert Worths(every).values["patrol", "threshold"] == pytest.approx(2 * 1.25 * 1100.0)
    one = stating(said(kind="substitute", system="falcon", fiscal_year=2028), beyond, **offer)
    assert Worths(one).values["patrol", "threshold"] == 1.25 * 1210.0
    assert Worths(one).said[1].statement.words() == "a 'falcon' at its price in 2028 is worth 1,512.5"


def test_a_stated_value_is_one_statement_more_and_is_kept() -> None:
    needs = (requirement("patrol", value_threshold=900.0, value_objective=300.0), blank("depot"))
    like = said("d", "depot", kind="substitute", low=0.5, other_requirement="patrol")
    less = said("e", "depot", part="objective", kind="substitute", low=1.0, other_requirement="patrol",
                other_part="objective")  # fmt: skip
    given_deal = stating(like, less, needs=needs)
    filled = with_worth(given_deal)
    assert filled.requirements[0] is given_deal.requirements[0]
    assert filled.requirements[1].worth == (450.0, 300.0)


def test_what_nothing_bounds_stays_blank_and_says_so_when_it_is_asked_for() -> None:
    (row,) = with_worth(
        stating(said(kind="ranking", other_requirement="patrol", other_part="objective"))
    ).requirements
    assert row.value_threshold is None
    with pytest.raises(
        InputError, match="requirement 'patrol': value_threshold is blank; state it, or say in"
    ):
        assert row.worth


def test_of_statements_that_contradict_the_last_is_set_aside_and_both_are_named() -> None:
    found = Worths(stating(said(low=100.0), said("t", low=200.0), said("o", part="objective", low=1.0)))
    ((contradiction, statements),) = found.contradictions
    assert [each.name for each in statements] == ["preferences 's'", "preferences 't'"]
    assert contradiction.words == (
        "\"a unit of 'patrol' up to its threshold is worth 200\" cannot be true together with "
        "\"a unit of 'patrol' up to its threshold is worth 100\""
    )
    assert found.values["patrol", "threshold"] == 100.0


def test_a_completed_deal_keeps_the_digest_of_what_was_stated_and_is_given_back() -> None:
    stated = stating(said(low=3000.0), said("o", part="objective", low=1.0))
    filled = completed(stated)
    assert filled.digest == stated.digest
    assert filled.stated is stated
    assert completed(filled) is filled


@settings(max_examples=25, deadline=None)
@given(
    st.floats(10, 1e5), st.floats(1, 5), st.floats(0.1, 1), st.floats(1, 3), st.floats(0.01, 100),
)  # fmt: skip
def test_values_scale_with_the_money_that_statements_are_made_in(
    low: float, wide: float, share: float, more: float, factor: float
) -> None:
    def of(scale: float) -> dict[tuple[str, str], float]:
        amount = said(low=low * scale, high=low * wide * scale)
        beyond = said("o", part="objective", kind="substitute", low=share / more, high=share,
                      other_requirement="patrol")  # fmt: skip
        return Worths(stating(amount, beyond)).values

    one, many = of(1.0), of(factor)
    assert {key: value * factor for key, value in one.items()} == pytest.approx(many, rel=1e-9)
    assert low * (1 - 1e-9) <= one["patrol", "threshold"] <= low * wide * (1 + 1e-9)
    ratio = one["patrol", "objective"] / one["patrol", "threshold"]
    assert share / more * (1 - 1e-9) <= ratio <= share * (1 + 1e-9)


def test_a_row_of_another_currency_becomes_one_of_the_deals() -> None:
    need = requirement("patrol", value_threshold=100.0, value_objective=None, currency="EUR")
    half = said(part="objective", kind="substitute", low=0.5, other_requirement="patrol")
    found = with_worth(stating(half, needs=(need,), rates=(Rate(id="EUR", fiscal_year=2027, value=1.25),)))
    assert found.requirements[0].worth == (125.0, 62.5)
    assert replace(found, requirements=()).requirements == ()
