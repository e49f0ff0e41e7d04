"""Workbooks: which sheet is which table, and the truth of the addresses of errors."""

from __future__ import annotations

import datetime as dt
import random
import re
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from tests.files.strategies import PLAIN_SETTINGS, rows

from dronedeal.deal import TABLES, Deal
from dronedeal.errors import DealFolderError
from dronedeal.files import read_deal, write_workbook
from dronedeal.files.cell_text import cell_text

MARK = "PLANTED!!"
NO_SHRINKING = (Phase.explicit, Phase.generate)  # each example starts a process
BRANCHES: list[list[Any]] = [["id", "party", "name"], ["b1", "b", "One"]]
SETTING_ROWS: list[list[Any]] = [
    ["key", "value"],
    ["format", 1],
    ["title", "Plain"],
    ["start", "2026-10"],
    ["months", 24],
    ["currency", "USD"],
    ["price_base_year", 2027],
    ["parties.0.id", "b"],
    ["parties.0.name", "B"],
    ["parties.0.role", "buyer"],
    ["parties.1.id", "s"],
    ["parties.1.name", "S"],
    ["parties.1.role", "seller"],
]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook with the settings and the named sheets; `__` stands for a point."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, grid in {"deal": SETTING_ROWS, **sheets}.items():
        sheet = book.create_sheet(name.replace("__", "."))
        for row in grid:
            sheet.append(row)
    book.save(path / "deal.xlsx")
    return path / "deal.xlsx"


def findings(path: Path, **options: Any) -> list[str]:
    with pytest.raises(DealFolderError) as fault:
        read_deal(path, **options)
    return [str(finding) for finding in fault.value.findings]


# addresses


def planted_workbook(path: Path, name: str, records: list[Any], noise: random.Random) -> str:
    """One bad cell among hidden parts, merged areas, comments and blank rows; returns its column."""
    table = TABLES[name]
    book = openpyxl.Workbook()
    settings_sheet = book.active
    settings_sheet.title = "deal"
    for row in SETTING_ROWS:
        settings_sheet.append(row)
    sheet = book.create_sheet(name)
    columns = noise.sample(table.columns, len(table.columns))
    target = noise.choice([column for column in columns if column.kind not in ("text", "text_list")])
    spread = sorted(noise.sample(range(1, 2 * len(columns) + 1), len(columns)))
    line = 1 + noise.randrange(3)
    for number, column in zip(spread, columns, strict=True):
        sheet.cell(line, number, column.name)
    bad = noise.randrange(len(records))
    for index, record in enumerate(records):
        line += 1 + noise.randrange(3)
        for number, column in zip(spread, columns, strict=True):
            text = cell_text(getattr(record, column.name), column)
            # As spreadsheets write it: what looks like a coded letter is none.
            sheet.cell(line, number).value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text) or None
            sheet.cell(line, number).data_type = "s"
        if index == bad:
            at = spread[columns.index(target)]
            sheet.cell(line, at, MARK)
            if at + 1 not in spread and noise.random() < 0.7:
                sheet.merge_cells(start_row=line, end_row=line, start_column=at, end_column=at + 1)
        if noise.random() < 0.5:
            sheet.row_dimensions[line].hidden = True
    line += 1
    sheet.cell(line, 1, "# a comment over the whole row")
    sheet.merge_cells(start_row=line, end_row=line + 2, start_column=1, end_column=spread[-1])
    for number in noise.sample(spread, 2):
        sheet.column_dimensions[get_column_letter(number)].hidden = True
    sheet.sheet_state = noise.choice(["visible", "hidden", "veryHidden"])
    book.save(path)
    return target.name


