"""The JSON Schema and the reference page say what the plan is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.results.hand_worked import hand_assessment, hand_deal, hand_plan

from dronedeal.errors import PlanFileError
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.keys import PLAN_KEYS
from dronedeal.results.plan import Plan
from dronedeal.results.plan_reference import plan_reference
from dronedeal.results.plan_schema import plan_schema
from dronedeal.results.verify import CHECKS, verify
from dronedeal.results.vocabulary import UTILITY_ITEMS, VIOLATION_KINDS

ROOT = Path(__file__).parents[2]
PLAN = hand_plan()


@pytest.fixture
def content() -> Any:
    plan = PLAN.with_verification(verify(PLAN, hand_deal(), hand_assessment()))
    return json.loads(plan.to_json())


def problems(content: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(plan_schema())
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(content))


def test_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())


def test_plan_keeps_its_schema(content: Any) -> None:
    assert problems(content) == []
    assert problems(json.loads(PLAN.to_json())) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("status",), "fine"),
        (("objective",), "much"),
        (("bound",), "high"),
        (("digest",), "abc"),
        (("utilities",), {"buyer": 1.0}),
        (("sizes", "rows"), -1),
        (("options", "gap"), []),
        (("warnings", 0), 3),
        (
            ("verification",),
            {"is_passed": True, "checks": [{"name": "x", "comparisons": 1.5, "largest_residual": 0}]},
        ),
        (("tables", "stock", 0, "month"), "2027-13"),
        (("tables", "stock", 0, "line"), None),
        (("tables", "stock", 0, "quantity"), -1.0),
        (("tables", "openings", 0, "kind"), "close"),
        (("tables", "coverage", 0, "fiscal_year"), 2027.5),
        (("tables", "shipments", 0, "system"), "no id"),
    ],
)
def test_schema_refuses(content: Any, place: tuple[Any, ...], value: Any) -> None:
    target = content
    for part in place[:-1]:
        target = target[part]
    target[place[-1]] = value
    assert problems(content) == [".".join(map(str, place))]


def test_schema_refuses_unknown_and_missing_names(content: Any) -> None:
    content["tables"]["stock"][0]["colour"] = "red"
    del content["tables"]["stock"][1]["line"]
    content["profit"] = 1
    assert problems(content) == ["", "tables.stock.0", "tables.stock.1"]


def test_schema_allows_null_only_where_the_page_says_so(content: Any) -> None:
    for name, key in PLAN_KEYS.items():
        assert (problems({**content, name: None}) == []) is key.is_nullable


def test_reader_and_schema_agree_on_every_column_that_may_be_null(content: Any) -> None:
    for name, table in PLAN_TABLES.items():
        for column in table.columns:
            if not content["tables"][name]:
                continue
            spoiled = json.loads(json.dumps(content))
            spoiled["tables"][name][0][column.name] = None
            rows = plan_schema()["properties"]["tables"]["properties"][name]
            is_valid = jsonschema.Draft202012Validator(rows).is_valid(spoiled["tables"][name])
            assert is_valid is column.is_nullable
            assert _is_read(json.dumps(spoiled)) is column.is_nullable


def _is_read(text: str) -> bool:
    try:
        Plan.from_json(text)
    except PlanFileError:
        return False
    return True


def test_schema_object_is_new_each_time() -> None:
    plan_schema()["properties"].clear()
    assert list(plan_schema()["properties"]) == list(PLAN_KEYS)


def test_keys_of_every_table_are_its_columns() -> None:
    for table in PLAN_TABLES.values():
        assert set(table.key) <= set(table.names)
        assert len(set(table.names)) == len(table.names)


def test_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "plan-json.md").read_text(encoding="utf-8")
    assert page == plan_reference(), "run scripts/make_docs.py"


def test_reference_page_names_every_key_table_column_and_word() -> None:
    page = plan_reference()
    words = [*PLAN_KEYS, *VIOLATION_KINDS, *(item for items in UTILITY_ITEMS.values() for item in items)]
    words += list(CHECKS)
    words += [column.name for table in PLAN_TABLES.values() for column in table.columns]
    assert [word for word in words if f"`{word}`" not in page] == []
    assert [name for name in PLAN_TABLES if f"\n### {name}\n" not in page] == []
