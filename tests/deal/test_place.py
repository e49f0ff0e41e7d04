"""Addresses as a user reads them."""

import pytest

from dronedeal.deal.place import Place, RowOrigin, column_letters


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("lines.csv"), "lines.csv"),
        (Place("lines.csv", 4), "lines.csv, line 4"),
        (Place("lines.csv", 4, 2, "site"), "lines.csv, line 4, column 2 (site)"),
        (Place("deal.yaml", name="title"), "deal.yaml (title)"),
        (Place("deal.xlsx", sheet="lines"), "deal.xlsx, sheet lines"),
        (Place("deal.xlsx", None, 3, "site", "lines"), "deal.xlsx, sheet lines, column C (site)"),
        (Place("deal.xlsx", 4, None, None, "lines"), "deal.xlsx, sheet lines, row 4"),
        (Place("deal.xlsx", 4, 28, "site", "lines"), "deal.xlsx, sheet lines, cell AB4 (site)"),
    ],
)
def test_addresses_in_words(place: Place, words: str) -> None:
    assert str(place) == words


def test_column_letters_count_like_a_spreadsheet() -> None:
    letters = [chr(ord("A") + number) for number in range(26)]
    expected = letters + [first + second for first in letters for second in letters]
    assert [column_letters(number) for number in range(1, 26 + 26 * 26 + 1)] == expected
    assert column_letters(16384) == "XFD"


def test_a_cell_below_the_line_of_its_row_has_its_true_line() -> None:
    origin = RowOrigin("lines.csv", 5, {"id": 1, "note": 7}, cell_lines={"note": 8})
    assert origin.place("id") == Place("lines.csv", 5, 1, "id")
    assert origin.place("note") == Place("lines.csv", 8, 7, "note")
    assert origin.place("site") == Place("lines.csv", 5, None, "site")
    assert origin.place() == Place("lines.csv", 5)


def test_rows_of_a_workbook_keep_their_sheet() -> None:
    assert (
        str(RowOrigin("deal.xlsx", 3, {"id": 2}, sheet="lines").place("id"))
        == "deal.xlsx, sheet lines, cell B3 (id)"
    )
