"""Row families of delivery: price rows and coverage of requirements."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import rows
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import IntArray


def deliveries(data: PlanningData, build: ProblemBuilder) -> tuple[IntArray, IntArray, IntArray]:
    """Column, pair and node of everything delivered: by month where it must be, else by year."""
    ship, assign = build.columns["ship"], build.columns["assign"]
    column = np.concatenate([ship.numbers, assign.numbers])
    pair = np.concatenate([ship.coordinates["pair"], assign.coordinates["pair"]])
    node = np.concatenate([data.tree.slot_node[ship.coordinates["slot"]], assign.coordinates["node"]])
    return column, pair, node


@rows("assignment")
def assignment(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{s of n} pool[k,s] − Σ_p assign[p,n] = 0`: a year's pool is assigned, no more and no less."""
    tree = data.tree
    pool, assign = build.columns["pool"], build.columns["assign"]
    pooled = np.zeros((data.products.count, tree.n_nodes), dtype=bool)
    pooled[pool.coordinates["product"], tree.slot_node[pool.coordinates["slot"]]] = True
    product, node = np.nonzero(pooled)
    family = build.add_rows(
        "assignment", {"product": product, "node": node}, count=len(product), lower=0.0, upper=0.0
    )
    at = family.lookup(data.products.count, tree.n_nodes)
    row = at[pool.coordinates["product"], tree.slot_node[pool.coordinates["slot"]]]
    build.add_entries(row, pool.numbers, 1.0)
    taken = at[data.pairs.product[assign.coordinates["pair"]], assign.coordinates["node"]]
    build.add_entries(taken, assign.numbers, -1.0)


@rows("price_maximum")
def price_maximum(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries ≤ maximum` over the deliveries at one price row in its year."""
    _price_limit(
        data, build, name="price_maximum", has_limit=np.isfinite(data.prices.maximum) & data.prices.is_in_use
    )


@rows("firm_minimum")
def firm_minimum(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries + v ≥ firm_minimum` over the deliveries at one price row in its year."""
    _price_limit(
        data, build, name="firm_minimum", has_limit=(data.prices.firm_minimum > 0) & data.prices.is_in_use
    )


def _price_limit(data: PlanningData, build: ProblemBuilder, *, name: str, has_limit: np.ndarray) -> None:
    tree, prices = data.tree, data.prices
    price, node = np.nonzero(has_limit[:, None] & (prices.row_year[:, None] == tree.stage[None, :]))
    is_minimum = name == "firm_minimum"
    family = build.add_rows(
        name,
        {"price": price, "node": node},
        count=len(price),
        lower=prices.firm_minimum[price] if is_minimum else -np.inf,
        upper=np.inf if is_minimum else prices.maximum[price],
    )
    at = family.lookup(len(has_limit), tree.n_nodes)
    column, pair, node = deliveries(data, build)
    row = at[prices.row[data.pairs.product[pair], tree.case[node]], node]
    build.add_entries(row[row >= 0], column[row >= 0], 1.0)
    if is_minimum:
        build.add_entries(family.numbers, build.columns["firm_minimum_violation"].numbers, 1.0)


@rows("hand_balance")
def hand_balance(data: PlanningData, build: ProblemBuilder) -> None:
    """`hand[r,s] = (1−loss)^(1/12) · hand[r,s−1] + Σ e·ship`, at first from `on_hand`.

    What projects add to the deliveries of a year comes in its last month.
    """
    tree, requirements = data.tree, data.requirements
    hand = build.columns["hand"]
    requirement, slot = hand.coordinates["requirement"], hand.coordinates["slot"]
    is_first = tree.previous_slot[slot] < 0
    start = np.where(is_first, requirements.loss_keep[requirement] * requirements.on_hand[requirement], 0.0)
    family = build.add_rows(
        "hand_balance",
        {"requirement": requirement, "slot": slot},
        count=len(requirement),
        lower=start,
        upper=start,
    )
    shape = (requirements.count, tree.n_slots)
    at, on_hand = family.lookup(*shape), hand.lookup(*shape)
    build.add_entries(family.numbers, hand.numbers, 1.0)
    later, kept = ~is_first, requirements.loss_keep[requirement]
    previous = on_hand[requirement[later], tree.previous_slot[slot[later]]]
    build.add_entries(family.numbers[later], previous, -kept[later])
    ship = build.columns["ship"]
    pair = ship.coordinates["pair"]
    row = at[data.pairs.requirement[pair], ship.coordinates["slot"]]
    is_stock = row >= 0
    year = tree.case[tree.slot_node[ship.coordinates["slot"]]]
    worth = data.pairs.effectiveness[pair, year]
    build.add_entries(row[is_stock], ship.numbers[is_stock], -worth[is_stock])
    boost = build.columns["boost"]
    row = at[boost.coordinates["requirement"], tree.last_slot[boost.coordinates["node"]]]
    build.add_entries(row[row >= 0], boost.numbers[row >= 0], -1.0)


@rows("coverage")
def coverage(data: PlanningData, build: ProblemBuilder) -> None:
    """`low[r,n] + high[r,n] = E[r,n]` delivered in the year and added by projects: no more than is asked for.

    For a stock `≤ E[r,n]`, the effective units on hand at the end of the year.
    """
    tree, requirements = data.tree, data.requirements
    asked = (requirements.objective > 0)[:, tree.case]
    requirement, node = np.nonzero(asked)
    family = build.add_rows(
        "coverage",
        {"requirement": requirement, "node": node},
        count=len(requirement),
        lower=np.where(requirements.is_stock[requirement], -np.inf, 0.0),
        upper=0.0,
    )
    at = family.lookup(requirements.count, tree.n_nodes)
    for name in ("low", "high"):
        covered = build.columns[name]
        build.add_entries(
            at[covered.coordinates["requirement"], covered.coordinates["node"]], covered.numbers, 1.0
        )
    column, pair, year = deliveries(data, build)
    of = data.pairs.requirement[pair]
    row = np.where(requirements.is_stock[of], -1, at[of, year])
    counts = row >= 0
    worth = data.pairs.effectiveness[pair, tree.case[year]]
    build.add_entries(row[counts], column[counts], -worth[counts])
    boost = build.columns["boost"]
    of = boost.coordinates["requirement"]
    row = np.where(requirements.is_stock[of], -1, at[of, boost.coordinates["node"]])
    build.add_entries(row[row >= 0], boost.numbers[row >= 0], -1.0)
    hand = build.columns["hand"].lookup(requirements.count, tree.n_slots)
    is_stock = requirements.is_stock[requirement]
    at_end = hand[requirement[is_stock], tree.last_slot[node[is_stock]]]
    build.add_entries(family.numbers[is_stock], at_end, -1.0)
