"""The settings of a workbook: the sheet `deal` with one row a key, such as `parties.0.role`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dronedeal.deal.place import Place
from dronedeal.deal.settings import Settings
from dronedeal.files.cells import describe
from dronedeal.files.findings import FindingLog
from dronedeal.files.grid import CellValue, RawRow, RawTable, is_blank
from dronedeal.files.limits import MAX_YAML_NODES
from dronedeal.files.settings_reader import Items, Keys, Node, Scalar, read_settings
from dronedeal.files.suggestion import quoted

SETTINGS_SHEET = "deal"
_KEY = re.compile(r"[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|[0-9]{1,3})){0,8}", re.ASCII)


def read_settings_sheet(raw: RawTable, log: FindingLog) -> tuple[Settings | None, Mapping[str, Place]]:
    """Settings from the rows of the sheet `deal`, and the address of every key.

    Parameters
    ----------
    raw : rows with the columns key and value, and others that are not read
    log : takes every error
    """
    tree = _settings_tree(raw, log)
    return read_settings(tree, log) if tree is not None else (None, {})


def _settings_tree(raw: RawTable, log: FindingLog) -> Keys | None:
    rows = iter(raw.rows)
    header = next(rows, None)
    names = [cell.strip() if isinstance(cell, str) else cell for cell in header.cells] if header else []
    if header is None or names.count("key") != 1 or names.count("value") != 1:
        place = raw.place(header.line if header else 1)
        found = ", ".join(describe(name) for name in names if not is_blank(name))
        step = "write `key` and `value` into the first row"
        log.add("header", place, "the settings need the columns key and value", found=found, next_step=step)
        return None
    tree = Keys(raw.place(header.line))
    for count, row in enumerate(rows):
        if count > MAX_YAML_NODES:
            step = "keep tables on their own sheets"
            log.add("limit", raw.place(row.line), "the settings have too many rows", next_step=step)
            return None
        _add_row(tree, raw, row, (names.index("key"), names.index("value")), log)
    return tree


def _add_row(tree: Keys, raw: RawTable, row: RawRow, columns: tuple[int, int], log: FindingLog) -> None:
    key, value = (row.cells[index] if index < len(row.cells) else None for index in columns)
    key_place = raw.place(row.line, columns[0] + 1)
    name = key.strip() if isinstance(key, str) else ""
    if not _KEY.fullmatch(name):
        step = "write a key such as title or parties.0.role"
        log.add("settings", key_place, "this is no key of the settings", found=describe(key), next_step=step)
        return
    stripped: CellValue = value.strip() if isinstance(value, str) else value
    scalar = Scalar(raw.place(row.line, columns[1] + 1), None if is_blank(stripped) else stripped)
    _put(tree, name.split("."), scalar, key_place, log)


def _put(tree: Keys, parts: list[str], scalar: Scalar, key_place: Place, log: FindingLog) -> None:
    """Hang a value below its keys; list numbers must count on from 0."""
    node: Node = tree
    for depth, part in enumerate(parts):
        is_last = depth == len(parts) - 1
        child: Node = scalar if is_last else _branch(parts[depth + 1], key_place)
        if isinstance(node, Keys) and not part.isdigit():
            if is_last and part in node.values:
                _note_twice(parts, node.key_places[part], key_place, log)
                return
            node.key_places.setdefault(part, key_place)
            node = node.values.setdefault(part, child)
        elif isinstance(node, Items) and part.isdigit() and int(part) <= len(node.items) and not is_last:
            if int(part) == len(node.items):
                node.items.append(child)
            node = node.items[int(part)]
        else:
            _note_misplaced(parts, node, key_place, log)
            return


def _branch(next_part: str, place: Place) -> Node:
    return Items(place) if next_part.isdigit() else Keys(place)


def _note_twice(parts: list[str], first: Place, place: Place, log: FindingLog) -> None:
    log.add(
        "settings",
        place,
        "the key stands twice",
        found=quoted(".".join(parts)),
        allowed=f"one row of a key; the first one: {first}",
        next_step="remove one of the two",
    )


def _note_misplaced(parts: list[str], node: Node, place: Place, log: FindingLog) -> None:
    next_number = (
        f"numbers that count on from 0; the next is {len(node.items)}" if isinstance(node, Items) else ""
    )
    log.add(
        "settings",
        place,
        "the key does not fit the keys above it",
        found=quoted(".".join(parts)),
        allowed=next_number,
        next_step="see the reference for the keys; lists are numbered from 0, as in parties.0.id",
    )
