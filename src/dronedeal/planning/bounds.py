"""The most that can be made and delivered, whatever is decided: the big-M of rows that wait for something."""

from __future__ import annotations

from collections.abc import Sequence
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
        """Units that pairs of one system and one requirement bring in a fiscal year, or a node, at most."""
        return float(self.all_delivered([pairs], np.array([year]))[0])

    def all_delivered(self, pairs: Sequence[IntArray], year: IntArray) -> FloatArray:
        """(n,) the same for each of several sets of pairs in its year.

        The least of what the requirement takes, what the price rows have on sale and what can be finished.

        Parameters
        ----------
        pairs : n sets, each of one system and one requirement; year : (n,) of each set
        """
        data, count = self.data, len(pairs)
        each = np.array([len(some) for some in pairs], dtype=np.int64)
        flat = np.concatenate([np.zeros(0, dtype=np.int64), *pairs])
        number, first = np.repeat(np.arange(count), each), flat[np.cumsum(each) - each]
        effective = data.pairs.effectiveness[first, year]
        asked = self.taken[data.pairs.requirement[first], year]
        taken = np.divide(asked, effective, out=np.full(count, np.inf), where=effective > 0)
        # A product, or a price row of several products, counts once.
        number, product = _once(number, data.pairs.product[flat], data.products.count)
        last = np.array([span[-1] for span in data.case_months], dtype=np.int64)
        finished = np.bincount(number, self.finished[product, last[year[number]]], minlength=count)
        row = data.prices.row[product, year[number]]
        number, row = _once(number[row >= 0], row[row >= 0], len(data.prices.maximum))
        on_sale = np.bincount(number, data.prices.maximum[row], minlength=count)
        least: FloatArray = np.minimum.reduce([taken, on_sale, finished])
        return least


def _once(number: IntArray, what: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Each pair of two numbers once, in their order; `what` is below the count."""
    keys = np.unique(number * max(1, count) + what)
    return keys // max(1, count), keys % max(1, count)
