"""Writing without losing anything: a finished neighbour takes the place of the old file or folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from dronedeal.errors import CommandError

_OVERWRITE_STEP = "choose another name, or allow overwriting"


def write_file(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write one file through a temporary neighbour.

    Raises
    ------
    CommandError : where something stands at the path and may not be overwritten
    """
    if path.is_dir():
        raise CommandError(f"{path} is a folder; give the name of a file")
    if path.exists() and not overwrite:
        raise CommandError(f"{path} exists already; {_OVERWRITE_STEP}")
    neighbour = _neighbour(path, "writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        neighbour.write_bytes(content)
        os.replace(neighbour, path)
    except OSError as fault:
        raise _cannot_write(path, fault) from None
    finally:
        with contextlib.suppress(OSError):
            neighbour.unlink()


def write_files(
    folder: Path, contents: Mapping[str, bytes], *, stale: Collection[str], overwrite: bool
) -> None:
    """Write the files of a folder, all of them or none.

    Parameters
    ----------
    folder : where they go; other files that stand there are kept
    contents : content by path inside the folder
    stale : paths inside the folder that no longer belong to it where they are not in `contents`
    overwrite : whether the folder may hold something already

    Raises
    ------
    CommandError : where the folder holds something and may not be overwritten, or cannot be written
    """
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file; give the name of a folder")
    try:
        if folder.is_dir() and any(folder.iterdir()) and not overwrite:
            raise CommandError(f"{folder} holds files already; {_OVERWRITE_STEP}")
        _write_all(folder, contents, stale)
    except OSError as fault:
        raise _cannot_write(folder, fault) from None


def _write_all(folder: Path, contents: Mapping[str, bytes], stale: Collection[str]) -> None:
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged, kept = _neighbour(folder, "writing"), _neighbour(folder, "before")
    try:
        for name, content in contents.items():
            target = staged / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if folder.is_dir() and any(folder.iterdir()):
            _swap(folder, staged, kept, names=dict.fromkeys([*contents, *stale]))
        else:
            if folder.is_dir():
                folder.rmdir()
            os.replace(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _swap(folder: Path, staged: Path, kept: Path, *, names: Collection[str]) -> None:
    """Put staged files into a folder that holds others; on failure everything is put back."""
    moved: list[str] = []
    placed: list[str] = []
    try:
        for name in names:
            if os.path.lexists(folder / name):
                _move(folder / name, kept / name)
                moved.append(name)
        for name in names:
            if (staged / name).exists():
                _move(staged / name, folder / name)
                placed.append(name)
    except OSError:
        for name in placed:
            (folder / name).unlink(missing_ok=True)
        for name in moved:
            _move(kept / name, folder / name)
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)


def _neighbour(path: Path, purpose: str) -> Path:
    return path.with_name(f".{path.name}.{purpose}-{secrets.token_hex(4)}")


def _cannot_write(path: Path, fault: OSError) -> CommandError:
    reason = fault.strerror or type(fault).__name__
    return CommandError(f"{path} cannot be written: {reason}; check the path and your rights")
