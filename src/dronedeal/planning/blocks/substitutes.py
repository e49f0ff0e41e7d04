"""Units made with substitute parts, and the deliveries that rules allow only with them."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.registry import columns, rows, utility
from dronedeal.planning.blocks.rules import held_deliveries
from dronedeal.planning.data import BUYER, SELLER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import IntArray


@columns("swap")
def swap(data: PlanningData, build: ProblemBuilder) -> None:
    """`swap[w,s] ≥ 0`: units of a product started in a month with a substitute in place of one part."""
    substitutes, tree = data.substitutes, data.tree
    start = data.lines.available_from[data.products.line[substitutes.product]]
    number, slot = np.nonzero(tree.slot_month[None, :] >= start[:, None])
    build.add_columns("swap", {"swap": number, "slot": slot}, node=tree.slot_node[slot])


@rows("swap_limit")
def swap_limit(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ swap[w,s] ≤ make[k,s]` over the substitutes of one part: no unit has two in place of one."""
    substitutes, tree = data.substitutes, data.tree
    swaps = build.columns["swap"]
    number, slot = swaps.coordinates["swap"], swaps.coordinates["slot"]
    place = np.stack([substitutes.product[number], substitutes.part[number], slot], axis=1)
    places, row = np.unique(place.reshape(-1, 3), axis=0, return_inverse=True)
    coordinates = {"product": places[:, 0], "component": places[:, 1], "slot": places[:, 2]}
    family = build.add_rows("swap_limit", coordinates, count=len(places), upper=0.0)
    build.add_entries(family.start + row.ravel(), swaps.numbers, 1.0)
    make = build.columns["make"].lookup(data.products.count, tree.n_slots)
    build.add_entries(family.numbers, make[places[:, 0], places[:, 2]], -1.0)


@rows("made_with_substitutes")
def made_with_substitutes(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries that need it so far ≤ Σ yield · swap so far`, at the end of every year of the rules."""
    substitutes, tree = data.substitutes, data.tree
    is_on = np.logical_or.reduce(substitutes.counted, axis=1)[:, tree.slot_month]
    duty, node = np.nonzero(np.logical_or.reduceat(is_on, tree.first_slot, axis=1))
    coordinates = {"duty": duty, "node": node}
    family = build.add_rows("made_with_substitutes", coordinates, count=len(duty), upper=0.0)
    swaps = build.columns["swap"]
    made_in = tree.slot_node[swaps.coordinates["slot"]]
    good = data.products.yield_rate[substitutes.product[swaps.coordinates["swap"]]]
    column, pair, delivered_in, month = held_deliveries(data, build)
    counted = _counted(data, pair, month)
    for row, number, last in zip(family.numbers.tolist(), duty.tolist(), node.tolist(), strict=True):
        is_before = np.zeros(tree.n_nodes, dtype=bool)
        is_before[tree.path_to(last)] = True
        counts = counted[number][is_before[delivered_in[counted[number]]]]
        build.add_entries(np.full(len(counts), row), column[counts], 1.0)
        serves = substitutes.serves[number, swaps.coordinates["swap"]] & is_before[made_in]
        build.add_entries(np.full(serves.sum(), row), swaps.numbers[serves], -good[serves])


def _counted(data: PlanningData, pair: IntArray, month: IntArray) -> list[IntArray]:
    """Deliveries that need a substitute, for each rule; a delivery is a pair and a month."""
    return [np.flatnonzero(each[pair, month]) for each in data.substitutes.counted]


@utility("substitutes")
def substitute_cost(data: PlanningData, build: ProblemBuilder) -> None:
    """Operator of the line: `− δ · quantity · premium · unit cost of the part · swap`."""
    swaps, substitutes = build.columns["swap"], data.substitutes
    number, slot = swaps.coordinates["swap"], swaps.coordinates["slot"]
    operator = data.products.operator[substitutes.product[number]]
    for party in (BUYER, SELLER):
        chosen = operator == party
        build.add_flow(party, swaps.numbers[chosen], -substitutes.cost[number[chosen]], slot=slot[chosen])
