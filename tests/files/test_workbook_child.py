from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.files.hostile import HEADER_ROW, raw_workbook, sheet_xml

from dronedeal.files import workbook_child
from dronedeal.files.workbook_child import SharedText, StopError


def output(path: Path) -> list[dict[str, Any]]:
    program = str(Path(workbook_child.__file__))
    done = subprocess.run(
        [sys.executable, "-I", program, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_cells_of_every_sheet_are_printed_with_their_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "one"
    sheet.append(
        ["text", 1, 1.5, True, dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 12), dt.time(8), "=1+1", "#N/A"]
    )
    sheet.merge_cells("B3:C4")
    hidden = book.create_sheet("two")
    hidden.sheet_state = "veryHidden"
    hidden["B2"] = "x"
    book.save(tmp_path / "deal.xlsx")
    assert output(tmp_path / "deal.xlsx") == [
        {"sheet": "one"},
        {
            "row": 1,
            "cells": [
                [1, "s", "text"],
                [2, "n", 1],
                [3, "n", 1.5],
                [4, "b", True],
                [5, "d", "2026-03-01"],
                [6, "t", "2026-03-01T12:00:00"],
                [7, "x", ["time", "08:00:00"]],
                [8, "x", ["formula", "=1+1"]],
                [9, "x", ["error", "#N/A"]],
            ],
        },
        {"merged": [[3, 2, 4, 3]]},
        {"sheet": "two"},
        {"row": 2, "cells": [[2, "s", "x"]]},
        {"merged": []},
        {"end": True},
    ]


def test_the_pieces_of_a_rich_text_are_joined_and_reading_aids_left_out(tmp_path: Path) -> None:
    text = "<si><r><t>a_x0041_</t></r><r><t>_x0042_x</t></r><rPh><t>aid</t></rPh></si>"
    strings = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{text}</sst>'
    path = raw_workbook(
        tmp_path, sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), xl__sharedStrings=strings
    )
    moved = tmp_path / "moved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(moved, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "[Content_Types].xml":
                part = (
                    '<Override PartName="/xl/sharedStrings" '
                    'ContentType="application/vnd.openxmlformats-officedocument.'
                    'spreadsheetml.sharedStrings+xml"/></Types>'
                )
                content = content.replace("</Types>", part)
            new.writestr(name, content)
    assert output(moved)[1] == {"row": 1, "cells": [[1, "s", "aABx"]]}


@pytest.mark.parametrize(
    ("data_type", "value", "expected"),
    [
        ("s", "a_x0041_", ("s", "aA")),
        ("s", SharedText("a_x0041_"), ("s", "a_x0041_")),
        ("n", 10**400, ("x", ["number", "1" + "0" * 59])),
        ("n", -1e301, ("x", ["number", "-1e+301"])),
        ("s", "x" * 32_768, ("x", ["long", "32,768 characters"])),
        ("d", dt.timedelta(hours=30), ("x", ["time", "1 day, 6:00:00"])),
    ],
)
def test_a_value_has_one_type(data_type: str, value: Any, expected: tuple[str, object]) -> None:
    assert workbook_child._typed(data_type, value) == expected


def test_a_workbook_with_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path, sheet_xml(HEADER_ROW))
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02")  # the directory entry of the last part
    data[entry + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(StopError, match="encrypted"):
        workbook_child._check_parts(str(path))


def test_a_part_in_another_encoding_is_refused(tmp_path: Path) -> None:
    other = '<?xml version="1.0" encoding="cp037"?><x/>'
    with pytest.raises(StopError, match="encoding") as stop:
        workbook_child._check_parts(
            str(raw_workbook(tmp_path, sheet_xml(HEADER_ROW), **{"xl__other.xml": other}))
        )
    assert stop.value.details == {"part": "xl/other.xml", "found": "cp037"}


def test_an_entity_on_the_border_of_two_chunks_is_found(tmp_path: Path) -> None:
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    padding = " " * (workbook_child._CHUNK - len(start) - 4)
    part = f"{start}{padding}<!DOCTYPE x []><x/>"
    with pytest.raises(StopError, match="entities"):
        workbook_child._check_parts(
            str(raw_workbook(tmp_path, sheet_xml(HEADER_ROW), **{"xl__other.xml": part}))
        )


def test_nothing_of_this_package_is_loaded_in_the_reading_process() -> None:
    source = Path(workbook_child.__file__).read_text()
    assert "import dronedeal" not in source
    assert "from dronedeal" not in source
