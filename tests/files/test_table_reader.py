"""Errors of cells: their words, and the truth of their addresses in CSV files."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files.strategies import rows

from dronedeal.deal import TABLES, Column, Finding
from dronedeal.files.csv_table import scan_rows
from dronedeal.files.csv_writer import csv_cell
from dronedeal.files.grid import RawTable
from dronedeal.files.settings_reader import is_optional
from dronedeal.files.table_reader import TableRows, read_table
from dronedeal.files.text_file import decode

MARK = "PLANTED!!"


def read(text: str, name: str) -> TableRows:
    lines = decode(text.encode(), f"{name}.csv")
    return read_table(RawTable(f"{name}.csv", None, scan_rows(lines), is_csv=True), TABLES[name])


def found(text: str, name: str) -> list[str]:
    return [str(finding) for finding in read(text, name).findings]


# addresses


def bad_text(column: Column) -> str:
    """A text that no cell of the column can hold."""
    return MARK + "\x07" if column.kind in ("text", "text_list") else MARK


def render(grid: list[list[str]], noise: random.Random) -> str:
    """The grid as CSV with any quoting, line ends, blank rows and comment rows."""
    end = noise.choice(["\n", "\r\n", "\r"])
    lines: list[str] = []
    for row in grid:
        lines.extend(_noise_rows(len(row), noise))
        lines.append(",".join(_quoted(cell, noise) for cell in row))
    lines.extend(_noise_rows(3, noise))
    text = end.join(line.replace("\n", end) for line in lines)
    return noise.choice(["", "\ufeff"]) + text + noise.choice(["", end])


def _quoted(cell: str, noise: random.Random) -> str:
    if any(sign in cell for sign in ',"\n') or noise.random() < 0.3:
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def _noise_rows(width: int, noise: random.Random) -> Iterator[str]:
    kinds = [
        "",
        "   ",
        "," * (width - 1),
        '"",""',
        "# comment",
        "#,a,b",
        '"# quoted\ncomment, with lines"',
        " # , x",
    ]
    for _ in range(noise.choice([0, 0, 1, 2])):
        yield noise.choice(kinds)


def without_mark(text: str) -> str:
    """The text with plain line ends and without its byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def true_address(text: str, mark: str) -> tuple[int, int]:
    """Line and column of the cell with the mark, told by the standard csv module and by counting lines."""
    plain = without_mark(text)
    line = plain.count("\n", 0, plain.index(mark)) + 1
    for row in csv.reader(io.StringIO(plain, newline="")):
        columns = [number for number, cell in enumerate(row, start=1) if mark in cell]
        if columns:
            return line, columns[0]
    raise AssertionError("the mark is nowhere")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_address_of_a_bad_cell_is_the_true_one(data: st.DataObject) -> None:
    table = TABLES[data.draw(st.sampled_from(sorted(TABLES)))]
    noise = random.Random(data.draw(st.integers(0, 2**32)))
    records = data.draw(st.lists(rows(table.name), min_size=1, max_size=3))
    columns = noise.sample(table.columns, len(table.columns))
    cells = [[csv_cell(getattr(record, column.name), column) for column in columns] for record in records]
    for row in cells:
        for number, column in enumerate(columns):
            if column.kind == "text" and column.name in ("note", "name") and noise.random() < 0.5:
                row[number] = "lines\nbefore\nthe bad cell"
    target = noise.randrange(len(columns))
    noise.choice(cells)[target] = bad_text(columns[target])
    text = render([[column.name for column in columns], *cells], noise)
    result = read(text, table.name)
    line, number = true_address(text, MARK)
    assert [(f.place.line, f.place.column, f.place.name) for f in result.findings] == [
        (line, number, columns[target].name)
    ]
    assert MARK in result.findings[0].found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(TABLES)))
def test_the_address_of_a_second_header_is_the_true_one(seed: int, name: str) -> None:
    noise = random.Random(seed)
    names = [column.name for column in TABLES[name].columns]
    noise.shuffle(names)
    twice = noise.choice(names)
    names.insert(noise.randrange(names.index(twice) + 1, len(names) + 1), twice)
    text = render([names], noise)
    duplicates = [f for f in read(text, name).findings if f.subject == f"the column {twice} stands twice"]
    header = next(row for row in csv.reader(io.StringIO(without_mark(text), newline="")) if twice in row)
    second = len(header) - header[::-1].index(twice)
    line = true_address(text, twice)[0]
    assert [(f.place.line, f.place.column) for f in duplicates] == [(line, second)]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_origin_of_every_row_is_the_true_one(data: st.DataObject) -> None:
    noise = random.Random(data.draw(st.integers(0, 2**32)))
    table = TABLES["branches"]
    columns = noise.sample(table.columns, len(table.columns))
    grid = [[column.name for column in columns]]
    for number in range(4):
        record = data.draw(rows("branches")).model_copy(update={"name": f"mark{number}x"})
        grid.append([csv_cell(getattr(record, column.name), column) for column in columns])
    text = render(grid, noise)
    result = read(text, "branches")
    places = [origin.place("name") for origin in result.origins]
    expected = [true_address(text, f"mark{number}x") for number in range(4)]
    assert [(place.line, place.column) for place in places] == expected


