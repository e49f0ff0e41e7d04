from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.files.apostrophe import marked, unmarked


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=st.text("=+-@\t'#a ", min_size=0, max_size=6))
def test_the_mark_is_undone_exactly(text: str) -> None:
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "#a", "'a"])
def test_texts_that_a_program_could_run_get_an_apostrophe(text: str) -> None:
    assert marked(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["'s-Hertogenbosch", "'", "text", ""])
def test_other_cells_are_read_as_they_stand(cell: str) -> None:
    assert unmarked(cell) == cell
