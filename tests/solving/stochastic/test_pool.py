"""A pool says what its cuts say, and hands out the cut that is violated most, once."""

from __future__ import annotations

import numpy as np

from dronedeal.solving.stochastic.cuts import Cut
from dronedeal.solving.stochastic.pool import Pool


def test_the_most_violated_cut_is_handed_out_once() -> None:
    pool = Pool(2, 1)
    assert pool.values(np.zeros((2, 1)), np.arange(2)).tolist() == [-np.inf, -np.inf]
    pool.add([Cut(np.array([1.0]), np.array([0.0, 5.0])), Cut(np.array([-1.0]), np.array([4.0, 0.0]))])
    states, estimates = np.array([[1.0], [1.0]]), np.array([2.0, 6.0])
    assert pool.values(states, np.arange(2)).tolist() == [3.0, 6.0]
    assert pool.most_violated(states, estimates, 0.1) == [(1, 0)]
    assert pool.most_violated(states, estimates, 0.1) == []
    assert pool.most_violated(np.array([[9.0], [9.0]]), estimates, 0.1) == [(0, 0), (0, 1)]
