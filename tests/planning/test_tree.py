"""The scenario tree on the monthly calendar."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dronedeal.planning.tree import Tree, single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears


def forked() -> Tree:
    """Three months, then a fork into two nodes of two months each."""
    return Tree(
        parent=np.array([-1, 0, 0]),
        probability=np.array([1.0, 0.25, 0.75]),
        stage=np.array([0, 1, 1]),
        first_month=np.array([0, 3, 3]),
        end_month=np.array([3, 5, 5]),
    )


def test_slots_of_a_fork_share_their_past() -> None:
    tree = forked()
    assert tree.slot_month.tolist() == [0, 1, 2, 3, 4, 3, 4]
    assert tree.previous_slot.tolist() == [-1, 0, 1, 2, 3, 2, 5]


def test_windows_follow_every_path_through_a_span_of_months() -> None:
    windows = forked().windows(range(2, 5))
    assert [window.tolist() for window in windows] == [[2, 3, 4], [2, 5, 6]]


def test_window_of_no_months_is_empty() -> None:
    assert forked().windows(range(0)) == []


def test_node_windows_follow_every_path_through_the_stages() -> None:
    assert [window.tolist() for window in forked().node_windows(0, 1)] == [[0, 1], [0, 2]]


def test_lags_name_the_ancestor_of_every_slot() -> None:
    pairs = {
        (int(s), lag): int(a)
        for lag, slots, past in forked().lags()
        for s, a in zip(slots, past, strict=True)
    }
    assert pairs[6, 0] == 6
    assert pairs[6, 2] == 2
    assert pairs[6, 4] == 0
    assert (6, 5) not in pairs


@given(
    start_month=st.integers(1, 12),
    fiscal_start=st.integers(1, 12),
    months=st.integers(1, 80),
)
def test_single_path_has_one_node_for_each_fiscal_year(
    start_month: int, fiscal_start: int, months: int
) -> None:
    years = FiscalYears(Calendar(f"2027-{start_month:02d}", months), fiscal_start)
    tree = single_path(years)
    assert tree.n_nodes == len(set(years.by_month.tolist()))
    assert tree.slot_month.tolist() == list(range(months))
    assert (tree.stage[tree.slot_node] == years.by_month - years.names[0]).all()
    assert (tree.probability == 1).all()


def test_a_path_is_summed_as_a_tree_is() -> None:
    """Sums over one path take a shorter way than those over a fork; both tell the same."""
    path = Tree(
        parent=np.array([-1, 0]),
        probability=np.ones(2),
        stage=np.array([0, 1]),
        first_month=np.array([0, 3]),
        end_month=np.array([3, 5]),
    )
    fork, both = forked(), [0, 1, 2, 3, 4]
    assert path.is_path
    assert not fork.is_path
    amount = np.array([[3.0, 1.0, 2.0, 5.0, 4.0]])
    on_fork = np.concatenate([amount, amount[:, 3:]], axis=1)
    assert path.so_far(amount).tolist() == fork.so_far(on_fork)[:, both].tolist()
    assert path.highest_so_far(amount).tolist() == fork.highest_so_far(on_fork)[:, both].tolist()
    assert path.lowest_ahead(amount).tolist() == fork.lowest_ahead(on_fork)[:, both].tolist()
    assert path.from_here_on(amount).tolist() == [[15.0, 12.0, 11.0, 9.0, 4.0]]


def test_on_a_single_path_months_follow_one_another_as_previous_slots_say() -> None:
    tree = single_path(FiscalYears(Calendar("2026-10", 30), 1))
    for slot in range(tree.n_slots):
        walked = [slot]
        while tree.previous_slot[walked[-1]] >= 0:
            walked.append(int(tree.previous_slot[walked[-1]]))
        assert tree.slots_to(slot).tolist() == walked[::-1]
    for months in (range(3), range(3, 15), range(27, 30)):
        (window,) = tree.windows(months)
        assert tree.slot_month[window].tolist() == list(months)
    assert tree.windows(range(0)) == []
