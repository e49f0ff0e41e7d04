"""The text of `deal.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dronedeal.deal.record import Frozen
from dronedeal.deal.settings import Settings
from dronedeal.files.cells import number_text

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_RESERVED = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def yaml_text(settings: Settings) -> str:
    """The settings as YAML 1.2, every key in the order of the schema."""
    return "\n".join(_keys(settings, "")) + "\n"


def _keys(record: Frozen, indent: str) -> Iterator[str]:
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Frozen):
            yield f"{indent}{name}:"
            yield from _keys(value, f"{indent}  ")
        elif isinstance(value, tuple):
            yield f"{indent}{name}:" if value else f"{indent}{name}: []"
            for item in value:
                first, *rest = _keys(item, f"{indent}    ")
                yield f"{indent}  - {first.lstrip()}"
                yield from rest
        else:
            yield f"{indent}{name}: {yaml_value(value)}"


def yaml_value(value: object) -> str:
    """One plain value of YAML, quoted wherever another program could take it for something else.

    >>> yaml_value("prime: drone"), yaml_value("USD"), yaml_value(None), yaml_value(0.5)
    ('"prime: drone"', 'USD', 'null', '0.5')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
