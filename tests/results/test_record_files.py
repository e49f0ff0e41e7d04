"""Records as values of JSON, and their text from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dronedeal.errors import PlanFileError
from dronedeal.results.record_files import plain, text_of


@dataclass(frozen=True)
class Inner:
    span: tuple[float, float]


def test_records_inside_records_become_plain_values() -> None:
    found = plain({"one": Inner((1.0, 2.0)), "rows": ({"a": None}, {"a": "text"})})
    assert found == {"one": {"span": [1.0, 2.0]}, "rows": [{"a": None}, {"a": "text"}]}


def test_a_text_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text("{}", encoding="utf-8")
    for path in (tmp_path, tmp_path / "record.json"):
        assert text_of(path, file="record.json", advice="") == ("{}", str(tmp_path / "record.json"))
    with pytest.raises(PlanFileError, match=r"other\.json: cannot be read .*; make it anew"):
        text_of(tmp_path, file="other.json", advice="make it anew")
