"""What a column means, in the words of template, header comments and manual."""

from __future__ import annotations

from dronedeal.deal.schema import Column
from dronedeal.files.cells import number_text


def default_text(column: Column) -> str:
    """What it means to write nothing: `required`, `may be blank`, or the default."""
    if column.is_required:
        return "required"
    if column.default is None or column.default == ():
        return "may be blank"
    default = column.default
    if isinstance(default, bool):
        text = "true" if default else "false"
    else:
        text = number_text(default) if isinstance(default, int | float) else str(default)
    return f"default {text}"


def column_note(column: Column) -> str:
    """Meaning, unit, what is allowed and the default, in one line.

    >>> from dronedeal.deal.schema import TABLES
    >>> column_note(TABLES["prices"].column("unit_price"))
    'Price of one unit [currency per unit]; a number of at least 0; required'
    """
    unit = f" [{column.unit}]" if column.unit else ""
    refers = f" (from `{column.refers_to}`)" if column.refers_to else ""
    allowed = f"one of {column.allowed}" if column.choices else column.allowed
    return f"{column.meaning}{unit}; {allowed}{refers}; {default_text(column)}"
