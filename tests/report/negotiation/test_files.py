"""All files of a negotiation at once."""

from __future__ import annotations

from pathlib import Path

from tests.negotiation.record_case import full_negotiation

from dronedeal.report.negotiation.files import write_negotiation_files


def test_page_workbook_and_a_term_sheet_for_each_fair_point_are_written_twice_the_same(
    tmp_path: Path,
) -> None:
    record = full_negotiation()
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        written = write_negotiation_files(record, {}, folder)
        assert all(path.stat().st_size > 0 for path in written)
    names = sorted(path.relative_to(first).as_posix() for path in first.rglob("*") if path.is_file())
    expected = [f"term-sheets/{name}.{end}" for name in record.fair_points for end in ("docx", "html")]
    assert names == sorted(["negotiation.html", "negotiation.xlsx", *expected])
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()
