"""Aims at two utilities: what they are worth there, and which floors and limits are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dronedeal.solving.aim import Aim

# The lesser of two gains over (1, 2) and a tenth of the buyer's utility; the buyer keeps 1.5, and u1 ≥ u0.
LESSER = Aim(
    np.array([0.1, 0.0, 1.0]),
    5.0,
    np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0], [-1.0, 1.0, 0.0]]),
    np.array([1.0, 2.0, 0.0]),
    np.array([1.5, -np.inf]),
)


@pytest.mark.parametrize(
    ("utilities", "worth"), [((3.0, 4.0), 5.0 + 0.3 + 2.0), ((3.0, 3.0), 5.0 + 0.3 + 1.0)]
)
def test_a_part_is_the_least_of_its_rows(utilities: tuple[float, float], worth: float) -> None:
    assert LESSER.worth(np.array(utilities)) == pytest.approx(worth)


def test_a_floor_is_missed_by_what_lies_below_it() -> None:
    assert LESSER.missing(np.array([1.0, 9.0])).tolist() == [0.5, 0.0]
    assert LESSER.missing(np.array([1.5 - 1e-9, -9.0])).tolist() == [0.0, 0.0]


def test_rows_that_bound_no_part_are_limits() -> None:
    assert LESSER.admits(np.array([2.0, 2.0]))
    assert not LESSER.admits(np.array([2.0, 1.9]))
    assert not LESSER.admits(np.array([1.0, 2.0]))


@pytest.mark.parametrize("utilities", [(3.0, 4.0), (1.5, 2.0), (1.1, 4.0), (-2.0, -9.0)])
def test_a_floor_that_may_be_missed_costs_its_price_for_what_is_missing(
    utilities: tuple[float, float],
) -> None:
    at, soft = np.array(utilities), LESSER.softened(40.0)
    assert soft.worth(at) == pytest.approx(LESSER.worth(at) - 40.0 * LESSER.missing(at).sum())
    assert not soft.missing(at).any()
    # What limits both utilities and bounds no part stays.
    assert soft.admits(at) == (at[1] >= at[0])


def test_an_aim_without_floors_has_none_to_soften() -> None:
    free = replace(LESSER, floors=np.full(2, -np.inf))
    assert free.softened(40.0).parts == free.parts
