from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.strategies import PLAIN_SETTINGS, SETTINGS, awkward_deal, deals

from dronedeal.deal import TABLES, Deal
from dronedeal.deal.systems import System
from dronedeal.errors import CommandError
from dronedeal.files import read_deal, write_folder


def read_back(deal: Deal, *, comments: bool = False) -> Deal:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(deal, f"{folder}/deal", comments=comments)
        return read_deal(f"{folder}/deal")


def assert_same(found: Deal, deal: Deal) -> None:
    assert found == deal
    assert found.digest == deal.digest  # also tells 0.0 from -0.0


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=6, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_folder_reads_back_as_the_same_deal(name: str, data: st.DataObject) -> None:
    deal = data.draw(deals(tables=[name]))
    assert_same(read_back(deal, comments=data.draw(st.booleans())), deal)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(drawn=SETTINGS)
def test_the_settings_of_a_folder_read_back_the_same(drawn: object) -> None:
    deal = Deal(settings=drawn)  # type: ignore[arg-type]
    assert_same(read_back(deal), deal)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(deal=deals(tables=["systems", "lines", "budgets", "rules"], settings=SETTINGS))
def test_several_tables_and_settings_read_back_together(deal: Deal) -> None:
    assert_same(read_back(deal), deal)


def test_texts_that_look_like_something_else_read_back_in_every_table() -> None:
    deal = awkward_deal()
    assert_same(read_back(deal, comments=True), deal)


def test_the_rows_of_each_owner_stand_in_the_folder_of_the_owner(tmp_path: Path) -> None:
    deal = awkward_deal()
    write_folder(deal, tmp_path / "deal")
    found = {path.relative_to(tmp_path / "deal").as_posix() for path in (tmp_path / "deal").rglob("*.csv")}
    assert found == {f"{table.owner}/{name}.csv" for name, table in TABLES.items()}


def test_rows_of_mixed_owners_are_grouped_in_reading_order(tmp_path: Path) -> None:
    def system(name: str) -> System:
        given = {"id": name, "name": name, "maker": "m", "supplier": "s", "domain": "air", "role": "strike"}
        return System.model_validate(given)

    mixed = Deal(
        settings=PLAIN_SETTINGS,
        systems=(system("one"), system("two"), system("three")),
        owners={"systems": ("seller", "shared", "seller")},
    )
    write_folder(mixed, tmp_path / "deal")
    found = read_deal(tmp_path / "deal")
    assert [row.id for row in found.systems] == ["two", "one", "three"]
    assert found.owners == {"systems": ("shared", "seller", "seller")}


def test_no_text_of_a_csv_cell_begins_like_a_formula(tmp_path: Path) -> None:
    import csv

    write_folder(awkward_deal(), tmp_path / "deal")
    for path in (tmp_path / "deal").rglob("*.csv"):
        table = TABLES[path.stem]
        kinds = {column.name: column.kind for column in table.columns}
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                texts = [cell for name, cell in row.items() if kinds[name] in ("text", "text_list")]
                assert not [cell for cell in texts if cell[:1] in ("=", "+", "-", "@", "\t")]


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("keep me")
    with pytest.raises(CommandError, match="holds files already; choose another name, or allow overwriting"):
        write_folder(Deal(settings=PLAIN_SETTINGS), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_overwriting_replaces_the_tables_and_keeps_other_files(tmp_path: Path) -> None:
    full = awkward_deal()
    write_folder(full, tmp_path / "deal")
    (tmp_path / "deal/README.md").write_text("keep me")
    (tmp_path / "deal/buyer/estimates").mkdir()
    (tmp_path / "deal/buyer/estimates/lines.csv").write_text("old estimate")
    small = Deal(settings=PLAIN_SETTINGS, branches=full.branches)
    write_folder(small, tmp_path / "deal", overwrite=True)
    assert_same(read_deal(tmp_path / "deal"), small)
    assert (tmp_path / "deal/README.md").read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deal"]
