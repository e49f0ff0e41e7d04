"""Differences of problems, put back onto the problem that they were taken from."""

from __future__ import annotations

import numpy as np
from tests.planning.negotiated import built

from dronedeal.planning.shifts import Shift, amounts_at, moved, numbers_of, sparse, total


def test_a_difference_leads_from_one_problem_to_the_other() -> None:
    one, other = built({}), built({"price": 1_000.0, "royalty": 0.2})
    before, after = numbers_of(one), numbers_of(other)
    shift = moved(before, after)
    n_fixed = len(before.fixed)
    fixed = before.fixed.copy()
    is_fixed = shift.position < n_fixed
    fixed[shift.position[is_fixed]] += shift.amount[is_fixed]
    np.testing.assert_allclose(fixed, after.fixed, rtol=1e-11)
    old = amounts_at(Shift(before.keys, before.entries), after.keys)
    new = old + amounts_at(shift, after.keys + n_fixed)
    np.testing.assert_allclose(new, after.entries, rtol=1e-11)
    assert 0 < len(shift.position) < 0.2 * (n_fixed + len(before.keys))


def test_nothing_moves_between_a_problem_and_itself() -> None:
    assert len(moved(numbers_of(built({})), numbers_of(built({}))).position) == 0


def test_a_sum_of_shifts_adds_what_stands_at_one_place() -> None:
    one = Shift(np.array([2, 5]), np.array([1.0, 4.0]))
    other = Shift(np.array([5, 9]), np.array([1.0, 1.0]))
    found = total([(one, 2.0), (other, -3.0)])
    assert found.position.tolist() == [2, 5, 9]
    assert found.amount.tolist() == [2.0, 5.0, -3.0]
    assert sparse(np.array([0.0, 7.0, 0.0])).position.tolist() == [1]
