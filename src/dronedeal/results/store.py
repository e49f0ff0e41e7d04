"""Writing a plan to a directory and reading it back.

The directory holds `plan.json`, `plan.schema.json` and each table as CSV and Parquet under `tables/`.
Every file is written beside its place first and renamed, so a reader never sees half a file; the same
plan gives the same bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from dronedeal.errors import CommandError, PlanFileError
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.frames import write_frames
from dronedeal.results.plan import Plan
from dronedeal.results.plan_schema import plan_schema
from dronedeal.results.unfinished import unfinished

PLAN_FILE = "plan.json"
SCHEMA_FILE = "plan.schema.json"
TABLE_FOLDER = "tables"
COMPANION_FILES = ("report.html", "plan.xlsx", "timings.json")
MAX_BYTES = 512 * 1024 * 1024
_NAMED_FILES = 5


def plan_files() -> tuple[str, ...]:
    """Every file that `write_plan` writes, relative to the directory; `plan.json` comes last."""
    tables = (f"{TABLE_FOLDER}/{name}.{ending}" for name in PLAN_TABLES for ending in ("csv", "parquet"))
    return (*tables, SCHEMA_FILE, PLAN_FILE)


def write_plan(plan: Plan, directory: Path | str, *, overwrite: bool = False) -> Path:
    """Write a plan as JSON, CSV and Parquet.

    Parameters
    ----------
    plan : the plan
    directory : where it goes; made where it is missing
    overwrite : write into a directory that holds other files too; those are left as they are

    Returns
    -------
    The directory.

    Raises
    ------
    CommandError
        where the directory holds files that this program does not write, or cannot be written
    """
    target = Path(os.path.abspath(directory))  # `.` has no neighbour to write beside
    try:
        _refuse_foreign(target, allow_foreign=overwrite)
        # beside the target, because a rename is whole only within one file system
        with unfinished(target.parent, of=target.name) as waiting:
            fresh = waiting / "plan"
            _write_all(plan, fresh)
            _move_into_place(fresh, target)
    except OSError as error:
        raise CommandError(
            f"output directory {target}: cannot be written ({error.strerror or error}); "
            "choose another with --out"
        ) from error
    return target


def read_plan(path: Path | str) -> Plan:
    """Read a plan from its directory or from its `plan.json`.

    Raises
    ------
    PlanFileError
        where there is no plan, or the file is damaged
    """
    given = Path(path)
    file = given / PLAN_FILE if given.is_dir() else given
    try:
        if not file.is_file():
            raise PlanFileError(
                f"{file}: no such file; give a directory that `dronedeal plan --out` made, or its {PLAN_FILE}"
            )
        if file.stat().st_size > MAX_BYTES:
            raise PlanFileError(
                f"{file}: larger than {MAX_BYTES} bytes, which no plan is; make the plan again"
            )
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PlanFileError(f"{file}, byte {error.start}: not UTF-8 text; make the plan again") from error
    except OSError as error:
        raise PlanFileError(f"{file}: cannot be read ({error.strerror or error})") from error
    return Plan.from_json(text, where=str(file))


def _write_all(plan: Plan, folder: Path) -> None:
    """Every file of the plan into a folder that does not exist yet."""
    tables = folder / TABLE_FOLDER
    tables.mkdir(parents=True)
    write_frames(((name, plan.frame(name)) for name in PLAN_TABLES), tables)
    schema = json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"
    (folder / SCHEMA_FILE).write_text(schema, encoding="utf-8", newline="\n")
    (folder / PLAN_FILE).write_text(plan.to_json(), encoding="utf-8", newline="\n")


def _move_into_place(fresh: Path, target: Path) -> None:
    """Rename the new files to their places; the directory as one where it is new."""
    if not target.exists():
        fresh.rename(target)
        return
    (target / TABLE_FOLDER).mkdir(exist_ok=True)
    for name in plan_files():
        os.replace(fresh / name, target / name)


def _refuse_foreign(target: Path, *, allow_foreign: bool) -> None:
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir():
        raise CommandError(f"output directory {target}: is a file; choose a directory with --out")
    if (target / TABLE_FOLDER).is_symlink():
        raise CommandError(
            f"output directory {target}: {TABLE_FOLDER} is a link; remove it or choose another"
        )
    foreign = [] if allow_foreign else sorted(_foreign_files(target))
    if foreign:
        named = ", ".join(foreign[:_NAMED_FILES]) + (" …" if len(foreign) > _NAMED_FILES else "")
        raise CommandError(
            f"output directory {target}: holds {len(foreign)} files of others ({named}); "
            "choose an empty or new directory, or ask for overwriting, which leaves them as they are"
        )


def _foreign_files(target: Path) -> Iterator[str]:
    """Files and folders in the directory that are not of a plan or its companions."""
    known = {*plan_files(), *COMPANION_FILES}
    for entry in target.iterdir():
        if entry.name == TABLE_FOLDER and entry.is_dir():
            names = [f"{TABLE_FOLDER}/{inner.name}" for inner in entry.iterdir()]
        else:
            names = [entry.name]
        yield from (name for name in names if name not in known)
