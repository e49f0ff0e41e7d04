"""JSON Schema of a whole deal: settings and tables as one object."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from dronedeal.deal.record import OWNERS, Frozen
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import Settings


def schema_json() -> dict[str, Any]:
    """JSON Schema (2020-12) of a deal as `{"settings": …, "tables": {name: [row, …]}, "owners": …}`.

    Keys of a column carry its `unit`, and `refers_to` where it holds ids of another table.

    Examples
    --------
    >>> sorted(schema_json()["properties"])
    ['owners', 'settings', 'tables']
    """
    records: list[type[Frozen]] = [Settings, *(table.record for table in TABLES.values())]
    _, made = models_json_schema(
        [(record, "validation") for record in records], ref_template="#/$defs/{model}"
    )
    tables = {
        name: {
            "type": "array",
            "description": f"{table.meaning} Usual owner: {table.owner}.",
            "items": {"$ref": f"#/$defs/{table.record.__name__}"},
        }
        for name, table in TABLES.items()
    }
    owners = {name: {"type": "array", "items": {"enum": list(OWNERS)}} for name in TABLES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Deal",
        "description": "The settings, the rows of each table, and whose rows they are where that is unusual.",
        "type": "object",
        "required": ["settings", "tables"],
        "additionalProperties": False,
        "properties": {
            "settings": {"$ref": "#/$defs/Settings"},
            "tables": {"type": "object", "additionalProperties": False, "properties": tables},
            "owners": {"type": "object", "additionalProperties": False, "properties": owners},
        },
        "$defs": _without_empty(made["$defs"]),
    }


def _without_empty(part: Any) -> Any:
    """The schema without units and references that say nothing."""
    if isinstance(part, list):
        return [_without_empty(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {key: value for key, value in part.items() if not (key in ("unit", "refers_to") and value == "")}
    return {key: _without_empty(value) for key, value in kept.items()}
