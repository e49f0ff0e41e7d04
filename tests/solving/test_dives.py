"""Which fractional integers a dive rounds next."""

from __future__ import annotations

import numpy as np

from dronedeal.solving.dives import nearest, upwards

VALUES = np.array([0.0, 0.2, 1.9, 3.0, 0.6, 2.45, 0.05, 0.5, 0.15, 0.3])
FRACTIONAL = np.array([1, 2, 4, 5, 6, 7, 8, 9])


def test_upwards_takes_a_quarter_the_fullest_first() -> None:
    chosen, rounded = upwards(VALUES, FRACTIONAL)
    assert chosen.tolist() == [2, 4]
    assert rounded.tolist() == [2.0, 1.0]


def test_nearest_takes_a_quarter_those_closest_to_whole_numbers_first() -> None:
    chosen, rounded = nearest(VALUES, FRACTIONAL)
    assert chosen.tolist() == [6, 2]
    assert rounded.tolist() == [0.0, 2.0]


def test_the_last_one_is_rounded_too() -> None:
    assert upwards(VALUES, np.array([9]))[1].tolist() == [1.0]
    assert nearest(VALUES, np.array([9]))[1].tolist() == [0.0]
