"""From the value of a column to the text of its cell, so that the reader gets exactly the value back."""

from __future__ import annotations

import datetime as dt

from dronedeal.deal.schema import Column
from dronedeal.files.cells import EMPTY_LIST, number_text


def cell_text(value: object, column: Column) -> str:
    """Text of a cell; empty for None and for an empty list that is the default.

    Parameters
    ----------
    value : value of the record
    column : the column that it stands in

    Examples
    --------
    >>> from dronedeal.deal.schema import TABLES
    >>> cell_text(True, TABLES["attributes"].column("is_tested"))
    'true'
    """
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _list_text(value, column)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _list_text(items: tuple[object, ...], column: Column) -> str:
    if not items:
        return "" if column.default == () else EMPTY_LIST
    texts = [number_text(item) if isinstance(item, int | float) else str(item) for item in items]
    if column.kind == "text_list":
        texts = [text.replace("\\", "\\\\").replace(";", "\\;") for text in texts]
    return "; ".join(texts)
