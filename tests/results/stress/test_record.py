"""A stress test as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.results.stress.stressed import stressed

from dronedeal.errors import PlanFileError
from dronedeal.results.stress.record import StressTest, read_stress_test, stress_files, write_stress_test


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_stress_test(stressed(), tmp_path)
    assert all((tmp_path / name).is_file() for name in stress_files())
    assert read_stress_test(tmp_path) == read_stress_test(tmp_path / "stress.json") == stressed()
    assert stressed().is_whole


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "no whole stress test"), ("{}", "no whole stress test"), ('{"format": "other"}', "another format")],
)
def test_what_is_no_stress_test_is_refused(text: str, words: str) -> None:
    with pytest.raises(PlanFileError, match=words):
        StressTest.from_json(text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="make it with dronedeal stress"):
        read_stress_test(tmp_path)
