"""A subtree evaluated from a state: hot, fresh, infeasible, and after a journey to another process."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.recourse import Recourse, Task
from dronedeal.solving.stochastic.split import cut


def test_a_hot_template_answers_like_a_fresh_one_also_elsewhere() -> None:
    split = cut(random_problem(6, stages=3, is_priced_by_node=True).staged(), 1)
    hot, elsewhere = Recourse(split.shapes), pickle.loads(pickle.dumps(Recourse(split.shapes)))
    rng = np.random.default_rng(0)
    for number, shape in enumerate(split.shapes):
        for _ in range(3):
            states = rng.uniform(0, 4, (shape.n, shape.state.shape[1]))
            task = Task(number, np.arange(shape.n), states, has_values=True)
            costs = [[answer.cost for answer in each.evaluate(task)] for each in (hot, elsewhere)]
            fresh = [answer.cost for answer in Recourse(split.shapes).evaluate(task)]
            assert costs[0] == pytest.approx(fresh, rel=1e-7)
            assert costs[1] == pytest.approx(fresh, rel=1e-7)


def test_a_state_without_a_plan_gives_a_cut_that_only_such_states_violate() -> None:
    # Seed 5 has demand that capacity bought before must meet.
    split = cut(random_problem(5, stages=3, is_complete=False).staged(), 1)
    shape = split.shapes[0]
    nothing = np.zeros((shape.n, shape.state.shape[1]))
    answers = Recourse(split.shapes).evaluate(Task(0, np.arange(shape.n), nothing, has_values=False))
    failed = [answer for answer in answers if not answer.is_feasible]
    assert failed
    for answer in failed:
        made = CutMaker(shape).feasibility(answer.multipliers)
        assert made.intercept[answer.member] == pytest.approx(answer.cost)
        assert made.intercept[answer.member] > 0
        assert (made.slope <= 1e-9).all()
