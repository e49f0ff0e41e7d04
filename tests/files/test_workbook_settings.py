from __future__ import annotations

from typing import Any

import pytest
from tests.files.strategies import PLAIN_SETTINGS
from tests.files.test_workbook_reader import SETTING_ROWS

from dronedeal.deal import Place, Settings
from dronedeal.files.findings import FindingLog
from dronedeal.files.grid import RawRow, RawTable
from dronedeal.files.workbook_settings import read_settings_sheet


def read(rows: list[list[Any]]) -> tuple[Settings | None, list[str]]:
    log = FindingLog(Place("deal.xlsx"))
    raw = [RawRow(number, cells) for number, cells in enumerate(rows, start=1)]
    settings, _ = read_settings_sheet(RawTable("deal.xlsx", "deal", raw, is_csv=False), log)
    return settings, [str(finding) for finding in log.findings]


def test_the_sheet_gives_the_same_settings_as_the_file() -> None:
    assert read(SETTING_ROWS) == (PLAIN_SETTINGS, [])


def test_other_columns_and_another_order_of_columns_do_no_harm() -> None:
    rows = [["note", "value", "key"], *(["x", row[1], row[0]] for row in SETTING_ROWS[1:])]
    assert read(rows) == (PLAIN_SETTINGS, [])


def test_a_key_without_a_value_says_none() -> None:
    settings, words = read([*SETTING_ROWS, ["evidence.half_life_months"], ["evidence.confidence", 0.9]])
    assert words == []
    assert settings is not None
    assert (settings.evidence.half_life_months, settings.evidence.confidence) == (None, 0.9)


def test_numbers_may_be_stored_as_text_and_texts_as_numbers() -> None:
    rows = [["title", 2026] if row[0] == "title" else [row[0], str(row[1])] for row in SETTING_ROWS]
    settings, words = read(rows)
    assert words == []
    assert settings is not None
    assert (settings.title, settings.months) == ("2026", 24)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ["months", 30],
            "cell A14: error [settings] the key stands twice; found 'months'; allowed: one row of a key; ",
        ),
        (
            ["titel", "x"],
            "cell A14: error [settings] there is no key of this name in the settings; found 'titel'",
        ),
        (["two words", "x"], "cell A14: error [settings] this is no key of the settings; found 'two words'"),
        ([None, "x"], "cell A14: error [settings] this is no key of the settings; found ''"),
        (
            ["parties.4.id", "x"],
            "cell A14: error [settings] the key does not fit the keys above it; "
            "found 'parties.4.id'; "
            "allowed: numbers that count on from 0; the next is 2",
        ),
        (["parties.1", "x"], "cell A14: error [settings] the key does not fit the keys above it"),
        (["months.x", "x"], "cell A14: error [settings] the key does not fit the keys above it"),
        (
            ["evidence.confidence", 9],
            "cell B14 (evidence.confidence): error [settings] the setting evidence.confidence; found 9",
        ),
    ],
)
def test_an_error_stands_at_its_cell(row: list[Any], words: str) -> None:
    (found,) = read([*SETTING_ROWS, row])[1]
    assert found.startswith(f"deal.xlsx, sheet deal, {words}")


@pytest.mark.parametrize("header", [["key"], ["a", "b"], ["key", "key", "value"]])
def test_the_columns_key_and_value_must_be_named(header: list[Any]) -> None:
    (found,) = read([header, *SETTING_ROWS[1:]])[1]
    assert found.startswith(
        "deal.xlsx, sheet deal, row 1: error [header] the settings need the columns key and value"
    )
