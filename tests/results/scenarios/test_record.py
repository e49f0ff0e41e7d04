"""A plan on scenarios as JSON and files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.results.scenarios.branching import planned

from dronedeal.errors import PlanFileError
from dronedeal.results.scenarios.record import (
    SCENARIOS_FILE,
    ScenarioPlan,
    read_scenario_plan,
    scenario_files,
    write_scenario_plan,
)


def test_a_plan_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_scenario_plan(planned(), tmp_path)
    assert read_scenario_plan(tmp_path) == planned()
    assert read_scenario_plan(tmp_path / SCENARIOS_FILE).to_json() == planned().to_json()
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(scenario_files())


def test_tables_are_stored_in_full_as_parquet(tmp_path: Path) -> None:
    write_scenario_plan(planned(), tmp_path)
    frame = pl.read_parquet(tmp_path / "scenario-tables" / "results.parquet")
    assert frame.height == len(planned().tables["results"])
    assert frame["value"].to_list() == [row["value"] for row in planned().tables["results"]]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_scenario_plan(planned(), tmp_path / name)
    for file in scenario_files():
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": "dronedeal-plan/1"}', '{"format": "dronedeal-scenarios/1"}']
)
def test_what_is_no_plan_on_scenarios_is_refused(text: str) -> None:
    with pytest.raises(PlanFileError, match="make"):
        ScenarioPlan.from_json(text)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanFileError, match="make the plan with --scenarios"):
        read_scenario_plan(tmp_path)
