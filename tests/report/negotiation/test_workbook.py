"""The workbook of a negotiation: the tables of the page, text as text, the same bytes twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.report.negotiation.tables import GRIDS
from dronedeal.report.negotiation.workbook import write_negotiation_workbook
from dronedeal.report.wording import NO_BREAK_SPACE


def test_every_table_of_the_page_has_its_sheet(tmp_path: Path) -> None:
    write_negotiation_workbook(full_negotiation(), tmp_path / "n.xlsx")
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    assert book.sheetnames == ["Summary", *GRIDS]
    assert [cell.value for cell in book["Terms"][4][:5]] == [
        "price",
        "EUR per unit".replace(" ", NO_BREAK_SPACE),
        900,
        1200,
        1000,
    ]
    assert book["Frontier"].cell(4, 2).value == 118e6
    assert book["Frontier"].cell(2, 2).value == "EUR, base-year 2027, discounted"


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "other.xlsx"):
        write_negotiation_workbook(full_negotiation(), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    record = full_negotiation()
    spoilt = replace(record, clauses=(replace(record.clauses[0], words="=1+1"),), warnings=("=2+2",))
    write_negotiation_workbook(spoilt, tmp_path / "n.xlsx")
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert {"=1+1", "=2+2"} <= {cell.value for cell in cells}


def test_without_a_zone_there_is_a_workbook_too(tmp_path: Path) -> None:
    write_negotiation_workbook(negotiation_without_zone(), tmp_path / "n.xlsx")
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    assert book["Frontier"].max_row == 3
