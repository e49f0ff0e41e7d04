"""Writing a deal as one `.xlsx` workbook, the same bytes for the same deal."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dronedeal.deal.deal import Deal
from dronedeal.deal.record import Frozen, Owner
from dronedeal.deal.schema import TABLES, Column, Table
from dronedeal.deal.settings import Settings
from dronedeal.errors import CommandError
from dronedeal.files.cell_text import cell_text
from dronedeal.files.describe import column_note
from dronedeal.files.folder_writer import is_estimate, rows_by_owner
from dronedeal.files.limits import MAX_CELL_CHARACTERS
from dronedeal.files.safe_write import write_file
from dronedeal.files.settings_reader import nested_record, setting_columns
from dronedeal.files.workbook_settings import SETTINGS_SHEET

_CREATED = dt.datetime(2000, 1, 1)
_FIRST_SHEET_DATE = dt.date(1900, 3, 1)
"""Earlier days are numbered differently by different spreadsheet programs."""

_VALIDATED_ROWS = 2_000
_LOOKS_ESCAPED = re.compile(r"(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_MOST_LIST_CHARACTERS = 255


def write_workbook(deal: Deal, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a deal as a workbook that reads back as the same deal.

    Every table with rows has a sheet, named for the table where its rows belong to the usual owner and
    `owner.table` otherwise; the sheet `deal` holds the settings. Header cells carry unit and meaning.
    A deal whose rows of one table change between owners is read back grouped in the order shared,
    buyer, seller.

    Parameters
    ----------
    deal : what to write
    path : the `.xlsx` file
    overwrite : whether the file may exist already

    Raises
    ------
    CommandError : where the file exists and may not be overwritten, or cannot be written

    Examples
    --------
    >>> import tempfile
    >>> from dronedeal.files import read_deal, write_template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template(f"{folder}/one")
    ...     deal = read_deal(f"{folder}/one")
    ...     write_workbook(deal, f"{folder}/two.xlsx")
    ...     read_deal(f"{folder}/two.xlsx") == deal
    True
    """
    names = {
        (table.name, owner): f"{owner}~{table.name}"
        for table, owner, _ in rows_by_owner(deal)
        if is_estimate(deal, table, owner)
    }
    save_workbook(deal.settings, rows_by_owner(deal), path, overwrite=overwrite, names=names)


