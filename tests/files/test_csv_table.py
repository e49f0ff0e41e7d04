from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.files.csv_table import first_line_beyond, scan_rows

CELLS = st.text('ab,"\n# ', max_size=5)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(grid=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5))
def test_cells_are_cut_as_the_standard_csv_module_cuts_them(grid: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(grid)
    found = [list(row.cells) for row in scan_rows(buffer.getvalue())]
    kept = [row for row in grid if not row[0].lstrip().startswith("#") and any(cell.strip() for cell in row)]
    assert found == kept


def test_every_cell_knows_the_line_where_it_begins() -> None:
    (first, second) = scan_rows('a,"two\nlines",b,"and\n\nthree"\nnext,row\n')
    assert first.cells == ["a", "two\nlines", "b", "and\n\nthree"]
    assert [first.line_of(index) for index in range(4)] == [1, 1, 2, 2]
    assert (second.line, second.line_of(1)) == (5, 5)


def test_blank_rows_and_comment_rows_are_left_out() -> None:
    text = '\n  \n,,\n# c\n"# d\ne",x\n  # f\na,b\n'
    assert [(row.line, list(row.cells)) for row in scan_rows(text)] == [(8, ["a", "b"])]


@pytest.mark.parametrize(
    ("text", "line", "column", "subject"),
    [
        ('a,b\nc,"d\ne,f\n', 2, 2, "a quotation mark is opened and never closed"),
        ('a,b\nc,"d"e\nf,g\n', 2, 2, "text follows the closing quotation mark of a cell"),
        ('a,b\nc,6" pipe\nf,g\n', 2, 2, "a quotation mark inside a cell without quotes"),
        ('a,b\n"x\ny",6" pipe\nf,g\n', 3, 2, "a quotation mark inside a cell without quotes"),
    ],
)
def test_a_broken_row_is_told_at_its_cell_and_spoils_no_other(
    text: str, line: int, column: int, subject: str
) -> None:
    found = list(scan_rows(text))
    faults = [row.fault for row in found if row.fault]
    assert [(fault.line, fault.column, fault.subject) for fault in faults] == [(line, column, subject)]
    assert found[0].cells == ["a", "b"]
    assert not found[-1].fault


def test_a_file_without_a_last_line_end_is_read_to_its_end() -> None:
    assert [list(row.cells) for row in scan_rows('a,b\n"c",d')] == [["a", "b"], ["c", "d"]]


def test_the_first_row_beyond_a_limit_is_found_without_reading_all() -> None:
    text = "h\n" + "x\n" * 5 + "# c\n" + "y\n"
    assert first_line_beyond(text, 6) is None
    assert first_line_beyond(text, 5) == 8
    assert first_line_beyond('h\n"a\nb\nc"\n', 2) is None
