from __future__ import annotations

import os
from pathlib import Path

import pytest

from dronedeal.files.text_file import FileFault, decode, read_text


def fault(data: bytes) -> str:
    with pytest.raises(FileFault) as found:
        decode(data, "a.csv")
    return str(found.value.finding)


def test_line_ends_of_every_system_become_line_feeds() -> None:
    assert decode(b"a\r\nb\rc\nd", "a.csv") == "a\nb\nc\nd"


def test_a_byte_order_mark_is_left_out() -> None:
    assert decode(b"\xef\xbb\xbfid", "a.csv") == "id"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_first_byte_that_is_not_utf_8_is_told(start: bytes, end: bytes) -> None:
    data = start + b"id,name" + end + b"b,Gr\xf6\xdfe" + end
    text = fault(data)
    assert text.startswith(
        "a.csv, line 2: error [encoding] the file is not UTF-8; found byte 0xF6 at byte 5 of the line"
    )
    assert f"(byte {data.index(0xF6) + 1} of the file)" in text
    assert text.endswith("save the file as UTF-8 (in spreadsheet programs: “CSV UTF-8”)")


def test_utf_16_without_a_mark_is_told_by_its_nul_bytes() -> None:
    assert "line 1: error [encoding] the file holds a NUL byte" in fault("id".encode("utf-16-le"))


def test_a_file_that_may_not_be_read_is_an_error_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("id\n")

    def refuse(*arguments: object, **options: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileFault) as found:
        read_text(tmp_path / "a.csv", "a.csv", max_bytes=100)
    assert str(found.value.finding) == (
        "a.csv: error [file] this cannot be read; found Permission denied; "
        "check that you may read it and that no other program holds it"
    )


def test_a_file_beyond_the_size_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x" * 101)
    with pytest.raises(
        FileFault, match=r"the file is too large; found 101 bytes; allowed: at most 100 bytes"
    ):
        read_text(tmp_path / "a.csv", "a.csv", max_bytes=100)
