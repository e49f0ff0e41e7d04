"""Records as plain data and as JSON Schema, from their annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import jsonschema
import pytest

from dronedeal.negotiation.plain_data import (
    FaultyDataError,
    Meaning,
    keys_of,
    plain_data,
    record_from,
    record_schema,
)


@dataclass(frozen=True)
class Inner:
    """A record inside another."""

    amount: Annotated[float | None, Meaning("An amount", "EUR")]
    kind: Annotated[Literal["a", "b"], Meaning("A word", key="class")]


@dataclass(frozen=True)
class Outer:
    """A record with a value of every type."""

    inner: Annotated[Inner | None, Meaning("A record")]
    rows: Annotated[tuple[Inner, ...], Meaning("Rows")]
    options: Annotated[Mapping[str, str | int | float | bool | None], Meaning("Options")]
    is_so: Annotated[bool, Meaning("Yes or no")] = True


def outer() -> Outer:
    return Outer(Inner(None, "a"), (Inner(2, "b"),), {"x": None, "y": 3, "z": "w", "t": False})


def test_a_record_comes_back_as_it_was() -> None:
    assert record_from(Outer, plain_data(outer())) == outer()


def test_the_name_in_the_file_may_be_another() -> None:
    assert plain_data(outer())["inner"] == {"amount": None, "class": "a"}
    assert list(keys_of(Inner)) == ["amount", "class"]


def test_the_schema_takes_what_is_written_and_nothing_else() -> None:
    schema, data = record_schema(Outer), plain_data(outer())
    jsonschema.validate(data, schema)
    for broken in (
        data | {"more": 1},
        {name: value for name, value in data.items() if name != "rows"},
        data | {"is_so": 1},
        data | {"rows": [{"amount": "x", "class": "a"}]},
        data | {"inner": {"amount": 1.0, "class": "c"}},
        data | {"options": {"x": []}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)
        with pytest.raises(FaultyDataError):
            record_from(Outer, broken)


def test_the_schema_says_meaning_and_unit() -> None:
    rows = record_schema(Outer)["properties"]["rows"]
    assert rows["items"]["properties"]["amount"]["description"] == "An amount (EUR)"


def test_a_record_of_another_class_is_refused() -> None:
    with pytest.raises(FaultyDataError, match=r"rows\[0\]: found .*; allowed: a Inner"):
        plain_data(Outer(None, (outer(),), {}))  # type: ignore[arg-type]  # what the test is about


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(FaultyDataError, match=r"inner\.amount: found nan; allowed: a number"):
        plain_data(Outer(Inner(float("nan"), "a"), (), {}))
