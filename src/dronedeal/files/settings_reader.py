"""From keys with addresses to the validated `Settings`, with every error at its value."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import ValidationError

from dronedeal.deal.place import Place
from dronedeal.deal.record import Frozen
from dronedeal.deal.schema import Column, Table
from dronedeal.deal.settings import Settings
from dronedeal.files.cells import CellError, describe, parse_cell
from dronedeal.files.findings import FindingLog
from dronedeal.files.grid import CellValue
from dronedeal.files.suggestion import did_you_mean, quoted
from dronedeal.files.table_reader import refusal_advice

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_NOT_TEXT = re.compile(
    r"(?:true|True|TRUE|false|False|FALSE|[-+]?(?:[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_TEXT_KINDS = frozenset(("id", "text", "choice", "month", "date", "partial_date", "id_list", "text_list"))


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `is_plain` says that a text stands in YAML without quotation marks."""

    place: Place
    value: CellValue
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys with their values; `key_places` says where each key stands."""

    place: Place
    values: dict[str, Node] = field(default_factory=dict)
    key_places: dict[str, Place] = field(default_factory=dict)


Node = Scalar | Items | Keys


def read_settings(tree: Keys, log: FindingLog) -> tuple[Settings | None, Mapping[str, Place]]:
    """Settings from their keys, and the address of every key by its path, such as `parties.0.role`.

    Parameters
    ----------
    tree : keys with addresses
    log : takes every error; without one the settings are not None
    """
    reading = _Reading(log)
    before = log.count
    content = reading.record(tree, Settings, "")
    settings = reading.validated(content, tree)
    if settings is not None:
        _check_parties(settings, reading.places, log)
    return (settings if log.count == before else None), reading.places


@cache
def setting_columns(record: type[Frozen]) -> Mapping[str, Column]:
    """What the schema says of the plain keys of a settings record; nested ones are left out.

    >>> from dronedeal.deal.settings import Party
    >>> setting_columns(Party)["fiscal_year_start"].default
    1
    """
    table = Table(record.__name__, record, (), "shared")
    return {column.name: column for column in table.columns if nested_record(record, column.name) is None}


def nested_record(record: type[Frozen], name: str) -> tuple[type[Frozen], bool] | None:
    """Record below a key and whether the key holds a list of them; None for a plain value."""
    annotation: Any = record.model_fields[name].annotation
    is_list = typing.get_origin(annotation) is tuple
    inner = typing.get_args(annotation)[0] if is_list else annotation
    return (inner, is_list) if isinstance(inner, type) and issubclass(inner, Frozen) else None


def is_optional(record: type[Frozen], name: str) -> bool:
    """Whether a key may be empty, which says: none."""
    return types.NoneType in typing.get_args(record.model_fields[name].annotation)


class _Reading:
    """One walk through the keys, along the records."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log
        self.places: dict[str, Place] = {}
        self.refused: set[str] = set()

    def record(self, node: Node, record: type[Frozen], path: str) -> dict[str, object] | None:
        if not isinstance(node, Keys):
            self._refuse(
                node.place,
                path,
                found=_shown(node),
                allowed="keys with values",
                next_step="write `key: value` lines below it",
            )
            return None
        content: dict[str, object] = {}
        for name, value in node.values.items():
            inner = f"{path}.{name}" if path else name
            if name not in record.model_fields:
                self._note_unknown(node.key_places[name], name, record, path)
                continue
            self.places[inner] = value.place if isinstance(value, Scalar) else node.key_places[name]
            self._add_value(content, value, record, name, inner)
        return content

    def _add_value(
        self, content: dict[str, object], node: Node, record: type[Frozen], name: str, path: str
    ) -> None:
        nested = nested_record(record, name)
        if nested is None:
            self._add_plain(content, node, record, name, path)
        elif isinstance(node, Scalar) and not nested[1] and _is_null(node):
            content[name] = {}  # a key whose lines are all comments
        elif nested[1]:
            items = self._list(node, nested[0], path)
            if items is not None:
                content[name] = items
        else:
            inner = self.record(node, nested[0], path)
            if inner is not None:
                content[name] = inner

    def _list(self, node: Node, record: type[Frozen], path: str) -> list[object] | None:
        if isinstance(node, Scalar) and _is_null(node):
            return []
        if not isinstance(node, Items):
            self._refuse(
                node.place, path, found=_shown(node), allowed="a list", next_step="begin each item with `- `"
            )
            return None
        items: list[object] = []
        for number, item in enumerate(node.items):
            inner = f"{path}.{number}"
            self.places[inner] = item.place
            items.append(self.record(item, record, inner))
        return items

    def _add_plain(
        self, content: dict[str, object], node: Node, record: type[Frozen], name: str, path: str
    ) -> None:
        column = setting_columns(record)[name]
        if not isinstance(node, Scalar):
            step = "write one value behind the key"
            self._refuse(node.place, path, found=_shown(node), allowed=column.allowed, next_step=step)
        elif _is_null(node):
            if is_optional(record, name):
                content[name] = None
            else:
                step = (
                    "write a value"
                    if column.is_required
                    else "write a value, or remove the key to take the default"
                )
                self._refuse(node.place, path, found="nothing", allowed=column.allowed, next_step=step)
        else:
            try:
                content[name] = _choice_value(_value(node, column), record, name)
            except CellError as fault:
                found = fault.found or describe(node.value)
                self._refuse(node.place, path, found=found, allowed=column.allowed, next_step=fault.next_step)

    def _note_unknown(self, place: Place, name: str, record: type[Frozen], path: str) -> None:
        where = f"below {path}" if path else "in the settings"
        step = did_you_mean(name, record.model_fields, otherwise="remove the key")
        subject = f"there is no key of this name {where}"
        self.log.add("settings", place, subject, found=quoted(name), next_step=step)

    def _refuse(self, place: Place, path: str, *, found: str, allowed: str, next_step: str) -> None:
        self.refused.add(path)
        named = Place(place.file, place.line, place.column, path, place.sheet)
        subject = f"the setting {path}"
        self.log.add("settings", named, subject, found=found, allowed=allowed, next_step=next_step)

    def validated(self, content: dict[str, object] | None, tree: Keys) -> Settings | None:
        try:
            return Settings.model_validate(content or {})
        except ValidationError as fault:
            for detail in fault.errors(include_url=False):
                self._note_refusal(detail, tree)
            return None

    def _note_refusal(self, detail: Any, tree: Keys) -> None:
        path = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "too_short" and len(detail["input"]) >= 2:
            return  # there are enough, and what is wrong with one of them is told by itself
        if any(path == refused or path.startswith(f"{refused}.") for refused in self.refused):
            return
        column, meaning = _described(path)
        allowed = column.allowed if column else "at least two parties" if path == "parties" else ""
        place = self._nearest_place(path, tree)
        if detail["type"] == "missing":
            self._refuse(
                place, path, found="no such key", allowed=allowed, next_step=f"add the key: {meaning}"
            )
        else:
            step = refusal_advice(detail, column) if column else "add what is missing"
            found = (
                describe(detail["input"])
                if isinstance(detail["input"], str | int | float)
                else f"{len(detail['input'])}"
            )
            self._refuse(place, path, found=found, allowed=allowed, next_step=step)

    def _nearest_place(self, path: str, tree: Keys) -> Place:
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return tree.place


