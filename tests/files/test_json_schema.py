from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from tests.files.strategies import SETTINGS, awkward_deal, deals

from dronedeal.deal import TABLES, Deal
from dronedeal.files import schema_json

SCHEMA = schema_json()
VALIDATOR = Draft202012Validator(SCHEMA)


def as_json(deal: Deal) -> dict[str, Any]:
    tables = {name: [row.model_dump(mode="json") for row in deal.table(name)] for name in TABLES}
    owners = {name: list(owners) for name, owners in deal.owners.items()}
    return {"settings": deal.settings.model_dump(mode="json"), "tables": tables, "owners": owners}


def test_the_schema_is_valid_json_schema_of_its_draft() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_every_column_of_every_table_stands_in_it() -> None:
    for name, table in TABLES.items():
        reference = SCHEMA["properties"]["tables"]["properties"][name]["items"]["$ref"]
        record = SCHEMA["$defs"][reference.rpartition("/")[2]]
        assert set(record["properties"]) == {column.name for column in table.columns}
        assert set(record.get("required", ())) == {
            column.name for column in table.columns if column.is_required
        }
        units = {key: part.get("unit", "") for key, part in record["properties"].items()}
        assert units == {column.name: column.unit for column in table.columns}


def test_a_deal_with_every_table_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(as_json(awkward_deal()))) == []


@settings(max_examples=10, deadline=None, derandomize=True)
@given(deal=deals(tables=["lines", "projects", "trials"], settings=SETTINGS))
def test_random_deals_are_valid(deal: Deal) -> None:
    assert list(VALIDATOR.iter_errors(as_json(deal))) == []


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("prices", "unit_price", -1),
        ("prices", "unit_price", "5"),
        ("prices", "fiscal_year", 1800),
        ("prices", "price_basis", "real"),
        ("prices", "unknown", 1),
        ("systems", "id", "not an id"),
        ("systems", "available_from", "2026-13"),
        ("rules", "currency", "usd"),
    ],
)
def test_what_the_reader_refuses_is_not_valid(table: str, key: str, value: object) -> None:
    content = as_json(awkward_deal())
    content["tables"][table][0][key] = value
    assert [error.json_path for error in VALIDATOR.iter_errors(content)]
