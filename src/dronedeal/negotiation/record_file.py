"""A record as a JSON file with its schema, and back.

Every file is written beside its place first and renamed, so that a reader never sees half a file; the same
record gives the same bytes.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from dronedeal.errors import CommandError, NegotiationFileError
from dronedeal.negotiation.plain_data import (
    FaultyDataError,
    JsonObject,
    plain_data,
    record_from,
    record_schema,
)

Record = TypeVar("Record")
MAX_BYTES = 64 * 1024 * 1024
_MAX_FAULTS = 20


@dataclass(frozen=True)
class RecordFile(Generic[Record]):
    """One kind of file that holds one record.

    Parameters
    ----------
    kind : class of the record
    format : value of its key `format`
    name, schema_name : of the file and of its JSON Schema
    title, description : of the schema
    verb : command that makes it
    """

    kind: type[Record]
    format: str
    name: str
    schema_name: str
    title: str
    description: str
    verb: str

    @property
    def _again(self) -> str:
        return f"make it again with `dronedeal {self.verb}`"

    def schema(self) -> JsonObject:
        """JSON Schema (draft 2020-12) of the file: a new object that can be changed."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title,
            "description": self.description,
        } | record_schema(self.kind)

    def text(self, record: Record) -> str:
        """The text of the file, keys in their fixed order.

        Raises
        ------
        ProgramError : where a value is not what its definition allows
        """
        return _text(plain_data(record))

    def write(self, record: Record, directory: Path | str) -> Path:
        """Write the file and its schema into a directory, which is made where it is missing.

        Raises
        ------
        CommandError : where the directory cannot be written
        """
        folder = Path(directory)
        text = self.text(record)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / self.schema_name, _text(self.schema()))
            _write(folder / self.name, text)
        except OSError as error:
            raise CommandError(
                f"output directory {folder}: cannot be written ({error.strerror or error}); "
                "choose another with --out"
            ) from error
        return folder / self.name

    def read(self, path: Path | str) -> Record:
        """Read a record from its directory or from its file.

        Raises
        ------
        NegotiationFileError : where there is none, it is damaged, or it has another format
        """
        given = Path(path)
        file = given / self.name if given.is_dir() else given
        try:
            if not file.is_file():
                raise NegotiationFileError(
                    f"{file}: no such file; give a directory that `dronedeal {self.verb} --out` made, or its "
                    f"{self.name}"
                )
            if file.stat().st_size > MAX_BYTES:
                raise NegotiationFileError(
                    f"{file}: larger than {MAX_BYTES} bytes, which none is; {self._again}"
                )
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise NegotiationFileError(
                f"{file}, byte {error.start}: not UTF-8 text; {self._again}"
            ) from error
        except OSError as error:
            raise NegotiationFileError(f"{file}: cannot be read ({error.strerror or error})") from error
        return self.from_text(text, where=str(file))

    def from_text(self, text: str, *, where: str) -> Record:
        """The record that the text of a file holds.

        Parameters
        ----------
        where : name of the file for error messages

        Raises
        ------
        NegotiationFileError : naming every fault at its address
        """
        data = self._parsed(text, where)
        if isinstance(data, dict) and data.get("format") != self.format:
            found = f"found {data['format']!r:.80}" if "format" in data else "missing key"
            raise NegotiationFileError(
                f"{where}: format: {found}; allowed: {self.format!r}, the format that this version reads; "
                f"{self._again}"
            )
        try:
            return record_from(self.kind, data)
        except FaultyDataError as error:
            faults = str(error).splitlines()
            lines = [f"{where}: {fault}" for fault in faults[:_MAX_FAULTS]]
            if len(faults) > _MAX_FAULTS:
                lines.append(f"{where}: and {len(faults) - _MAX_FAULTS} more faults")
            raise NegotiationFileError("\n".join([*lines, f"The file is damaged; {self._again}"])) from None

    def _parsed(self, text: str, where: str) -> Any:
        try:
            return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
        except json.JSONDecodeError as error:
            raise NegotiationFileError(
                f"{where}, line {error.lineno}, column {error.colno}: not valid JSON ({error.msg}); "
                f"{self._again}"
            ) from error
        except (ValueError, RecursionError) as error:
            raise NegotiationFileError(f"{where}: not valid JSON ({error}); {self._again}") from error


def _text(data: JsonObject) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a negotiation can hold")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return values
