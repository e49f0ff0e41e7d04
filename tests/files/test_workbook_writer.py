from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.files.strategies import PLAIN_SETTINGS, SETTINGS, awkward_deal, deals

from dronedeal.deal import TABLES, Deal, Settings
from dronedeal.deal.terms import Rule
from dronedeal.errors import CommandError
from dronedeal.files import read_deal, write_workbook


def read_back(deal: Deal) -> Deal:
    with tempfile.TemporaryDirectory() as folder:
        write_workbook(deal, f"{folder}/deal.xlsx")
        return read_deal(f"{folder}/deal.xlsx")


def assert_same(found: Deal, deal: Deal) -> None:
    assert found == deal
    assert found.digest == deal.digest  # also tells 0.0 from -0.0


NAMES = sorted(TABLES)
NO_SHRINKING = (Phase.explicit, Phase.generate)  # each example starts a process


@pytest.mark.parametrize("start", range(0, len(NAMES), 6))
@settings(max_examples=3, deadline=None, derandomize=True, phases=NO_SHRINKING)
@given(data=st.data())
def test_a_workbook_reads_back_as_the_same_deal(start: int, data: st.DataObject) -> None:
    deal = data.draw(deals(tables=NAMES[start : start + 6]))
    assert_same(read_back(deal), deal)


@settings(max_examples=6, deadline=None, derandomize=True, phases=NO_SHRINKING)
@given(drawn=SETTINGS)
def test_the_settings_of_a_workbook_read_back_the_same(drawn: Settings) -> None:
    deal = Deal(settings=drawn)
    assert_same(read_back(deal), deal)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "deal.xlsx"
    write_workbook(awkward_deal(), path)
    return path


def test_texts_and_numbers_that_look_like_something_else_read_back_in_every_table(written: Path) -> None:
    assert_same(read_deal(written), awkward_deal())


def test_the_same_deal_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_workbook(awkward_deal(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_no_text_is_written_as_a_formula_or_a_link(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert sheets
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]


def test_a_sheet_has_a_frozen_header_with_comments_and_choices(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["prices"]
    assert sheet.freeze_panes == "A2"
    names = [cell.value for cell in sheet[1]]
    assert names == [column.name for column in TABLES["prices"].columns]
    comment = sheet.cell(1, names.index("unit_price") + 1).comment
    assert comment is not None
    assert comment.text.startswith("Price of one unit [currency per unit]; a number of at least 0; required")
    choices = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert choices == {'"all_units,incremental"', '"base_year,then_year"', '"fact,assumption"'}
    assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABC")


def test_dates_are_dates_of_the_spreadsheet_where_all_programs_agree(written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["trials"]
    column = [cell.value for cell in sheet[1]].index("date") + 1
    assert sheet.cell(2, column).value == "1899-03-01"
    assert sheet.cell(3, column).value == dt.datetime(1909, 3, 1)


def test_rows_of_another_owner_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    rules = awkward_deal().rules[:2]
    deal = Deal(settings=PLAIN_SETTINGS, rules=rules, owners={"rules": ("shared", "seller")})
    write_workbook(deal, tmp_path / "deal.xlsx")
    assert openpyxl.load_workbook(tmp_path / "deal.xlsx").sheetnames == ["deal", "rules", "seller.rules"]
    assert_same(read_deal(tmp_path / "deal.xlsx"), deal)


def test_a_list_that_is_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    row = awkward_deal().rules[0].model_dump() | {"origin": ["x" * 4000] * 9}
    deal = Deal(settings=PLAIN_SETTINGS, rules=(Rule.model_validate(row),))
    with pytest.raises(CommandError, match="row 2 of the sheet rules has a cell of 36,016 characters"):
        write_workbook(deal, tmp_path / "deal.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_exists_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "deal.xlsx"
    path.write_text("keep me")
    with pytest.raises(CommandError, match="exists already; choose another name, or allow overwriting"):
        write_workbook(Deal(settings=PLAIN_SETTINGS), path)
    assert path.read_text() == "keep me"
    write_workbook(Deal(settings=PLAIN_SETTINGS), path, overwrite=True)
    assert read_deal(path).settings == PLAIN_SETTINGS


def test_a_workbook_must_have_a_name_that_ends_in_xlsx(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match=r"does not end in \.xlsx; give a workbook a name such as deal\.xlsx"
    ):
        write_workbook(Deal(settings=PLAIN_SETTINGS), tmp_path / "deal.xls")
