from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.files.hostile import HEADER_ROW, cell, raw_workbook, sheet_xml

from dronedeal.files import workbook
from dronedeal.files.workbook import read_sheets


def child_that_prints(path: Path, *lines: Any) -> Path:
    """A stand-in for the reading process."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    program = path / "child.py"
    program.write_text(f"print({text!r}, end='')")
    return program


def test_rows_without_cells_do_not_appear_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    rows = f'<row r="7">{cell("A7", "# c")}</row><row r="9"/><row r="12">{cell("C12", "x")}</row>'
    sheets, findings = read_sheets(raw_workbook(tmp_path, sheet_xml(HEADER_ROW + rows)), "deal.xlsx")
    assert findings == []
    assert [sheet.name for sheet in sheets] == ["branches"]
    found = [(row.line, list(row.cells)) for row in sheets[0].raw_table("deal.xlsx").rows]
    assert found == [(1, ["id", "party", "name"]), (12, [None, None, "x"])]


def test_a_reading_process_that_ends_early_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_CHILD", child_that_prints(tmp_path, {"sheet": "lines"}))
    _, (finding,) = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert str(finding).startswith(
        "deal.xlsx, sheet lines: error [workbook] the workbook takes too long to read"
    )


@pytest.mark.parametrize(
    "line", [{"row": 1, "cells": [[1]]}, {"unknown": 1}, [1], {"row": 1, "cells": [[1, "d", "x"]]}]
)
def test_a_line_that_makes_no_sense_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: Any
) -> None:
    monkeypatch.setattr(
        workbook, "_CHILD", child_that_prints(tmp_path, {"sheet": "lines"}, line, {"end": True})
    )
    _, (finding,) = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert "the workbook cannot be read from here on" in str(finding)


def test_a_reading_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "child.py"
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(workbook, "_CHILD", program)
    monkeypatch.setattr(workbook, "WORKBOOK_SECONDS", 0.5)
    _, (finding,) = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert "the workbook takes too long to read" in str(finding)


def test_more_cells_than_allowed_are_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"row": number, "cells": [[1, "n", 1], [2, "n", 2]]} for number in range(1, 100)]
    monkeypatch.setattr(
        workbook, "_CHILD", child_that_prints(tmp_path, {"sheet": "lines"}, *rows, {"end": True})
    )
    monkeypatch.setattr(workbook, "MAX_WORKBOOK_CELLS", 20)
    sheets, (finding,) = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert "the workbook has too many cells; allowed: at most 20 cells" in str(finding)
    assert len(sheets[0].rows) == 11


def test_the_whole_output_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"row": 1, "cells": [[1, "s", "x" * 5_000]]}
    monkeypatch.setattr(
        workbook, "_CHILD", child_that_prints(tmp_path, {"sheet": "lines"}, row, {"end": True})
    )
    monkeypatch.setattr(workbook, "MAX_WORKBOOK_CHARACTERS", 1_000)
    sheets, (finding,) = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert "too many cells" in str(finding)
    assert sheets[0].rows == []


def test_merged_areas_keep_their_top_left_cell_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"row": number, "cells": [[1, "n", number], [2, "n", number]]} for number in (1, 2, 4)]
    merged = {"merged": [[2, 1, 4, 2]]}
    lines = ({"sheet": "lines"}, *rows, merged, {"end": True})
    monkeypatch.setattr(workbook, "_CHILD", child_that_prints(tmp_path, *lines))
    sheets, _ = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert sheets[0].rows == [{1: 1, 2: 1}, {1: 2}, {}]


def test_the_reading_process_is_isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "child.py"
    words = "json.dumps({'sheet': str(sys.flags.isolated) + ' ' + sys.executable})"
    program.write_text(f"import json, sys; print({words}); print(json.dumps({{'end': True}}))")
    monkeypatch.setattr(workbook, "_CHILD", program)
    sheets, findings = read_sheets(tmp_path / "deal.xlsx", "deal.xlsx")
    assert (sheets[0].name, findings) == (f"1 {sys.executable}", [])
