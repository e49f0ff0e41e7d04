"""Frozen dataclasses as plain data and back, and as JSON Schema, from their annotations alone.

A field is `Annotated[type, Meaning(...)]`, so that name, type, unit and meaning stand in one place. Types
are numbers, whole numbers, texts, yes or no, one of several words (`Literal`), records, lists of them
(`tuple[X, ...]`) and values by name (`Mapping[str, X]`), each of which may be `None` where the type says so.
"""

from __future__ import annotations

import math
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from dronedeal.errors import ProgramError

JsonObject = dict[str, Any]
Record = TypeVar("Record")
_SCALARS: Mapping[Any, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}
_WORDS: Mapping[Any, str] = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field of a record means.

    Parameters
    ----------
    text : for the schema and the reference page
    unit : of its numbers; empty: none, or the text says it
    key : name in the file where it is another than that of the field
    pattern : what a text must look like
    """

    text: str
    unit: str = ""
    key: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record in a file: name of the field, type, whether it may be null, meaning."""

    field: str
    name: str
    type: Any
    is_nullable: bool
    meaning: Meaning


class FaultyDataError(ProgramError):
    """Data that are not of a record; `faults` says of each where, what was found and what is allowed."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@cache
def keys_of(record: type) -> Mapping[str, Key]:
    """The keys of a record by their name in a file, in the order of the file."""
    hints = get_type_hints(record, include_extras=True)
    keys = [_key(each.name, hints[each.name]) for each in fields(record)]
    return {key.name: key for key in keys}


def _key(name: str, hint: Any) -> Key:
    kind, meaning = hint, Meaning("")
    if get_origin(hint) is Annotated:
        kind, meaning = get_args(hint)[:2]
    required = _without_none(kind)
    return Key(name, meaning.key or name, required, required is not kind, meaning)


def _without_none(kind: Any) -> Any:
    """A type without its `None`; the type itself where it has none."""
    if get_origin(kind) not in (Union, types.UnionType) or type(None) not in get_args(kind):
        return kind
    rest = [each for each in get_args(kind) if each is not type(None)]
    return rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007  # the members are known at run time only


def plain_data(record: Any) -> JsonObject:
    """A record as plain data: keys in their fixed order, no tuples, no numbers of other libraries.

    Raises
    ------
    FaultyDataError : where a value is not of its type, or a number is not finite
    """
    faults: list[str] = []
    data = _record_data(type(record), record, "", faults)
    if faults:
        raise FaultyDataError(faults)
    return data


def _record_data(kind: type, record: Any, where: str, faults: list[str]) -> JsonObject:
    return {
        name: _data(key.type, getattr(record, key.field), f"{where}{name}", faults, key.is_nullable)
        for name, key in keys_of(kind).items()
    }


def _data(kind: Any, value: Any, where: str, faults: list[str], is_nullable: bool) -> Any:
    """Plain data of one value; only what a caller could have got wrong is looked at."""
    if value is None:
        if not is_nullable:
            faults.append(f"{where}: found nothing; allowed: {words_of(kind)}")
        return None
    if is_dataclass(kind):
        if not isinstance(value, kind):  # type: ignore[arg-type]  # `kind` is a class here
            faults.append(f"{where}: found {value!r:.60}; allowed: a {kind.__name__}")  # type: ignore[union-attr]
            return None
        return _record_data(kind, value, f"{where}.", faults)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return [_item(inner, each, f"{where}[{place}]", faults) for place, each in enumerate(value)]
    if get_origin(kind) is not None and issubclass(_class(kind), Mapping):
        inner = get_args(kind)[1]
        return {str(name): _item(inner, each, f"{where}.{name}", faults) for name, each in value.items()}
    return _scalar(kind, _plain_number(value), where, faults)


def _item(kind: Any, value: Any, where: str, faults: list[str]) -> Any:
    required = _without_none(kind)
    return _data(required, value, where, faults, required is not kind)


def _class(kind: Any) -> type:
    origin = get_origin(kind)
    return origin if isinstance(origin, type) else object


def _plain_number(value: Any) -> Any:
    """A number of another library as a number of the language."""
    return value.item() if hasattr(value, "item") else value


def _scalar(kind: Any, value: Any, where: str, faults: list[str]) -> Any:
    if not _is_of(kind, value):
        found = f"{value:g}" if isinstance(value, float) else f"{value!r:.60}"
        faults.append(f"{where}: found {found}; allowed: {words_of(kind)}")
        return None
    if isinstance(value, float) or (kind is float and isinstance(value, int)):
        return float(value) + 0.0  # minus nothing is written as nothing
    return value


def _is_of(kind: Any, value: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return any(_is_of(each, value) for each in get_args(kind))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def words_of(kind: Any) -> str:
    """What values of a type are, in words.

    >>> words_of(float), words_of(Literal["buyer", "seller"]), words_of(tuple[str, ...])
    ('a number', "'buyer' or 'seller'", 'a list')
    """
    if get_origin(kind) is Literal:
        return " or ".join(repr(each) for each in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(words_of(each) for each in get_args(kind))
    return _WORDS.get(kind, "a list" if get_origin(kind) is tuple else "an object")


def record_from(kind: type[Record], data: Any, *, where: str = "") -> Record:
    """A record from plain data.

    Parameters
    ----------
    kind : the class of the record
    data : what `plain_data` gave, or what a file holds
    where : address of the data, put before that of each fault

    Raises
    ------
    FaultyDataError : naming every key that is missing, unknown or of another type, at its address
    """
    faults: list[str] = []
    found = _read_record(kind, data, where, faults)
    if faults:
        raise FaultyDataError(faults)
    return found  # type: ignore[no-any-return]  # without faults it is one


def _read_record(kind: type, data: Any, where: str, faults: list[str]) -> Any:
    if not isinstance(data, Mapping):
        faults.append(f"{where or 'the whole'}: found {_named(data)}; allowed: an object")
        return None
    keys, dot = keys_of(kind), f"{where}." if where else ""
    faults += [f"{dot}{name}: missing key" for name in keys if name not in data]
    faults += [
        f"{dot}{name}: unknown key; allowed: {', '.join(keys)}" for name in map(str, data) if name not in keys
    ]
    before = len(faults)
    values = {
        key.field: _read(key.type, data[name], f"{dot}{name}", faults, key.is_nullable)
        for name, key in keys.items()
        if name in data
    }
    for name, key in keys.items():
        text = values.get(key.field)
        if key.meaning.pattern and isinstance(text, str):
            faults += _pattern_faults(key.meaning.pattern, text, f"{dot}{name}")
    return (
        None
        if len(faults) > before or values.keys() != {key.field for key in keys.values()}
        else kind(**values)
    )


def _pattern_faults(pattern: str, text: str, where: str) -> Iterator[str]:
    if not re.fullmatch(pattern, text):
        yield f"{where}: found {text!r:.60}; allowed: text of the form {pattern}"


def _read(kind: Any, value: Any, where: str, faults: list[str], is_nullable: bool) -> Any:
    if value is None:
        if not is_nullable:
            faults.append(f"{where}: found null; allowed: {words_of(kind)}")
        return None
    if is_dataclass(kind):
        return _read_record(kind, value, where, faults)  # type: ignore[arg-type]  # `kind` is a class here
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            faults.append(f"{where}: found {_named(value)}; allowed: a list")
            return ()
        inner = get_args(kind)[0]
        return tuple(_read_item(inner, each, f"{where}[{place}]", faults) for place, each in enumerate(value))
    if get_origin(kind) is not None and issubclass(_class(kind), Mapping):
        if not isinstance(value, Mapping):
            faults.append(f"{where}: found {_named(value)}; allowed: an object")
            return {}
        inner = get_args(kind)[1]
        return {name: _read_item(inner, each, f"{where}.{name}", faults) for name, each in value.items()}
    return _scalar(kind, value, where, faults)


def _read_item(kind: Any, value: Any, where: str, faults: list[str]) -> Any:
    required = _without_none(kind)
    return _read(required, value, where, faults, required is not kind)


def _named(value: Any) -> str:
    names = {list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), f"{value!r:.60}")


def record_schema(kind: type) -> JsonObject:
    """JSON Schema of a record: an object that holds exactly its keys."""
    properties = {name: _described(key) for name, key in keys_of(kind).items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _described(key: Key) -> JsonObject:
    text = key.meaning.text + (f" ({key.meaning.unit})" if key.meaning.unit else "")
    schema = _schema(key.type) | ({"pattern": key.meaning.pattern} if key.meaning.pattern else {})
    return {"description": text} | _nullable(schema, is_nullable=key.is_nullable)


def _nullable(schema: JsonObject, *, is_nullable: bool) -> JsonObject:
    return {"anyOf": [schema, {"type": "null"}]} if is_nullable else schema


def _schema(kind: Any) -> JsonObject:
    if is_dataclass(kind):
        return record_schema(kind)  # type: ignore[arg-type]  # `kind` is a class here
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) in (Union, types.UnionType):
        return {"type": [_SCALARS[each] for each in get_args(kind)]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _item_schema(get_args(kind)[0])}
    if get_origin(kind) is not None:
        return {"type": "object", "additionalProperties": _item_schema(get_args(kind)[1])}
    return {"type": _SCALARS[kind]}


def _item_schema(kind: Any) -> JsonObject:
    required = _without_none(kind)
    return _nullable(_schema(required), is_nullable=required is not kind)
