from __future__ import annotations

import datetime as dt

import pytest

from dronedeal.deal import TABLES
from dronedeal.files.cell_text import cell_text


@pytest.mark.parametrize(
    ("table", "column", "value", "text"),
    [
        ("prices", "unit_price", 1500.0, "1500"),
        ("prices", "unit_price", 0.1 + 0.2, "0.30000000000000004"),
        ("prices", "unit_price", 1e15, "1000000000000000.0"),
        ("clauses", "lower", -0.0, "-0.0"),
        ("prices", "maximum", None, ""),
        ("attributes", "is_tested", False, "false"),
        ("trials", "date", dt.date(2026, 3, 1), "2026-03-01"),
        ("trials", "n_trials", 12, "12"),
        ("systems", "other_roles", (), ""),
        ("systems", "other_roles", ("a", "b"), "a; b"),
        ("projects", "cost_by_year", (), ";"),
        ("projects", "cost_by_year", (1.0, 2.5), "1; 2.5"),
        ("rules", "origin", ("a;b", "c\\d"), "a\\;b; c\\\\d"),
    ],
)
def test_a_value_has_one_text(table: str, column: str, value: object, text: str) -> None:
    assert cell_text(value, TABLES[table].column(column)) == text
