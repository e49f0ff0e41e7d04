"""Arrays of what the two sides do together; axes and units are those of `planning/data.py`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray

BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class WorkData:
    """Integration work `w` that costs money: rows of one system and standard are one work.

    rows : (W,) the row numbers of each work; system : (W,); months : (W,) that it takes; payer : (W,) role;
    cost : (W, T) million paid by the payer if it begins in the month; is_for : (W, R) a delivery of the
    system to the requirement waits for it; share : (W, G) share of the cost that a payment group bears
    """

    rows: tuple[tuple[int, ...], ...]
    system: IntArray
    months: IntArray
    payer: IntArray
    cost: FloatArray
    is_for: BoolArray
    share: FloatArray

    @property
    def count(self) -> int:
        """Number of works."""
        return len(self.system)


@dataclass(frozen=True)
class ProjectData:
    """Technical-cooperation projects `j`; no effect of another kind than its own is stated (0 or False).

    months : (J,); cost : (J, 2, I, T) million that buyer and seller pay for its year `i` in the month;
    counts : (J,) whether any plan counts on it; boost : (J, P, Y) chance × added effectiveness of a delivery
    of the pair in a buyer year, which no project lifts beyond 1; saving : (J, K) million expected to be saved
    on each unit of a product; parts : (J, C) added to a component's supply of a fiscal year; opens : (J, S)
    systems that wait for it; spares : (J, W, R) deliveries to the requirement no longer wait for the work
    """

    months: IntArray
    cost: FloatArray
    counts: BoolArray
    boost: FloatArray
    saving: FloatArray
    parts: FloatArray
    opens: BoolArray
    spares: BoolArray

    @property
    def count(self) -> int:
        """Number of projects."""
        return len(self.months)
