"""Published problems on trees, restated as small data, each with its source and its optimum."""

from __future__ import annotations

import itertools

from dronedeal.solving.stochastic import StageColumn, StagedBuilder


def regular(widths: list[int]) -> tuple[list[int], list[int]]:
    """Parents and stages of a tree in which every node of a stage has the same number of children."""
    parents, stages, last = [-1], [0], [0]
    for stage, width in enumerate(widths, start=1):
        first = len(parents)
        parents += [parent for parent in last for _ in range(width)]
        stages += [stage] * (len(parents) - first)
        last = list(range(first, len(parents)))
    return parents, stages


def farmer(*, yields: tuple[float, ...] = (1.2, 1.0, 0.8)) -> tuple[StagedBuilder, list[StageColumn]]:
    """The farmer's problem: Birge and Louveaux, Introduction to Stochastic Programming, section 1.1.

    Cost −108390 (a profit) with 170 acres of wheat, 80 of corn and 250 of beets.
    """
    share = 1 / len(yields)
    stages = StagedBuilder([-1] + [0] * len(yields), [1.0] + [share] * len(yields))
    area = [
        stages.column(0, crop, cost=cost)
        for crop, cost in (("wheat", 150.0), ("corn", 230.0), ("beets", 260.0))
    ]
    stages.row(0, "land", dict.fromkeys(area, 1.0), upper=500.0)
    for node, factor in enumerate(yields, start=1):
        for crop, mean, feed, sale, purchase in (
            (area[0], 2.5, 200.0, 170.0, 238.0),
            (area[1], 3.0, 240.0, 150.0, 210.0),
        ):
            sold = stages.column(node, f"{crop.name} sold", cost=-sale)
            bought = stages.column(node, f"{crop.name} bought", cost=purchase)
            stages.row(node, f"{crop.name} feed", {crop: mean * factor, bought: 1, sold: -1}, lower=feed)
        within = stages.column(node, "beets within quota", cost=-36.0, upper=6000.0)
        beyond = stages.column(node, "beets beyond quota", cost=-10.0)
        stages.row(node, "beets", {area[2]: 20.0 * factor, within: -1, beyond: -1}, lower=0.0)
    return stages, area


def electricity(n_stages: int) -> StagedBuilder:
    """Prob 5.2 of the Stanford course MS&E 348 as SDDP.jl states and asserts it, with 2 or 3 stages.

    Capacity bought in a stage can be used from the next one on; costs 340315.52 and 406712.49.
    """
    invest, fuel = (16.0, 5.0, 32.0, 2.0), (25.0, 80.0, 6.5, 160.0)
    hours = (1.0, 7000 / 8760, 1500 / 8760)
    blocks, chances = ((3919.0, 3410.0, 2986.0), (7086.0, 1918.0, 2165.0)), (0.9, 0.1)
    penalty = {2: 1e6, 3: 1e5}[n_stages]
    parents, depth = regular([2] * (n_stages - 1))
    # Children of one node alternate between the two demands.
    which = [0, *((node - 1) % 2 for node in range(1, len(parents)))]
    chance = [1.0, *(chances[which[node]] for node in range(1, len(parents)))]
    stages = StagedBuilder(parents, chance, is_conditional=True)
    bought: dict[int, list[StageColumn]] = {}
    for node in range(len(parents)):
        is_last = depth[node] == n_stages - 1
        before = [bought[ancestor] for ancestor in stages.ancestors(node)[1:]]
        bought[node] = [
            stages.column(node, f"buy {plant}", cost=cost, upper=0.0 if is_last else float("inf"))
            for plant, cost in enumerate(invest)
        ]
        if node == 0:
            continue
        short = stages.column(node, "short", cost=penalty)
        used = {
            (plant, block): stages.column(node, f"use {plant} {block}", cost=fuel[plant] * hours[block])
            for plant, block in itertools.product(range(4), range(3))
        }
        for plant in range(4):
            terms = {used[plant, block]: 1.0 for block in range(3)}
            terms |= {columns[plant]: -1.0 for columns in before}
            stages.row(node, f"capacity {plant}", terms, upper=0.0)
        for block in range(3):
            terms = {used[plant, block]: 1.0 for plant in range(4)} | {short: 1.0}
            stages.row(node, f"demand {block}", terms, lower=blocks[which[node]][block])
    return stages


