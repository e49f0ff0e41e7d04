"""Paths of settings, `settings.terms.advance_share` or `settings.parties[us].discount_rate`: how clauses and
changes say what they are about where it stands in `deal.yaml`.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable, Sequence

from dronedeal.deal import drafts
from dronedeal.deal.address import UnreadableAddressError, cell_text
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column, Table
from dronedeal.deal.settings import Settings

SETTINGS = "settings"
LIST_KEYS = {"parties": ("id",), "priors": ("measure", "role")}
"""Which keys tell the items of a list of the settings apart."""

Leaf = Callable[[Frozen, Column, str], Frozen]
"""What is done at the end of a path: from record, column and path of the cell to the changed record."""

_STEP = re.compile(r"(?P<name>[A-Za-z0-9_]+)(?:\[(?P<key>[^\[\]]*)\])?")
# The version of the format is not for a change to choose.
_FIXED = frozenset({"format"})


def is_setting(text: str) -> bool:
    """Whether a text means a setting and not a cell of a table.

    >>> is_setting("settings.terms.advance_share"), is_setting("prices[scout].royalty")
    (True, False)
    """
    return text == SETTINGS or text.startswith(f"{SETTINGS}.")


def change_settings(settings: Settings, path: str, *, leaf: Leaf) -> Settings:
    """The settings with every cell that a path names exchanged, validated again.

    Parameters
    ----------
    settings : as they stand
    path : such as `settings.terms.advance_share`; `settings.parties[*].discount_rate` for all items of a list
    leaf : makes the changed record out of the record, the column and the path of one cell

    Raises
    ------
    UnreadableAddressError : where the settings have no such key

    Examples
    --------
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> settings = synthetic_deal(systems=3, lines=3, requirements=2, seed=1).settings
    >>> found = []
    >>> changed = change_settings(
    ...     settings,
    ...     "settings.parties[*].discount_rate",
    ...     leaf=lambda record, column, cell: found.append(cell) or record,
    ... )
    >>> found[0]
    'settings.parties[northland].discount_rate'
    """
    rest = path.removeprefix(SETTINGS).removeprefix(".")
    steps = rest.split(".") if rest else []
    return typing.cast("Settings", _in_record(settings, steps, leaf=leaf, above=SETTINGS))


def _in_record(record: Frozen, path: Sequence[str], *, leaf: Leaf, above: str) -> Frozen:
    """The record with the change made at a path below it."""
    names = [name for name in type(record).model_fields if name not in _FIXED]
    step = _STEP.fullmatch(path[0]) if path else None
    if step is None or step["name"] not in names:
        raise _no_setting(path[0] if path else "", names)
    name, value, here = step["name"], getattr(record, step["name"]), f"{above}.{step['name']}"
    if isinstance(value, tuple) and _holds_records(record, name):
        items = _in_items(value, step["key"], path[1:], leaf=leaf, above=here)
        return _with(record, name, items)
    if step["key"] is not None:
        allowed = ", ".join(LIST_KEYS)
        raise UnreadableAddressError(
            found=f"a key in brackets after {name}", allowed=allowed, next_step=f"write {name} alone"
        )
    if isinstance(value, Frozen):
        return _with(record, name, _in_record(value, path[1:], leaf=leaf, above=here))
    if len(path) > 1:
        raise UnreadableAddressError(
            found=drafts.quoted(".".join(path[1:])),
            allowed=f"nothing below {name}",
            next_step=f"end with {name}",
        )
    return leaf(record, Table(SETTINGS, type(record), (), "shared").column(name), here)


def _in_items(
    items: Sequence[Frozen], key: str | None, path: Sequence[str], *, leaf: Leaf, above: str
) -> tuple[Frozen, ...]:
    """The items of a list with the change made in those whose key fits."""
    name = above.rpartition(".")[2]
    columns = LIST_KEYS[name]
    keys = [tuple(cell_text(getattr(item, column)) for column in columns) for item in items]
    asked = [] if key is None else [cell.strip() for cell in re.split("[/,]", key)]
    fits = [all(cell in ("*", own) for cell, own in zip(asked, each, strict=False)) for each in keys]
    if not asked or len(asked) > len(columns) or not any(fits):
        known = sorted({_key(each) for each in keys})
        otherwise = f"write {name}[{'/'.join(columns)}]"
        raise UnreadableAddressError(
            found=f"{drafts.quoted(key)} as key of {name}" if key is not None else f"{name} without a key",
            allowed=drafts.listed(known),
            next_step=drafts.Names(known).advice(key or "", otherwise=otherwise),
        )
    return tuple(
        _in_record(item, path, leaf=leaf, above=f"{above}[{_key(each)}]") if is_meant else item
        for item, each, is_meant in zip(items, keys, fits, strict=True)
    )


def _key(cells: Sequence[str]) -> str:
    return "/".join(cells).rstrip("/")


def _no_setting(name: str, names: Iterable[str]) -> UnreadableAddressError:
    names = list(names)
    return UnreadableAddressError(
        found=f"{drafts.quoted(name)} among the settings" if name else "no key of the settings",
        allowed=", ".join(names),
        next_step=drafts.Names(names).advice(name.partition("[")[0], otherwise="use one of these keys"),
    )


def _holds_records(record: Frozen, name: str) -> bool:
    annotation = type(record).model_fields[name].annotation
    if typing.get_origin(annotation) is types.UnionType:
        return False
    inner = typing.get_args(annotation)[0] if typing.get_args(annotation) else None
    return isinstance(inner, type) and issubclass(inner, Frozen)


def _with(record: Frozen, name: str, value: object) -> Frozen:
    """The record with a record or a list of records below it exchanged, validated as a whole."""
    kept = {field: getattr(record, field) for field in record.model_fields_set}
    return type(record).model_validate({**kept, name: value})
