"""What differs between deals."""

from __future__ import annotations

import pytest
from tests.deal.sound_deal import added, changed, sound_deal, with_party, without

from dronedeal.deal import TABLES, Place
from dronedeal.deal.difference import NO_ROW, input_differences

DEAL = sound_deal()


def test_equal_deals_do_not_differ_whatever_the_order_of_their_rows() -> None:
    turned = DEAL
    for name in TABLES:
        turned = turned.with_table(name, DEAL.table(name)[::-1])
    assert input_differences([DEAL, sound_deal()]) == ()
    assert input_differences([DEAL, turned]) == ()


def test_a_changed_cell_is_named_with_its_values_and_its_place() -> None:
    (found,) = input_differences([DEAL, changed(DEAL, "prices", 0, unit_price=1250)])
    assert found.address == "prices[scout//2027/0].unit_price"
    assert found.values == (1000, 1250)
    assert found.relative(1) == pytest.approx(0.25)
    assert (found.text(0), found.text(1)) == ("1000", "1250")
    assert found.unit == "currency per unit"
    assert found.place == Place("table prices", 1, None, "unit_price")


def test_a_row_that_one_deal_lacks_is_named_as_a_whole() -> None:
    (found,) = input_differences([DEAL, without(DEAL, "prices", 1)])
    assert found.address == "prices[scout/away/2027/0]"
    assert found.values == ("unit_price 1100, royalty 0.1, basis assumption, note Made up", NO_ROW)
    assert found.places[1] is None
    assert found.relative(1) is None


def test_a_new_row_is_found_too() -> None:
    (found,) = input_differences([DEAL, added(DEAL, "prices", unit_price=7, fiscal_year=2028)])
    assert found.address == "prices[scout//2028/0]"
    assert found.values[0] == NO_ROW


def test_rows_of_a_table_without_a_key_are_told_apart_by_all_their_cells() -> None:
    found = input_differences([DEAL, changed(DEAL, "trials", 0, n_successes=15), added(DEAL, "trials", 1)])
    assert [each.values for each in found] == [
        ("1 row", NO_ROW, "1 row"),
        ("1 row", "1 row", "2 equal rows"),
        (NO_ROW, "1 row", NO_ROW),
    ]


def test_settings_are_compared_key_by_key() -> None:
    (found,) = input_differences([DEAL, with_party(DEAL, 0, discount_rate=0.06)])
    assert found.address == "settings.parties[us].discount_rate"
    assert found.values == (0.03, 0.06)
    assert str(found.place) == "deal.yaml (parties.0.discount_rate)"


def test_a_blank_cell_is_no_zero() -> None:
    (found,) = input_differences([DEAL, changed(DEAL, "prices", 1, maximum=0)])
    assert (found.text(0), found.text(1)) == ("(blank)", "0")
    assert found.relative(1) is None


def test_several_deals_are_compared_with_the_first() -> None:
    others = [changed(DEAL, "prices", 0, unit_price=price) for price in (1000, 900, 1100)]
    (found,) = input_differences([DEAL, *others])
    assert [found.relative(number) for number in range(4)] == pytest.approx([0, 0, -0.1, 0.1])
