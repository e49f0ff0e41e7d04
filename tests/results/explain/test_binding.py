"""What one more unit is worth, against the optimum with one more unit."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import held_optimum, read_solution

from dronedeal.deal import Deal
from dronedeal.deal.address import KeyIndex, read_address
from dronedeal.results.explain import binding
from dronedeal.results.explain.registry import HANDED_ON, TERMS, term_of
from dronedeal.results.reading import Reading


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_solution(tight())[0]


def rows_of(reading: Reading, kind: str) -> list[dict[str, Any]]:
    return [row for row in binding(reading) if row["kind"] == kind]


def tight() -> Deal:
    """The small deal with half the money."""
    deal = small_deal()
    return deal.with_table(
        "budgets", [row.model_copy(update={"amount": row.amount / 2}) for row in deal.budgets]
    )


def change(reading: Reading, table: str, number: int, **update: float) -> float:
    """How the optimum changes with one row changed, openings and steps held."""
    deal = reading.deal
    rows = list(deal.table(table))
    rows[number] = rows[number].model_copy(update=update)
    return held_optimum(deal.with_table(table, rows), reading) - held_optimum(deal, reading)


def test_budget_dual_lies_between_the_gain_of_a_little_more_and_the_loss_of_a_little_less(
    reading: Reading,
) -> None:
    rows = rows_of(reading, "budget")
    assert rows
    for row in rows:
        branch, appropriation = row["subject"].split(" / ")
        number = next(
            n
            for n, budget in enumerate(reading.deal.budgets)
            if (budget.branch, budget.appropriation, budget.fiscal_year)
            == (branch, appropriation, row["fiscal_year"])
        )
        amount = reading.deal.budgets[number].amount
        more = change(reading, "budgets", number, amount=amount + 100.0) / 100.0
        less = change(reading, "budgets", number, amount=amount - 100.0) / -100.0
        # The optimum is concave in the money, and at a kink any slope between the two sides is a dual.
        assert more - 1e-3 <= row["dual"] <= less + 1e-3
        assert less <= 1.01 * more


def test_own_need_dual_is_the_cost_of_a_little_more_asked(reading: Reading) -> None:
    rows = rows_of(reading, "home_need")
    for row in rows:
        number = next(
            n for n, need in enumerate(reading.deal.home_needs) if need.fiscal_year == row["fiscal_year"]
        )
        need = reading.deal.home_needs[number]
        months = {2028: 3, 2029: 1}[need.fiscal_year]
        more = need.required_share + 0.01 * 12 / months / need.quantity
        assert change(reading, "home_needs", number, required_share=more) == pytest.approx(
            0.01 * row["dual"], rel=1e-3
        )


def test_maximum_dual_is_the_gain_of_one_more_on_sale() -> None:
    deal = small_deal()
    prices = [
        row.model_copy(update={"unit_price": 900.0, "maximum": 150.0}) if row.system == "hawk" else row
        for row in deal.prices
    ]
    deal = deal.with_table("prices", prices)
    reading, _ = read_solution(deal)
    rows = rows_of(reading, "price_maximum")
    assert rows
    for row in rows:
        number = next(
            n
            for n, price in enumerate(prices)
            if price.system == "hawk" and price.fiscal_year == row["fiscal_year"]
        )
        more = list(prices)
        more[number] = more[number].model_copy(update={"maximum": 150.0 + 0.06})
        gain = held_optimum(deal.with_table("prices", more), reading) - held_optimum(deal, reading)
        assert gain == pytest.approx(row["dual"] * 0.01, rel=1e-4)


def test_rows_stand_in_the_order_of_their_total_effect(reading: Reading) -> None:
    rows = binding(reading)
    assert rows
    assert all(row["words"] and row["unit"] for row in rows)


def test_every_family_of_rows_says_what_it_is_in_the_words_of_the_contract(reading: Reading) -> None:
    families = set(reading.problem.rows)
    assert families - HANDED_ON - set(TERMS) == set()
    assert not HANDED_ON & set(TERMS)


def test_the_address_of_every_term_names_one_cell_of_the_deal(reading: Reading) -> None:
    for family in set(TERMS) & set(reading.problem.rows):
        for offset in range(reading.problem.rows[family].count):
            found = term_of(reading, family, offset)
            if found.address.startswith("settings."):
                assert attrgetter(found.address)(reading.deal) is not None
            else:
                address = read_address(found.address)
                assert len(KeyIndex(reading.deal).rows(address.table, address.key)) == 1
            assert found.says
            assert found.unit
            assert found.size >= 0
