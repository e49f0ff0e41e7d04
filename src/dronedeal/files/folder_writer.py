"""Writing a deal as a folder of `deal.yaml` and CSV tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dronedeal.deal.deal import Deal
from dronedeal.deal.record import OWNERS, Frozen, Owner
from dronedeal.deal.schema import TABLES, Table
from dronedeal.files.csv_writer import csv_text
from dronedeal.files.folder import ESTIMATES, SETTINGS_FILE
from dronedeal.files.safe_write import write_files
from dronedeal.files.yaml_writer import yaml_text


def write_folder(deal: Deal, path: str | Path, *, comments: bool = False, overwrite: bool = False) -> None:
    """Write a deal as a folder that reads back as the same deal.

    Rows go into the folder of their owner, in their order; tables without rows are left out. A deal
    whose rows of one table change between owners is read back grouped in the order shared, buyer,
    seller. With `overwrite`, the tables and settings that stand in the folder are replaced and its
    other files are kept; on failure the folder is as it was before.

    Parameters
    ----------
    deal : what to write
    path : the folder; made where it does not exist
    comments : whether comment rows above each header say what the columns mean
    overwrite : whether the folder may hold files already

    Raises
    ------
    CommandError : where the folder holds files and may not be overwritten, or cannot be written

    Examples
    --------
    >>> import tempfile
    >>> from dronedeal.files import read_deal, write_template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(f"{folder}/one")
    ...     deal = read_deal(f"{folder}/one")
    ...     write_folder(deal, f"{folder}/two")
    ...     read_deal(f"{folder}/two") == deal
    True
    """
    contents = {SETTINGS_FILE: yaml_text(deal.settings).encode()}
    for table, owner, rows in rows_by_owner(deal):
        folder = f"{owner}/{ESTIMATES}" if is_estimate(deal, table, owner) else owner
        contents[f"{folder}/{table.name}.csv"] = csv_text(table, rows, comments=comments).encode()
    write_files(Path(path), contents, stale=list(table_files()), overwrite=overwrite)


def rows_by_owner(deal: Deal) -> Iterator[tuple[Table, Owner, list[Frozen]]]:
    """The rows of each table and owner, where there are any."""
    for name, table in TABLES.items():
        rows = deal.table(name)
        for owner in OWNERS:
            owned = [row for number, row in enumerate(rows) if deal.owner(name, number) == owner]
            if owned:
                yield table, owner, owned


def is_estimate(deal: Deal, table: Table, owner: Owner) -> bool:
    """Whether these rows of a table are what one side thinks of the other's."""
    return table.name in deal.estimates and owner not in ("shared", table.owner)


def table_files() -> Iterator[str]:
    """Every path inside a deal folder at which a table can stand."""
    for name in TABLES:
        for owner in OWNERS:
            yield f"{owner}/{name}.csv"
            yield f"{owner}/{ESTIMATES}/{name}.csv"
