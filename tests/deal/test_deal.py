"""A deal: frozen, found by table and row, and known by its content."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.sound_deal import changed, sound_deal, with_settings, without

from dronedeal.deal import TABLES, Deal, Place, RowOrigin

SOUND = sound_deal()


def test_equal_content_has_the_same_digest_wherever_it_was_read() -> None:
    origins = {"lines": (RowOrigin("lines.csv", 7), RowOrigin("lines.csv", 9))}
    read = replace(sound_deal(), origins=origins, settings_places={"title": Place("deal.yaml", 1)})
    assert read == SOUND
    assert read.digest == SOUND.digest
    assert len(read.digest) == 64


@given(st.sampled_from([(table, row) for table in TABLES for row in range(len(SOUND.table(table)))]))
@settings(deadline=None, max_examples=40)
def test_every_row_counts_in_the_digest(where: tuple[str, int]) -> None:
    assert without(SOUND, *where).digest != SOUND.digest


@pytest.mark.parametrize(
    "other",
    [
        changed(SOUND, "prices", 0, unit_price=1000.0000001),
        changed(SOUND, "lines", 0, note="Another reason"),
        changed(SOUND, "prices", 0, maximum=None),
        with_settings(SOUND, months=25),
        with_settings(SOUND, title="Another title"),
        SOUND.with_table("branches", (*SOUND.branches, *SOUND.branches)),
        SOUND.with_table("systems", SOUND.systems[::-1]),
        replace(SOUND, owners={"systems": ("seller", "seller", "shared")}),
    ],
)
def test_every_value_the_order_and_the_owners_count_in_the_digest(other: Deal) -> None:
    assert other.digest != SOUND.digest


def test_a_stated_default_and_a_blank_cell_are_the_same_content() -> None:
    assert changed(SOUND, "systems", 2, design_version=1).digest == SOUND.digest


def test_a_deal_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        SOUND.systems = ()  # type: ignore[misc]


def test_tables_are_found_by_name_only() -> None:
    assert SOUND.table("systems") is SOUND.systems
    for ask in (lambda: SOUND.table("settings"), lambda: SOUND.with_table("digest", ())):
        with pytest.raises(KeyError):
            ask()


def test_rows_belong_to_the_owner_of_their_table_unless_the_folder_says_otherwise() -> None:
    assert SOUND.owner("budgets", 0) == "buyer"
    assert SOUND.owner("lines", 1) == "seller"
    told = replace(SOUND, owners={"budgets": ("buyer", "seller")})
    assert [told.owner("budgets", row) for row in (0, 1)] == ["buyer", "seller"]


def test_addresses_are_those_of_the_file_or_of_the_table_made_in_python() -> None:
    assert str(SOUND.place("lines", 1, "operator")) == "table lines, line 2 (operator)"
    assert str(SOUND.settings_place("parties.0.role")) == "deal.yaml (parties.0.role)"
    origins = {"lines": (RowOrigin("seller/lines.csv", 3, {"operator": 4}), RowOrigin("seller/lines.csv", 6))}
    read = replace(
        SOUND, origins=origins, settings_places={"parties.0.role": Place("deal.yaml", 9, 11, "role")}
    )
    assert str(read.place("lines", 0, "operator")) == "seller/lines.csv, line 3, column 4 (operator)"
    assert str(read.settings_place("parties.0.role")) == "deal.yaml, line 9, column 11 (role)"
    assert str(read.settings_place("parties.1.role")) == "deal.yaml (parties.1.role)"


def test_another_table_takes_its_owners_and_addresses_along_and_leaves_the_others() -> None:
    read = replace(
        SOUND,
        owners={"budgets": ("seller", "seller"), "lines": ("buyer", "buyer")},
        origins={"budgets": (RowOrigin("b.csv", 2),) * 2, "lines": (RowOrigin("l.csv", 2),) * 2},
    )
    other = read.with_table("budgets", SOUND.budgets[:1])
    assert other.owner("budgets", 0) == "buyer"
    assert other.place("budgets", 0).file == "table budgets"
    assert other.owner("lines", 0) == "buyer"
    assert other.place("lines", 0).file == "l.csv"
    assert read.place("budgets", 0).file == "b.csv"


def test_a_table_is_given_where_its_side_was_read_or_an_estimate_stands_in() -> None:
    alone = replace(SOUND, sides=("shared", "buyer"))
    assert alone.is_given("systems")
    assert alone.is_given("lines")  # rows that the buyer estimates
    assert not alone.with_table("lines", []).is_given("lines")
    assert SOUND.with_table("lines", []).is_given("lines")
