"""Units of the values of clauses."""

from __future__ import annotations

from pathlib import Path

import pytest

import dronedeal
from dronedeal.deal.clause_unit import clause_unit
from dronedeal.deal.clauses import Clause

DEAL = dronedeal.read(Path(__file__).resolve().parents[2] / "deals" / "ukraine-us")


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("price_fpv", "USD per unit, base-year 2027"),
        ("royalty", "share of price"),
        ("licence_fee", "USD, base-year 2027"),
        ("chinese_components", "share"),
        ("joint_production", "share"),
        ("firm_quantity", "units per year"),
        ("advance", "share of price"),
        ("re_export", None),
        ("component_date", None),
        ("intellectual_property", None),
    ],
)
def test_a_clause_has_the_unit_of_the_cells_that_take_its_value(name: str, unit: str | None) -> None:
    clause = next(each for each in DEAL.clauses if each.id == name)
    assert clause_unit(DEAL, clause) == unit


def test_a_row_in_another_currency_and_basis_says_so() -> None:
    row = DEAL.prices[0].model_copy(update={"currency": "EUR", "price_basis": "then_year"})
    deal = DEAL.with_table("prices", [row])
    clause = Clause(id="price", kind="price", subject="prices[*].unit_price")
    assert clause_unit(deal.with_table("clauses", [clause]), clause) == "EUR per unit, then-year"


def test_cells_of_unlike_units_have_none() -> None:
    clause = Clause(id="limits", kind="limits", subject="rules[*].limit")
    assert clause_unit(DEAL.with_table("clauses", [clause]), clause) is None
