"""The most that can be made and delivered, whatever is decided: the big-M of rows that wait for something."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dronedeal.planning.data import PlanningData
from dronedeal.planning.tree import FloatArray, IntArray

# Room above a bound, so that a row that waits for something never binds once it is there, and the worth of
# a rule shows in the rule's own dual.
ROOM = 1.01


@dataclass(frozen=True)
class Bounds:
    """Greatest quantities that the data of a deal allow, each worked out once."""

    data: PlanningData

    @cached_property
    def capacity(self) -> FloatArray:
        """(L, T) load units that a line can carry in a month with every opening and step decided at once."""
        lines = self.data.lines
        months = np.arange(self.data.calendar.months)
        capacity = np.where(lines.is_working(months), lines.initial[:, None], 0.0)
        opened = np.where(
            lines.is_candidate, lines.ramped(months[:, None], lines.open_lead) * lines.initial, 0.0
        )
        steps = lines.ramped(months[:, None], lines.step_lead) * lines.step_size * lines.max_steps
        capacity += (opened + steps).T
        return capacity

    @cached_property
    def made(self) -> FloatArray:
        """(K, T) units of a product that can be started in a month, on a line that makes nothing else.

        A market product has no limit.
        """
        products = self.data.products
        made = np.full((products.count, self.data.calendar.months), np.inf)
        own = np.flatnonzero(products.line >= 0)
        made[own] = self.capacity[products.line[own]] / products.load[own, None]
        return made

    @cached_property
    def finished(self) -> FloatArray:
        """(K, T) good units of a product there by the end of a month: `initial_stock + Σ yield · made`."""
        products = self.data.products
        finished = np.full_like(self.made, np.inf)
        own = np.flatnonzero(products.line >= 0)
        good = products.yield_rate[own, None] * self.made[own]
        finished[own] = products.initial_stock[own, None] + np.cumsum(good, axis=1)
        return finished

    @cached_property
    def taken(self) -> FloatArray:
        """(R, Y) effective units that a requirement takes in a fiscal year.

        A use takes its objective. A stock of at most `H = max(on_hand, max_y objective)` takes, in a year of
        `m` months, what fills it and what makes up its losses: `H · (1 + (m − 1) · (1 − keep))`.
        """
        requirements = self.data.requirements
        full = np.maximum(requirements.objective.max(axis=1, initial=0.0), requirements.on_hand)
        months = np.array([len(span) for span in self.data.case_months])
        refilled = full[:, None] * (1 + np.outer(1 - requirements.loss_keep, months - 1))
        taken: FloatArray = np.where(requirements.is_stock[:, None], refilled, requirements.objective)
        return taken

    def made_in(self, product: int, year: int) -> float:
        """Units of a line product that can be started in a fiscal year of the buyer, or in a node."""
        months = self.data.case_months[year]
        return float(self.made[product, months.start : months.stop].sum())

    def delivered(self, pairs: IntArray, year: int) -> float:
        """Units that pairs of one system and one requirement bring in a fiscal year, or in a node, at most.

        The least of what the requirement takes, what the price rows have on sale and what can be finished.
        """
        data = self.data
        effective = float(data.pairs.effectiveness[pairs[0], year])
        asked = float(self.taken[data.pairs.requirement[pairs[0]], year])
        taken = asked / effective if effective > 0 else np.inf
        product = sorted(set(data.pairs.product[pairs].tolist()))
        rows = sorted(row for row in set(data.prices.row[product, year].tolist()) if row >= 0)
        on_sale = data.prices.maximum[rows].sum()
        last = data.case_months[year][-1]
        return float(min(taken, on_sale, self.finished[product, last].sum()))
