"""What a long piece of work has found so far, in a file that survives whatever ends the program.

A checkpoint is text, one line an entry, and only ever grows: a head that says of what it is, then each answer
as soon as it is there. A line begins with the check sum of the rest, so that one that was cut short is seen.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from dronedeal.errors import CommandError
from dronedeal.planning.tree import FloatArray, IntArray

CHECKPOINT_FORMAT = "dronedeal-checkpoint/1"
_ANEW = "begin anew with --overwrite in place of --resume, or name another folder with --out"


@dataclass(frozen=True)
class Head:
    """What a checkpoint is of; it serves no run that differs in any of it.

    digest : SHA-256 of the deal; options : that change what is found; versions : of the programs
    """

    digest: str
    options: Mapping[str, Any]
    versions: Mapping[str, str]

    def to_data(self) -> dict[str, Any]:
        """The first line of the file."""
        return {
            "format": CHECKPOINT_FORMAT,
            "digest": self.digest,
            "options": dict(self.options),
            "versions": dict(self.versions),
        }

    def difference(self, data: Mapping[str, Any]) -> str | None:
        """Where the head of a file differs, with what it has and what this run has; None: nowhere."""
        if data.get("format") != CHECKPOINT_FORMAT:
            return f"its format is {data.get('format')!r}; this version reads {CHECKPOINT_FORMAT!r}"
        mine, other = _flat(self.to_data()), _flat(data)
        for name in dict.fromkeys([*mine, *other]):
            if mine.get(name) != other.get(name):
                return f"its {name} is {other.get(name)!r}, that of this run is {mine.get(name)!r}"
        return None


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Each number or word under its name; the names of the groups in front of theirs."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        inner = value.items() if isinstance(value, Mapping) else ()
        found |= {f"{name.removesuffix('s')} {key}": each for key, each in inner}
        if not isinstance(value, Mapping):
            found[name] = value
    return found


class Checkpoint:
    """Entries by kind and key, in memory and, where there is a path, in a file.

    Parameters
    ----------
    path : file to add to; None: nothing is written

    Examples
    --------
    >>> checkpoint = Checkpoint()
    >>> checkpoint.keep("opening", "buyer", {"utilities": [1.0, 2.0]})
    >>> checkpoint.recall("opening", "buyer")
    {'utilities': [1.0, 2.0]}
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._entries: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    @classmethod
    def begun(cls, path: Path, head: Head) -> Self:
        """A new file that holds its head; one of an earlier run is replaced.

        Raises
        ------
        CommandError : where it cannot be written
        """
        checkpoint = cls(path)
        checkpoint._write(_line(head.to_data()), mode="wb")
        return checkpoint

    @classmethod
    def resumed(cls, path: Path, head: Head) -> Self:
        """The entries of a file, to which new ones are added; a last line that was cut short goes.

        Raises
        ------
        CommandError : where there is no file, it is of something else, or it is damaged
        """
        checkpoint = cls(path)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise CommandError(
                f"{path}: no such file, so that there is nothing to resume; leave --resume out"
            ) from None
        except OSError as error:
            raise CommandError(f"{path}: cannot be read ({error.strerror or error}); {_ANEW}") from error
        lines = list(_lines(content, path))
        if not lines:
            # Ended before the head was whole: nothing is lost by beginning anew.
            return cls.begun(path, head)
        difference = head.difference(lines[0][1])
        if difference is not None:
            raise CommandError(f"{path}: {difference}; {_ANEW}")
        for _, entry in lines[1:]:
            checkpoint._entries[entry["kind"], entry["key"]] = entry["data"]
        checkpoint._cut(lines[-1][0])
        return checkpoint

    def recall(self, kind: str, key: str) -> Any:
        """What was kept; None: nothing."""
        return self._entries.get((kind, key))

    def all_of(self, kind: str) -> list[Any]:
        """Everything of one kind, in the order in which it came."""
        return [data for (each, _), data in self._entries.items() if each == kind]

    def keep(self, kind: str, key: str, data: Any) -> None:
        """Keep something, at once and so that no end of the program can take it; from any thread.

        Raises
        ------
        CommandError : where it cannot be written
        """
        with self._lock:
            self._entries[kind, key] = data
            self._write(_line({"kind": kind, "key": key, "data": data}), mode="ab")

    def part(self, name: str) -> Checkpoint:
        """The same file for another negotiation beside this one: its entries meet none of the others.

        Parameters
        ----------
        name : of that negotiation
        """
        return _Part(self, name)

    def remove(self) -> None:
        """Take the file away: all is done."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _write(self, line: bytes, *, mode: str) -> None:
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open(mode) as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CommandError(
                f"{self.path}: cannot be written ({error.strerror or error}); make room or mend the place, "
                "then go on with --resume: what it holds so far is safe"
            ) from error

    def _cut(self, end: int) -> None:
        """Take away what follows the last whole line, so that the next one begins afresh."""
        assert self.path is not None
        if self.path.stat().st_size > end:
            os.truncate(self.path, end)


class Forgiving(Checkpoint):
    """A file that ends no work when it cannot be written: the fault is kept, and nothing more is written.

    New entries are in the file alone, for there can be many and large ones.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path)
        self.fault = ""

    def keep(self, kind: str, key: str, data: Any) -> None:
        """Keep something in the file, from any thread."""
        with self._lock:
            self._write(_line({"kind": kind, "key": key, "data": data}), mode="ab")

    def _write(self, line: bytes, *, mode: str) -> None:
        if self.fault:
            return
        try:
            super()._write(line, mode=mode)
        except CommandError as error:
            cause = error.__cause__
            reason = getattr(cause, "strerror", None) or cause
            self.fault = (
                f"{self.path.name if self.path else ''} could not be written ({reason}); what is found from "
                "then on is not kept"
            )


class _Part(Checkpoint):
    """The entries of one negotiation in a file that holds several."""

    def __init__(self, whole: Checkpoint, name: str) -> None:
        super().__init__()
        self._whole, self._name = whole, name

    def recall(self, kind: str, key: str) -> Any:
        return self._whole.recall(self._named(kind), key)

    def all_of(self, kind: str) -> list[Any]:
        return self._whole.all_of(self._named(kind))

    def keep(self, kind: str, key: str, data: Any) -> None:
        self._whole.keep(self._named(kind), key, data)

    def _named(self, kind: str) -> str:
        return f"{self._name}: {kind}"


def _line(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _lines(content: bytes, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """End and content of every whole line; only the last may be cut short."""
    end = 0
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        text = line[9:-1]
        if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(text):
            if end + len(line) < len(content):
                raise CommandError(f"{path}, line {number}: damaged; {_ANEW}")
            return
        end += len(line)
        yield end, json.loads(text)


def array_text(values: FloatArray | IntArray) -> str:
    """Numbers as text, to the last bit.

    Parameters
    ----------
    values : (n,)

    Examples
    --------
    >>> array_from(array_text(np.array([0.1, -2.0]))).tolist()
    [0.1, -2.0]
    """
    return bytes_text(np.ascontiguousarray(values, dtype="<f8").tobytes())


def array_from(text: str) -> FloatArray:
    """(n,) the numbers behind `array_text`."""
    values: FloatArray = np.frombuffer(bytes_from(text), dtype="<f8").astype(float)
    return values


def bytes_text(content: bytes) -> str:
    """Bytes as a short text.

    >>> bytes_from(bytes_text(b"terms"))
    b'terms'
    """
    return base64.b64encode(zlib.compress(content, level=6)).decode("ascii")


def bytes_from(text: str) -> bytes:
    """The bytes behind `bytes_text`."""
    return zlib.decompress(base64.b64decode(text))
