"""`negotiation.json`: the same bytes twice, read back as it was, and errors with their address."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.negotiation.record_case import full_negotiation, negotiation_without_zone

from dronedeal.errors import CommandError, NegotiationFileError
from dronedeal.negotiation.record_store import (
    MAX_BYTES,
    NEGOTIATION_FILE,
    SCHEMA_FILE,
    negotiation_from_text,
    negotiation_schema,
    negotiation_text,
    read_negotiation,
    write_negotiation,
)

GOLDEN = Path(__file__).with_name("golden") / NEGOTIATION_FILE


def test_the_text_is_the_golden_one() -> None:
    text = negotiation_text(full_negotiation())
    if os.environ.get("DRONEDEAL_WRITE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_what_is_written_is_read_back_from_directory_and_file(tmp_path: Path) -> None:
    file = write_negotiation(full_negotiation(), tmp_path / "out")
    assert sorted(entry.name for entry in file.parent.iterdir()) == [NEGOTIATION_FILE, SCHEMA_FILE]
    assert read_negotiation(file) == read_negotiation(tmp_path / "out") == full_negotiation()


def test_the_same_negotiation_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write_negotiation(full_negotiation(), tmp_path / name) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    assert one.with_name(SCHEMA_FILE).read_bytes() == other.with_name(SCHEMA_FILE).read_bytes()


@pytest.mark.parametrize("made", [full_negotiation, negotiation_without_zone])
def test_what_is_written_follows_its_schema(made: Any) -> None:
    schema = negotiation_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(negotiation_text(made())), schema)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "here.json, line 1, column 2: not valid JSON"),
        ('{"format": NaN}', "NaN is not a number that a negotiation can hold"),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
        ("[]", "here.json: the whole: found a list; allowed: an object"),
        ("{}", "here.json: format: missing key; allowed: 'dronedeal-negotiation/1'"),
        ('{"format": "dronedeal-negotiation/9"}', "format: found 'dronedeal-negotiation/9'; allowed:"),
        ('{"format": "dronedeal-negotiation/1"}', "here.json: and "),
    ],
)
def test_a_broken_file_says_what_and_where(text: str, message: str) -> None:
    with pytest.raises(NegotiationFileError) as caught:
        negotiation_from_text(text, where="here.json")
    assert message in str(caught.value)
    assert "make it again with `dronedeal negotiate`" in str(caught.value)


def test_a_missing_key_is_named() -> None:
    data = json.loads(negotiation_text(full_negotiation()))
    del data["frontier"][1]["terms"]
    with pytest.raises(NegotiationFileError, match=r"n\.json: frontier\[1\]\.terms: missing key"):
        negotiation_from_text(json.dumps(data), where="n.json")


def test_a_file_that_is_not_there_not_text_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NegotiationFileError, match="no such file; give a directory"):
        read_negotiation(tmp_path)
    file = tmp_path / NEGOTIATION_FILE
    file.write_bytes(b"\xff")
    with pytest.raises(NegotiationFileError, match="byte 0: not UTF-8 text"):
        read_negotiation(file)
    with file.open("wb") as handle:
        handle.truncate(MAX_BYTES + 1)
    with pytest.raises(NegotiationFileError, match="larger than"):
        read_negotiation(file)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CommandError, match="cannot be written"):
        write_negotiation(full_negotiation(), tmp_path / "out")
