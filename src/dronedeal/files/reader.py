"""Reading a whole deal: a folder, or a workbook with the same content."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.errors import CommandError, DealFolderError
from dronedeal.files.csv_table import first_line_beyond, scan_rows
from dronedeal.files.findings import FindingLog, error
from dronedeal.files.folder import SETTINGS_FILE, FolderListing, TableSource, given_sides
from dronedeal.files.grid import RawTable
from dronedeal.files.limits import MAX_CSV_BYTES, MAX_ROWS, MAX_YAML_BYTES
from dronedeal.files.parts import Parts, assemble
from dronedeal.files.settings_reader import read_settings
from dronedeal.files.suggestion import printable
from dronedeal.files.table_reader import TableRows, read_table, too_many_rows
from dronedeal.files.text_file import FileFault, read_text, unreadable
from dronedeal.files.workbook_reader import is_workbook, read_workbook
from dronedeal.files.yaml_settings import read_yaml


def read_deal(path: str | Path, *, sides: Collection[Owner] = OWNERS) -> Deal:
    """The deal in a folder or workbook.

    Parameters
    ----------
    path : a deal folder, its `deal.yaml`, or an `.xlsx` workbook
    sides : owners whose tables are read; the folders and sheets of the others are not touched, and
        an estimate takes the place of a table that is missing for that reason. A side without a folder
        counts as not given

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
    place = Path(path)
    if is_workbook(place):
        return assemble(read_workbook(place, sides=sides))
    return assemble(_read_folder(_folder_of(place), sides))


def _folder_of(path: Path) -> Path:
    try:
        status = os.stat(path)
    except (OSError, ValueError) as fault:
        reason = fault if isinstance(fault, OSError) else FileNotFoundError()
        raise DealFolderError([unreadable(Place(printable(str(path))), reason)]) from None
    if stat.S_ISDIR(status.st_mode):
        return path
    if path.name == SETTINGS_FILE:
        return path.parent
    step = f"give a deal folder, its {SETTINGS_FILE}, or an .xlsx workbook"
    raise DealFolderError([error("file", Place(printable(str(path))), "this is not a deal", next_step=step)])


def _read_folder(root: Path, sides: Collection[Owner]) -> Parts:
    listing = FolderListing(root, sides=sides)
    settings, places, findings = _read_settings_file(root)
    findings.extend(listing.log.findings)
    read: dict[str, TableRows] = {}
    for source in listing.sources:
        read[source.name] = _read_csv(root, source)
    given = given_sides(sides, listing.owners)
    return Parts(settings, places, listing.sources, read, findings, given)


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
    beyond = first_line_beyond(text, MAX_ROWS)
    if beyond is not None:
        return TableRows((), (), (too_many_rows(Place(source.name, beyond)),))
    return read_table(RawTable(source.name, None, scan_rows(text), is_csv=True), TABLES[source.table])
