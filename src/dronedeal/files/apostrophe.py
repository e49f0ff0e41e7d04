"""The apostrophe that keeps spreadsheet programs from running a text of a CSV file as a formula."""

from __future__ import annotations

_MARKED = frozenset("=+-@\t'#")


def marked(text: str) -> str:
    """The text as it stands in a CSV cell: one apostrophe before texts that begin like a formula or comment.

    A text that begins with an apostrophe gets one more, so that `unmarked` is exact.

    >>> marked("=1+1"), marked("'quoted'"), marked("5 km")
    ("'=1+1", "''quoted'", '5 km')
    """
    return f"'{text}" if text[:1] in _MARKED and text else text


def unmarked(cell: str) -> str:
    """The text of a CSV cell, without the apostrophe that `marked` puts there.

    >>> unmarked("'=1+1"), unmarked("''quoted'"), unmarked("'s-Hertogenbosch")
    ('=1+1', "'quoted'", "'s-Hertogenbosch")
    """
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _MARKED and len(cell) > 1 else cell
