"""Contract quantities: what one requirement takes of one product in one year, in whole units.

Where a year's pool is exact, the quantity is its assignment; where deliveries are by month, it is their sum.
"""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import columns, rows
from dronedeal.planning.contracts import is_branched
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import ProblemBuilder


@columns("contract")
def contract(data: PlanningData, build: ProblemBuilder) -> None:
    """`contract[p,n] ∈ {0, 1, …}`: units that a requirement takes by month, added up over the year.

    Small ones are integers of the search; the others are rounded when the search is over.
    """
    by_month = np.zeros((data.pairs.count, data.tree.n_nodes), dtype=bool)
    ship = build.columns["ship"].coordinates
    by_month[ship["pair"], data.tree.slot_node[ship["slot"]]] = data.has_whole_units
    pair, node = np.nonzero(by_month)
    build.add_columns(
        "contract",
        {"pair": pair, "node": node},
        node=node,
        is_integer=is_branched(data)[pair, data.tree.case[node]],
        is_whole=True,
    )


@rows("contract")
def contract_sum(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{s of n} ship[p,s] − contract[p,n] = 0`: the months of a year add up to the contract quantity."""
    contracts, ship = build.columns["contract"], build.columns["ship"]
    family = build.add_rows("contract", contracts.coordinates, count=contracts.count, lower=0.0, upper=0.0)
    build.add_entries(family.numbers, contracts.numbers, -1.0)
    at = family.lookup(data.pairs.count, data.tree.n_nodes)
    row = at[ship.coordinates["pair"], data.tree.slot_node[ship.coordinates["slot"]]]
    is_counted = row >= 0
    build.add_entries(row[is_counted], ship.numbers[is_counted], 1.0)
