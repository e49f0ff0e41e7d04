"""Addresses of cells."""

from __future__ import annotations

import pytest
from tests.deal.checks.case import SOUND

from dronedeal.deal.address import Address, KeyIndex, UnreadableAddressError, read_address


@pytest.mark.parametrize("text", ["prices[scout/*/2027].unit_price", "prices[scout, *, 2027].unit_price"])
def test_key_cells_stand_between_slashes_or_commas(text: str) -> None:
    assert read_address(text) == Address("prices", ("scout", "*", "2027"), "unit_price")


@pytest.mark.parametrize(
    "text", ["prices[scout].unit_price", "lines[away].return_share", "trials[#3].n_successes"]
)
def test_an_address_reads_back_from_its_text(text: str) -> None:
    assert str(read_address(text)) == text


@pytest.mark.parametrize(
    ("text", "found", "words"),
    [
        ("prices", "'prices'", "write it in that form"),
        ("prices[a][b].unit_price", "'prices[a][b].unit_price'", "write it in that form"),
        ("Prices[scout].unit_price", "'Prices'", "did you mean 'prices'?"),
        ("trails[#1].version", "'trails'", "did you mean 'trials'?"),
        ("trials[scout].version", "'scout'", "write trials[#1].column for the first one"),
        ("trials[#0].version", "'#0'", "count the rows below the headings"),
        ("prices[scout].Unit_price", "'Unit_price'", "did you mean 'unit_price'?"),
        ("lines[a/b].country", "2 key cells", "give at most 1 key cells: id"),
    ],
)
def test_an_address_that_cannot_be_read_says_what_and_why(text: str, found: str, words: str) -> None:
    with pytest.raises(UnreadableAddressError) as fault:
        read_address(text)
    assert fault.value.found == found
    assert words in fault.value.next_step
    assert fault.value.allowed


@pytest.mark.parametrize(
    "key", [("scout",), ("*",), ("*", "", "2027"), ("scout", "", "2027", "0"), ("gone",)]
)
def test_the_index_finds_the_rows_that_a_plain_search_finds(key: tuple[str, ...]) -> None:
    def is_meant(row: object) -> bool:
        own = [getattr(row, name) for name in ("system", "line", "fiscal_year", "tier_from")][: len(key)]
        written = [
            "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in own
        ]
        return all(asked in ("*", cell) for asked, cell in zip(key, written, strict=True))

    expected = [number for number, row in enumerate(SOUND.prices) if is_meant(row)]
    assert KeyIndex(SOUND).rows("prices", key) == expected
    assert expected or key == ("gone",)


def test_the_index_says_what_may_stand_in_the_next_key_cell() -> None:
    assert KeyIndex(SOUND).next_cells("prices", ()) == {row.system for row in SOUND.prices}
    years = {str(row.fiscal_year) for row in SOUND.prices if row.system == "scout" and row.line is None}
    assert KeyIndex(SOUND).next_cells("prices", ("scout", "")) == years


def test_rows_of_a_table_without_a_key_are_counted_from_one() -> None:
    index, count = KeyIndex(SOUND), len(SOUND.trials)
    assert index.rows("trials", ("#1",)) == [0]
    assert index.rows("trials", (f"#{count}",)) == [count - 1]
    assert index.rows("trials", (f"#{count + 1}",)) == []
    assert index.rows("trials", ("*",)) == list(range(count))
    assert index.next_cells("trials", ()) == {f"#{number + 1}" for number in range(count)}
