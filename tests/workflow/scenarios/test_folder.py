"""The whole of `dronedeal plan --scenarios`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.results.scenarios.branching import FIRST_DEAL, TREE

from dronedeal.errors import CommandError
from dronedeal.exchange import ScenarioChoices
from dronedeal.results.scenarios.record import scenario_files
from dronedeal.workflow import read_scenarios, scenarios_to_folder


def test_a_folder_holds_the_plan_with_all_its_tables(tmp_path: Path) -> None:
    tree = tmp_path / "tree.csv"
    tree.write_text(TREE, encoding="utf-8")
    out = tmp_path / "out"
    asked = ScenarioChoices(tree=tree, is_worth_asked=False)
    plan = scenarios_to_folder(FIRST_DEAL, out, asked)
    assert read_scenarios(out) == plan
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert written >= {*scenario_files(), "scenarios.html", "timings.json"}
    with pytest.raises(CommandError, match="is not empty"):
        scenarios_to_folder(FIRST_DEAL, out, asked)
    assert scenarios_to_folder(FIRST_DEAL, out, asked, overwrite=True) == plan
