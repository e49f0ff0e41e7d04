"""Small random problems on random trees: capacity bought before, shortage always possible."""

from __future__ import annotations

import numpy as np

from dronedeal.solving.stochastic import StagedBuilder

Generator = np.random.Generator


def random_tree(rng: Generator, *, stages: int, most_children: int = 3) -> tuple[list[int], list[float]]:
    """Parents and conditional probabilities of a tree with 1 to `most_children` children a node."""
    parents, chances, last = [-1], [1.0], [0]
    for _ in range(stages - 1):
        following = []
        for node in last:
            count = int(rng.integers(1, most_children + 1))
            weights = rng.integers(1, 6, count).astype(float)
            for weight in weights:
                following.append(len(parents))
                parents.append(node)
                chances.append(float(weight / weights.sum()))
        last = following
    return parents, chances


def random_problem(
    seed: int,
    *,
    stages: int = 3,
    is_integer: bool = False,
    is_priced_by_node: bool = False,
    is_complete: bool = True,
) -> StagedBuilder:
    """Two products that are built, stored and used against demand that is known node by node.

    Parameters
    ----------
    is_integer : capacity comes in whole units
    is_priced_by_node : prices differ from node to node, so that no cut is shared
    is_complete : whether demand may be missed at a price; otherwise a plan must meet it
    """
    rng = np.random.default_rng(seed)
    parents, chances = random_tree(rng, stages=stages)
    problem = StagedBuilder(parents, chances, is_conditional=True)
    build_cost, make_cost, limit = rng.uniform(2, 6, 2), rng.uniform(0.5, 3, 2), rng.uniform(4, 9, 2)
    built, stock = {}, {}
    for node in range(problem.n_nodes):
        path = problem.ancestors(node)
        factor = rng.uniform(0.6, 1.6) if is_priced_by_node else 1.0
        for item in range(2):
            built[node, item] = problem.column(
                node, f"build {item}", cost=build_cost[item], upper=float(limit[item]), is_integer=is_integer
            )
            made = problem.column(node, f"make {item}", cost=make_cost[item] * factor)
            stock[node, item] = problem.column(node, f"stock {item}", cost=0.2)
            before = {built[ancestor, item]: -1.0 for ancestor in path[1:]}
            problem.row(node, f"capacity {item}", {made: 1.0} | before, upper=float(rng.integers(1, 4)))
            terms = {made: 1.0, stock[node, item]: -1.0}
            if len(path) > 1:
                terms[stock[path[1], item]] = 1.0
            if is_complete:
                terms[problem.column(node, f"miss {item}", cost=15.0)] = 1.0
            demand = float(rng.uniform(0, 6)) if is_complete else float(rng.uniform(0, 0.9 + len(path)))
            problem.row(node, f"demand {item}", terms, lower=demand, upper=demand)
    return problem
