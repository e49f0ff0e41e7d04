"""Row families of money: payments and budgets, in then-year millions."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.registry import rows
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder


@rows("payment")
def payment(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_b spend[b,g,n] = index · Σ price·delivery` for each payment group and year: all is paid."""
    tree = data.tree
    n_groups = data.budgets.fits.shape[1]
    group = np.repeat(np.arange(n_groups), tree.n_nodes)
    node = np.tile(np.arange(tree.n_nodes), n_groups)
    family = build.add_rows("payment", {"group": group, "node": node}, count=len(group), lower=0.0, upper=0.0)
    at = family.lookup(n_groups, tree.n_nodes)
    spend = build.columns["spend"]
    build.add_entries(at[spend.coordinates["group"], spend.coordinates["node"]], spend.numbers, 1.0)
    column, pair, paid_in = deliveries(data, build)
    year = tree.stage[paid_in]
    price = data.prices.price[data.pairs.product[pair], year] * data.budgets.index[year]
    of = data.requirements.group[data.pairs.requirement[pair]]
    build.add_entries(at[of, paid_in], column, -price)


@rows("budget")
def budget(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{g,n} spend[b,g,n] ≤ amount + v` on every path through the years in which the money is valid."""
    violation = build.columns["budget_violation"]
    number, last = violation.coordinates["budget"], violation.coordinates["node"]
    family = build.add_rows(
        "budget", {"budget": number, "node": last}, count=len(number), upper=data.budgets.amount[number]
    )
    build.add_entries(family.numbers, violation.numbers, -1.0)
    spend = build.columns["spend"]
    by_budget = np.full(
        (data.budgets.count, data.budgets.fits.shape[1], data.tree.n_nodes), -1, dtype=np.int64
    )
    by_budget[tuple(spend.coordinates.values())] = spend.numbers
    for offset in range(len(number)):
        path = _path_to(data, int(last[offset]), int(data.budgets.first[number[offset]]))
        columns = by_budget[number[offset]][:, path].ravel()
        columns = columns[columns >= 0]
        build.add_entries(np.full(len(columns), family.start + offset), columns, 1.0)


def _path_to(data: PlanningData, node: int, first_stage: int) -> list[int]:
    path = [node]
    while data.tree.stage[path[-1]] > first_stage:
        path.append(int(data.tree.parent[path[-1]]))
    return path[::-1]
