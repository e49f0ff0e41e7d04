from __future__ import annotations

import pytest

from dronedeal.files.grid import CellValue, RawRow, RawTable, Unusable, is_blank, is_left_out


@pytest.mark.parametrize(
    ("value", "blank"), [(None, True), ("  ", True), ("x", False), (0, False), (False, False)]
)
def test_only_nothing_is_blank(value: CellValue, blank: bool) -> None:
    assert is_blank(value) is blank


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        ([], True),
        (["", None, " "], True),
        (["# c", "x"], True),
        ([" #c"], True),
        (["", "#c"], False),
        ([0, None], False),
        ([Unusable("#REF!", "mend")], False),
    ],
)
def test_blank_rows_and_comments_are_left_out(cells: list[CellValue], left_out: bool) -> None:
    assert is_left_out(cells) is left_out


def test_a_cell_stands_on_the_line_of_its_row_unless_it_begins_lower() -> None:
    assert RawRow(3, ["a", "b"]).line_of(1) == 3
    assert RawRow(3, ["a", "b"], [3, 5]).line_of(1) == 5


def test_a_place_names_the_sheet() -> None:
    table = RawTable("deal.xlsx", "prices", [], is_csv=False)
    assert str(table.place(2, 3, "line")) == "deal.xlsx, sheet prices, cell C2 (line)"
