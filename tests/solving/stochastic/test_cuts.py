"""A cut from any multipliers lies below what every subtree costs, from every state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.recourse import Recourse, Task
from dronedeal.solving.stochastic.split import cut


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.booleans(), st.floats(-1.0, 1.0))
def test_no_cut_exceeds_the_cost_of_any_subtree(seed: int, is_priced: bool, noise: float) -> None:
    rng = np.random.default_rng(seed)
    split = cut(random_problem(seed, stages=3, is_priced_by_node=is_priced).staged(), 1)
    recourse = Recourse(split.shapes)
    for number, shape in enumerate(split.shapes):
        members = np.arange(shape.n)
        here, there = (rng.uniform(0, 4, (shape.n, shape.state.shape[1])) for _ in range(2))
        first = recourse.evaluate(Task(number, members, here, has_values=False))
        costs = [answer.cost for answer in recourse.evaluate(Task(number, members, there, has_values=False))]
        maker = CutMaker(shape)
        for answer in first:
            made = maker.cut(answer.multipliers)
            at_home = made.slope @ here[answer.member] + made.intercept[answer.member]
            assert at_home == pytest.approx(answer.cost, rel=1e-7, abs=1e-6)
            for multipliers in (answer.multipliers, answer.multipliers + noise):
                made = maker.cut(multipliers)
                assert (there @ made.slope + made.intercept <= np.array(costs) + 1e-6).all()


def test_bounds_alone_keep_costs_above_nothing_and_receipts_unbounded() -> None:
    split = cut(random_problem(1, stages=2).staged(), 1)
    for shape in split.shapes:
        assert (CutMaker(shape).trivial() == 0).all()
