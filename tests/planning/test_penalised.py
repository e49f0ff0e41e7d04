"""Violations as ordinary decisions at a price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family

from dronedeal.assessment import assess
from dronedeal.planning.model import build
from dronedeal.planning.penalised import penalised, penalty_of, violated
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver


def test_violations_at_their_price_are_the_last_resort() -> None:
    deal = every_family()
    model = build(deal, assess(deal))
    problem, penalty = model.problem, penalty_of(model.data)
    soft = penalised(problem, penalty)
    assert not soft.is_violation.any()
    first, second = (
        solve_plan(each, HighsSolver(), no_deal=np.zeros(0, dtype=np.int64), options=SolveOptions(1e-6))
        for each in (problem, soft)
    )
    assert second.solution.values is not None
    assert violated(problem, second.solution.values) == pytest.approx(0.0, abs=1e-9)
    assert second.solution.objective == pytest.approx(first.solution.objective, rel=1e-5)


def test_what_is_broken_costs_the_penalty_times_its_chance_and_price() -> None:
    deal = every_family()
    model = build(deal, assess(deal))
    tree = replace(model.problem.tree, probability=np.array([1.0, 0.25]))
    problem = replace(model.problem, tree=tree)
    soft = penalised(problem, 7.0)
    broken = np.where(problem.is_violation, 1.0, 0.0)
    priced = problem.violation_price * tree.probability[problem.node]
    assert violated(problem, broken) == pytest.approx(priced.sum())
    lost = problem.utilities(broken).sum() - soft.utilities(broken).sum()
    assert lost == pytest.approx(7.0 * priced.sum())
