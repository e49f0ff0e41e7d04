"""Made-up purchases on scenario trees: a year a stage, lines that are expanded, demand and supply by node.

A node is one year in four quarters: what each line makes of each system, stocks, shortages, and new
capacity, which can be used from the next year on. Demand, line outages and the budget differ from node to
node, prices too where that is asked for; the coefficients are the same, so that nodes share them in memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from dronedeal.solving.stochastic import NodeBlock, StagedProblem

QUARTERS = 4
_FLUCTUATION, _OUTAGE = 0.25, 0.3


@dataclass(frozen=True)
class TreeSize:
    """Size of a made-up tree.

    Parameters
    ----------
    children : of every node but the leaves
    years : stages after the root
    lines, systems, components : of every year
    """

    children: int
    years: int = 4
    lines: int = 12
    systems: int = 40
    components: int = 30

    @property
    def leaves(self) -> int:
        """Number of scenarios."""
        return self.children**self.years


class _World:
    """What is the same in all futures of one made-up purchase."""

    def __init__(self, size: TreeSize, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.size = size
        self.able = np.argwhere(rng.random((size.lines, size.systems)) < 0.25)
        self.load = rng.uniform(0.5, 1.5, len(self.able))
        self.make_cost = rng.uniform(1, 3, len(self.able))
        self.use = (rng.random((size.components, len(self.able))) < 0.02) * rng.uniform(
            0.5, 1, len(self.able)
        )
        self.demand = rng.uniform(5, 15, size.systems)
        self.capacity = np.full(size.lines, 0.7 * self.demand.sum() / size.lines)
        self.expand_cost = rng.uniform(3, 6, size.lines)
        self.shortage_cost = rng.uniform(25, 40, size.systems)
        self.supply = 0.9 * (self.use @ np.full(len(self.able), self.demand.sum() / len(self.able))) + 2
        self.budget = 2.2 * QUARTERS * float(self.demand.sum())
        self.quarter = len(self.able) + 2 * size.systems
        self.rows = size.systems + size.lines + size.components
        self.k = QUARTERS * self.quarter + 2 * size.lines
        self.own, self.link = self._matrices()
        # What all nodes share is one array in memory.
        self.lower, self.is_integer = np.zeros(self.k), np.zeros(self.k, dtype=bool)
        self.upper = np.full(self.k, np.inf)
        self.upper[-2 * size.lines : -size.lines] = 0.5 * self.capacity
        self.cost = [self._cost(depth, np.ones(len(self.able))) for depth in range(size.years + 1)]

    def _cost(self, depth: int, factor: np.ndarray) -> np.ndarray:
        """Costs of a year, those of what is made times a factor."""
        year = np.concatenate([self.make_cost * factor, np.full(self.size.systems, 0.1), self.shortage_cost])
        later = np.concatenate([self.expand_cost, np.zeros(self.size.lines)])
        return np.concatenate([np.tile(year, QUARTERS), later]) * 0.97**depth

    def _matrices(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Coefficients of a year's own columns, and of those of the year before."""
        size, able, n = self.size, self.able, len(self.able)
        own = sparse.lil_array((QUARTERS * self.rows + size.lines + 1, self.k))
        before = sparse.lil_array(own.shape)
        systems, lines = np.arange(size.systems), np.arange(size.lines)
        expand, capacity = self.k - 2 * size.lines + lines, self.k - size.lines + lines
        for quarter in range(QUARTERS):
            row, column = quarter * self.rows, quarter * self.quarter
            # made + stock before − stock + shortage = demand
            own[row + able[:, 1], column + np.arange(n)] = 1.0
            own[row + systems, column + n + systems] = -1.0
            own[row + systems, column + n + size.systems + systems] = 1.0
            earlier = column - self.quarter if quarter else (QUARTERS - 1) * self.quarter
            (own if quarter else before)[row + systems, earlier + n + systems] = 1.0
            # load · made − capacity at the start of the year ≤ −outage
            own[row + size.systems + able[:, 0], column + np.arange(n)] = self.load
            before[row + size.systems + lines, capacity] = -1.0
            component, maker = np.nonzero(self.use)
            own[row + size.systems + size.lines + component, column + maker] = self.use[component, maker]
            own[-1, column + np.arange(n)] = self.make_cost
        # capacity − expansion − capacity before = 0
        last = QUARTERS * self.rows + lines
        own[last, capacity], own[last, expand], before[last, capacity] = 1.0, -1.0, -1.0
        own[-1, expand] = self.expand_cost
        return sparse.csr_array(own), sparse.csr_array(before)

    def block(self, depth: int, level: np.ndarray, rng: np.random.Generator, *, is_priced: bool) -> NodeBlock:
        """One year of one future."""
        size, n = self.size, len(self.able)
        outage = (rng.random(size.lines) < 0.15) * _OUTAGE * self.capacity
        demand = self.demand * level
        free = np.full(size.lines, np.inf)
        low = [np.concatenate([demand, -free, np.full(size.components, -np.inf)])] * QUARTERS
        start = np.zeros(size.lines) if depth else self.capacity
        high = [np.concatenate([demand, start - outage, self.supply])] * QUARTERS
        budget = self.budget * 1.1**depth * rng.uniform(0.8, 1.2)
        cost = self._cost(depth, rng.uniform(0.8, 1.2, n)) if is_priced else self.cost[depth]
        return NodeBlock(
            cost=cost,
            lower=self.lower,
            upper=self.upper,
            is_integer=self.is_integer,
            row_lower=np.concatenate([*low, start, [-np.inf]]),
            row_upper=np.concatenate([*high, start, [budget]]),
            own=self.own,
            links={1: self.link} if depth else {},
        )


def made_up_tree(size: TreeSize, *, seed: int, is_priced_by_node: bool = False) -> StagedProblem:
    """A made-up purchase on a tree.

    Parameters
    ----------
    seed : same seed, same numbers, on any machine
    is_priced_by_node : whether what making costs differs from node to node
    """
    world = _World(size, seed)
    parent, depth, last = [-1], [0], [0]
    for year in range(1, size.years + 1):
        first = len(parent)
        parent += [node for node in last for _ in range(size.children)]
        depth += [year] * (len(parent) - first)
        last = list(range(first, len(parent)))
    level = np.ones((len(parent), size.systems))
    blocks = []
    for node, (above, stage) in enumerate(zip(parent, depth, strict=True)):
        rng = np.random.default_rng([seed, node])
        if node:
            change = rng.uniform(1 - _FLUCTUATION, 1 + 1.4 * _FLUCTUATION, size.systems)
            level[node] = level[above] * change
        blocks.append(world.block(stage, level[node], rng, is_priced=is_priced_by_node))
    probability = float(size.children) ** -np.array(depth, dtype=float)
    return StagedProblem(np.array(parent), probability, tuple(blocks))
