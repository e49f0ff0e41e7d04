"""Decisions that stay: a column for every slot in which something may begin says that it is begun by then.

`by[x,s]` never falls along a path, so that rounding any of them up keeps every rule; what begins in `s`
itself is `by[x,s] − by[x,s']`, with `s'` the slot before `s` in which it might have begun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray, Tree


@dataclass(frozen=True)
class Begun:
    """The columns of one such family.

    Parameters
    ----------
    tree : of the planning data
    column : (n, n_slots) column of the family where a thing may begin in the slot, -1 elsewhere
    """

    tree: Tree
    column: IntArray

    @cached_property
    def last(self) -> IntArray:
        """(n, n_slots) the latest column on the path up to a slot, the slot included; -1 for none."""
        last = self.column.copy()
        for slot in range(self.tree.n_slots):
            previous = self.tree.previous_slot[slot]
            if previous >= 0:
                here = last[:, slot]
                last[:, slot] = np.where(here >= 0, here, last[:, previous])
        return last

    @cached_property
    def before(self) -> IntArray:
        """(n, n_slots) the latest column on the path before a slot; -1 for none."""
        before = np.full_like(self.column, -1)
        has_previous = self.tree.previous_slot >= 0
        before[:, has_previous] = self.last[:, self.tree.previous_slot[has_previous]]
        return before

    def done(self, number: int, *, months: int, slot: int) -> IntArray:
        """The column, if there is one, that makes a thing of so many months done as a slot's month begins."""
        path = self.tree.slots_to(slot)
        at = len(path) - 1 - months
        chosen: IntArray = self.last[number, path[at : at + 1]] if at >= 0 else path[:0]
        return chosen[chosen >= 0]

    def add_stays(self, build: ProblemBuilder, family: Family, *, name: str, axis: str) -> None:
        """Rows `by[x,s'] − by[x,s] ≤ 0` for every slot but the first in which a thing may begin."""
        number, slot = family.coordinates[axis], family.coordinates["slot"]
        earlier = self.before[number, slot]
        chosen = earlier >= 0
        rows = build.add_rows(
            name, {axis: number[chosen], "slot": slot[chosen]}, count=int(chosen.sum()), upper=0.0
        )
        build.add_entries(rows.numbers, earlier[chosen], 1.0)
        build.add_entries(rows.numbers, family.numbers[chosen], -1.0)

    def changes(self, family: Family, *, axis: str) -> Iterator[tuple[IntArray, IntArray, IntArray, float]]:
        """Columns, numbers, slots and sign whose signed sum is what begins in each slot."""
        number, slot = family.coordinates[axis], family.coordinates["slot"]
        yield family.numbers, number, slot, 1.0
        earlier = self.before[number, slot]
        chosen = earlier >= 0
        yield earlier[chosen], number[chosen], slot[chosen], -1.0

    def beginnings(self, values: FloatArray) -> FloatArray:
        """(n, n_slots) 1 where a thing begins, from the values of all columns."""
        at = np.where(self.column >= 0, values[self.column], 0.0)
        earlier = np.where((self.column >= 0) & (self.before >= 0), values[self.before], 0.0)
        begun: FloatArray = np.maximum(at - earlier, 0.0)
        return begun


def begun_of(build: ProblemBuilder, name: str, *, count: int) -> Begun:
    """The columns of a family of a problem in the making; `count` is the number of things."""
    return Begun(build.tree, build.columns[name].lookup(count, build.tree.n_slots))
