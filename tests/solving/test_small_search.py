"""The search of a small problem: what it tries, and the bound that stays when it ends early."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solving.test_learning_bound import outputs, random_problem

from dronedeal.planning.tree import FloatArray
from dronedeal.solving import Solution, SolveOptions, Termination
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import Status, never_stop, no_progress
from dronedeal.solving.learning_bound import LearningBound
from dronedeal.solving.work import Work


@pytest.mark.parametrize("seed", range(4))
def test_a_search_of_few_parts_ends_and_keeps_the_best_plan_it_tried(seed: int) -> None:
    problem = random_problem(np.random.default_rng(seed))
    tried: list[float] = []
    idle = np.zeros(problem.n_columns)
    best = Solution(Status.OK, Termination.OPTIMAL, idle, 0.0, np.inf, None, 0.0)

    def keep(values: FloatArray) -> Solution:
        nonlocal best
        tried.append(float(problem.utilities(values).sum()))
        if tried[-1] > best.objective:
            best = replace(best, values=values, objective=tried[-1])
        return best

    options = SolveOptions(gap=1e-9)
    work = Work(problem, HighsSolver(), options=options, on_progress=no_progress, should_stop=never_stop)
    proof = LearningBound(work, "joint", problem.upper, None, step="test", bound=np.inf, best=best)
    bound = proof.prove(keep)
    assert proof.objective == max([0.0, *tried])
    assert proof.objective <= bound + 1e-9
    assert bound >= max(
        float(problem.utilities(made).sum()) for made in outputs(problem, np.random.default_rng(9))
    )
