from __future__ import annotations

import pytest

from dronedeal.deal import TABLES
from dronedeal.files.describe import column_note, default_text


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("prices", "unit_price", "required"),
        ("prices", "maximum", "may be blank"),
        ("systems", "other_roles", "may be blank"),
        ("prices", "tier_from", "default 0"),
        ("attributes", "is_tested", "default false"),
        ("trials", "condition", "default any"),
    ],
)
def test_a_column_says_what_a_blank_cell_means(table: str, column: str, text: str) -> None:
    assert default_text(TABLES[table].column(column)) == text


def test_a_note_names_unit_choices_and_the_table_that_is_referred_to() -> None:
    table = TABLES["prices"]
    assert "[units per year]" in column_note(table.column("maximum"))
    assert "one of base_year, then_year" in column_note(table.column("price_basis"))
    assert "(from `systems`)" in column_note(table.column("system"))
