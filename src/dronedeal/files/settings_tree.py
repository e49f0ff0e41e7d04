"""The settings as they stand in `deal.yaml` or the sheet `deal`: keys and values with their addresses."""

from __future__ import annotations

from dataclasses import dataclass, field

from dronedeal.deal.place import Place
from dronedeal.files.grid import CellValue


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
