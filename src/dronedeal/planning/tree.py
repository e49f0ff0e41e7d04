"""The scenario tree on the monthly calendar; a deterministic deal is a tree with one path (rule R4).

A node spans the months of one stage, a fiscal year of the buyer. A *slot* is one month of one node: the
unit that every monthly column and row is indexed by. On a single path slots and months coincide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dronedeal.quantities.calendar import FiscalYears

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tree:
    """Nodes of the scenario tree in an order in which parents come first.

    Parameters
    ----------
    parent : (n_nodes,) number of the parent node; -1 for the root
    probability : (n_nodes,) unconditional probability
    stage : (n_nodes,) stage number, 0 for the root
    first_month, end_month : (n_nodes,) months of the node, the end excluded
    has_own_figures : whether the planning data have a column for each node and slot; otherwise nodes of one
        stage share the column of their fiscal year, and slots that of their month
    """

    parent: IntArray
    probability: FloatArray
    stage: IntArray
    first_month: IntArray
    end_month: IntArray
    has_own_figures: bool = False

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @cached_property
    def slot_node(self) -> IntArray:
        """(n_slots,) node of each slot; the slots of a node are consecutive and in the order of months."""
        return np.repeat(np.arange(self.n_nodes), self.end_month - self.first_month)

    @cached_property
    def slot_month(self) -> IntArray:
        """(n_slots,) month number of each slot."""
        return np.concatenate(
            [np.arange(first, end) for first, end in zip(self.first_month, self.end_month, strict=True)]
        )

    @cached_property
    def case(self) -> IntArray:
        """(n_nodes,) column of the year axis of the planning data that holds in each node."""
        return np.arange(self.n_nodes, dtype=np.int64) if self.has_own_figures else self.stage

    @cached_property
    def slot_case(self) -> IntArray:
        """(n_slots,) column of the month axis of the planning data that holds in each slot."""
        return np.arange(self.n_slots, dtype=np.int64) if self.has_own_figures else self.slot_month

    @cached_property
    def first_slot(self) -> IntArray:
        """(n_nodes,) first slot of each node."""
        lengths = self.end_month - self.first_month
        return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)

    @cached_property
    def last_slot(self) -> IntArray:
        """(n_nodes,) last slot of each node."""
        return self.first_slot + (self.end_month - self.first_month) - 1

    @cached_property
    def previous_slot(self) -> IntArray:
        """(n_slots,) slot of the month before on the same path; -1 in the first month of the root."""
        previous = np.arange(self.n_slots, dtype=np.int64) - 1
        has_parent = self.parent >= 0
        previous[self.first_slot] = np.where(has_parent, self.last_slot[self.parent], -1)
        return previous

    @property
    def n_slots(self) -> int:
        """Number of slots."""
        return int((self.end_month - self.first_month).sum())

    def expected_discount(self, discount: FloatArray, slot: IntArray) -> FloatArray:
        """(n,) probability of each slot × its discount factor, which is given by month."""
        weight: FloatArray = self.probability[self.slot_node[slot]] * discount[self.slot_month[slot]]
        return weight

    def lags(self) -> Iterator[tuple[int, IntArray, IntArray]]:
        """For each lag of 0, 1, 2 … months: the slots with an ancestor so far back, and that ancestor."""
        slots = np.arange(self.n_slots, dtype=np.int64)
        ancestors = slots.copy()
        lag = 0
        while len(slots):
            yield lag, slots, ancestors
            ancestors = self.previous_slot[ancestors]
            slots, ancestors = slots[ancestors >= 0], ancestors[ancestors >= 0]
            lag += 1

    def path_to(self, node: int) -> IntArray:
        """(length,) nodes from the root to a node, both included."""
        path = [node]
        while self.parent[path[-1]] >= 0:
            path.append(int(self.parent[path[-1]]))
        return np.array(path[::-1], dtype=np.int64)

    def slots_to(self, slot: int) -> IntArray:
        """Slots from the first month to a slot, in the order of months."""
        if self.is_path:
            return np.arange(slot + 1, dtype=np.int64)
        path = [slot]
        while self.previous_slot[path[-1]] >= 0:
            path.append(int(self.previous_slot[path[-1]]))
        return np.array(path[::-1], dtype=np.int64)

    @cached_property
    def _ancestors(self) -> list[tuple[IntArray, IntArray]]:
        return [(slots, ancestors) for _, slots, ancestors in self.lags()]

    def with_ancestor(self, lag: int) -> tuple[IntArray, IntArray]:
        """Slots that have an ancestor so many months back, and that ancestor."""
        none = np.array([], dtype=np.int64)
        return self._ancestors[lag] if lag < len(self._ancestors) else (none, none)

    def lagged(self, amount: FloatArray, lag: int) -> FloatArray:
        """(…, n_slots) amount of the ancestor so many months back; 0 where the plan had not begun."""
        slots, ancestors = self.with_ancestor(lag)
        shifted = np.zeros_like(amount)
        shifted[..., slots] = amount[..., ancestors]
        return shifted

    @cached_property
    def is_path(self) -> bool:
        """Whether there is one path only, on which every slot follows the one before it."""
        return bool((self.previous_slot == np.arange(self.n_slots) - 1).all())

    def so_far(self, amount: FloatArray) -> FloatArray:
        """(…, n_slots) sum of an amount up to the end of each slot on its path."""
        if self.is_path:
            return np.cumsum(amount, axis=-1)
        total = amount.copy()
        for slot, before in enumerate(self.previous_slot.tolist()):
            if before >= 0:
                total[..., slot] += total[..., before]
        return total

    def highest_so_far(self, amount: FloatArray) -> FloatArray:
        """(…, n_slots) greatest amount up to the end of each slot on its path."""
        if self.is_path:
            return np.maximum.accumulate(amount, axis=-1)
        highest = amount.copy()
        for slot, before in enumerate(self.previous_slot.tolist()):
            if before >= 0:
                highest[..., slot] = np.maximum(highest[..., slot], highest[..., before])
        return highest

    def lowest_ahead(self, amount: FloatArray) -> FloatArray:
        """(…, n_slots) smallest amount of each slot and all slots that follow it."""
        if self.is_path:
            return np.minimum.accumulate(amount[..., ::-1], axis=-1)[..., ::-1]
        lowest = amount.copy()
        for slot in range(self.n_slots - 1, -1, -1):
            before = int(self.previous_slot[slot])
            if before >= 0:
                lowest[..., before] = np.minimum(lowest[..., before], lowest[..., slot])
        return lowest

    def from_here_on(self, amount: FloatArray) -> FloatArray:
        """(…, n_slots) sum of an amount over each slot and all slots that follow it."""
        if self.is_path:
            return np.cumsum(amount[..., ::-1], axis=-1)[..., ::-1]
        total = amount.copy()
        previous = self.previous_slot
        for slot in range(self.n_slots - 1, -1, -1):
            if previous[slot] >= 0:
                total[..., previous[slot]] += total[..., slot]
        return total

    def of_the_next(self, amount: FloatArray) -> FloatArray:
        """(…, n_slots) sum of an amount over the slots that follow each slot at once."""
        later = np.flatnonzero(self.previous_slot >= 0)
        total = np.zeros_like(amount)
        np.add.at(total.T, self.previous_slot[later], amount[..., later].T)
        return total

    def windows(self, months: range) -> list[IntArray]:
        """Slots of a span of months, one array for each path through it, in the order of months."""
        if not months:
            return []
        ends = np.flatnonzero(self.slot_month == months[-1])
        if self.is_path:
            return [np.arange(end + 1 - len(months), end + 1, dtype=np.int64) for end in ends.tolist()]
        found = []
        for end in ends:
            path = [int(end)]
            while self.slot_month[path[-1]] > months[0]:
                path.append(int(self.previous_slot[path[-1]]))
            found.append(np.array(path[::-1], dtype=np.int64))
        return found

    def node_windows(self, first_stage: int, last_stage: int) -> list[IntArray]:
        """Nodes from one stage to another, one array for each path, in the order of stages."""
        found = []
        for end in np.flatnonzero(self.stage == last_stage):
            path = [int(end)]
            while self.stage[path[-1]] > first_stage:
                path.append(int(self.parent[path[-1]]))
            found.append(np.array(path[::-1], dtype=np.int64))
        return found


def single_path(years: FiscalYears) -> Tree:
    """The tree of a deterministic deal: one node for each fiscal year, each the child of the year before.

    >>> from dronedeal.quantities.calendar import Calendar
    >>> tree = single_path(FiscalYears(Calendar("2026-10", 24), 10))
    >>> tree.n_nodes, tree.n_slots, tree.parent.tolist()
    (2, 24, [-1, 0])
    """
    spans = [years.months_in(year) for year in years.names]
    count = len(spans)
    return Tree(
        parent=np.arange(count, dtype=np.int64) - 1,
        probability=np.ones(count),
        stage=np.arange(count, dtype=np.int64),
        first_month=np.array([span.start for span in spans], dtype=np.int64),
        end_month=np.array([span.stop for span in spans], dtype=np.int64),
    )
