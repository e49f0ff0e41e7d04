from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from dronedeal.deal import TABLES, Deal
from dronedeal.errors import CommandError
from dronedeal.files import read_deal, write_template
from dronedeal.files.template import EXAMPLE


def test_an_empty_folder_template_can_be_read_at_once(tmp_path: Path) -> None:
    write_template(tmp_path / "deal")
    assert read_deal(tmp_path / "deal") == Deal(settings=EXAMPLE)
    files = {path.relative_to(tmp_path / "deal").as_posix() for path in (tmp_path / "deal").rglob("*.csv")}
    assert files == {f"{table.owner}/{name}.csv" for name, table in TABLES.items()}


def test_an_empty_workbook_template_can_be_read_at_once(tmp_path: Path) -> None:
    write_template(tmp_path / "deal.xlsx", workbook=True)
    assert read_deal(tmp_path / "deal.xlsx") == Deal(settings=EXAMPLE)
    assert openpyxl.load_workbook(tmp_path / "deal.xlsx").sheetnames == ["deal", *TABLES]


def test_every_key_of_the_settings_stands_in_the_template_with_its_default(tmp_path: Path) -> None:
    """Taking the comment sign away from every key changes nothing."""
    write_template(tmp_path / "deal")
    file = tmp_path / "deal/deal.yaml"
    text = file.read_text()
    switched_on = re.sub(r"(?m)^( *)# (\w+: (?!…)(?:null|true|mean|[0-9.]+))$", r"\1\2", text)
    assert switched_on.count("\n") == text.count("\n")
    assert len(re.findall(r"(?m)^ *# ", text)) - len(re.findall(r"(?m)^ *# ", switched_on)) > 20
    file.write_text(switched_on)
    assert read_deal(tmp_path / "deal").settings == EXAMPLE


def test_a_table_of_the_template_can_be_filled_below_its_comments(tmp_path: Path) -> None:
    write_template(tmp_path / "deal")
    with (tmp_path / "deal/buyer/branches.csv").open("a") as file:
        file.write("b1,buyer,First,,,\n")
    assert [row.id for row in read_deal(tmp_path / "deal").branches] == ["b1"]


@pytest.mark.parametrize("workbook", [False, True])
def test_a_template_does_not_overwrite_unless_asked(tmp_path: Path, workbook: bool) -> None:
    target = tmp_path / ("deal.xlsx" if workbook else "deal")
    write_template(target, workbook=workbook)
    with pytest.raises(CommandError, match="allow overwriting"):
        write_template(target, workbook=workbook)
    write_template(target, workbook=workbook, overwrite=True)
    assert read_deal(target).settings == EXAMPLE
