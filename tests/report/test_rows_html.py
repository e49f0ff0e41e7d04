"""The body of a table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.page import Page

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.rows_html import table_rows

CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.tuples(CELLS, st.floats(-1e9, 1e9), CELLS), min_size=1, max_size=6))
def test_every_cell_arrives_as_text_whatever_it_holds(rows: list[tuple[str, float, str]]) -> None:
    grid = Grid("x", (GridColumn("a"), GridColumn("b", "money"), GridColumn("c")), tuple(rows))
    page = Page(f"<table>{table_rows(grid)}</table>")
    assert page.faults == []
    assert [tag for tag, _ in page.elements] == ["table"] + ["tr", "th", "td", "td"] * len(rows)
    visible = "".join("".join(cells) for cells in grid.cells)
    assert "".join(page.text.split()) == "".join(visible.split())


def test_percentages_of_a_matrix_are_marked() -> None:
    grid = Grid(
        "x", (GridColumn("s"), GridColumn("r"), GridColumn("q")), (("a", "62%", "no"),), is_matrix=True
    )
    assert table_rows(grid) == '<tr><th scope="row">a</th><td class="yes">62%</td><td>no</td></tr>'


def test_numbers_stand_right() -> None:
    grid = Grid("x", (GridColumn("y", "year"), GridColumn("n")), ((2027, "a"),))
    assert table_rows(grid) == '<tr><td class="n">2027</td><td>a</td></tr>'
