"""Service levels counted over the scenarios."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.planning.scenarios.test_service import outages

from dronedeal import plan_scenarios
from dronedeal.report.scenarios.page import scenarios_html
from dronedeal.results.scenarios.columns import SCENARIO_TABLES
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.results.scenarios.service import faults_of_service
from dronedeal.terminal_scenarios import scenarios_text


@cache
def served(level: float) -> ScenarioPlan:
    return plan_scenarios(outages(level), scenarios=4, gap=1e-6)


def test_needs_are_met_as_often_as_asked_and_missed_ones_are_named() -> None:
    first, second = served(0.75).tables["service_levels"]
    assert tuple(first) == SCENARIO_TABLES["service_levels"].names
    assert (first["met"], first["missed_in"], first["shortfall"]) == (1.0, None, 0.0)
    assert second["level"] == 0.75
    assert 0.75 - 1e-9 <= second["met"] < 1.0
    chance = {row["scenario"]: row["probability"] for row in served(0.75).tables["scenarios"]}
    missed = second["missed_in"].split(", ")
    assert second["met"] == pytest.approx(1.0 - sum(chance[name] for name in missed))
    own = {
        row["scenario"]: row["value"]
        for row in served(0.75).tables["results"]
        if (row["measure"], row["fiscal_year"]) == ("own_needs", 2028)
    }
    assert {name for name, share in own.items() if share < 1.0 - 1e-9} == set(missed)


def test_what_is_missed_within_the_level_breaks_no_term() -> None:
    plan = served(0.75)
    assert plan.status == "optimal"
    assert {row["value"] for row in plan.tables["results"] if row["measure"] == "broken_terms"} == {0.0}
    assert plan.worth is None
    assert any("service level" in note for note in plan.notes)
    assert plan.objective > served(1.0).objective


def test_a_need_met_less_often_than_asked_is_a_fault() -> None:
    rows = list(served(0.75).tables["service_levels"])
    assert list(faults_of_service(rows)) == []
    (fault,) = faults_of_service([rows[0], {**rows[1], "met": 0.7}])
    assert fault == "own need border of 2028: met with a chance of 0.7000, service level 0.7500"


def test_text_and_page_state_the_levels() -> None:
    text = scenarios_text(served(0.75), Path("out"))
    assert "border 2028: met with a chance of" in text
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "met with a chance of" not in scenarios_text(served(1.0), Path("out"))
    assert "Service levels of own needs" in scenarios_html(served(0.75))
