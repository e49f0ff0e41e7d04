"""A deal from a workbook: which sheet is which table, whose, and the settings of the sheet `deal`."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.files.findings import FindingLog, error
from dronedeal.files.folder import TableSource, estimate_fault, given_sides
from dronedeal.files.limits import MAX_WORKBOOK_BYTES
from dronedeal.files.parts import Parts
from dronedeal.files.suggestion import did_you_mean, quoted
from dronedeal.files.table_reader import TableRows, read_table
from dronedeal.files.text_file import too_large, unreadable
from dronedeal.files.workbook import Sheet, read_sheets
from dronedeal.files.workbook_settings import SETTINGS_SHEET, read_settings_sheet

_IGNORED_SHEETS = frozenset(("docs", "readme"))
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def is_workbook(path: Path) -> bool:
    """Whether a path is meant as a workbook, by its name.

    >>> is_workbook(Path("deal.xlsx")), is_workbook(Path("deal"))
    (True, False)
    """
    return path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_workbook(path: Path, *, sides: Collection[Owner]) -> Parts:
    """What a workbook holds, with every error; sheets of owners outside `sides` are not looked at."""
    file = path.name
    refusal = _refusal(path, file)
    if refusal is not None:
        return Parts(None, {}, [], {}, [refusal])
    sheets, findings = read_sheets(path, file, left_out=_left_out(sides))
    log = FindingLog(Place(file))
    sources = _sources(sheets, file, sides, log)
    by_name = {sheet.name: sheet for sheet in sheets}
    read: dict[str, TableRows] = {}
    for source in sources:
        read[source.name] = read_table(by_name[source.name].raw_table(file), TABLES[source.table])
    settings: Settings | None = None
    places: Mapping[str, Place] = {}
    if SETTINGS_SHEET in by_name:
        settings, places = read_settings_sheet(by_name[SETTINGS_SHEET].raw_table(file), log)
    elif not findings:
        log.extend([_no_settings(file)])
    given = given_sides(sides, {source.owner for source in sources})
    return Parts(settings, places, sources, read, [*findings, *log.findings], given)


def _left_out(sides: Collection[Owner]) -> dict[str, Sequence[str]]:
    """Names of sheets, and of the owners before a sign in a name, that are not opened (rule R11)."""
    owners = [owner for owner in OWNERS if owner not in sides]
    return {"sheets": [name for name, table in TABLES.items() if table.owner in owners], "owners": owners}


def _refusal(path: Path, file: str) -> Finding | None:
    """Why the file cannot be a workbook that is read here, seen without parsing it."""
    place = Place(file)
    if path.suffix.lower() != ".xlsx":
        step = "save it as .xlsx"
        return error("workbook", place, "only .xlsx workbooks are read", found=path.suffix, next_step=step)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            step = "give the name of an .xlsx file"
            return error("file", place, "this is not a regular file", next_step=step)
        if status.st_size > MAX_WORKBOOK_BYTES:
            return too_large(place, status.st_size, MAX_WORKBOOK_BYTES)
        with path.open("rb") as opened:
            start = opened.read(len(_OLE))
    except OSError as fault:
        return unreadable(place, fault)
    if start == _OLE:
        step = "remove the password, or save the old format as .xlsx"
        subject = "the workbook is protected by a password, or it has the old .xls format"
        return error("workbook", place, subject, next_step=step)
    return None


def _no_settings(file: str) -> Finding:
    place = Place(file, sheet=SETTINGS_SHEET)
    step = f"add a sheet {SETTINGS_SHEET} with the columns key and value"
    return error("settings", place, "the workbook has no settings", found="no such sheet", next_step=step)


def _sources(sheets: list[Sheet], file: str, sides: Collection[Owner], log: FindingLog) -> list[TableSource]:
    sources: list[TableSource] = []
    for sheet in sheets:
        name = sheet.name
        if name == SETTINGS_SHEET or name.casefold() in _IGNORED_SHEETS or name.startswith("#"):
            continue
        source = _source(file, name)
        place = Place(file, sheet=name)
        if source is None:
            step = did_you_mean(
                name, _known_sheets(), otherwise="put `#` before the name of a sheet that is no table"
            )
            log.add("table", place, "there is no table of this name", found=quoted(name), next_step=step)
        elif source.is_estimate and (reason := estimate_fault(source.table, source.owner)):
            log.add(
                "table", place, reason, found=quoted(name), next_step=f"rename the sheet to {source.table}"
            )
        elif source.owner in sides:
            twin = next((other for other in sources if _is_same(other, source)), None)
            if twin is not None:
                step = "put the rows of both on one sheet"
                subject = f"the table {source.table} of the owner {source.owner} stands on two sheets"
                log.add(
                    "table", place, subject, found=f"{quoted(twin.name)} and {quoted(name)}", next_step=step
                )
            else:
                sources.append(source)
    return sources


def _is_same(one: TableSource, other: TableSource) -> bool:
    return (one.table, one.owner, one.is_estimate) == (other.table, other.owner, other.is_estimate)


def _source(file: str, name: str) -> TableSource | None:
    """`systems` is the table of its home owner, `buyer.lines` has another, `buyer~lines` is an estimate."""
    if name in TABLES:
        return TableSource(name, name, TABLES[name].owner, is_estimate=False, file=file)
    for sign in (".", "~"):
        side, _, table = name.partition(sign)
        owner = next((owner for owner in OWNERS if owner == side), None)
        if owner is not None and table in TABLES:
            return TableSource(name, table, owner, is_estimate=sign == "~", file=file)
    return None


def _known_sheets() -> list[str]:
    return [SETTINGS_SHEET, *TABLES, *(f"{owner}.{name}" for owner in OWNERS for name in TABLES)]
