"""Money and time."""

from tests.deal.refuse import assert_refuses

from dronedeal.deal.funds import Budget, Index, Rate


def test_a_budget_is_then_year_money_of_one_year_unless_told() -> None:
    cells = {"branch": "army", "fiscal_year": 2027, "appropriation": "procurement", "amount": 5}
    budget = Budget(**cells)
    assert (budget.price_basis, budget.years_valid) == ("then_year", 1)
    assert_refuses(Budget, cells, amount=-1, years_valid=0, price_basis="real")


def test_price_levels_and_rates_are_above_zero() -> None:
    assert_refuses(
        Index, {"id": "i", "fiscal_year": 2027, "value": 100, "kind": "producer"}, value=0, kind="guess"
    )
    assert_refuses(Rate, {"id": "UAH", "fiscal_year": 2027, "value": 0.02}, value=0, id="hryvnia")
