"""The plan: its file, its damaged files, its frames and its picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.results.hand_worked import hand_plan, hand_values

from dronedeal.errors import InputError, PlanFileError, ProgramError
from dronedeal.results.columns import PLAN_TABLES
from dronedeal.results.keys import PLAN_KEYS
from dronedeal.results.plan import Plan, relative_gap

PLAN = hand_plan()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CELLS = {
    "id": st.sampled_from(["a", "Z9", "x_1.y-2"]),
    "text": TEXTS,
    "month": st.sampled_from(["1999-01", "2027-10", "2100-12"]),
    "fiscal_year": st.integers(1990, 2100),
    "number": NUMBERS,
}


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans with any rows in one table that the definition allows, sensible or not."""
    table = draw(st.sampled_from(list(PLAN_TABLES.values())))
    row = {
        column.name: (st.sampled_from(column.choices) if column.choices else CELLS[column.kind])
        | (st.none() if column.is_nullable else st.nothing())
        for column in table.columns
    }
    rows = tuple(draw(st.lists(st.fixed_dictionaries(row), max_size=3)))
    return replace(
        PLAN,
        tables={**PLAN.tables, table.name: rows},
        title=draw(TEXTS),
        bound=draw(st.none() | NUMBERS),
        options={draw(TEXTS): draw(st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS)},
        warnings=(draw(TEXTS),),
    )


@settings(deadline=None, max_examples=40, derandomize=True)
@given(plan=plans())
def test_plan_survives_its_file(plan: Plan) -> None:
    text = plan.to_json()
    again = Plan.from_json(text)
    assert again == plan
    assert again.to_json() == text


def test_file_has_the_documented_keys_in_order_and_ends_with_a_newline() -> None:
    text = PLAN.to_json()
    assert list(json.loads(text)) == list(PLAN_KEYS)
    assert list(json.loads(text)["tables"]) == list(PLAN_TABLES)
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_each_row_of_a_table_stands_on_its_own_line() -> None:
    lines = PLAN.to_json().splitlines()
    row = lines[lines.index('    "shipments": [') + 1]
    assert json.loads(row.rstrip(",")) == PLAN.tables["shipments"][0]
    assert len(lines) == len(set(lines)) + sum(lines.count(line) - 1 for line in set(lines))
    changed = replace(PLAN, tables={**PLAN.tables, "stock": PLAN.tables["stock"][1:]}).to_json().splitlines()
    assert len(lines) - len(changed) == 1


def test_file_is_plain_json_for_any_reader() -> None:
    values = json.loads(PLAN.to_json())
    assert values["utilities"] == PLAN.utilities
    assert values["tables"]["coverage"] == list(PLAN.tables["coverage"])
    assert values["tables"]["violations"] == []


def test_same_values_in_another_order_make_the_same_file() -> None:
    values = hand_values()
    values["tables"] = {
        name: [dict(reversed(row.items())) for row in rows]
        for name, rows in reversed(values["tables"].items())
    }
    values["options"] = dict(reversed(values["options"].items()))
    assert Plan(**values).to_json() == PLAN.to_json()


def test_numbers_of_arrays_become_plain_numbers() -> None:
    values = hand_values()
    values["objective"] = np.float64(values["objective"])
    values["seed"] = np.int64(7)
    for row in values["tables"]["shipments"]:
        row["quantity"] = np.float64(row["quantity"])
        row["fiscal_year"] = np.int64(row["fiscal_year"])
    plan = Plan(**values)
    assert type(plan.objective) is float
    assert type(plan.tables["shipments"][0]["quantity"]) is float
    assert type(plan.tables["shipments"][0]["fiscal_year"]) is int
    assert plan.to_json() == PLAN.to_json()


def test_minus_zero_is_zero() -> None:
    values = hand_values()
    values["tables"]["stock"][0]["quantity"] = -0.0
    assert "-0.0" not in Plan(**values).to_json()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(number: float) -> None:
    values = hand_values()
    values["tables"]["stock"][2]["quantity"] = number
    with pytest.raises(
        ProgramError, match=r"tables\.stock\[2\]\.quantity: found .*; allowed: a finite number"
    ):
        Plan(**values)
    with pytest.raises(ProgramError, match="objective: found"):
        replace(PLAN, objective=number)


def test_program_fault_is_not_called_the_users() -> None:
    with pytest.raises(ProgramError) as caught:
        replace(PLAN, tables={**PLAN.tables, "stock": ({"month": "2027-01"},)})
    assert not isinstance(caught.value, InputError)
    assert "tables.stock[0].quantity: missing column" in str(caught.value)