def save_workbook(
    settings: Settings,
    tables: Iterable[tuple[Table, Owner, Sequence[Frozen]]],
    path: str | Path,
    *,
    overwrite: bool,
    names: Mapping[tuple[str, Owner], str] | None = None,
) -> None:
    """Write settings and tables as a workbook; tables without rows get their header.

    Parameters
    ----------
    names : of sheets by table and owner; others are named by the table, and by its owner where that is not
        the usual one
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise CommandError(f"{target} does not end in .xlsx; give a workbook a name such as deal.xlsx")
    named = [
        ((names or {}).get((table.name, owner)) or _sheet_name(table, owner), table, rows)
        for table, owner, rows in tables
    ]
    write_file(target, _workbook_bytes(settings, named), overwrite=overwrite)


def _sheet_name(table: Table, owner: Owner) -> str:
    return table.name if owner == table.owner else f"{owner}.{table.name}"


def _workbook_bytes(settings: Settings, tables: Iterable[tuple[str, Table, Sequence[Frozen]]]) -> bytes:
    import xlsxwriter  # loaded only where a workbook is written

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": settings.title[:255], "created": _CREATED})
        _Sheets(book).write(settings, tables)
    return buffer.getvalue()


class _Sheets:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.plain = book.add_format()
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self, settings: Settings, tables: Iterable[tuple[str, Table, Sequence[Frozen]]]) -> None:
        self._write_settings(settings)
        for name, table, rows in tables:
            self._write_table(table, self.book.add_worksheet(name), rows)

    def _write_settings(self, settings: Settings) -> None:
        sheet = self.book.add_worksheet(SETTINGS_SHEET)
        self._write_header(sheet, ("key", "value", "meaning"), (30, 40, 100))
        for row, (key, value, column) in enumerate(_setting_rows(settings, ""), start=1):
            self._write_text(sheet, row, 0, key)
            self._write_value(sheet, row, 1, value, column)
            self._write_text(sheet, row, 2, column_note(column))
            self._validate(sheet, column, row, 1, last_row=row)

    def _write_table(self, table: Table, sheet: Any, rows: Sequence[Frozen]) -> None:
        columns = table.columns
        self._write_header(sheet, [column.name for column in columns], [_width(column) for column in columns])
        for number, column in enumerate(columns):
            note = {"author": "dronedeal", "x_scale": 2.5, "y_scale": 1.2}
            sheet.write_comment(0, number, column_note(column), note)
            self._validate(sheet, column, 1, number, last_row=len(rows) + _VALIDATED_ROWS)
        for row, record in enumerate(rows, start=1):
            for number, column in enumerate(columns):
                self._write_value(sheet, row, number, getattr(record, column.name), column)

    def _write_header(self, sheet: Any, names: Sequence[str], widths: Sequence[int]) -> None:
        sheet.freeze_panes(1, 0)
        for number, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(number, number, width)
            sheet.write_string(0, number, name, self.bold)

    def _validate(self, sheet: Any, column: Column, row: int, number: int, *, last_row: int) -> None:
        choices = ["TRUE", "FALSE"] if column.kind == "boolean" else list(column.choices)
        if choices and len(",".join(choices)) <= _MOST_LIST_CHARACTERS:
            rule = {"validate": "list", "source": choices, "error_message": "Choose a value of the list."}
            sheet.data_validation(row, number, last_row, number, rule)

    def _write_value(self, sheet: Any, row: int, number: int, value: object, column: Column) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(row, number, value)
        elif isinstance(value, int | float) and _survives(value):
            sheet.write_number(row, number, value)
        elif isinstance(value, dt.date) and value >= _FIRST_SHEET_DATE:
            sheet.write_datetime(row, number, dt.datetime.combine(value, dt.time()), self.day)
        elif text := cell_text(value, column):
            self._write_text(sheet, row, number, text)

    def _write_text(self, sheet: Any, row: int, number: int, text: str) -> None:
        """A text is never a formula, a link or a number; what looks like an escape is cut into pieces."""
        pieces = _LOOKS_ESCAPED.split(text)
        if text.startswith("<r>") and text.endswith("</r>"):  # taken for markup by the writing library
            pieces = ["<", pieces[0][1:], *pieces[1:]]
        if len(pieces) > 1:
            code = sheet.write_rich_string(row, number, self.plain, *pieces)
        else:
            code = sheet.write_string(row, number, text)
        if code:
            raise CommandError(
                f"row {row + 1} of the sheet {sheet.get_name()} has a cell of {len(text):,} characters; "
                f"a workbook holds at most {MAX_CELL_CHARACTERS:,} in one; shorten it"
            )


def _setting_rows(record: Frozen, path: str) -> Iterator[tuple[str, object, Column]]:
    """Key, value and column of every plain setting; lists without items have no row."""
    kind = type(record)
    for name in kind.model_fields:
        value = getattr(record, name)
        if nested_record(kind, name) is None:
            yield f"{path}{name}", value, setting_columns(kind)[name]
        elif isinstance(value, Frozen):
            yield from _setting_rows(value, f"{path}{name}.")
        else:
            for number, item in enumerate(value):
                yield from _setting_rows(item, f"{path}{name}.{number}.")


def _survives(value: float) -> bool:
    """Whether the digits that a workbook keeps give the same number again."""
    is_negative_zero = value == 0 and str(value).startswith("-")  # read back as the whole number 0
    return not is_negative_zero and float(f"{value:.16G}") == value


def _width(column: Column) -> int:
    kinds = {"text": 24, "id": 20, "id_list": 24, "text_list": 20, "date": 12, "month": 10}
    return max(len(column.name) + 2, kinds.get(column.kind, 10))


def template_tables() -> Iterator[tuple[Table, Owner, Sequence[Frozen]]]:
    """Every table without rows, for an empty workbook."""
    for table in TABLES.values():
        yield table, table.owner, ()
