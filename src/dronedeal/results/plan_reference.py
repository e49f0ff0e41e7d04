"""The reference page of `plan.json`, made from the definition of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dronedeal.results.columns import PLAN_TABLES, PlanColumn, PlanTable
from dronedeal.results.keys import PLAN_KEYS, PlanKey
from dronedeal.results.store import MAX_BYTES, PLAN_FILE, SCHEMA_FILE, TABLE_FOLDER
from dronedeal.results.verify import CHECKS, FLOOR_SHARE, TOLERANCE
from dronedeal.results.vocabulary import (
    FROZEN_KINDS,
    OBJECTIVE_KINDS,
    OPENING_KINDS,
    PAYMENT_PURPOSES,
    PROJECT_EFFECTS,
    REQUIREMENT_KINDS,
    STATUSES,
    UTILITY_ITEMS,
    VIOLATION_KINDS,
)

_KEY_WORDS = {
    "text": "text",
    "integer": "whole number",
    "number": "number",
    "choice": "word",
    "utilities": "`{buyer, seller}`",
    "counts": "whole numbers by name",
    "values": "values by name",
    "texts": "texts by name",
    "text_list": "list of texts",
    "verification": "`{is_passed, checks: [{name, comparisons, largest_residual}]}`",
    "tables": "rows by table",
}
_CELL_WORDS = {
    "id": "id",
    "text": "text",
    "choice": "word",
    "month": "YYYY-MM",
    "fiscal_year": "year",
    "number": "number",
}
_WORD_LISTS: Mapping[str, Mapping[str, str]] = {
    "`status`": STATUSES,
    "`objective_kind`": OBJECTIVE_KINDS,
    "`kind` of `openings`": OPENING_KINDS,
    "`kind` of `coverage`": REQUIREMENT_KINDS,
    "`kind` of `violations`": VIOLATION_KINDS,
    "`what` of `frozen`": FROZEN_KINDS,
    "`purpose` of `payments`": PAYMENT_PURPOSES,
    "`effect` of `projects`": PROJECT_EFFECTS,
    "`item` of `utility_items`, party `buyer`": UTILITY_ITEMS["buyer"],
    "`item` of `utility_items`, party `seller`": UTILITY_ITEMS["seller"],
}


def plan_reference() -> str:
    """The whole page as Markdown, ending with a newline."""
    parts = [_HEAD, *_keys(), *_words(), _TABLES_HEAD]
    parts += [_table_section(table) for table in PLAN_TABLES.values()]
    parts += _checks()
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


_MAX_MIB = MAX_BYTES // 1024**2
_HEAD = f"""# plan.json

<!-- Made by `make docs`; do not edit by hand. -->

`dronedeal plan DEAL --out DIR` writes `DIR/{PLAN_FILE}`, its JSON Schema `DIR/{SCHEMA_FILE}`, and each table
as `DIR/{TABLE_FOLDER}/NAME.csv` and `DIR/{TABLE_FOLDER}/NAME.parquet`. The same plan gives the same bytes.

Money is in whole units of the deal's currency at base-year prices unless a column says then-year; quantities
are units of the system; months are `YYYY-MM`; numbers are finite. A file of more than {_MAX_MIB} MiB is not
read. In CSV files a text that a spreadsheet would run as a formula is written with an apostrophe before it.
"""

_TABLES_HEAD = """## Tables

Every row holds every column; null stands only where a column says so. Rows of quantity zero are left out of
the monthly tables and kept in the yearly ones. No two rows of a table have the same key.
"""


def _keys() -> Iterator[str]:
    yield "## Keys"
    yield _grid(
        ("key", "value", "meaning"),
        ((f"`{key.name}`", _key_type(key), key.meaning) for key in PLAN_KEYS.values()),
    )


def _key_type(key: PlanKey) -> str:
    words = " or ".join(f"`{choice}`" for choice in key.choices) or _KEY_WORDS[key.kind]
    return words + (", or null" if key.is_nullable else "")


def _words() -> Iterator[str]:
    yield "## Words"
    for name, words in _WORD_LISTS.items():
        yield f"{name}:\n\n" + "\n".join(f"- `{word}`: {meaning}" for word, meaning in words.items())


_CHECKS_HEAD = f"""## Checks

`dronedeal verify` works every figure out again from the deal and the other rows, without the optimiser. The
residual of a comparison is the difference divided by the largest of the stated figure, the computed figure,
the sum of the absolute terms behind it and, for figures that pass through the solver, {FLOOR_SHARE:g} of the
largest figure of the same unit in the plan. A check passes where every residual is at most {TOLERANCE:g}.
"""


def _checks() -> Iterator[str]:
    yield _CHECKS_HEAD
    yield _grid(("check", "asks that"), ((f"`{name}`", check.meaning) for name, check in CHECKS.items()))


def _table_section(table: PlanTable) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    rows = ((f"`{column.name}`", _cell_type(column), column.unit, column.meaning) for column in table.columns)
    return f"### {table.name}\n\n{table.meaning}. Key: {key}.\n\n" + _grid(
        ("column", "type", "unit", "meaning"), rows
    )


def _cell_type(column: PlanColumn) -> str:
    words = _CELL_WORDS[column.kind]
    if column.kind == "number" and not column.is_signed:
        words += ", at least 0"
    return words + (", or null" if column.is_nullable else "")


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells) + "\n"
    )
