"""How measures are spread over scenarios: mean, quantiles, the worst tenth, and what causes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dronedeal.planning.tree import FloatArray
from dronedeal.results.scenarios.columns import LEVELS

WORST_SHARE = 0.1


def quantile(values: FloatArray, chance: FloatArray, level: float) -> float:
    """The smallest value that is not exceeded with a chance of at least `level`.

    >>> quantile(np.array([10.0, 20.0, 30.0]), np.array([0.2, 0.5, 0.3]), 0.5)
    20.0
    """
    order = np.argsort(values, kind="stable")
    so_far = np.cumsum(chance[order])
    at = int(np.searchsorted(so_far, level - 1e-12))
    return float(values[order[min(at, len(order) - 1)]])


def worst_weights(
    values: FloatArray, chance: FloatArray, *, is_cost: bool, share: float = WORST_SHARE
) -> FloatArray:
    """(n,) chance of each scenario inside the worst share; the one at its edge counts with a part.

    >>> worst_weights(np.array([1.0, 2.0]), np.array([0.04, 0.96]), is_cost=False).round(2).tolist()
    [0.04, 0.06]
    """
    order = np.argsort(-values if is_cost else values, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(chance[order])[:-1]])
    weight = np.zeros(len(values))
    weight[order] = np.clip(share * chance.sum() - before, 0.0, chance[order])
    return weight


def spread(
    values: Sequence[float], chances: Sequence[float], *, is_cost: bool, share: float = WORST_SHARE
) -> dict[str, float]:
    """Mean, least, quantiles, most, and the mean of the worst share (CVaR; Rockafellar and Uryasev 2000).

    Parameters
    ----------
    values, chances : (n,) of the scenarios; the chances need not sum to 1
    is_cost : whether more is worse
    share : of the chances that counts as worst, a tenth unless told
    """
    value, chance = np.array(values, dtype=float), np.array(chances, dtype=float)
    chance = chance / chance.sum()
    worst = worst_weights(value, chance, is_cost=is_cost, share=share)
    levels = {f"p{at:02d}": quantile(value, chance, at / 100) for at in LEVELS}
    return {
        "mean": float(chance @ value),
        "least": float(value.min()),
        **levels,
        "most": float(value.max()),
        "worst_tenth": float(worst @ value / worst.sum()),
    }
