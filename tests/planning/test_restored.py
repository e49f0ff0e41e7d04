"""The columns that a plan decides, read back from what the plan says."""

from __future__ import annotations

import numpy as np
import pytest
from tests.planning.deals_with_projects import with_projects
from tests.planning.small_deal import small_deal
from tests.results.solved import EXACT, read_solution

from dronedeal.deal import Deal
from dronedeal.planning import decided_values
from dronedeal.results.assemble import make_plan
from dronedeal.results.frozen import decisions
from dronedeal.results.reading import Reading


def read_back(deal: Deal) -> tuple[Reading, np.ndarray]:
    reading, assessment = read_solution(deal)
    plan = make_plan(reading.model, reading.outcome, deal, assessment, options=EXACT, versions={})
    found = {each.name: each.quantity for each in decisions(plan, first=plan.start, until="2099-12")}
    return reading, decided_values(reading.problem, reading.data, found)


@pytest.mark.parametrize("deal", [small_deal(), with_projects(20.0)], ids=["small", "projects"])
def test_what_a_plan_says_it_does_is_what_its_columns_decided(deal: Deal) -> None:
    reading, values = read_back(deal)
    is_given = np.isfinite(values)
    families = (
        "make",
        "ship",
        "pool",
        "assign",
        "home",
        "sale",
        "open",
        "step",
        "integrate",
        "begin",
        "swap",
    )
    numbers = np.concatenate([reading.problem.columns[name].numbers for name in families])
    assert set(np.flatnonzero(is_given).tolist()) == set(numbers.tolist())
    assert values[is_given] == pytest.approx(reading.values[is_given], abs=1e-6)
    assert values[is_given].any()


def test_a_decision_that_no_column_stands_for_is_an_error() -> None:
    reading, _ = read_solution(small_deal())
    with pytest.raises(KeyError):
        decided_values(reading.problem, reading.data, {("make", "ghost@nowhere", "2027-11"): 1.0})
