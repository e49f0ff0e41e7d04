"""Writing `negotiation.json` with its schema, and reading it back.

Every file is written beside its place first and renamed, so that a reader never sees half a file; the same
negotiation gives the same bytes.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dronedeal.errors import CommandError, NegotiationFileError
from dronedeal.negotiation.plain_data import JsonObject, record_schema
from dronedeal.negotiation.record import NEGOTIATION_FORMAT, Negotiation

NEGOTIATION_FILE = "negotiation.json"
SCHEMA_FILE = "negotiation.schema.json"
MAX_BYTES = 64 * 1024 * 1024
_AGAIN = "make it again with `dronedeal negotiate`"
_MAX_FAULTS = 20


def negotiation_schema() -> JsonObject:
    """JSON Schema (draft 2020-12) of `negotiation.json`.

    Returns
    -------
    A new object that can be changed and written with `json.dumps`.

    Examples
    --------
    >>> negotiation_schema()["properties"]["format"]["enum"]
    ['dronedeal-negotiation/1']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dronedeal negotiation",
        "description": "Alternatives, zone of agreement, frontier, fair points and prices of clauses",
    } | record_schema(Negotiation)


def negotiation_text(negotiation: Negotiation) -> str:
    """The text of `negotiation.json`, keys in their fixed order.

    Raises
    ------
    ProgramError : where a value is not what its definition allows
    """
    return _text(negotiation.to_data())


def write_negotiation(negotiation: Negotiation, directory: Path | str) -> Path:
    """Write `negotiation.json` and its schema into a directory, which is made where it is missing.

    Returns
    -------
    Path of `negotiation.json`.

    Raises
    ------
    CommandError : where the directory cannot be written
    """
    folder = Path(directory)
    text = negotiation_text(negotiation)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / SCHEMA_FILE, _text(negotiation_schema()))
        _write(folder / NEGOTIATION_FILE, text)
    except OSError as error:
        raise CommandError(
            f"output directory {folder}: cannot be written ({error.strerror or error}); "
            "choose another with --out"
        ) from error
    return folder / NEGOTIATION_FILE


def read_negotiation(path: Path | str) -> Negotiation:
    """Read a negotiation from its directory or from its `negotiation.json`.

    Raises
    ------
    NegotiationFileError : where there is none, it is damaged, or it has another format
    """
    given = Path(path)
    file = given / NEGOTIATION_FILE if given.is_dir() else given
    try:
        if not file.is_file():
            raise NegotiationFileError(
                f"{file}: no such file; give a directory that `dronedeal negotiate --out` made, or its "
                f"{NEGOTIATION_FILE}"
            )
        if file.stat().st_size > MAX_BYTES:
            raise NegotiationFileError(f"{file}: larger than {MAX_BYTES} bytes, which none is; {_AGAIN}")
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise NegotiationFileError(f"{file}, byte {error.start}: not UTF-8 text; {_AGAIN}") from error
    except OSError as error:
        raise NegotiationFileError(f"{file}: cannot be read ({error.strerror or error})") from error
    return negotiation_from_text(text, where=str(file))


def negotiation_from_text(text: str, *, where: str = NEGOTIATION_FILE) -> Negotiation:
    """The negotiation that the text of a `negotiation.json` holds.

    Parameters
    ----------
    where : name of the file for error messages

    Raises
    ------
    NegotiationFileError : naming every fault at its address
    """
    data = _parsed(text, where)
    if isinstance(data, dict) and data.get("format") != NEGOTIATION_FORMAT:
        found = f"found {data['format']!r:.80}" if "format" in data else "missing key"
        raise NegotiationFileError(
            f"{where}: format: {found}; allowed: {NEGOTIATION_FORMAT!r}, the format that this version reads; "
            f"{_AGAIN}"
        )
    try:
        return Negotiation.from_data(data)
    except NegotiationFileError as error:
        faults = str(error).splitlines()
        lines = [f"{where}: {fault}" for fault in faults[:_MAX_FAULTS]]
        if len(faults) > _MAX_FAULTS:
            lines.append(f"{where}: and {len(faults) - _MAX_FAULTS} more faults")
        raise NegotiationFileError("\n".join([*lines, f"The file is damaged; {_AGAIN}"])) from None


def _text(data: JsonObject) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise NegotiationFileError(
            f"{where}, line {error.lineno}, column {error.colno}: not valid JSON ({error.msg}); {_AGAIN}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise NegotiationFileError(f"{where}: not valid JSON ({error}); {_AGAIN}") from error


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a negotiation can hold")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return values
