"""A whole plan from some exact subtrees: the rest is planned, and solved exactly where that is worth it."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.made_up_trees import TreeSize, made_up_tree
from tests.solving.stochastic.test_policy import parts

from dronedeal.engine import Serial
from dronedeal.planning.tree import IntArray
from dronedeal.solving.interface import never_stop
from dronedeal.solving.stochastic import solve_tree
from dronedeal.solving.stochastic.completion import Completion
from dronedeal.solving.stochastic.search import Evaluation, Search
from dronedeal.solving.stochastic.stopwatch import Stopwatch

SMALL = TreeSize(8, years=3, lines=2, systems=2, components=1)


@pytest.mark.parametrize("needed", [0.0, 1.0])
def test_only_as_much_is_solved_exactly_as_is_needed(needed: float) -> None:
    staged = made_up_tree(SMALL, seed=1)
    split, policy, point = parts(staged, 2)
    watch = Stopwatch(None, never_stop)
    search = Search(staged, split, engine=Serial(), seed=0, should_stop=never_stop)
    asked: list[int] = []

    def exact(chosen: list[IntArray]) -> Evaluation | None:
        asked.append(sum(map(len, chosen)))
        found = search.evaluate(point, chosen, has_values=True, watch=watch)
        if found is not None:
            search.learn(point, found)
        return found

    some = exact([np.arange(5)])
    assert some is not None
    whole = search.evaluate(point, [np.arange(64)], has_values=True, watch=watch)
    assert whole is not None
    best = search.cost_of(point, whole)
    # Asked for the least cost, or for any.
    found = Completion(search, policy, watch).complete(
        point, some, exact=exact, missing=lambda cost: needed * (cost - best * (1 + 1e-9))
    )
    assert found is not None
    assert found.is_whole
    assert len(found.answers) == 64
    cost = search.cost_of(point, found)
    assert cost >= best * (1 - 1e-9)
    if needed:
        assert cost == pytest.approx(best)
        assert 5 < sum(asked) <= 64
    else:
        assert asked == [5]


@pytest.mark.parametrize("gap", [2e-3, 1e-5])
def test_a_tree_completed_with_such_plans_is_solved_as_the_whole_is(gap: float) -> None:
    staged = made_up_tree(SMALL, seed=2)
    whole = solve_tree(staged, method="extensive", gap=1e-7)
    split = solve_tree(staged, method="decomposition", gap=gap, depth=2)
    assert split.measured["seconds: plans node by node"] > 0
    assert split.gap <= gap
    assert split.cost_bound <= whole.cost * (1 + 1e-7)
    assert whole.cost <= split.cost * (1 + 1e-7)
    assert split.values is not None
    assert staged.violation(split.values) < 1e-6
    assert staged.cost_of(split.values) == pytest.approx(split.cost)