@settings(max_examples=14, deadline=None, derandomize=True, phases=NO_SHRINKING)
@given(data=st.data())
def test_the_address_of_a_bad_cell_is_the_true_one(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    records = data.draw(st.lists(rows(name), min_size=1, max_size=2))
    noise = random.Random(data.draw(st.integers(0, 2**32)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deal.xlsx"
        column = planted_workbook(path, name, records, noise)
        with pytest.raises(DealFolderError) as fault:
            read_deal(path)
        (finding,) = fault.value.findings
        place = finding.place  # type: ignore[attr-defined]
        book = openpyxl.load_workbook(path)
        assert book[place.sheet].cell(place.line, place.column).value == MARK
        assert (place.file, place.sheet, place.name) == ("deal.xlsx", name, column)


def test_every_row_and_setting_knows_its_cell(tmp_path: Path) -> None:
    grid: list[list[Any]] = [
        [None],
        ["# comment"],
        ["name", "id", None, "party"],
        [None],
        ["One", "b1", None, "b"],
    ]
    deal = read_deal(workbook(tmp_path, branches=grid))
    assert str(deal.place("branches", 0, "party")) == "deal.xlsx, sheet branches, cell D5 (party)"
    assert str(deal.settings_place("parties.1.role")) == "deal.xlsx, sheet deal, cell B13"


# sheets


def test_a_sheet_may_name_the_owner_of_its_rows(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["id", "site", "country", "operator", "status", "initial_capacity"],
        ["l", "S", "UA", "s", "existing", 5],
    ]
    more: list[list[Any]] = [lines[0], ["k", "S", "UA", "s", "existing", 5]]
    deal = read_deal(workbook(tmp_path, lines=lines, buyer__lines=more))
    assert [row.id for row in deal.lines] == ["k", "l"]
    assert deal.owners == {"lines": ("buyer", "seller")}


def test_an_estimate_is_used_only_without_the_table_itself(tmp_path: Path) -> None:
    header: list[Any] = ["id", "site", "country", "operator", "status", "initial_capacity"]
    own, guess = (
        [header, ["own", "S", "UA", "s", "existing", 5]],
        [header, ["guess", "S", "UA", "s", "existing", 5]],
    )
    path = workbook(tmp_path, lines=own, **{"buyer~lines": guess})
    assert [row.id for row in read_deal(path).lines] == ["own"]
    deal = read_deal(path, sides=("shared", "buyer"))
    assert [row.id for row in deal.lines] == ["guess"]
    assert deal.owners == {"lines": ("buyer",)}


def test_sheets_of_other_sides_are_not_looked_at(tmp_path: Path) -> None:
    path = workbook(tmp_path, branches=BRANCHES, lines=[["wrong"]])
    assert [row.id for row in read_deal(path, sides=("shared", "buyer")).branches] == ["b1"]


def test_sheets_that_are_no_tables_are_errors_unless_marked(tmp_path: Path) -> None:
    path = workbook(tmp_path, Branches=BRANCHES, README=[["x"]], docs=[["x"]], **{"#notes": [["x"]]})
    assert findings(path) == [
        "deal.xlsx, sheet Branches: error [table] there is no table of this name; found 'Branches'; "
        "did you mean `branches`?"
    ]


def test_one_table_of_one_owner_stands_on_one_sheet(tmp_path: Path) -> None:
    (text,) = findings(workbook(tmp_path, branches=BRANCHES, buyer__branches=BRANCHES))
    assert "the table branches of the owner buyer stands on two sheets" in text


def test_a_side_does_not_estimate_a_shared_table_or_its_own(tmp_path: Path) -> None:
    texts = findings(workbook(tmp_path, **{"buyer~branches": BRANCHES, "seller~systems": [["id"]]}))
    assert "belongs to the buyer itself" in texts[0]
    assert "is shared; only tables of the other side are estimated" in texts[1]


# cells


def test_cells_have_the_types_of_a_spreadsheet(tmp_path: Path) -> None:
    trials: list[list[Any]] = [
        ["system", "measure", "setting", "date", "n_trials", "n_successes", "version", "note"],
        ["a", "hit", "field", dt.date(2026, 3, 1), 5.0, "4", 1, 2027],
        ["a", "hit", "field", "2026-03-01", 5, 4, None, dt.date(2026, 3, 1)],
    ]
    systems: list[list[Any]] = [
        ["id", "name", "maker", "supplier", "domain", "role", "available_from"],
        ["a", 12, "m", "s", "air", "r", dt.datetime(2026, 10, 1)],
    ]
    deal = read_deal(workbook(tmp_path, trials=trials, systems=systems))
    first, second = deal.trials
    assert (first.date, first.n_trials, first.n_successes, first.note) == (dt.date(2026, 3, 1), 5, 4, "2027")
    assert (second.date, second.version, second.note) == (first.date, None, "2026-03-01")
    assert (deal.systems[0].name, deal.systems[0].available_from) == ("12", "2026-10")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("=1+1", "found the formula =1+1; allowed: a number of at least 0; paste the value instead"),
        ("#REF!", "found the error value #REF!"),
        (dt.datetime(2026, 1, 1, 12, 30), "found 2026-01-01T12:30:00; allowed: a number of at least 0"),
        (dt.time(12, 30), "found the time 12:30:00"),
        (True, "found TRUE"),
        (
            "1,000",
            "allowed: a number of at least 0; write digits without separators between thousands: 1000",
        ),
        (-1, "found -1"),
    ],
)
def test_a_cell_without_a_usable_value_is_an_error(tmp_path: Path, value: object, words: str) -> None:
    prices: list[list[Any]] = [["system", "fiscal_year", "unit_price"], ["a", 2027, value]]
    (text,) = findings(workbook(tmp_path, prices=prices))
    assert text.startswith("deal.xlsx, sheet prices, cell C2 (unit_price): error [cell] unit_price of prices")
    assert words in text


def test_a_whole_number_may_not_have_decimals(tmp_path: Path) -> None:
    trials: list[list[Any]] = [["system", "measure", "setting", "n_trials"], ["a", "hit", "field", 5.5]]
    (text,) = findings(workbook(tmp_path, trials=trials))
    assert "cell D2 (n_trials)" in text
    assert "found 5.5; allowed: a whole number of at least 0; write a whole number, such as 12" in text


def test_in_a_merged_area_only_the_top_left_cell_counts(tmp_path: Path) -> None:
    from tests.files.hostile import HEADER_ROW, cell, raw_workbook, sheet_xml

    row = f'<row r="2">{cell("A2", "b")}{cell("B2", "x")}{cell("C2", "hidden below the merged area")}</row>'
    path = raw_workbook(
        tmp_path, sheet_xml(HEADER_ROW + row, after='<mergeCells><mergeCell ref="B2:C2"/></mergeCells>')
    )
    assert [text for text in findings(path) if "cell C2 (name)" in text and "found a blank cell" in text]


def test_escapes_of_other_programs_are_undone(tmp_path: Path) -> None:
    from tests.files.hostile import HEADER_ROW, cell, raw_workbook, sheet_xml

    row = f'<row r="2">{cell("A2", "b")}{cell("B2", "x")}{cell("C2", "a_x000D_b")}</row>'
    (text,) = [text for text in findings(raw_workbook(tmp_path, sheet_xml(HEADER_ROW + row))) if "C2" in text]
    assert "control character U+000D" in text


# the file


@pytest.mark.parametrize("name", ["deal.xls", "deal.xlsm", "deal.ods"])
def test_other_formats_are_told_apart_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    suffix = name[4:]
    assert findings(tmp_path / name) == [
        f"{name}: error [workbook] only .xlsx workbooks are read; found {suffix}; save it as .xlsx"
    ]


def test_a_workbook_without_settings_is_an_error(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "#empty"
    book.save(tmp_path / "deal.xlsx")
    assert findings(tmp_path / "deal.xlsx") == [
        "deal.xlsx, sheet deal: error [settings] the workbook has no settings; found no such sheet; "
        "add a sheet deal with the columns key and value"
    ]


def test_a_workbook_too_large_to_be_real_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dronedeal.files.workbook_reader.MAX_WORKBOOK_BYTES", 100)
    write_workbook(Deal(settings=PLAIN_SETTINGS), tmp_path / "deal.xlsx")
    (text,) = findings(tmp_path / "deal.xlsx")
    assert "the file is too large" in text
    assert "allowed: at most 100 bytes" in text
