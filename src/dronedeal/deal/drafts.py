"""Findings in the making, and the words that they share.

A rule says where, what was found, what is allowed and what to do; the registry adds the name and the
severity of the rule.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cached_property

from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.production import LineSystem
from dronedeal.deal.schema import TABLES

_NAMES_SHOWN = 8
_MOST_NAMES_COMPARED = 2000
_MOST_SUGGESTIONS = 200
_LONGEST_COMPARED = 80
_LONGEST_SHOWN = 60


def cell(
    deal: Deal, where: tuple[str, int, str | None], *, subject: str, found: str, allowed: str, next_step: str
) -> Finding:
    """A finding about one cell of a table, or about a row where the column is None.

    Parameters
    ----------
    where : table, 0-based row, column
    """
    table, row, column = where
    return at(
        deal.place(table, row, column), subject=subject, found=found, allowed=allowed, next_step=next_step
    )


def at(place: Place, *, subject: str, found: str, allowed: str, next_step: str) -> Finding:
    """A finding about any place, such as a key of `deal.yaml`."""
    return Finding("", "error", place, subject, found, allowed, next_step)


def quoted(text: object) -> str:
    """A value of the user between quotation marks, on one line and cut after 60 characters.

    >>> quoted("kestrel"), quoted("two\\nlines")
    ("'kestrel'", "'two\\\\nlines'")
    """
    shown = str(text) if len(str(text)) <= _LONGEST_SHOWN else f"{str(text)[: _LONGEST_SHOWN - 1]}…"
    # what does not print, such as a mark that turns the writing direction, could hide what stands there
    return "'" + "".join(each if each.isprintable() else ascii(each)[1:-1] for each in shown) + "'"


def product(row: LineSystem) -> str:
    """What a line makes, in words."""
    return f"system '{row.system}' on line '{row.line}'"


def number(value: float) -> str:
    """A number as short as it can be written without loss.

    >>> number(12.0), number(0.45), number(1e15)
    ('12', '0.45', '1000000000000000')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def listed(names: Iterable[object], *, nothing: str = "nothing, for there is none") -> str:
    """Names in a row, the first few of many.

    >>> listed(["b", "a"]), listed([]), listed(range(100))
    ('a, b', 'nothing, for there is none', '0, 1, 2, 3, 4, 5, 6, 7 … (100 in all)')
    """
    distinct = sorted(set(names))  # type: ignore[type-var]  # names of one list are all of one type
    if not distinct:
        return nothing
    shown = ", ".join(str(name) for name in distinct[:_NAMES_SHOWN])
    return shown if len(distinct) <= _NAMES_SHOWN else f"{shown} … ({len(distinct)} in all)"


def years(names: range) -> str:
    """A run of fiscal years as first and last.

    >>> years(range(2027, 2032)), years(range(2027, 2028))
    ('2027 to 2031', '2027')
    """
    return str(names[0]) if len(names) == 1 else f"{names[0]} to {names[-1]}"


def row_name(table: str, row: object) -> str:
    """A row by its key, such as `systems 'kestrel'` or `budgets (branch 'army', fiscal_year 2027)`."""
    cells = {name: getattr(row, name) for name in TABLES[table].key}
    words = {
        name: number(value) if isinstance(value, int | float) else quoted(value)
        for name, value in cells.items()
        if value is not None
    }
    if tuple(words) == ("id",):
        return f"{table} {words['id']}"
    named = ", ".join(f"{name} {word}" for name, word in words.items())
    return f"{table} ({named})" if named else f"a row of {table}"


class Names:
    """The names that a cell may hold, with did-you-mean for those that it may not.

    Comparing names takes time in proportion to their number, so that a table full of wrong names gets
    suggestions for the first few hundred only.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._found: dict[str, str | None] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._known

    @cached_property
    def text(self) -> str:
        """The names in a row, the first few of many."""
        return listed(self._known)

    def advice(self, name: str, *, otherwise: str) -> str:
        """`did you mean 'x'?` where a known name is near, followed by what else can be done."""
        nearest = self._nearest(name)
        return otherwise if nearest is None else f"did you mean {quoted(nearest)}? Otherwise {otherwise}"

    def _nearest(self, name: str) -> str | None:
        if name not in self._found:
            if len(self._found) >= _MOST_SUGGESTIONS:
                return None
            by_case = self._by_lower_case.get(name.lower())
            close = difflib.get_close_matches(name[:_LONGEST_COMPARED], self._compared, n=1)
            self._found[name] = by_case or next(iter(close), None)
        return self._found[name]

    @cached_property
    def _by_lower_case(self) -> dict[str, str]:
        return {name.lower(): name for name in sorted(self._known, reverse=True)}

    @cached_property
    def _compared(self) -> list[str]:
        return sorted(self._known)[:_MOST_NAMES_COMPARED]
