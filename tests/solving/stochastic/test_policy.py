"""Plans of subtrees made node by node are plans, never cheaper than exact ones, and near them once learnt."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.made_up_trees import TreeSize, made_up_tree
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.solving.interface import never_stop
from dronedeal.solving.stochastic import StagedProblem, solve_tree
from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.policy import Policy, policy_of
from dronedeal.solving.stochastic.recourse import Answer, Recourse, Task
from dronedeal.solving.stochastic.split import Split, cut

SMALL = TreeSize(8, years=3, lines=2, systems=2, components=1)


def parts(staged: StagedProblem, depth: int) -> tuple[Split, Policy, np.ndarray]:
    """A split tree, its policy, and the top of the best plan."""
    split = cut(staged, depth)
    policy = policy_of(staged, split, never_stop)
    assert policy is not None
    values = solve_tree(staged, method="extensive", gap=1e-9).values
    assert values is not None
    start = staged.column_start
    point = np.concatenate([values[start[node] : start[node + 1]] for node in split.top.nodes])
    return split, policy, point


def exact(split: Split, number: int, point: np.ndarray) -> list[Answer]:
    shape = split.shapes[number]
    return Recourse(split.shapes).evaluate(
        Task(number, np.arange(shape.n), point[shape.state], has_values=True)
    )


def assert_plan(staged: StagedProblem, split: Split, number: int, plan: Answer, point: np.ndarray) -> None:
    """The plan keeps the rows of its subtree and costs what it says."""
    shape = split.shapes[number]
    assert plan.values is not None
    activity = shape.template.matrix @ plan.values + shape.template.state @ point[shape.state[plan.member]]
    assert (activity >= shape.row_lower.full(plan.member) - 1e-6).all()
    assert (activity <= shape.row_upper.full(plan.member) + 1e-6).all()
    assert (plan.values >= shape.lower.full(plan.member) - 1e-6).all()
    assert (plan.values <= shape.upper.full(plan.member) + 1e-6).all()
    assert shape.cost.full(plan.member) @ plan.values == pytest.approx(plan.cost)


def test_plans_come_near_the_exact_ones_once_their_cuts_have_learnt() -> None:
    staged = made_up_tree(SMALL, seed=1)
    split, policy, point = parts(staged, 2)
    best = exact(split, 0, point)
    for answer in best[::4]:
        policy.learn(0, answer)
    losses, maker = [], CutMaker(split.shapes[0])
    for answer in best:
        plan = policy.plan(0, answer.member, point)
        assert plan is not None
        assert_plan(staged, split, 0, plan, point)
        assert plan.cost >= answer.cost - 1e-6 * abs(answer.cost)
        # Its prices prove most of what it costs, and never more than the exact solution does.
        made = maker.cut(plan.multipliers)
        proven = made.slope @ point[split.shapes[0].state[plan.member]] + made.intercept[plan.member]
        assert proven <= answer.cost + 1e-6 * abs(answer.cost)
        assert proven > 0.98 * answer.cost
        losses.append(plan.cost / answer.cost - 1)
    assert len(losses) == 64
    assert np.mean(losses) < 2e-3


@pytest.mark.parametrize("depth", [1, 2])
def test_on_random_trees_a_plan_is_never_cheaper_than_the_exact_one(depth: int) -> None:
    tried = 0
    for seed in range(30):
        staged = random_problem(seed, stages=4, is_complete=seed % 3 != 0).staged()
        split = cut(staged, depth)
        if policy_of(staged, split, never_stop) is None:
            continue
        if not solve_tree(staged, method="extensive", gap=1e-9).has_values:
            continue
        split, policy, point = parts(staged, depth)
        for number in range(len(split.shapes)):
            for answer in exact(split, number, point):
                plan = policy.plan(number, answer.member, point)
                if not answer.is_feasible or plan is None:
                    assert plan is None
                    continue
                tried += 1
                assert_plan(staged, split, number, plan, point)
                assert plan.cost >= answer.cost - 1e-6 * max(1.0, abs(answer.cost))
    assert tried > 10


def test_prices_by_node_share_no_cuts_and_so_have_no_policy() -> None:
    staged = made_up_tree(SMALL, seed=1, is_priced_by_node=True)
    assert policy_of(staged, cut(staged, 2), never_stop) is None
    # Nothing follows the last stage.
    staged = made_up_tree(SMALL, seed=1)
    assert policy_of(staged, cut(staged, 3), never_stop) is None
