"""The discrete negotiations of the benchmarks: integer problems find what a list of all outcomes says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from benchmarks.enumeration import asked_for, is_same, made_up


@pytest.mark.parametrize("seed", range(3))
def test_frontier_and_nash_point_are_those_of_the_list_of_all_outcomes(seed: int) -> None:
    case = made_up(2, seed)
    worth, (buyer, seller) = np.array(case["worth"], dtype=float), case["alternatives"]
    every = {
        tuple(worth[:, [0, 1], chosen].sum(axis=1)) for chosen in product(range(worth.shape[2]), repeat=2)
    }
    best = sorted(p for p in every if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in every))
    top = max((p[0] - buyer) * (p[1] - seller) for p in best if p[0] >= buyer and p[1] >= seller)
    nash = [
        list(p) for p in best if p[0] >= buyer and p[1] >= seller and (p[0] - buyer) * (p[1] - seller) == top
    ]
    found = asked_for(case)
    assert is_same(found, {"frontier": best, "nash": nash})
    assert not is_same(found, {"frontier": best[1:], "nash": nash})
    assert not is_same(found, {"frontier": best, "nash": []})
