"""The reference pages of `negotiation.json` and `offer.json`, made from the definitions of the records."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, Literal, Union, get_args, get_origin

from dronedeal.negotiation.offer_record import Offer
from dronedeal.negotiation.plain_data import Key, keys_of, words_of
from dronedeal.negotiation.record import Negotiation
from dronedeal.negotiation.record_store import (
    MAX_BYTES,
    NEGOTIATION_FILE,
    OFFER_FILE,
    OFFER_SCHEMA_FILE,
    SCHEMA_FILE,
)

_HEAD = f"""# negotiation.json

<!-- Made by `make docs`; do not edit by hand. -->

The result of a negotiation: what each side has without agreement, whether both can gain, the frontier of what
both can reach, fair points, and what every clause is worth to each side. It stands in `{NEGOTIATION_FILE}`,
beside its JSON Schema `{SCHEMA_FILE}`. The same negotiation gives the same bytes.

Money is in whole units of the deal's currency at base-year prices, discounted, unless a key says otherwise.
Every key is always there; null stands only where a key says so. Terms are values by clause, on the scale of
the clause. A file of more than {MAX_BYTES // 1024**2} MiB is not read.
"""

_OFFER_HEAD = f"""# offer.json

<!-- Made by `make docs`; do not edit by hand. -->

What one term sheet is worth to both sides: the plan under it with its proof, what each clause of it brings,
which rule or limit it breaks, and the smallest change that helps both sides. It stands in `{OFFER_FILE}`,
beside its JSON Schema `{OFFER_SCHEMA_FILE}`. The same offer gives the same bytes.

Money is in whole units of the deal's currency at base-year prices, discounted, unless a key says otherwise.
Every key is always there; null stands only where a key says so. Terms are values by clause, on the scale of
the clause. A file of more than {MAX_BYTES // 1024**2} MiB is not read.
"""


def negotiation_reference() -> str:
    """The page of `negotiation.json` as Markdown, ending with a newline."""
    return _page(_HEAD, Negotiation)


def offer_reference() -> str:
    """The page of `offer.json` as Markdown, ending with a newline."""
    return _page(_OFFER_HEAD, Offer)


def _page(head: str, whole: type) -> str:
    parts = [head, f"## Keys\n\n{_table(whole)}", "## Objects\n"]
    for record in _records(whole, []):
        parts.append(f"### {record.__name__}\n\n{record.__doc__}\n\n{_table(record)}")
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _records(record: type, seen: list[type]) -> list[type]:
    """Every record inside another, in the order in which a reader meets them."""
    for key in keys_of(record).values():
        for inner in _inner(key.type):
            if inner not in seen:
                seen.append(inner)
                _records(inner, seen)
    return seen


def _inner(kind: Any) -> Iterator[type]:
    if is_dataclass(kind):
        yield kind  # type: ignore[misc]  # a class, as no instance stands in an annotation
    elif get_origin(kind) is not Literal:
        for each in get_args(kind):
            yield from _inner(each)


def _table(record: type) -> str:
    rows = [
        (f"`{key.name}`", _kind_words(key), key.meaning.unit, key.meaning.text)
        for key in keys_of(record).values()
    ]
    cells = [("key", "value", "unit", "meaning"), ("---",) * 4, *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def _kind_words(key: Key) -> str:
    return _words(key.type) + (", or null" if key.is_nullable else "")


def _words(kind: Any) -> str:
    if is_dataclass(kind):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"  # type: ignore[union-attr]  # a class
    if get_origin(kind) is Literal:
        return " or ".join(f"`{each}`" for each in get_args(kind))
    if get_origin(kind) is tuple:
        return f"list of {_words(get_args(kind)[0])}"
    if get_origin(kind) in (Union, types.UnionType):
        return "text, number, true or false, or null"
    if get_origin(kind) is not None:
        return f"{_words(get_args(kind)[1])} by name"
    return words_of(kind).removeprefix("a ")
