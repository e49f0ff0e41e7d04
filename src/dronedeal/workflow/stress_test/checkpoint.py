"""What was found so far, one line a path, so that a run that is killed goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np

from dronedeal.errors import CommandError
from dronedeal.results.stress.measure import Measured, Room
from dronedeal.results.stress.vocabulary import Service

CHECKPOINT_FILE = "stress-checkpoint.jsonl"
_FORMAT = "dronedeal-stress-checkpoint/1"
# Lines are handed to the disk whole; so many of them at once are also made to reach it.
_SYNCED = 16


class Checkpoint:
    """One file that paths are added to as they are done.

    Parameters
    ----------
    path : of the file
    made_of : what makes the paths: digests, seed, policy, version; a file made of anything else is refused
    resume : go on with a file that is there; without, it is begun anew
    """

    def __init__(self, path: Path, *, made_of: Mapping[str, Any], resume: bool) -> None:
        self.path = path
        self.found: dict[int, Measured] = {}
        self.fault = ""
        head = {"format": _FORMAT, **made_of}
        if resume:
            self._read(head)
        self._unsynced = 0
        self._file: BinaryIO | None = None
        try:
            self._begin(head)
        except OSError as fault:
            self._give_up(fault)

    def _begin(self, head: Mapping[str, Any]) -> None:
        """Put the file in place with all that is known: at no moment is there less than before."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_name(f".{self.path.name}.partial")
        rows = [head, *(_row(number, measured) for number, measured in self.found.items())]
        try:
            with partial.open("wb") as file:
                file.writelines(map(_line, rows))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)
        self._file = self.path.open("ab")

    def _read(self, head: Mapping[str, Any]) -> None:
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as fault:
            raise CommandError(
                f"{self.path}: cannot be read ({fault.strerror or fault}); there is nothing to resume, so "
                "leave --resume out"
            ) from None
        stated = _parsed(lines[0])
        if stated != head:
            differs = [name for name in head if (stated or {}).get(name) != head[name]]
            raise CommandError(
                f"{self.path}: was begun with another {', '.join(differs) or 'format'}; give the same plan, "
                "deal, seed and re-planning as before, or leave --resume out to begin anew with --overwrite"
            )
        for line in lines[1:]:
            row = _parsed(line)
            if row is not None:  # a process killed in the middle of a line leaves half of it
                self.found[row["path"]] = _measured(row)

    def add(self, number: int, measured: Measured) -> None:
        """Keep one path. A full disk ends no work: the fault is kept, and nothing more is written."""
        if self._file is None or self.fault:
            return
        try:
            self._file.write(_line(_row(number, measured)))
            self._file.flush()
            self._unsynced += 1
            if self._unsynced >= _SYNCED:
                self._sync()
        except OSError as fault:
            self._give_up(fault)

    def _sync(self) -> None:
        assert self._file is not None
        self._unsynced = 0
        os.fsync(self._file.fileno())

    def _give_up(self, fault: OSError) -> None:
        self.fault = (
            f"{self.path.name} could not be written ({fault.strerror or fault}); this run cannot be resumed"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        try:
            if not self.fault:
                self._sync()
            self._file.close()
        except OSError as fault:
            self._give_up(fault)


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _row(number: int, found: Measured) -> dict[str, Any]:
    return {
        "path": number,
        "services": [[*service, *room] for service, room in found.services.items()],
        "measures": [[*key, value] for key, value in found.measures.items()],
        "residual": found.residual,
    }


def _measured(row: Mapping[str, Any]) -> Measured:
    return Measured(
        {
            Service(kind, subject, year): Room(margin, month)
            for kind, subject, year, margin, month in row["services"]
        },
        {(name, year): value for name, year, value in row["measures"]},
        np.zeros((0, 0)),
        np.zeros((0, 0)),
        row["residual"],
    )