# words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "id,party,nam\nb,x,y\n",
            [
                "branches.csv, line 1, column 3: error [header] the table branches has no column of this "
                "name; found 'nam'; did you mean `name`?",
                "branches.csv, line 1: error [header] the table branches lacks the column name; allowed: "
                "text of up to 4000 characters; add a column name: Name as published",
            ],
        ),
        (
            "id;party;name\nb;x;y\n",
            [
                "branches.csv, line 1: error [header] the cells of the file are not separated by commas; "
                "found the separator 'semicolon'; allowed: commas; save the file as comma-separated CSV with "
                "decimal points"
            ],
        ),
        (
            "# only a comment\n",
            [
                "branches.csv, line 1: error [header] the table branches has no header row; write the "
                "column names in the first row, or remove the empty table"
            ],
        ),
        (
            "id,party,name\nb,,y\n",
            [
                "branches.csv, line 2, column 2 (party): error [cell] party of branches; found a blank cell; "
                "allowed: letters, digits, `_`, `.`, `-`, up to 64; fill the cell; this column has no default"
            ],
        ),
        (
            "id,party,name\nb,x,y,z,z\n",
            [
                "branches.csv, line 2, column 4: error [row] the row has more cells than the header; "
                "found 'z'; allowed: 3 cells; enclose texts and numbers that hold commas in quotation marks, "
                "or remove the cell"
            ],
        ),
        (
            "id,,party,name\nb,stray,x,y\n",
            [
                "branches.csv, line 2, column 2: error [row] a cell stands in a column without a name; "
                "found 'stray'; allowed: cells below a column name; enclose texts and numbers that hold "
                "commas in quotation marks, or remove the cell"
            ],
        ),
        (
            'id,party,name\nb,x,"open\n',
            [
                "branches.csv, line 2, column 3: error [row] a quotation mark is opened and never closed; "
                "found '\"open\\n'; enclose the whole cell in quotation marks and double those inside it"
            ],
        ),
    ],
)
def test_an_error_says_what_where_and_what_to_do(text: str, words: list[str]) -> None:
    assert found(text, "branches") == words


def test_every_error_of_a_table_is_found_in_one_pass() -> None:
    text = "id,party,name\n!,x,y\nb,!,y\nb,x\n"
    places = [str(finding.place) for finding in read(text, "branches").findings]
    assert places == [
        "branches.csv, line 2, column 1 (id)",
        "branches.csv, line 3, column 2 (party)",
        "branches.csv, line 4, column 3 (name)",
    ]


def test_several_errors_of_one_row_are_all_found() -> None:
    header = "system,fiscal_year,unit_price,royalty,price_basis\n"
    findings = read(header + "a b,27,-1,2,thenyear\n", "prices").findings
    assert [finding.place.name for finding in findings] == [
        "fiscal_year",
        "price_basis",
        "system",
        "unit_price",
        "royalty",
    ]
    assert "did you mean `then_year`?" in str(findings[1])


def test_a_text_with_a_control_character_says_which() -> None:
    (finding,) = read("id,party,name\nb,x,be\x07ll\n", "branches").findings
    assert finding.next_step == "text must not hold the control character U+0007"
    assert finding.found == "'be\\x07ll'"


def test_blank_cells_take_the_default_and_missing_cells_too() -> None:
    (row,) = read("system,fiscal_year,unit_price,tier_from,royalty\na,2027,5,\n", "prices").rows
    assert (row.tier_from, row.royalty, row.maximum) == (0.0, 0.0, None)  # type: ignore[attr-defined]


def test_trailing_commas_of_a_spreadsheet_program_do_no_harm() -> None:
    result = read("id,party,name,,\nb,x,y,,\n,,,,\n", "branches")
    assert result.findings == ()
    assert len(result.rows) == 1


def test_a_comment_row_may_hold_stray_quotation_marks() -> None:
    assert read('id,party,name\n# a,"open quote\nb,x,y\n', "branches").findings == ()


def test_the_first_column_of_every_table_never_begins_like_a_comment() -> None:
    for table in TABLES.values():
        first = table.columns[0]
        assert first.kind in ("id", "choice") or "capital letters" in first.allowed, table.name


def test_no_column_has_a_default_and_may_also_be_stated_as_none() -> None:
    for table in TABLES.values():
        for column in table.columns:
            given = column.default is not None and not column.is_required
            assert not (given and is_optional(table.record, column.name)), (table.name, column.name)


def test_a_finding_of_a_whole_file_has_the_file_as_its_place(tmp_path: Path) -> None:
    result = read("", "branches")
    assert isinstance(result.findings[0], Finding)
    assert result.findings[0].place.file == "branches.csv"
