"""Tables of the page of a plan on scenarios."""

from __future__ import annotations

from dataclasses import replace

from tests.results.scenarios.branching import planned, weighed

from dronedeal.report.scenarios.grids import risk_section, service_grid, trials_grid, worst_grid
from dronedeal.report.scenarios.wording import MEASURE_NAMES, factor_text
from dronedeal.results.scenarios.columns import COSTS


def test_causes_of_the_worst_tenth_stand_far_more_often_in_it() -> None:
    (grid,) = worst_grid(planned())
    assert grid.rows
    for _, cause, share, chance, _ in grid.rows:
        assert share > chance + 0.1, cause
    # With the home works struck, which is one chance in four, all that is worst for both sides comes about.
    joint = [row for row in grid.rows if row[0] == "Worth to both sides"]
    assert ("output of home: struck", 1.0, 0.25) in [(row[1], round(row[2], 9), row[3]) for row in joint]
    causes = {(row["measure"], factor_text(row)): row for row in planned().tables["causes"]}
    for measure, name in MEASURE_NAMES.items():
        rows = [causes[measure, row[1]] for row in grid.rows if row[0] == name]
        worse = [row["difference"] * (1 if measure in COSTS else -1) for row in rows]
        assert worse == sorted(worse, reverse=True)
        assert all(amount > 0 for amount in worse)
        assert len(worse) <= 3


def test_a_plan_that_nothing_moves_has_no_causes() -> None:
    tables = {**planned().tables, "causes": ()}
    assert list(worst_grid(replace(planned(), tables=tables))) == []


def test_what_was_not_asked_for_has_no_table() -> None:
    assert list(service_grid(planned())) == []
    assert list(trials_grid(planned())) == []


def test_risk_stands_in_pairs() -> None:
    plan = weighed()
    assert plan.risk is not None
    (grid,) = risk_section(plan, plan.risk).blocks
    names = [row[1] for row in grid.rows]
    assert names == ["best on average", "worst weighed"] * (len(names) // 2)
