from __future__ import annotations

import os
from pathlib import Path

import pytest

from dronedeal.errors import CommandError
from dronedeal.files.safe_write import write_file, write_files

FILES = {"deal.yaml": b"new", "buyer/lines.csv": b"new"}


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def fail_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the move to any path of that name fail."""
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if Path(target).name == name and "writing" in str(source):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    write_files(tmp_path / "a/b", FILES, stale=(), overwrite=False)
    assert content(tmp_path) == {"a/b/deal.yaml": b"new", "a/b/buyer/lines.csv": b"new"}


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "deal").mkdir()
    write_files(tmp_path / "deal", FILES, stale=(), overwrite=False)
    assert content(tmp_path / "deal") == FILES


def test_overwriting_removes_what_is_stale_and_keeps_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "deal"
    old = {"deal.yaml": b"old", "buyer/old.csv": b"old", "README.md": b"mine"}
    write_files(folder, old, stale=(), overwrite=False)
    write_files(folder, FILES, stale=["buyer/old.csv", "buyer/none.csv"], overwrite=True)
    assert content(folder) == {**FILES, "README.md": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["deal"]


@pytest.mark.parametrize("name", ["deal.yaml", "lines.csv"])
def test_nothing_is_lost_when_overwriting_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "deal"
    old = {"deal.yaml": b"old", "buyer/lines.csv": b"old", "buyer/stale.csv": b"old"}
    write_files(folder, old, stale=(), overwrite=False)
    fail_at(monkeypatch, name)
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        write_files(folder, FILES, stale=["buyer/stale.csv"], overwrite=True)
    assert content(folder) == old
    assert [path.name for path in tmp_path.iterdir()] == ["deal"]


def test_a_file_is_replaced_only_when_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "a.xlsx", b"old", overwrite=False)
    fail_at(monkeypatch, "a.xlsx")
    with pytest.raises(CommandError, match="cannot be written"):
        write_file(tmp_path / "a.xlsx", b"new", overwrite=True)
    assert content(tmp_path) == {"a.xlsx": b"old"}


def test_what_exists_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    write_file(tmp_path / "a.xlsx", b"old", overwrite=False)
    with pytest.raises(CommandError, match="exists already"):
        write_file(tmp_path / "a.xlsx", b"new", overwrite=False)
    with pytest.raises(CommandError, match="holds files already"):
        write_files(tmp_path, FILES, stale=(), overwrite=False)
    assert content(tmp_path) == {"a.xlsx": b"old"}


def test_a_file_and_a_folder_do_not_replace_each_other(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="is a folder; give the name of a file"):
        write_file(tmp_path, b"x", overwrite=True)
    with pytest.raises(CommandError, match="is a file; give the name of a folder"):
        write_files(tmp_path / "file", FILES, stale=(), overwrite=True)


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="cannot be written"):
        write_files(tmp_path / "file/deal", FILES, stale=(), overwrite=False)
    with pytest.raises(CommandError, match="cannot be written"):
        write_file(tmp_path / "file/deal.xlsx", b"x", overwrite=False)


def test_a_new_folder_has_the_usual_rights(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    write_files(tmp_path / "deal", FILES, stale=(), overwrite=False)
    assert (tmp_path / "deal").stat().st_mode == (tmp_path / "usual").stat().st_mode
