"""The sparse problem and its builder."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dronedeal.planning.problem import ProblemBuilder, compress
from dronedeal.planning.tree import single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears

ENTRIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 7), st.integers(-9, 9)), min_size=1, max_size=60
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_entries_at_one_place_add_up_in_any_order(entries: list[tuple[int, int, int]], random) -> None:  # type: ignore[no-untyped-def]
    dense = np.zeros((6, 8))
    for row, column, value in entries:
        dense[row, column] += value
    random.shuffle(entries)
    loose = [(np.array([r]), np.array([c]), np.array([float(v)])) for r, c, v in entries]
    sparse = compress(loose, 6)
    found = np.zeros((6, 8))
    found[sparse.row_of_entry, sparse.column] = sparse.value
    assert (found == dense).all()
    values = np.arange(8.0)
    assert np.allclose(sparse.times(values), dense @ values)


DISCOUNT = np.array([[1.0, 0.9], [1.0, 0.8]])


def _builder() -> ProblemBuilder:
    tree = single_path(FiscalYears(Calendar("2027-01", 2), 1))
    return ProblemBuilder(tree, {"thing": ("a", "b"), "slot": ("2027-01", "2027-02")}, DISCOUNT)


def test_columns_are_named_from_their_coordinates() -> None:
    build = _builder()
    coordinates = {"thing": np.array([0, 1]), "slot": np.array([1, 0])}
    family = build.add_columns("take", coordinates, node=np.zeros(2, dtype=int))
    build.add_rows("keep", {"thing": np.array([1])}, count=1, upper=3.0)
    build.add_entries(np.array([0]), family.numbers[:1], 2.0)
    problem = build.build()
    assert problem.column_name(0) == "take[a,2027-02]"
    assert problem.row_name(0) == "keep[b]"


def test_lookup_finds_numbers_and_says_where_there_are_none() -> None:
    build = _builder()
    coordinates = {"thing": np.array([0, 1]), "slot": np.array([1, 0])}
    family = build.add_columns("take", coordinates, node=np.zeros(2, dtype=int))
    assert family.lookup(2, 2).tolist() == [[-1, 0], [1, -1]]


def test_third_parties_have_no_utility() -> None:
    build = _builder()
    family = build.add_columns("take", {"thing": np.array([0])}, node=np.zeros(1, dtype=int))
    build.add_rows("keep", {"thing": np.array([0])}, count=1, upper=3.0)
    build.add_entries(np.array([0]), family.numbers, 1.0)
    build.add_utility(2, family.numbers, np.array([5.0]))
    build.add_utility(0, family.numbers, np.array([5.0]))
    build.add_constant(2, 7.0)
    problem = build.build()
    assert problem.utility.tolist() == [[5.0], [0.0]]
    assert problem.utility_constant.tolist() == [0.0, 0.0]


def test_a_flow_is_discounted_in_its_slot_and_remembered_for_the_seller() -> None:
    build = _builder()
    family = build.add_columns("take", {"thing": np.array([0, 1])}, node=np.zeros(2, dtype=int))
    build.add_rows("keep", {"thing": np.array([0])}, count=1, upper=3.0)
    build.add_entries(np.array([0]), family.numbers[:1], 1.0)
    build.item = "purchases"
    build.add_flow(0, family.numbers, -10.0, slot=np.array([0, 1]))
    build.add_flow(1, family.numbers, np.array([10.0, 20.0]), slot=np.array([1, 1]))
    build.add_flow(2, family.numbers, 7.0, slot=np.array([0, 1]))
    build.add_constant_flow(1, -2.0, slot=np.array([0, 1]))
    build.add_constant_flow(2, -2.0, slot=np.array([0, 1]))
    problem = build.build()
    assert problem.utility.tolist() == [[-10.0, -9.0], [8.0, 16.0]]
    assert problem.utility_constant.tolist() == [0.0, -3.6]
    (flow,), (constant,) = build.flows, build.constant_flows
    assert (flow.item, flow.column.tolist(), flow.slot.tolist()) == ("purchases", [0, 1], [1, 1])
    assert flow.value.tolist() == [10.0, 20.0]
    assert (constant.item, constant.slot.tolist(), constant.value.tolist()) == (
        "purchases",
        [0, 1],
        [-2.0] * 2,
    )
