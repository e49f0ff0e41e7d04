"""The reference page of `stress.json`, made from the definition of its tables."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.results.scenarios.columns import MEASURES
from dronedeal.results.scenarios.reference import table_section
from dronedeal.results.stress.columns import STRESS_TABLES
from dronedeal.results.stress.vocabulary import SERVICES

_HEAD = """# Stress test

<!-- Made by `make docs`; do not edit by hand. -->

What `dronedeal stress` writes: `stress.json` with what made it and these tables, and each table as CSV and
Parquet under `stress-tables/`. Money is in whole units of the deal's currency. The file has the key `format`
with the value `dronedeal-stress/1`; its other keys are the fields of `StressTest`
([Python functions](python.md)).
"""


def stress_reference() -> str:
    """The whole page as Markdown, ending with a newline."""
    parts = [
        _HEAD,
        *_words("Services", "service", dict(SERVICES)),
        *_words("Measures", "measure", dict(MEASURES)),
        *(table_section(table) for table in STRESS_TABLES.values()),
    ]
    return "\n".join(parts)


def _words(title: str, name: str, meanings: dict[str, str]) -> Iterator[str]:
    rows = [f"| `{key}` | {meaning} |" for key, meaning in meanings.items()]
    yield "\n".join([f"## {title}", "", f"| {name} | meaning |", "|---|---|", *rows, ""])
