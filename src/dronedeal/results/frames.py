"""Plan tables as typed data frames."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal.results.columns import PlanTable
from dronedeal.results.shape import Row

if TYPE_CHECKING:
    import polars


def table_frame(table: PlanTable, rows: Sequence[Row]) -> polars.DataFrame:
    """A data frame of the rows, one column for each of the table's columns, typed even where it is empty.

    Parameters
    ----------
    table : definition of the columns
    rows : (n_rows,) rows in plain types

    Returns
    -------
    (n_rows, n_columns) numbers as 64-bit floats, fiscal years as 32-bit integers, all else as text
    """
    import polars  # a third of a second that `--help` must not pay

    types = {"number": polars.Float64, "fiscal_year": polars.Int32}
    schema = {column.name: types.get(column.kind, polars.String) for column in table.columns}
    data = {name: [row[name] for row in rows] for name in table.names}
    return polars.DataFrame(data, schema=schema)


def spreadsheet_safe(frame: polars.DataFrame) -> polars.DataFrame:
    """The frame with an apostrophe before every text that a spreadsheet would run as a formula."""
    import polars

    texts = polars.col(polars.String)
    is_formula = texts.str.contains(r"^[=+\-@\t\r\n]")
    return frame.with_columns(polars.when(is_formula).then("'" + texts).otherwise(texts).name.keep())


def write_frames(frames: Iterable[tuple[str, polars.DataFrame]], folder: Path) -> None:
    """Write named frames as CSV for spreadsheets, and as Parquet, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames:
        (folder / f"{name}.csv").write_bytes(spreadsheet_safe(frame).write_csv().encode())
        # By way of memory, for a disk that is full is then an OSError as everywhere else.
        packed = io.BytesIO()
        frame.write_parquet(packed)
        (folder / f"{name}.parquet").write_bytes(packed.getbuffer())
