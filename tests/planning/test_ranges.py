"""One limit of an output narrows those of all other months."""

from __future__ import annotations

import numpy as np
from tests.planning.test_tree import forked

from dronedeal.planning.ranges import Ranges
from dronedeal.planning.tree import single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears

PATH = single_path(FiscalYears(Calendar("2026-10", 4), 10))


def wide(n_slots: int) -> Ranges:
    nothing, much = np.zeros((1, n_slots)), np.full((1, n_slots), 100.0)
    return Ranges(nothing, much, nothing, much)


def test_limits_spread_along_the_path_at_the_capacity_of_each_month() -> None:
    """At most 10 a month: 25 by the third month means at least 15 by the second, at most 35 by the last."""
    most = np.full((1, 4), 10.0)
    lower, upper = np.zeros((1, 4)), np.full((1, 4), 100.0)
    lower[0, 2] = upper[0, 2] = 25.0
    found = wide(4).with_own(lower, upper, tree=PATH, most=most)
    assert found.own_lower.tolist() == [[5.0, 15.0, 25.0, 25.0]]
    assert found.own_upper.tolist() == [[25.0, 25.0, 25.0, 35.0]]
    assert found.group_upper.tolist() == [[100.0] * 4]


def test_a_limit_on_one_branch_leaves_the_other_branch_free() -> None:
    """Slots 3 and 4 follow slot 2 on one branch, 5 and 6 on the other."""
    lower, upper = np.zeros((1, 7)), np.full((1, 7), 100.0)
    upper[0, 4] = 8.0
    most = np.full((1, 7), 10.0)
    found = wide(7).with_group(lower, upper, tree=forked(), most=most)
    assert found.group_upper.tolist() == [[8.0, 8.0, 8.0, 8.0, 8.0, 18.0, 28.0]]
    assert found.own_upper.tolist() == [[100.0] * 7]
