"""The reference page of a stress test."""

from __future__ import annotations

from dronedeal.results.stress.columns import STRESS_TABLES
from dronedeal.results.stress.reference import stress_reference
from dronedeal.results.stress.vocabulary import FAILED, SERVICES


def test_every_table_column_and_service_stands_on_the_page() -> None:
    page = stress_reference()
    for table in STRESS_TABLES.values():
        assert f"## `{table.name}`" in page
        assert all(f"| `{column.name}` |" in page for column in table.columns)
    assert all(f"| `{name}` | {meaning} |" in page for name, meaning in SERVICES.items())


def test_every_service_but_all_together_has_words_for_its_failure() -> None:
    assert set(FAILED) == set(SERVICES) - {"all"}
