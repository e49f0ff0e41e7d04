from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.files.strategies import PLAIN_SETTINGS

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import position
from dronedeal.errors import CommandError, DealFolderError
from dronedeal.files import read_deal, write_folder, write_template

LINES = "id,site,country,operator,status,initial_capacity\n"


def folder(path: Path, **tables: str) -> Path:
    """A deal folder with tables named `owner__table` or `owner__estimates__table`."""
    write_folder(Deal(settings=PLAIN_SETTINGS), path / "deal")
    for name, text in tables.items():
        target = path / "deal" / (name.replace("__", "/") + ".csv")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return path / "deal"


def test_a_folder_is_given_by_its_name_or_by_its_settings(tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert (
        read_deal(root)
        == read_deal(str(root))
        == read_deal(root / "deal.yaml")
        == Deal(settings=PLAIN_SETTINGS)
    )


def test_every_error_of_the_whole_folder_is_raised_at_once(tmp_path: Path) -> None:
    root = folder(
        tmp_path, buyer__branches="id,party,name\n!,b,x\n", seller__lines="nam\n", buyer__wrong="x\n"
    )
    (root / "deal.yaml").write_text("format: 1\ntitel: x\n")
    with pytest.raises(DealFolderError) as fault:
        read_deal(root)
    files = [finding.place.file for finding in fault.value.findings]  # type: ignore[attr-defined]
    assert set(files) == {"deal.yaml", "buyer/branches.csv", "seller/lines.csv", "buyer/wrong.csv"}
    assert str(fault.value).count("\n") + 1 == len(files)


def test_rows_of_a_private_folder_are_not_seen_by_the_other_side(tmp_path: Path) -> None:
    root = folder(
        tmp_path,
        seller__lines=LINES + "own,S,UA,s,existing,5\n",
        buyer__estimates__lines=LINES + "guess,S,UA,s,existing,4\n",
    )
    assert [row.id for row in read_deal(root).lines] == ["own"]
    seen = read_deal(root, sides=("shared", "buyer"))
    assert [row.id for row in seen.lines] == ["guess"]
    assert seen.owners == {"lines": ("buyer",)}


def test_each_side_goes_by_its_own_position_and_by_its_estimate_of_the_other(tmp_path: Path) -> None:
    positions = "clause,position\nprice,{}\n"
    root = folder(
        tmp_path,
        shared__clauses="id,kind,subject,buyer_position,seller_position\n"
        "price,price,prices[*].unit_price,900,1200\nfee,fee,lines[*].licence_fee,0,5\n",
        buyer__buyer_positions=positions.format(950),
        buyer__estimates__seller_positions=positions.format(1150),
        seller__seller_positions=positions.format(1050),
    )
    asked = {}
    for sides in (("shared", "buyer"), ("shared", "seller"), ("shared", "buyer", "seller")):
        deal = read_deal(root, sides=sides)
        asked[sides[1:]] = (position(deal, "price", side="buyer"), position(deal, "price", side="seller"))
        assert (position(deal, "fee", side="buyer"), position(deal, "fee", side="seller")) == (0, 5)
    assert asked == {("buyer",): (950, 1150), ("seller",): (900, 1050), ("buyer", "seller"): (950, 1050)}


def test_the_folder_of_another_side_may_be_unreadable(tmp_path: Path) -> None:
    root = folder(tmp_path, seller__lines="nonsense\n")
    assert read_deal(root, sides=("shared", "buyer")).lines == ()


def test_an_estimate_that_is_not_used_is_still_checked(tmp_path: Path) -> None:
    root = folder(tmp_path, seller__lines=LINES, buyer__estimates__lines=LINES + "guess,S,UA,s,old,4\n")
    with pytest.raises(DealFolderError, match=r"buyer/estimates/lines.csv, line 2, column 5 \(status\)"):
        read_deal(root)


def test_a_row_knows_where_it_was_read(tmp_path: Path) -> None:
    root = folder(tmp_path, buyer__branches='# c\nname,id,party\n"two\nlines",a,b\n\nx,c,d\n')
    deal = read_deal(root)
    assert str(deal.place("branches", 0)) == "buyer/branches.csv, line 3"
    assert str(deal.place("branches", 0, "id")) == "buyer/branches.csv, line 4, column 2 (id)"
    assert str(deal.place("branches", 1, "id")) == "buyer/branches.csv, line 6, column 2 (id)"


def test_a_folder_with_a_settings_file_of_another_name_says_how_to_name_it(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "deal.yaml").rename(root / "deal.yml")
    with pytest.raises(
        DealFolderError, match=r"deal\.yaml: error \[file\] .* rename deal\.yml to deal\.yaml"
    ):
        read_deal(root)


def test_an_unknown_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="unknown side 'third'; allowed: shared, buyer, seller"):
        read_deal(tmp_path, sides=("third",))  # type: ignore[arg-type]


def test_reading_a_folder_loads_no_heavy_library(tmp_path: Path) -> None:
    write_template(tmp_path / "deal")
    program = (
        "import sys; from dronedeal.files import read_deal; early = set(sys.modules); "
        "read_deal(sys.argv[1]); "
        "heavy = {'openpyxl', 'xlsxwriter', 'pint', 'polars', 'scipy', 'jinja2', 'altair', 'vl_convert'}; "
        "print(sorted(heavy & set(sys.modules)), 'ruamel.yaml' in early)"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "deal")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"
