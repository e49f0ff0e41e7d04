"""The text of a CSV table, ready for `csv_table` and for spreadsheet programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column, Table
from dronedeal.errors import CommandError
from dronedeal.files.apostrophe import marked
from dronedeal.files.cell_text import cell_text
from dronedeal.files.describe import column_note
from dronedeal.files.limits import MAX_CELL_CHARACTERS


def csv_text(table: Table, rows: Iterable[Frozen], *, comments: bool = False) -> str:
    """Header and rows of a table as CSV, lines ending in a line feed.

    Parameters
    ----------
    table : the table of the schema
    rows : its records
    comments : whether comment rows above the header say what each column means
    """
    columns = table.columns
    lines = [f"# {line}" for line in _comment_lines(table)] if comments else []
    lines.append(",".join(column.name for column in columns))
    for number, row in enumerate(rows, start=1):
        cells = [csv_cell(getattr(row, column.name), column) for column in columns]
        _refuse_long_cells(cells, table, number)
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def csv_cell(value: object, column: Column) -> str:
    """Text of one CSV cell before quoting; texts that look like formulas get an apostrophe."""
    text = cell_text(value, column)
    return marked(text) if column.kind in ("text", "text_list") else text


def _refuse_long_cells(cells: Sequence[str], table: Table, number: int) -> None:
    for column, cell in zip(table.columns, cells, strict=True):
        if len(cell) > MAX_CELL_CHARACTERS:
            raise CommandError(
                f"row {number} of the table {table.name} has {len(cell):,} characters under {column.name}; "
                f"a cell holds at most {MAX_CELL_CHARACTERS:,}; shorten it"
            )


def _line(cells: Sequence[str]) -> str:
    return ",".join(_quoted(cell) for cell in cells)


def _quoted(cell: str) -> str:
    if not any(sign in cell for sign in ',"\n'):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def _comment_lines(table: Table) -> list[str]:
    notes = (f"{column.name}: {column_note(column)}" for column in table.columns)
    return [f"{table.name}: {table.meaning}".replace('"', "'"), *(note.replace('"', "'") for note in notes)]
