"""Cells of a table."""

from __future__ import annotations

import pytest

from dronedeal.report.grid import CellKind, Grid, GridColumn


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", "a", "a"),
        ("whole", 1234.0, "1,234"),
        ("quantity", 12.345, "12.3"),
        ("quantity", 12.0, "12"),
        ("money", 1_234_567.89, "1,234,568"),
        ("price", 850.0, "850"),
        ("price", 99.5, "99.50"),
        ("percent", 0.256, "26%"),
        ("year", 2027, "2027"),
        ("residual", 2.5e-9, "2.5e−09"),
        ("dual", -3.14159, "−3.14"),
        ("money", None, "–"),
    ],
)
def test_a_cell_is_written_by_the_kind_of_its_column(kind: CellKind, value: object, text: str) -> None:
    assert Grid("x", (GridColumn("c", kind),), ((value,),)).cells == ((text,),)


def test_a_row_that_does_not_fit_the_columns_is_refused() -> None:
    grid = Grid("x", (GridColumn("a"), GridColumn("b")), (("only one",),))
    with pytest.raises(ValueError, match="shorter"):
        _ = grid.cells
