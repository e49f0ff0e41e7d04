"""Row families of money: payments and budgets, in then-year millions."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.integration import works_begun
from dronedeal.planning.blocks.rebates import rebate_by_group
from dronedeal.planning.blocks.registry import rows
from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.instalments import retention_slots
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@rows("payment")
def payment(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_b spend[b,g,n] = index · Σ price·delivery`, or `index · Σ share·cost·integrate`: all is paid.

    What is kept back of a year is paid in the year of its retention, at the index of the year of delivery.
    """
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
    price = data.prices.price[data.pairs.product[pair], tree.case[paid_in]] * data.budgets.index[year]
    of = data.requirements.group[data.pairs.requirement[pair]]
    for rebated, taker, settled_in, rebate in rebate_by_group(data, build):
        given = np.flatnonzero(rebate)
        amount = (rebate * data.budgets.index[tree.stage[settled_in]])[given]
        build.add_entries(at[taker, settled_in][given], rebated[given], amount)
    is_sellers = data.products.operator[data.pairs.product[pair]] == SELLER
    kept_back = price * data.terms.retention_share * is_sellers
    build.add_entries(at[of, paid_in], column, -(price - kept_back))
    for year_node in range(tree.n_nodes if data.terms.retention_share > 0 else 0):
        late = (paid_in == year_node) & (kept_back > 0)
        for paid in tree.slot_node[retention_slots(data, year_node)].tolist():
            build.add_entries(at[of[late], paid], column[late], -kept_back[late])
    _pay_for_work(data, build, at)


def _pay_for_work(data: PlanningData, build: ProblemBuilder, at: IntArray) -> None:
    """Each branch pays its share of a work in the year in which it begins."""
    family = build.columns["integrate"]
    for column, work, slot, sign in works_begun(data, build).changes(family, axis="work"):
        node = data.tree.slot_node[slot]
        cost = data.works.cost[work, data.tree.slot_month[slot]] * data.budgets.index[data.tree.stage[node]]
        of_work, paying = np.nonzero(data.works.share[work])
        share = sign * data.works.share[work[of_work], paying]
        build.add_entries(at[paying, node[of_work]], column[of_work], -share * cost[of_work])


@rows("budget")
def budget(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{g,n} spend[b,g,n] ≤ amount + v` on every path through the years in which the money is valid."""
    violation = build.columns["budget_violation"]
    number, last = violation.coordinates["budget"], violation.coordinates["node"]
    family = build.add_rows(
        "budget", {"budget": number, "node": last}, count=len(number), upper=_money_there(data, number, last)
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


def _money_there(data: PlanningData, budget: IntArray, last: IntArray) -> FloatArray:
    """Millions of each budget row on the path to a node: what was in force as the money became valid."""
    first = data.budgets.first[budget].tolist()
    start = [_path_to(data, node, stage)[0] for node, stage in zip(last.tolist(), first, strict=True)]
    amount: FloatArray = data.at_node.budget[budget, np.array(start, dtype=np.int64)]
    return amount


def _path_to(data: PlanningData, node: int, first_stage: int) -> list[int]:
    path = [node]
    while data.tree.stage[path[-1]] > first_stage:
        path.append(int(data.tree.parent[path[-1]]))
    return path[::-1]
