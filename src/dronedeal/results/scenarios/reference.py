"""The reference page of `scenarios.json`, made from the definition of its tables."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.results.columns import PlanTable
from dronedeal.results.scenarios.columns import MEASURES, SCENARIO_TABLES

_HEAD = """# Plan on scenarios

<!-- Made by `make docs`; do not edit by hand. -->

What `dronedeal plan --scenarios N` and `--tree FILE` write: `scenarios.json` with its certificate and these
tables, and each table as CSV and Parquet under `scenario-tables/`. Money is in whole units of the deal's
currency. A scenario has the name of the last node of its path.
"""


def scenario_reference() -> str:
    """The whole page as Markdown, ending with a newline."""
    parts = [_HEAD, *_measures(), *(table_section(table) for table in SCENARIO_TABLES.values())]
    return "\n".join(parts)


def _measures() -> Iterator[str]:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in MEASURES.items()]
    yield "\n".join(["## Measures", "", "| measure | meaning |", "|---|---|", *rows, ""])


def table_section(table: PlanTable) -> str:
    """The section of one table, ending with a newline."""
    rows = [
        f"| `{column.name}` | {column.unit or column.kind.replace('_', ' ')} | {column.meaning} |"
        for column in table.columns
    ]
    head = [
        f"## `{table.name}`",
        "",
        f"{table.meaning}.",
        "",
        "| column | unit or kind | meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
