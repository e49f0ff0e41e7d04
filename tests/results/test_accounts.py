"""The yearly tables of a plan."""

from __future__ import annotations

import pytest
from tests.planning.small_deal import small_deal
from tests.results.solved import plan_of, read_solution

from dronedeal.results import accounts
from dronedeal.results.reading import Reading


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_solution(small_deal())[0]


@pytest.mark.parametrize("kind", ["joint", "buyer", "seller"])
def test_items_add_up_to_the_utilities_of_the_problem(kind: str) -> None:
    reading, _ = read_solution(small_deal(), kind)  # type: ignore[arg-type]
    items = accounts.utility_items(reading)
    stated = reading.problem.utility @ reading.values + reading.problem.utility_constant
    # A seller's plan leaves the buyer's coverage uncounted in its columns; the table counts what is there.
    for number, party in enumerate(("buyer", "seller")):
        if (kind, party) == ("seller", "buyer"):
            continue
        total = sum(row["amount"] for row in items if row["party"] == party)
        assert total == pytest.approx(stated[number] * 1e6, rel=1e-9)


def test_costs_are_negative_and_receipts_positive(reading: Reading) -> None:
    costs = {"payments", "production", "fixed_cost", "investment"}
    for row in accounts.utility_items(reading):
        assert (row["amount"] <= 0) if row["item"] in costs else True
        assert (row["amount"] >= 0) if row["item"] in {"coverage", "receipts", "home_supply"} else True


def test_purchases_add_up_the_shipments() -> None:
    rows = [
        {
            "fiscal_year": 2027,
            "branch": "army",
            "requirement": "scouting",
            "system": system,
            "line": line,
            "quantity": quantity,
            "amount": 10 * quantity,
            "amount_then_year": 11 * quantity,
        }
        for system, line, quantity in (("kite", "home", 2.0), ("hawk", None, 1.0), ("kite", "home", 3.0))
    ]
    totals = accounts.purchases(rows, is_whole=False)
    assert [(row["system"], row["line"], row["quantity"], row["amount"]) for row in totals] == [
        ("hawk", None, 1.0, 10.0),
        ("kite", "home", 5.0, 50.0),
    ]


def test_whole_purchases_are_free_of_the_rounding_errors_of_their_months() -> None:
    names = ("fiscal_year", "branch", "requirement", "system", "line")
    key = dict(zip(names, (2027, "army", "scouting", "kite", "home"), strict=True))
    rows = [key | {"quantity": 0.1, "amount": 1.0, "amount_then_year": 1.0} for _ in range(10)]
    assert sum(row["quantity"] for row in rows) != 1.0
    assert accounts.purchases(rows, is_whole=True)[0]["quantity"] == 1.0


def test_every_stated_quantity_has_its_coverage_row() -> None:
    plan = plan_of(small_deal())
    stated = {(row.requirement, row.fiscal_year) for row in small_deal().requirement_quantities}
    assert {(row["requirement"], row["fiscal_year"]) for row in plan.tables["coverage"]} == stated


def test_budgets_balance_what_is_voted_spent_and_left() -> None:
    for row in plan_of(small_deal()).tables["budgets"]:
        left = row["amount_then_year"] - row["spent"] + row["overspent"]  # type: ignore[operator]
        assert row["left"] == pytest.approx(left, abs=1e-3)
