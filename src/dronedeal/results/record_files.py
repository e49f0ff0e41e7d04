"""Records as values of JSON, and their text from a file: of plans on scenarios and of stress tests alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from dronedeal.errors import PlanFileError


def plain(value: Any) -> Any:
    """A value as JSON knows it: records and mappings by name, sequences as lists.

    >>> plain({"share": (0.05, 0.95)})
    {'share': [0.05, 0.95]}
    """
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def text_of(path: Path | str, *, file: str, advice: str) -> tuple[str, str]:
    """The text of a record's file, and which file it is.

    Parameters
    ----------
    path : of the file, or of the folder that holds it
    file : its name in a folder
    advice : what to do where it cannot be read, such as "make it with dronedeal stress"

    Raises
    ------
    PlanFileError : where it cannot be read
    """
    given = Path(path)
    place = given / file if given.is_dir() else given
    try:
        return place.read_text(encoding="utf-8"), str(place)
    except (OSError, UnicodeDecodeError) as fault:
        raise PlanFileError(f"{place}: cannot be read ({fault}); {advice}") from None