def air_conditioning() -> tuple[StagedBuilder, list[StageColumn]]:
    """Three months of air conditioners: Birge and Louveaux, exercise of chapter 6, as in SDDP.jl; cost 62500.

    In whole units; the first month makes 200 and stores 100.
    """
    parents, depth = regular([2, 2])
    stages = StagedBuilder(parents, [1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25])
    stored: dict[int, StageColumn] = {}
    first: list[StageColumn] = []
    for node in range(len(parents)):
        demand = 100.0 if depth[node] == 0 or node % 2 else 300.0
        made = stages.column(node, "made", cost=100.0, upper=200.0, is_integer=True)
        overtime = stages.column(node, "overtime", cost=300.0, is_integer=True)
        stored[node] = stages.column(node, "stored", cost=50.0, upper=100.0, is_integer=True)
        terms = {made: 1.0, overtime: 1.0, stored[node]: -1.0}
        if node:
            terms[stored[parents[node]]] = 1.0
        stages.row(node, "balance", terms, lower=demand, upper=demand)
        if node == 0:
            first = [made, stored[0]]
    return stages, first


def power_plants(n_stages: int = 2) -> tuple[StagedBuilder, list[StageColumn]]:
    """LandS: Louveaux and Smeers, Optimal investments for electricity generation (1988), cost 381.853333.

    Four plants, three modes of operation, demand of the first mode 3, 5 or 7.
    """
    assert n_stages == 2
    cost, budget = (10.0, 7.0, 16.0, 6.0), 120.0
    running = ((40.0, 24.0, 4.0), (45.0, 27.0, 4.5), (32.0, 19.2, 3.2), (55.0, 33.0, 5.5))
    stages = StagedBuilder([-1, 0, 0, 0], [1.0, 0.3, 0.4, 0.3])
    capacity = [stages.column(0, f"plant {plant}", cost=price) for plant, price in enumerate(cost)]
    stages.row(0, "least capacity", dict.fromkeys(capacity, 1.0), lower=12.0)
    stages.row(0, "budget", dict(zip(capacity, cost, strict=True)), upper=budget)
    for node, first_demand in ((1, 3.0), (2, 5.0), (3, 7.0)):
        made = {
            (plant, mode): stages.column(node, f"make {plant} {mode}", cost=running[plant][mode])
            for plant, mode in itertools.product(range(4), range(3))
        }
        for plant in range(4):
            terms = {made[plant, mode]: 1.0 for mode in range(3)} | {capacity[plant]: -1.0}
            stages.row(node, f"capacity {plant}", terms, upper=0.0)
        for mode, demand in enumerate((first_demand, 3.0, 2.0)):
            terms = {made[plant, mode]: 1.0 for plant in range(4)}
            stages.row(node, f"demand {mode}", terms, lower=demand)
    return stages, capacity


def savings() -> StagedBuilder:
    """Saving for a goal: Birge and Louveaux, section 1.2; the expected shortfall costs 1.514.

    Returns differ from node to node, so that what is multiplied by the decisions of the parent is uncertain.
    """
    parents, depth = regular([2, 2, 2])
    stages = StagedBuilder(parents, [0.5**stage for stage in depth])
    held: dict[int, tuple[StageColumn, ...]] = {}
    for node in range(len(parents)):
        is_last = depth[node] == 3
        if not is_last:
            held[node] = tuple(stages.column(node, name) for name in ("stocks", "bonds"))
        if node == 0:
            stages.row(0, "savings", dict.fromkeys(held[0], 1.0), lower=55.0, upper=55.0)
            continue
        returns = (1.25, 1.14) if node % 2 else (1.06, 1.12)
        terms = dict(zip(held[parents[node]], returns, strict=True))
        if is_last:
            terms[stages.column(node, "beyond the goal", cost=-1.0)] = -1.0
            terms[stages.column(node, "short of it", cost=4.0)] = 1.0
        else:
            terms |= dict.fromkeys(held[node], -1.0)
        goal = 80.0 if is_last else 0.0
        stages.row(node, "value", terms, lower=goal, upper=goal)
    return stages