def _described(path: str) -> tuple[Column | None, str]:
    """Column and meaning of a key path such as `parties.0.role`."""
    record: type[Frozen] = Settings
    meaning = ""
    for part in path.split("."):
        if part.isdigit() or part not in record.model_fields:
            continue
        meaning = record.model_fields[part].description or ""
        nested = nested_record(record, part)
        if nested is None:
            return setting_columns(record)[part], meaning
        record = nested[0]
    return None, meaning


def _is_null(node: Scalar) -> bool:
    if isinstance(node.value, str):
        return node.is_plain and node.value in _NULL
    return node.value is None


def _value(node: Scalar, column: Column) -> object:
    """Value of a plain key; in YAML only quotation marks tell the text "60" from the number 60."""
    raw = node.value
    if isinstance(raw, str):
        raw = raw.strip()
        is_from_yaml = node.place.sheet is None
        if (
            node.is_plain
            and column.kind in ("id", "text", "id_list", "text_list")
            and _NOT_TEXT.fullmatch(raw)
        ):
            raise CellError(f'put the text into quotation marks: "{raw}"')
        if is_from_yaml and not node.is_plain and column.kind not in _TEXT_KINDS:
            raise CellError("write the value without quotation marks", found=f"the text {quoted(raw)}")
        if not raw:
            raise CellError("write a value, or remove the key")
    return parse_cell(raw, column)


def _choice_value(value: object, record: type[Frozen], name: str) -> object:
    """The choice itself where it is no text, such as the format number."""
    annotation = record.model_fields[name].annotation
    if typing.get_origin(annotation) is typing.Literal:
        return next((choice for choice in typing.get_args(annotation) if str(choice) == value), value)
    return value


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return describe(node.value) if node.value not in (None, "") else "nothing"
    return "a list" if isinstance(node, Items) else "keys"


def _check_parties(settings: Settings, places: Mapping[str, Place], log: FindingLog) -> None:
    """Exactly one buyer and one seller, and no id twice."""
    first: dict[str, int] = {}
    for number, party in enumerate(settings.parties):
        if party.id in first:
            other = places[f"parties.{first[party.id]}.id"]
            log.add(
                "settings",
                places[f"parties.{number}.id"],
                f"the setting parties.{number}.id stands twice",
                found=quoted(party.id),
                allowed=f"an id that no other party has; the first one: {other}",
                next_step="rename one of the two",
            )
        first.setdefault(party.id, number)
    for role in ("buyer", "seller"):
        numbers = [number for number, party in enumerate(settings.parties) if party.role == role]
        if len(numbers) != 1:
            key = f"parties.{numbers[1]}.role" if numbers else "parties"
            log.add(
                "settings",
                places[key],
                f"the deal has {'more than one' if numbers else 'no'} {role}",
                found=", ".join(settings.parties[number].id for number in numbers),
                allowed=f"exactly one party whose role is {role}",
                next_step="set the role of the other to third"
                if numbers
                else f"add a party with the role {role}",
            )
