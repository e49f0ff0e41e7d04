"""What weighing the worst scenarios changes, measure by measure."""

from __future__ import annotations

import pytest
from tests.results.scenarios.branching import planned, weighed

from dronedeal.results.scenarios.columns import SCENARIO_TABLES

SAME = ("mean", "least", "p05", "p25", "p50", "p75", "p95", "most")


@pytest.mark.parametrize(("plan", "name"), [(planned, "on_average"), (weighed, "weighed")])
def test_both_plans_are_spread_as_their_own_distributions_say(plan: object, name: str) -> None:
    """The tail is a tenth, so that the mean of the worst is that of the worst tenth."""
    assert callable(plan)
    rows = {row["measure"]: row for row in weighed().tables["risk"] if row["plan"] == name}
    stated = {row["measure"]: row for row in plan().tables["distributions"] if row["fiscal_year"] is None}
    assert rows.keys() == stated.keys()
    for measure, row in rows.items():
        assert tuple(row) == SCENARIO_TABLES["risk"].names
        assert [row[each] for each in SAME] == pytest.approx([stated[measure][each] for each in SAME])
        assert row["worst"] == pytest.approx(stated[measure]["worst_tenth"])
