"""The one schema: every table and column says what it is, and agrees with the records."""

import math
from typing import Any

import pytest
from pydantic import ValidationError
from tests.deal.sound_deal import sound_deal

from dronedeal.deal import TABLES, Column, Deal, Table
from dronedeal.deal.record import OWNERS, Record

NUMERIC = ("integer", "number", "fraction", "number_list")
SOUND = sound_deal()


def name_of(value: object) -> str:
    return value.name if isinstance(value, Table | Column) else str(value)


def example(table: Table) -> dict[str, Any]:
    """The cells of the first sound row of a table."""
    return SOUND.table(table.name)[0].model_dump(exclude_unset=True)


def first_value(table: Table, column: Column) -> Any:
    """A sound value of a column, from the first row that states it."""
    return next((v for row in SOUND.table(table.name) if (v := getattr(row, column.name)) is not None), None)


def test_the_tables_are_those_of_a_deal() -> None:
    fields = [name for name in Deal.__dataclass_fields__ if name in TABLES]
    assert fields == list(TABLES)
    for name in TABLES:
        assert isinstance(SOUND.table(name), tuple)


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_every_table_says_what_a_row_is_has_an_owner_and_a_key_of_its_columns(table: Table) -> None:
    assert table.meaning.endswith(".")
    assert "\n" not in table.meaning
    assert table.owner in OWNERS
    assert set(table.key) <= {column.name for column in table.columns}


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_every_column_says_what_it_means_and_what_it_holds(table: Table) -> None:
    for column in table.columns:
        assert len(column.meaning) > 3, column.name
        assert column.meaning[0].isupper() or column.meaning[0] == "`", column.name
        assert column.kind in WRONG, column.name
        assert column.allowed, column.name
        assert (column.kind == "choice") == bool(column.choices), column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_every_numeric_column_has_a_unit_and_no_other_one_has(table: Table) -> None:
    for column in table.columns:
        assert bool(column.unit) == (column.kind in NUMERIC), column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_references_lead_to_tables_with_ids(table: Table) -> None:
    for column in table.columns:
        if column.refers_to:
            assert column.kind in ("id", "id_list"), column.name
            assert column.refers_to == "parties" or "id" in TABLES[column.refers_to].key, column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_provenance_stands_last_in_every_table_of_records(table: Table) -> None:
    names = [column.name for column in table.columns]
    if issubclass(table.record, Record):
        assert names[-3:] == ["source", "basis", "note"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_required_columns_must_be_filled_and_others_have_the_stated_default(table: Table) -> None:
    for column in table.columns:
        cells = {name: value for name, value in example(table).items() if name != column.name}
        if column.is_required:
            with pytest.raises(ValidationError, match="Field required"):
                table.record(**cells)
        else:
            assert getattr(table.record(**cells), column.name) == column.default, column.name


WRONG: dict[str, list[Any]] = {
    "id": ["", "two words", "-x", "a" * 65, "é", 7],
    "text": ["", " x", "x ", "a\tb", "a\x00b", "x" * 4001],
    "integer": [1.5, "x", -1, math.nan, 10**13],
    "number": [math.nan, math.inf, -math.inf, "x", 1e16],
    "fraction": [-0.01, 1.01, math.nan, "x"],
    "boolean": ["perhaps", 2],
    "date": ["2026-02-30", "2026-13-01", "yesterday"],
    "partial_date": ["26", "2026-13", "2026-02-30", "2026-1"],
    "month": ["2026", "2026-13", "2026-1", "2026-01-01"],
    "fiscal_year": [1989, 2101, 2027.5, "x"],
    "choice": ["something_else", ""],
    "id_list": [("two words",), 7],
    "number_list": [(math.nan,), (-1.0,), ("x",)],
    "text_list": [("",), 7],
}


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_columns_hold_what_their_kind_says_and_nothing_else(table: Table) -> None:
    for column in table.columns:
        cells, good = example(table), first_value(table, column)
        if good is not None:
            assert getattr(table.record(**{**cells, column.name: good}), column.name) == good, column.name
        for value in WRONG[column.kind]:
            with pytest.raises(ValidationError):
                table.record(**{**cells, column.name: value})


@pytest.mark.parametrize("table", TABLES.values(), ids=name_of)
def test_unknown_columns_are_refused_and_rows_are_frozen(table: Table) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        table.record(**example(table), colour="red")
    row = SOUND.table(table.name)[0]
    with pytest.raises(ValidationError, match="frozen"):
        setattr(row, table.columns[0].name, getattr(row, table.columns[0].name))


def test_a_column_is_found_by_its_name() -> None:
    assert TABLES["prices"].column("royalty").unit == "share of price"
    with pytest.raises(KeyError):
        TABLES["prices"].column("royalties")


def test_what_is_allowed_stands_in_words() -> None:
    assert TABLES["lines"].column("status").allowed == "existing, candidate"
    assert TABLES["trials"].column("n_trials").allowed == "a whole number of at least 0"
    assert TABLES["line_systems"].column("yield_rate").allowed == "a number above 0"
    assert TABLES["requirement_quantities"].column("fiscal_year").allowed == "a fiscal year from 1990 to 2100"
