"""The folder that a plan is written into: nothing of the user's is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dronedeal import output
from dronedeal.errors import CommandError


def test_a_new_or_empty_folder_is_accepted(tmp_path: Path) -> None:
    output.refuse_output(tmp_path / "new", deal_path=None, overwrite=False)
    output.refuse_output(tmp_path, deal_path=tmp_path / "deal", overwrite=False)


def test_a_folder_that_holds_something_is_refused_with_its_content_and_the_way_out(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt"):
        (tmp_path / name).touch()
    with pytest.raises(
        CommandError, match=r"not empty \(it holds a.txt, b.txt, c.txt, d.txt, …\); .*--overwrite"
    ):
        output.refuse_output(tmp_path, deal_path=None, overwrite=False)
    output.refuse_output(tmp_path, deal_path=None, overwrite=True)


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(CommandError, match="is a file; name a folder with --out"):
        output.refuse_output(tmp_path / "out", deal_path=None, overwrite=True)


@pytest.mark.parametrize("inside", [".", "shared", "new/er"])
def test_nothing_is_written_into_a_deal(tmp_path: Path, inside: str) -> None:
    (tmp_path / "deal").mkdir()
    with pytest.raises(CommandError, match="lies in the deal"):
        output.refuse_output(tmp_path / "deal" / inside, deal_path=tmp_path / "deal", overwrite=True)


def test_a_place_that_cannot_be_written_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match=r"missing/file: cannot be written \(No such file.*name another place"
    ):
        output.write_text("text", tmp_path / "missing" / "file")


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    output.refuse_file(tmp_path / "new.csv")
    (tmp_path / "mine.csv").touch()
    with pytest.raises(CommandError, match=r"mine.csv: exists already, .*name another file with --out"):
        output.refuse_file(tmp_path / "mine.csv")


def test_timings_are_rounded_seconds_by_stage(tmp_path: Path) -> None:
    output.write_timings(tmp_path, {"read": 0.123456, "total": 1.0})
    assert json.loads((tmp_path / "timings.json").read_text()) == {"read": 0.1235, "total": 1.0}
