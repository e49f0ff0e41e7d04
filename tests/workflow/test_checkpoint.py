"""A checkpoint keeps every whole line, whatever ended the program, and serves nothing but what it is of."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import CommandError
from dronedeal.workflow.checkpoint import Checkpoint, Head, array_from, array_text

HEAD = Head("ab" * 32, {"points": 21, "pairs": None}, {"dronedeal": "1.0", "python": "3.11.4"})
ENTRIES = [("answer", "one", {"bound": 0.1}), ("answer", "zwei", [1, None]), ("plan", "p01", "text\n\r")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    checkpoint = Checkpoint.begun(tmp_path / "deep" / "checkpoint", HEAD)
    for entry in ENTRIES:
        checkpoint.keep(*entry)
    assert checkpoint.path is not None
    return checkpoint.path


def test_what_was_kept_is_there_again_in_its_order(path: Path) -> None:
    again = Checkpoint.resumed(path, HEAD)
    assert [again.recall(kind, key) for kind, key, _ in ENTRIES] == [data for *_, data in ENTRIES]
    assert again.all_of("answer") == [{"bound": 0.1}, [1, None]]
    assert again.recall("plan", "p02") is None


def test_every_cut_leaves_the_whole_lines_and_room_for_new_ones(path: Path) -> None:
    content = path.read_bytes()
    ends = [number + 1 for number, byte in enumerate(content) if byte == ord("\n")]
    for length in range(len(content)):
        path.write_bytes(content[:length])
        again = Checkpoint.resumed(path, HEAD)
        kept = max(0, sum(end <= length for end in ends) - 1)
        assert len(again.all_of("answer")) + len(again.all_of("plan")) == kept
        again.keep("plan", "new", "after the cut")
        assert Checkpoint.resumed(path, HEAD).recall("plan", "new") == "after the cut"


def test_a_line_that_is_damaged_before_the_end_is_refused_with_its_number(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"zwei", b"drei")
    path.write_bytes(b"".join(lines))
    with pytest.raises(CommandError, match="checkpoint, line 3: damaged; begin anew with --overwrite"):
        Checkpoint.resumed(path, HEAD)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (replace(HEAD, digest="cd" * 32), "its digest is 'abab"),
        (
            replace(HEAD, options={"points": 5, "pairs": None}),
            "its option points is 21, that of this run is 5",
        ),
        (replace(HEAD, versions={**HEAD.versions, "python": "3.12"}), "its version python is '3.11.4'"),
        (replace(HEAD, versions={**HEAD.versions, "numpy": "2"}), "its version numpy is None"),
    ],
)
def test_a_checkpoint_of_something_else_is_refused_and_left_alone(path: Path, head: Head, words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(CommandError, match=words):
        Checkpoint.resumed(path, head)
    assert path.read_bytes() == before


def test_a_file_of_another_kind_is_no_checkpoint(path: Path) -> None:
    path.write_text("hello\nworld\n")
    with pytest.raises(CommandError, match="line 1: damaged"):
        Checkpoint.resumed(path, HEAD)


def test_without_a_file_there_is_nothing_to_resume(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such file, so that there is nothing to resume"):
        Checkpoint.resumed(tmp_path / "checkpoint", HEAD)


def test_a_full_disk_is_told_and_what_was_kept_before_is_safe(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    again = Checkpoint.resumed(path, HEAD)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CommandError, match=r"No space left on device.*then go on with --resume"):
            again.keep("plan", "p02", "too much")
    assert Checkpoint.resumed(path, HEAD).recall("plan", "p01") == "text\n\r"


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoint = Checkpoint()
    checkpoint.keep("plan", "p01", "text")
    checkpoint.remove()
    assert checkpoint.recall("plan", "p01") == "text"
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=False), max_size=20))
def test_numbers_survive_to_the_last_bit(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=float)
    assert array_from(array_text(values)).tobytes() == values.tobytes()
