"""The empty deal: every table with its header, every key with its meaning."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings
from dronedeal.files.csv_writer import csv_text
from dronedeal.files.describe import column_note
from dronedeal.files.folder import SETTINGS_FILE
from dronedeal.files.safe_write import write_files
from dronedeal.files.settings_reader import nested_record, setting_columns
from dronedeal.files.workbook_writer import save_workbook, template_tables
from dronedeal.files.yaml_writer import yaml_value

EXAMPLE = Settings.model_validate(
    {
        "format": 1,
        "title": "Title of the deal",
        "start": "2026-10",
        "months": 60,
        "currency": "USD",
        "price_base_year": 2027,
        "parties": [
            {"id": "buyer", "name": "Name of the buying side", "role": "buyer", "fiscal_year_start": 10},
            {"id": "seller", "name": "Name of the selling side", "role": "seller"},
        ],
    }
)


def write_template(path: str | Path, *, workbook: bool = False, overwrite: bool = False) -> None:
    """Write an empty deal with comments; it can be read at once and has no rows.

    Parameters
    ----------
    path : the folder, or the `.xlsx` file for a workbook
    workbook : whether to write a workbook instead of a folder
    overwrite : whether the folder may hold files already, or the workbook may exist

    Raises
    ------
    CommandError : where something stands at the path and may not be overwritten

    Examples
    --------
    >>> import tempfile
    >>> from dronedeal.files import read_deal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(f"{folder}/deal")
    ...     read_deal(f"{folder}/deal").settings.months
    60
    """
    if workbook:
        save_workbook(EXAMPLE, template_tables(), path, overwrite=overwrite)
        return
    contents = {SETTINGS_FILE: settings_template().encode()}
    for table in TABLES.values():
        contents[f"{table.owner}/{table.name}.csv"] = csv_text(table, (), comments=True).encode()
    write_files(Path(path), contents, stale=(), overwrite=overwrite)


def settings_template() -> str:
    """`deal.yaml` with example values for the required keys and every other key as a comment."""
    intro = (
        "Settings of the deal. Required keys hold example values; take the # away from others to set them."
    )
    return "\n".join([*_comment(intro, ""), *_record_lines(EXAMPLE, "", "")]) + "\n"


def _record_lines(record: Frozen, indent: str, off: str) -> Iterator[str]:
    """Lines of a record; `off` is `# ` inside a part that is commented out as a whole."""
    kind = type(record)
    for name, field in kind.model_fields.items():
        value = getattr(record, name)
        nested = nested_record(kind, name)
        if nested is None:
            yield from _comment(column_note(setting_columns(kind)[name]), indent)
            switch = off or ("" if name in record.model_fields_set else "# ")
            yield f"{indent}{switch}{name}: {yaml_value(value)}"
        elif isinstance(value, Frozen):
            yield from _comment(field.description or "", indent)
            yield f"{indent}{off}{name}:"
            yield from _record_lines(value, f"{indent}  ", off)
        else:
            yield from _comment(field.description or "", indent)
            yield from _list_lines(name, value, nested[0], indent)


def _list_lines(name: str, items: tuple[Frozen, ...], record: type[Frozen], indent: str) -> Iterator[str]:
    if not items:
        yield f"{indent}# {name}:"
        for number, (key, column) in enumerate(setting_columns(record).items()):
            yield f"{indent}#   {'- ' if number == 0 else '  '}{key}: …   # {column_note(column)}"
        return
    yield f"{indent}{name}:"
    for item in items:
        yield f"{indent}  -"
        yield from _record_lines(item, f"{indent}    ", "")


def _comment(text: str, indent: str) -> list[str]:
    return [f"{indent}# {line}" for line in textwrap.wrap(text, 100 - len(indent))]
