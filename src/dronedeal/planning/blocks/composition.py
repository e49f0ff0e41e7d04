"""Composition rules: what priced ones cost the buyer."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import utility
from dronedeal.planning.data import BUYER, PlanningData
from dronedeal.planning.problem import ProblemBuilder


@utility("rule_penalties")
def rule_penalties(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer: `− δ(last) · Σ violation_price · excess · delivery`, settled in the last month of its year."""
    tree, penalty = data.tree, data.rules.penalty
    ship, assign = build.columns["ship"], build.columns["assign"]
    slot = ship.coordinates["slot"]
    node = np.concatenate([tree.slot_node[slot], assign.coordinates["node"]])
    # What is pooled over a year costs the same in every month of it.
    month = np.concatenate([tree.slot_month[slot], tree.first_month[assign.coordinates["node"]]])
    pair = np.concatenate([ship.coordinates["pair"], assign.coordinates["pair"]])
    column = np.concatenate([ship.numbers, assign.numbers])
    cost = penalty[pair, month]
    has_cost = cost > 0
    build.add_flow(BUYER, column[has_cost], -cost[has_cost], slot=tree.last_slot[node[has_cost]])
