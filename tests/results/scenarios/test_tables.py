"""The tables of a plan on scenarios."""

from __future__ import annotations

import pytest
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, planned

from dronedeal import plan_scenarios, read
from dronedeal.results.scenarios.columns import SCENARIO_TABLES

# Tables without rows where nothing is asked that they answer.
IF_ASKED_FOR = {"risk", "tests"}


def test_every_table_has_its_columns_and_rows_with_keys_of_their_own() -> None:
    plan = planned()
    assert plan.tables.keys() == SCENARIO_TABLES.keys()
    for name, table in SCENARIO_TABLES.items():
        rows = plan.tables[name]
        assert rows or name in IF_ASKED_FOR, name
        assert all(tuple(row) == table.names for row in rows), name
        keys = [tuple(row[column] for column in table.key) for row in rows]
        assert len(set(keys)) == len(keys), name


def test_expected_figures_are_the_means_of_the_scenarios() -> None:
    plan = planned()
    mean = {row["measure"]: row["mean"] for row in plan.tables["distributions"] if row["fiscal_year"] is None}
    assert mean["joint"] == pytest.approx(plan.objective)
    assert mean["buyer"] == pytest.approx(plan.utilities["buyer"])
    assert mean["seller"] == pytest.approx(plan.utilities["seller"])
    for row in plan.tables["results"]:
        if row["measure"] in ("coverage", "own_needs"):
            assert 0.0 <= row["value"] <= 1.0 + 1e-9


def test_outcomes_of_one_factor_explain_the_mean() -> None:
    """Weighted with their chances, the means of a factor's outcomes are the mean of all."""
    plan = planned()
    for measure in ("joint", "coverage"):
        rows = [row for row in plan.tables["causes"] if row["measure"] == measure]
        for factor in {(row["factor"], row["subject"]) for row in rows}:
            mine = [row for row in rows if (row["factor"], row["subject"]) == factor]
            assert sum(row["probability"] for row in mine) == pytest.approx(1.0)
            assert sum(row["probability"] * row["difference"] for row in mine) == pytest.approx(
                0.0, abs=1e-9 * abs(mine[0]["mean"])
            )
            assert sum(row["share_of_worst"] for row in mine) == pytest.approx(1.0)


def test_outcomes_that_nothing_tells_apart_name_each_other() -> None:
    """A budget cut and strikes in the same future, and prices in a future of their own."""
    rows = (
        ("budget", "*", 2028, {"cut": (0.5, 0.5), "kept": (0.5, 1.0)}),
        ("line_outage", "home", 2028, {"struck": (0.5, 0.5), "whole": (0.5, 1.0)}),
    )
    plan = plan_scenarios(with_uncertainty(read(FIRST_DEAL), *rows), scenarios=2, worth=False)
    assert len(plan.tables["scenarios"]) == 2
    joint = [row for row in plan.tables["causes"] if row["measure"] == "joint"]
    found = {f"{row['factor']} of {row['subject']}: {row['outcome']}": row["together"] for row in joint}
    assert len(found) == 4
    for name, other in found.items():
        assert other is not None
        # The table says `all`, the rows of uncertainty `*`.
        assert found[other.replace("all", "*")] == name.replace("*", "all")
    assert {row["together"] for row in planned().tables["causes"]} == {None}


def test_the_root_is_what_is_decided_in_the_first_year() -> None:
    plan = planned()
    assert plan.root
    assert {row["fiscal_year"] for row in plan.root} == {2027}
    later = {row["node"] for row in plan.tables["policy"]} - {"2027"}
    assert later == {"2028.1", "2028.2", "2028.3", "2028.4"}


def test_nodes_say_what_turned_out() -> None:
    rows = {row["node"]: row for row in planned().tables["nodes"]}
    assert rows["2027"]["turned_out"] is None
    assert rows["2028.1"]["turned_out"] == "buyer_need of all: less; line_outage of home: struck"
    assert rows["2028.1"]["probability"] == pytest.approx(0.1)
