"""The reference page of plans on scenarios."""

from __future__ import annotations

from dronedeal.results.scenarios.columns import MEASURES, SCENARIO_TABLES
from dronedeal.results.scenarios.reference import scenario_reference


def test_the_page_names_every_measure_table_and_column() -> None:
    page = scenario_reference()
    for name, table in SCENARIO_TABLES.items():
        section = page.split(f"## `{name}`")[1].split("## ")[0]
        assert all(f"| `{column.name}` |" in section for column in table.columns)
    assert all(f"| `{name}` |" in page for name in MEASURES)
    assert page.endswith("\n")
