"""What a deal folder holds: which file is which table, whose, and which files do not belong."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dronedeal.deal.place import Place
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.schema import TABLES
from dronedeal.files.findings import FindingLog
from dronedeal.files.limits import MAX_FOLDER_ENTRIES
from dronedeal.files.suggestion import did_you_mean, printable
from dronedeal.files.text_file import link, unreadable

SETTINGS_FILE = "deal.yaml"
ESTIMATES = "estimates"
_IGNORED_FOLDERS = frozenset({"docs"})
_PLAN_FILE = "plan.json"
_SEARCH_DEPTH = 3


@dataclass(frozen=True, slots=True)
class TableSource:
    """One file or sheet that holds rows of a table.

    `name` is the file as the user knows it, or the sheet; `owner` is the side whose rows they are;
    an estimate stands in for the other side's own table where that is not given. `file` is the workbook that
    a sheet stands in.
    """

    name: str
    table: str
    owner: Owner
    is_estimate: bool
    file: str | None = None

    @property
    def place(self) -> Place:
        """Address of the whole file or sheet."""
        return Place(self.name) if self.file is None else Place(self.file, sheet=self.name)


def used_sources(sources: Collection[TableSource]) -> list[TableSource]:
    """Sources whose rows count, in the order shared, buyer, seller: estimates only without the real table."""
    own = {(source.table, source.owner) for source in sources if not source.is_estimate}
    used = [
        source
        for source in sources
        if not source.is_estimate or (source.table, TABLES[source.table].owner) not in own
    ]
    return sorted(used, key=lambda source: (OWNERS.index(source.owner), source.is_estimate))


def given_sides(asked: Collection[Owner], found: Collection[Owner]) -> tuple[Owner, ...]:
    """Owners whose tables were read: a side that has no folder at all was not given.

    Where neither side has one, nothing of the deal is private and all that was asked for counts as read.

    Parameters
    ----------
    asked : owners whose tables may be read
    found : owners that have a folder, or sheets

    Examples
    --------
    >>> given_sides(("shared", "buyer", "seller"), {"shared", "buyer"})
    ('shared', 'buyer')
    >>> given_sides(("shared", "buyer", "seller"), {"shared"})
    ('shared', 'buyer', 'seller')
    """
    if not {"buyer", "seller"} & set(found):
        return tuple(owner for owner in OWNERS if owner in asked)
    return tuple(owner for owner in OWNERS if owner in asked and (owner == "shared" or owner in found))


def estimate_fault(table: str, owner: Owner) -> str:
    """Why a side cannot estimate this table; empty where it can."""
    home = TABLES[table].owner
    if home == "shared":
        return f"the table {table} is shared; only tables of the other side are estimated"
    if owner == home:
        return f"the table {table} belongs to the {home} itself; the {home} does not estimate it"
    return ""


class FolderListing:
    """The table files of a deal folder, found without opening any.

    Parameters
    ----------
    root : the folder
    sides : owners whose folders are looked into; the others are not touched (rule R11)

    Attributes
    ----------
    owners : those whose folders were looked into
    """

    def __init__(self, root: Path, *, sides: Collection[Owner]) -> None:
        self.root = root
        self.sides = sides
        self.sources: list[TableSource] = []
        self.owners: set[Owner] = set()
        self.log = FindingLog(Place("."))
        self._list_root()

    def _list_root(self) -> None:
        for entry in self._entries(self.root, "."):
            name = entry.name
            if name in OWNERS:
                if name in self.sides:
                    self._list_owner(entry, name)
            elif self._is_folder(entry):
                self._refuse_tables_in(Path(entry.path), name, known=OWNERS)
            elif name.lower().endswith(".csv"):
                step = "move it into shared, buyer or seller, the folder of the side that owns its rows"
                self.log.add(
                    "table",
                    Place(printable(name)),
                    "a table stands in the root of the deal folder",
                    next_step=step,
                )

    def _list_owner(self, entry: os.DirEntry[str], owner: Owner) -> None:
        if not self._is_real_folder(entry, owner):
            return
        self.owners.add(owner)
        for inner in self._entries(Path(entry.path), owner):
            name = f"{owner}/{inner.name}"
            if inner.name.lower().endswith(".csv"):
                self._add(name, inner.name, owner, is_estimate=False)
            elif inner.name == ESTIMATES and owner != "shared":
                self._list_estimates(inner, owner)
            elif self._is_folder(inner):
                known = () if owner == "shared" else (ESTIMATES,)
                self._refuse_tables_in(Path(inner.path), name, known=known)

    def _list_estimates(self, entry: os.DirEntry[str], owner: Owner) -> None:
        folder = f"{owner}/{ESTIMATES}"
        if self._is_real_folder(entry, folder):
            for inner in self._entries(Path(entry.path), folder):
                if inner.name.lower().endswith(".csv"):
                    self._add(f"{folder}/{inner.name}", inner.name, owner, is_estimate=True)

    def _add(self, name: str, file: str, owner: Owner, *, is_estimate: bool) -> None:
        table = file[: -len(".csv")]
        if table not in TABLES or not file.endswith(".csv"):
            known = [f"{known}.csv" for known in TABLES]
            step = did_you_mean(
                file, known, otherwise="rename it to a table of the schema, or move it to docs"
            )
            self.log.add(
                "table",
                Place(printable(name)),
                "there is no table of this name",
                found=printable(file),
                next_step=step,
            )
        elif is_estimate and (reason := estimate_fault(table, owner)):
            step = f"move the file to {TABLES[table].owner}/{file}"
            self.log.add("table", Place(printable(name)), reason, next_step=step)
        else:
            self.sources.append(TableSource(name, table, owner, is_estimate))

    def _refuse_tables_in(self, folder: Path, name: str, *, known: Collection[str]) -> None:
        if name.rpartition("/")[2] in _IGNORED_FOLDERS or (folder / _PLAN_FILE).exists():
            return
        found = self._first_table(folder, name, _SEARCH_DEPTH)
        if found is None:
            return
        otherwise = "move the tables into shared, buyer or seller, or rename the folder to docs"
        step = did_you_mean(name.rpartition("/")[2], known, otherwise=otherwise)
        self.log.add(
            "table",
            Place(printable(name)),
            "this folder is not part of a deal but holds tables",
            found=printable(found),
            next_step=step,
        )

    def _first_table(self, folder: Path, name: str, depth: int) -> str | None:
        for entry in self._entries(folder, name):
            if entry.name.lower().endswith(".csv"):
                return f"{name}/{entry.name}"
            if depth > 1 and not entry.is_symlink() and self._is_folder(entry):
                found = self._first_table(Path(entry.path), f"{name}/{entry.name}", depth - 1)
                if found:
                    return found
        return None

    def _entries(self, folder: Path, name: str) -> list[os.DirEntry[str]]:
        """Names in a folder, sorted; hidden ones are left out."""
        kept: list[os.DirEntry[str]] = []
        try:
            with os.scandir(folder) as entries:
                for count, entry in enumerate(entries):
                    if count >= MAX_FOLDER_ENTRIES:
                        step = "remove what is not part of the deal"
                        allowed = f"at most {MAX_FOLDER_ENTRIES:,}"
                        self.log.add(
                            "limit",
                            Place(printable(name)),
                            "the folder holds too many names",
                            allowed=allowed,
                            next_step=step,
                        )
                        break
                    if not entry.name.startswith("."):
                        kept.append(entry)
        except OSError as fault:
            self.log.extend([unreadable(Place(printable(name)), fault)])
        return sorted(kept, key=lambda entry: entry.name)

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir(follow_symlinks=False)
        except OSError:
            return False

    def _is_real_folder(self, entry: os.DirEntry[str], name: str) -> bool:
        if entry.is_symlink():
            self.log.extend([link(Place(printable(name)))])
            return False
        if not self._is_folder(entry):
            step = f"put the tables of that side into a folder {name}"
            self.log.add(
                "file", Place(printable(name)), "a file stands where a folder should be", next_step=step
            )
            return False
        return True