def _key(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda values: values.update({name: value})


def _cell(table: str, column: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda values: values["tables"][table][0].update({column: value})


DAMAGES: tuple[tuple[str, Callable[[dict[str, Any]], Any], str], ...] = (
    (
        "other format",
        _key("format", "dronedeal-plan/99"),
        "format: found 'dronedeal-plan/99'; allowed: 'dronedeal-plan/1'",
    ),
    ("no format", lambda values: values.pop("format"), "format: missing key; allowed: 'dronedeal-plan/1'"),
    ("missing key", lambda values: values.pop("objective"), "objective: missing key"),
    ("unknown key", _key("profit", 1), "profit: unknown key; allowed: format, title"),
    ("text for a number", _key("objective", "much"), "objective: found 'much'; allowed: a finite number"),
    ("true for a number", _key("objective", True), "objective: found True; allowed: a finite number"),
    ("null where none may be", _key("objective", None), "objective: found None; allowed: a finite number"),
    ("number for a text", _key("title", 7), "title: found 7; allowed: text"),
    ("half a month", _key("months", 1.5), "months: found 1.5; allowed: a whole number"),
    ("unknown status", _key("status", "fine"), "status: found 'fine'; allowed: optimal, feasible, relaxed"),
    ("short digest", _key("digest", "abc"), "digest: found 'abc'; allowed: text that matches"),
    ("wrong bound", _key("bound", []), "bound: found []; allowed: a finite number, or null"),
    ("utility of a third side", _key("utilities", {"buyer": 1, "third": 2}), "utilities: found"),
    ("sizes in words", _key("sizes", {"rows": "many"}), "sizes: found"),
    ("options in a list", _key("options", {"gap": [1]}), "options: found"),
    ("versions as numbers", _key("versions", {"dronedeal": 1}), "versions: found"),
    ("warnings as one text", _key("warnings", "old"), "warnings: found 'old'; allowed: a list of texts"),
    (
        "check without a name",
        _key("verification", {"is_passed": True, "checks": [{}]}),
        "verification: found",
    ),
    ("tables as a list", _key("tables", []), "tables: found []; allowed: an object"),
    ("missing table", lambda values: values["tables"].pop("stock"), "tables.stock: missing table"),
    (
        "unknown table",
        lambda values: values["tables"].update(gifts=[]),
        "tables.gifts: unknown table; allowed: ship",
    ),
    (
        "table as an object",
        lambda values: values["tables"].update(stock={}),
        "tables.stock: found {}; allowed: a list",
    ),
    (
        "row as a list",
        lambda values: values["tables"].update(stock=[[1]]),
        "tables.stock[0]: found [1]; allowed: an",
    ),
    (
        "missing column",
        lambda values: values["tables"]["stock"][0].pop("line"),
        "tables.stock[0].line: missing column",
    ),
    (
        "unknown column",
        _cell("stock", "colour", "red"),
        "tables.stock[0].colour: unknown column; allowed: month",
    ),
    (
        "text in a number column",
        _cell("stock", "quantity", "6"),
        "tables.stock[0].quantity: found '6'; allowed: a fi",
    ),
    (
        "list in a text column",
        _cell("binding", "words", [1]),
        "tables.binding[0].words: found [1]; allowed: text",
    ),
    (
        "list in an id column",
        _cell("stock", "line", ["a"]),
        "tables.stock[0].line: found ['a']; allowed: an id",
    ),
    (
        "true as a year",
        _cell("coverage", "fiscal_year", True),
        "tables.coverage[0].fiscal_year: found True; allowed",
    ),
    (
        "month in words",
        _cell("stock", "month", "May"),
        "tables.stock[0].month: found 'May'; allowed: a month as YYYY",
    ),
    ("month thirteen", _cell("stock", "month", "2027-13"), "tables.stock[0].month: found '2027-13'"),
    (
        "null in a column without",
        _cell("stock", "line", None),
        "tables.stock[0].line: found None; allowed: an id",
    ),
    (
        "unknown kind",
        _cell("openings", "kind", "close"),
        "tables.openings[0].kind: found 'close'; allowed: open, step",
    ),
    ("half a surrogate", _cell("binding", "words", "\ud800"), "tables.binding[0].words: found"),
    ("null year that may be", _cell("payments", "for_appropriation", 5), "allowed: an id, or null"),
)


@pytest.mark.parametrize(
    ("damage", "words"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES]
)
def test_damaged_file_is_refused_with_its_place(damage: Callable[[dict[str, Any]], Any], words: str) -> None:
    values = json.loads(PLAN.to_json())
    damage(values)
    with pytest.raises(PlanFileError) as caught:
        Plan.from_json(json.dumps(values), where="out/plan.json")
    message = str(caught.value)
    assert f"out/plan.json: {words}" in message or (words.startswith("allowed") and words in message)
    assert message.endswith("The file is damaged; make the plan again with `dronedeal plan`")


def test_a_plan_of_an_older_program_has_nothing_in_a_table_that_it_did_not_know() -> None:
    values = json.loads(PLAN.to_json())
    del values["tables"]["frozen"]
    old = Plan.from_json(json.dumps(values))
    assert old.tables["frozen"] == ()
    assert old == replace(PLAN, tables={**PLAN.tables, "frozen": ()})


BROKEN_TEXTS = (
    ("", "line 1, column 1: not valid JSON"),
    ('{"format": "dronedeal-plan/1",\n "title": }', "line 2, column 11: not valid JSON"),
    ("[1, 2]", "found list; allowed: one object in the format dronedeal-plan/1"),
    ('{"format": NaN}', "NaN is not a number that a plan can hold"),
    ('{"format": 1, "format": 2}', "the key 'format' stands twice in one object"),
    ("[" * 100_000, "not valid JSON"),
    ('{"seed": ' + "9" * 5000 + "}", "not valid JSON"),
)


@pytest.mark.parametrize(("text", "words"), BROKEN_TEXTS, ids=range(len(BROKEN_TEXTS)))
def test_text_that_is_no_plan_is_refused(text: str, words: str) -> None:
    with pytest.raises(PlanFileError) as caught:
        Plan.from_json(text)
    assert words in str(caught.value)
    assert str(caught.value).startswith("plan.json")


def test_number_too_large_for_a_float_is_refused() -> None:
    text = PLAN.to_json().replace('"quantity": 6.0', '"quantity": 1e999', 1)
    with pytest.raises(PlanFileError, match=r"tables\.shipments\[0\]\.quantity: found inf"):
        Plan.from_json(text)


def test_whole_number_too_large_for_a_float_is_refused() -> None:
    text = PLAN.to_json().replace('"quantity": 6.0', f'"quantity": {10**400}', 1)
    with pytest.raises(PlanFileError, match=r"tables\.shipments\[0\]\.quantity: found 1000"):
        Plan.from_json(text)


def test_every_fault_is_told_at_once_up_to_twenty() -> None:
    values = json.loads(PLAN.to_json())
    values["status"] = "fine"
    for row in values["tables"]["stock"]:
        row["quantity"] = "much"
    values["tables"]["production"] += [{}]
    with pytest.raises(PlanFileError) as caught:
        Plan.from_json(json.dumps(values))
    lines = str(caught.value).splitlines()
    assert len(lines) == 22
    assert "status" in lines[0]
    assert lines[20] == "plan.json: and 7 more faults"


@pytest.mark.parametrize("name", list(PLAN_TABLES))
@pytest.mark.parametrize("is_empty", [False, True])
def test_frame_has_the_columns_and_types_of_its_table(name: str, is_empty: bool) -> None:
    plan = replace(PLAN, tables=dict.fromkeys(PLAN_TABLES, ())) if is_empty else PLAN
    frame = plan.frame(name)
    types = {"number": pl.Float64, "fiscal_year": pl.Int32}
    columns = PLAN_TABLES[name].columns
    assert frame.schema == {column.name: types.get(column.kind, pl.String) for column in columns}
    assert frame.height == len(plan.tables[name])
    assert frame.rows(named=True) == [dict(row) for row in plan.tables[name]]


def test_unknown_frame_names_the_tables() -> None:
    with pytest.raises(KeyError, match="no table 'gifts' in a plan; tables: shipments, production"):
        PLAN.frame("gifts")


def test_gap_is_relative_to_the_objective_but_never_to_less_than_one() -> None:
    assert relative_gap(-200.0, -199.0) == 0.005
    assert relative_gap(0.5, 0.75) == 0.25


def test_notebook_shows_an_escaped_summary() -> None:
    html = PLAN._repr_html_()
    assert "Hawks &amp; crows &lt;by hand&gt;" in html
    assert "<by hand>" not in html
    assert f"{PLAN.objective:,.0f} USD" in html
    assert f"{PLAN.utilities['seller']:,.0f} USD" in html
    assert f"{PLAN.gap:.2%}" in html
    assert "optimal (optimal)" in html
    # of the four yearly requirements only the depot in 2028 reaches its threshold
    assert "Of 4 yearly requirements, 1 reach their threshold and 0 their objective." in html


def test_notebook_says_where_no_bound_was_proven() -> None:
    html = replace(PLAN, bound=None, gap=None)._repr_html_()
    assert "none proven" in html
    assert "unknown" in html
