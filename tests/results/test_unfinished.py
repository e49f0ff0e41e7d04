"""Folders of unfinished files: gone afterwards, and what a killed process left of them, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dronedeal.results.unfinished import unfinished

GONE = 4_194_305  # no process has so high a number


def half_written(directory: Path) -> None:
    with unfinished(directory, of="plan") as waiting:
        (waiting / "half").write_text("half")
        raise OSError("no room")


def test_the_folder_goes_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no room"):
        half_written(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_what_a_killed_process_left_of_the_same_goes_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / f".unfinished-{GONE}-nash-ab_1"
    others = [
        tmp_path / name
        for name in (
            f".unfinished-{GONE}-other-nash-ab_1",
            f".unfinished-{GONE}-nash-sum-ab_1",
            f".unfinished-{os.getpid()}-nash-ab_1",
            ".nash-ab_1",
            "nash",
        )
    ]
    for folder in (left, *others):
        (folder / "plan").mkdir(parents=True)
    with unfinished(tmp_path, of="nash") as waiting:
        assert not left.exists()
        assert waiting.is_dir()
    assert sorted(tmp_path.iterdir()) == sorted(others)
