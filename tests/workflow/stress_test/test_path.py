"""One path again, as an ordinary plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.results.scenarios.branching import uncertain_first_deal
from tests.results.stress.stressed import signed, stressed

from dronedeal import workflow
from dronedeal.errors import CommandError
from dronedeal.exchange import StressChoices
from dronedeal.files import write_folder
from dronedeal.results.plan import Plan
from dronedeal.solving import never_stop
from dronedeal.workflow.stress_test.path import path_plan, stress_path_to_folder
from dronedeal.workflow.stress_test.run import prepared


@pytest.mark.parametrize("policy", ["exact", "linear"])
def test_a_path_is_the_plan_of_the_deal_as_it_turned_out_and_passes_its_check(policy: str) -> None:
    choices = StressChoices(seed=3, policy=policy)
    futures, _ = prepared(signed(), uncertain_first_deal(), choices, should_stop=never_stop)
    rows = {row["path"]: row for row in stressed().tables["paths"]}
    for number in (rows_of_kind(rows, "struck"), rows_of_kind(rows, "less")):
        found = path_plan(futures, number)
        assert found.words == rows[number]["turned_out"]
        assert found.plan.verification is not None
        assert found.plan.verification["is_passed"]
        if policy == "exact":
            assert found.plan.objective == pytest.approx(rows[number]["joint"])


def rows_of_kind(rows: dict[int, dict[str, object]], outcome: str) -> int:
    """Number of the first path in which an outcome turned out."""
    return min(number for number, row in rows.items() if outcome in str(row["turned_out"]))


def test_a_path_is_written_like_a_plan(tmp_path: Path) -> None:
    deal, made, out = tmp_path / "deal", tmp_path / "plan", tmp_path / "out"
    write_folder(uncertain_first_deal(), deal)
    workflow.write_plan(workflow.plan(workflow.read(deal), gap=1e-6), made)
    plan, words = stress_path_to_folder(made, deal, out, 2)
    assert isinstance(plan, Plan)
    assert words
    assert workflow.read_plan(out) == plan
    assert (out / "report.html").is_file()
    with pytest.raises(CommandError, match="path: found 0"):
        stress_path_to_folder(made, deal, out, 0)
