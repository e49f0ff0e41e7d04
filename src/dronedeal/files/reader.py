"""Reading a whole deal: a folder, or a workbook with the same content."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place, RowOrigin
from dronedeal.deal.record import OWNERS, Frozen, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.errors import CommandError, DealFolderError
from dronedeal.files.csv_table import scan_rows
from dronedeal.files.findings import FindingLog, error
from dronedeal.files.folder import SETTINGS_FILE, FolderListing, TableSource, used_sources
from dronedeal.files.grid import RawTable
from dronedeal.files.limits import MAX_CSV_BYTES, MAX_YAML_BYTES
from dronedeal.files.settings_reader import read_settings
from dronedeal.files.table_reader import TableRows, read_table
from dronedeal.files.text_file import FileFault, read_text, unreadable
from dronedeal.files.yaml_settings import read_yaml


def read_deal(path: str | Path, *, sides: Collection[Owner] = OWNERS) -> Deal:
    """The deal in a folder or workbook.

    Parameters
    ----------
    path : a deal folder, its `deal.yaml`, or an `.xlsx` workbook
    sides : owners whose tables are read; the folders and sheets of the others are not touched, and
        an estimate takes the place of a table that is missing for that reason

    Raises
    ------
    DealFolderError : with every error of the whole deal, each with its address

    Examples
    --------
    >>> import tempfile
    >>> from dronedeal.files import write_template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(f"{folder}/deal")
    ...     deal = read_deal(f"{folder}/deal")
    >>> deal.settings.format, deal.systems
    (1, ())
    """
    unknown = [side for side in sides if side not in OWNERS]
    if unknown:
        raise CommandError(f"unknown side {unknown[0]!r}; allowed: {', '.join(OWNERS)}")
    return _read_folder(_folder_of(Path(path)), sides)


def _folder_of(path: Path) -> Path:
    try:
        status = os.stat(path)
    except (OSError, ValueError) as fault:
        reason = fault if isinstance(fault, OSError) else FileNotFoundError()
        raise DealFolderError([unreadable(Place(str(path)), reason)]) from None
    import stat

    if stat.S_ISDIR(status.st_mode):
        return path
    if path.name == SETTINGS_FILE:
        return path.parent
    step = f"give a deal folder, its {SETTINGS_FILE}, or an .xlsx workbook"
    raise DealFolderError([error("file", Place(str(path)), "this is not a deal", next_step=step)])


def _read_folder(root: Path, sides: Collection[Owner]) -> Deal:
    listing = FolderListing(root, sides=sides)
    settings, places, findings = _read_settings_file(root)
    findings.extend(listing.log.findings)
    read: dict[str, TableRows] = {}
    for source in listing.sources:
        read[source.name] = _read_csv(root, source)
    return assemble(Parts(settings, places, listing.sources, read, findings))


def _read_settings_file(root: Path) -> tuple[Settings | None, Mapping[str, Place], list[Finding]]:
    log = FindingLog(Place(SETTINGS_FILE))
    try:
        text = read_text(root / SETTINGS_FILE, SETTINGS_FILE, max_bytes=MAX_YAML_BYTES)
    except FileFault as fault:
        return None, {}, [_absent(root) if not os.path.lexists(root / SETTINGS_FILE) else fault.finding]
    tree = read_yaml(text, SETTINGS_FILE, log)
    settings, places = read_settings(tree, log) if tree is not None else (None, {})
    return settings, places, list(log.findings)


def _absent(root: Path) -> Finding:
    similar = [name for name in ("deal.yml", "Deal.yaml", "deal.yaml.txt") if os.path.lexists(root / name)]
    step = (
        f"rename {similar[0]} to {SETTINGS_FILE}"
        if similar
        else "check the path; `dronedeal new` writes a folder to start from"
    )
    return error(
        "file", Place(SETTINGS_FILE), "the deal folder has no settings", found="no such file", next_step=step
    )


def _read_csv(root: Path, source: TableSource) -> TableRows:
    try:
        text = read_text(root / source.name, source.name, max_bytes=MAX_CSV_BYTES)
    except FileFault as fault:
        return TableRows((), (), (fault.finding,))
    return read_table(RawTable(source.name, None, scan_rows(text), is_csv=True), TABLES[source.table])


@dataclass(frozen=True)
class Parts:
    """What was read of a deal before it is put together; `read` holds the rows by source name."""

    settings: Settings | None
    settings_places: Mapping[str, Place]
    sources: Sequence[TableSource]
    read: Mapping[str, TableRows]
    findings: Sequence[Finding]


def assemble(parts: Parts) -> Deal:
    """The deal of its parts; raises every finding where there is one."""
    findings = [*parts.findings, *(finding for rows in parts.read.values() for finding in rows.findings)]
    if findings or parts.settings is None:
        raise DealFolderError(findings)
    rows: dict[str, list[Frozen]] = defaultdict(list)
    origins: dict[str, list[RowOrigin]] = defaultdict(list)
    owners: dict[str, list[Owner]] = defaultdict(list)
    for source in used_sources(parts.sources):
        part = parts.read[source.name]
        rows[source.table].extend(part.rows)
        origins[source.table].extend(part.origins)
        owners[source.table].extend([source.owner] * len(part.rows))
    tables: dict[str, Any] = {name: tuple(records) for name, records in rows.items()}
    return Deal(
        settings=parts.settings,
        **tables,
        owners={name: tuple(of_table) for name, of_table in owners.items() if _differ(name, of_table)},
        origins={name: tuple(of_table) for name, of_table in origins.items()},
        settings_places=parts.settings_places,
    )


def _differ(table: str, owners: Iterable[Owner]) -> bool:
    return any(owner != TABLES[table].owner for owner in owners)
