"""Hostile input ends in addressed errors, soon and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.files.hostile import CASES

from dronedeal.files import limits

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0
MEBIBYTES = 512

EXPECTED = {
    "far_corner_cell": ("deal.xlsx, sheet branches, cell XFD1048576", "a cell stands far outside the table"),
    "wide_dimension": ("deal.xlsx, sheet branches, cell A2 (id)", "found '='"),
    "zip_bomb": ("deal.xlsx", "the workbook is too large once unpacked"),
    "many_parts": ("deal.xlsx", "the workbook has too many parts"),
    "entity_expansion": ("deal.xlsx", "the workbook defines entities (DOCTYPE)"),
    "entities_hidden_by_the_encoding": ("deal.xlsx", "a part of the workbook is not UTF-8; found UTF-16"),
    "million_rows_in_a_workbook": ("deal.xlsx", "a sheet has too many rows"),
    "workbook_that_hides_its_size": ("deal.xlsx, sheet branches", "the workbook takes too long to read"),
    "endless_formulas": ("deal.xlsx, sheet branches, cell A2 (id)", "found the formula =A1+2"),
    "overlapping_merged_areas": ("deal.xlsx, sheet branches", "too many or overlapping merged areas"),
    "huge_cell_in_a_workbook": ("deal.xlsx", "unpacks to many times its size"),
    "long_cell_in_a_workbook": (
        "deal.xlsx, sheet branches, cell A2 (id)",
        "found a text of 40,000 characters",
    ),
    "damaged_sheet": ("deal.xlsx, sheet branches", "the workbook cannot be read from here on"),
    "rows_out_of_order": ("deal.xlsx, sheet branches, row 1", "found rows that are not in order"),
    "formulas": ("deal.xlsx, sheet branches, cell A2 (id)", "found the formula =1+1"),
    "strict_workbook": ("deal.xlsx", "“Strict Open XML”"),
    "not_a_zip": ("deal.xlsx", "not an .xlsx workbook, or it is damaged"),
    "cut_workbook": ("deal.xlsx", "not an .xlsx workbook, or it is damaged"),
    "zip_of_something_else": ("deal.xlsx", "the workbook cannot be read from here on"),
    "password_protected": ("deal.xlsx", "protected by a password, or it has the old .xls format"),
    "folder_named_like_a_workbook": ("deal.xlsx", "this is not a regular file"),
    "yaml_alias_bomb": ("deal.yaml, line 1, column 5", "an anchor (`&name`) is not allowed"),
    "yaml_tag": ("deal.yaml, line 2, column 8", "a tag (`!name`) is not allowed"),
    "deep_yaml": ("deal.yaml, line 1, column 17", "the keys are nested too deeply"),
    "deep_block_yaml": ("deal.yaml, line 1, column 3", "a key must be a plain word"),
    "wide_yaml": ("deal.yaml, line 1, column 40003", "too many keys and values"),
    "long_yaml_scalar": ("deal.yaml, line 1, column 8 (title)", "found a text of 239,999 characters"),
    "large_yaml": ("deal.yaml", "the file is too large; found 10,000,000 bytes"),
    "yaml_with_nul": ("deal.yaml, line 2", "found byte 0x00 at byte 9 of the line"),
    "settings_in_utf_16": ("deal.yaml, line 1", "found a UTF-16 byte order mark"),
    "million_rows": ("buyer/branches.csv, line 200002", "the table has too many rows"),
    "wrong_rows_up_to_the_limit": ("buyer/branches.csv, line 2, column 1 (id)", "found '!'"),
    "huge_cell": ("buyer/branches.csv", "the file is too large; found 100,000,021 bytes"),
    "long_cell": ("buyer/branches.csv, line 2, column 3 (name)", "found a text of 40,000 characters"),
    "million_commas": ("buyer/branches.csv, line 2, column 201", "more than 10000 cells"),
    "million_columns": ("buyer/branches.csv, line 1, column 201", "more than 10000 cells"),
    "open_quotes": ("buyer/branches.csv, line 2, column 3", "text follows the closing quotation mark"),
    "quotes_all_over": (
        "buyer/branches.csv, line 2, column 1",
        "a quotation mark is opened and never closed",
    ),
    "table_in_utf_16": ("buyer/branches.csv, line 1", "found a UTF-16 byte order mark"),
    "table_in_latin_1": ("buyer/branches.csv, line 2", "found byte 0xF6 at byte 7 of the line"),
    "nul_byte": ("buyer/branches.csv, line 2", "found byte 0x00 at byte 7 of the line"),
    "folder_where_a_table_should_be": ("buyer/branches.csv", "a folder stands where a file should be"),
    "folder_where_the_settings_should_be": ("deal.yaml", "a folder stands where a file should be"),
    "file_where_a_folder_should_be": ("buyer", "a file stands where a folder should be"),
    "table_is_a_link": ("buyer/branches.csv", "links may lead out of the deal folder"),
    "folder_is_a_link": ("buyer", "links may lead out of the deal folder"),
    "settings_are_a_link": ("deal.yaml", "links may lead out of the deal folder"),
    "table_is_a_pipe": ("buyer/branches.csv", "this is not a regular file"),
    "name_that_is_no_text": ("buyer/\\udcff\\n.csv", "there is no table of this name"),
    "empty_folder": ("deal.yaml", "the deal folder has no settings"),
    "missing_path": ("nowhere", "there is no such file or folder"),
    "missing_workbook": ("nowhere.xlsx", "there is no such file or folder"),
    "path_with_nul": ("a\\x00b", "there is no such file or folder"),
    "some_other_file": ("deal.txt", "this is not a deal"),
}


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Any]]:
    """What came of each case, read in processes of their own so that time and memory can be told."""
    command = [sys.executable, "-m", "tests.files.hostile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_every_hostile_case_says_what_it_expects() -> None:
    assert CASES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_hostile_input_ends_soon_in_an_addressed_error(name: str, results: dict[str, dict[str, Any]]) -> None:
    place, words = EXPECTED[name]
    result = results[name]
    assert [text for address, text in result["findings"] if address.endswith(place) and words in text]
    assert result["seconds"] < SECONDS
    assert result["memory"] < MEBIBYTES


def test_the_errors_shown_for_one_table_are_limited_and_the_others_counted(
    results: dict[str, dict[str, Any]],
) -> None:
    findings = results["wrong_rows_up_to_the_limit"]["findings"]
    assert len(findings) == limits.MAX_SHOWN_FINDINGS + 1
    assert "4801 more errors here; allowed: the first 200 are shown" in findings[-1][1]
    assert findings[-1][1].endswith("nothing was read from line 1669 on")
