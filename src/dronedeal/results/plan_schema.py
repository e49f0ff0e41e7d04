"""The JSON Schema of `plan.json`, made from the definition of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dronedeal.deal.record import ID_PATTERN, MONTH_PATTERN
from dronedeal.results.columns import PLAN_TABLES, PlanColumn, PlanTable
from dronedeal.results.keys import PLAN_KEYS, PlanKey

JsonObject = dict[str, Any]

_NUMBER: JsonObject = {"type": "number"}
_TEXT: JsonObject = {"type": "string"}


def plan_schema() -> JsonObject:
    """JSON Schema (draft 2020-12) of `plan.json`.

    Returns
    -------
    A new object that can be changed and written with `json.dumps`.

    Examples
    --------
    >>> plan_schema()["properties"]["status"]["enum"]
    ['optimal', 'feasible', 'relaxed']
    """
    properties = {name: _key_schema(key) for name, key in PLAN_KEYS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dronedeal plan",
        "description": "One plan with its tables and its certificate",
    } | _closed(properties)


def _closed(properties: Mapping[str, Any]) -> JsonObject:
    """An object that must hold exactly these properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _key_schema(key: PlanKey) -> JsonObject:
    schema = _KEY_SCHEMAS[key.kind](key)
    return {"description": key.meaning} | (
        {"anyOf": [schema, {"type": "null"}]} if key.is_nullable else schema
    )


def _tables_schema(_: PlanKey) -> JsonObject:
    return _closed({name: _table_schema(table) for name, table in PLAN_TABLES.items()})


def _table_schema(table: PlanTable) -> JsonObject:
    row = _closed({column.name: _column_schema(column) for column in table.columns})
    return {"description": table.meaning, "type": "array", "items": row}


def _column_schema(column: PlanColumn) -> JsonObject:
    schema = {"description": column.meaning + (f" ({column.unit})" if column.unit else "")}
    return schema | _nullable(_cell_schema(column), is_nullable=column.is_nullable)


def _nullable(schema: JsonObject, *, is_nullable: bool) -> JsonObject:
    return schema | {"type": [schema["type"], "null"]} if is_nullable else schema


def _cell_schema(column: PlanColumn) -> JsonObject:
    if column.kind == "number":
        return dict(_NUMBER) if column.is_signed else {"type": "number", "minimum": 0}
    if column.kind == "choice":
        return {"type": "string", "enum": list(column.choices)}
    if column.kind == "fiscal_year":
        return {"type": "integer"}
    patterns = {"id": ID_PATTERN, "month": MONTH_PATTERN}
    return {"type": "string", "pattern": patterns[column.kind]} if column.kind in patterns else dict(_TEXT)


def _text_schema(key: PlanKey) -> JsonObject:
    return _TEXT | ({"pattern": key.pattern} if key.pattern else {})


def _verification_schema(_: PlanKey) -> JsonObject:
    check = _closed(
        {
            "name": dict(_TEXT),
            "comparisons": {"type": "integer", "minimum": 0},
            "largest_residual": {"type": "number", "minimum": 0},
        }
    )
    return _closed({"is_passed": {"type": "boolean"}, "checks": {"type": "array", "items": check}})


def _values(schema: JsonObject) -> Callable[[PlanKey], JsonObject]:
    return lambda _: {"type": "object", "additionalProperties": dict(schema)}


_KEY_SCHEMAS: Mapping[str, Callable[[PlanKey], JsonObject]] = {
    "text": _text_schema,
    "integer": lambda _: {"type": "integer"},
    "number": lambda _: dict(_NUMBER),
    "choice": lambda key: {"type": "string", "enum": list(key.choices)},
    "utilities": lambda _: _closed({"buyer": dict(_NUMBER), "seller": dict(_NUMBER)}),
    "counts": _values({"type": "integer", "minimum": 0}),
    "values": _values({"type": ["string", "number", "boolean", "null"]}),
    "texts": _values(_TEXT),
    "text_list": lambda _: {"type": "array", "items": dict(_TEXT)},
    "verification": _verification_schema,
    "tables": _tables_schema,
}
