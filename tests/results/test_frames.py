"""Tables as files: CSV and Parquet, and what a disk without room says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from dronedeal.results.frames import write_frames


def test_a_frame_reads_back_from_either_file(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["kite", "Ф-1", "=1+1"], "quantity": [1.5, None, 0.1]})
    write_frames([("units", frame)], tmp_path / "tables")
    assert pl.read_parquet(tmp_path / "tables" / "units.parquet").equals(frame)
    back = pl.read_csv(tmp_path / "tables" / "units.csv")
    assert back["quantity"].to_list() == [1.5, None, 0.1]
    assert back["name"].to_list() == ["kite", "Ф-1", "'=1+1"]


def test_a_place_that_cannot_be_written_is_no_fault_of_the_tables(tmp_path: Path) -> None:
    (tmp_path / "units.parquet").mkdir()
    with pytest.raises(OSError, match=r"units\.parquet"):
        write_frames([("units", pl.DataFrame({"quantity": [1.0]}))], tmp_path)
