"""How far a rate that was seen in some futures can be from the true one."""

from __future__ import annotations

import math
from typing import NamedTuple


class Interval(NamedTuple):
    """Lower and upper end of what a rate may truly be."""

    low: float
    high: float


def wilson(n_successes: int, n_trials: int, *, confidence_level: float = 0.95) -> Interval:
    """Wilson's interval of a rate (Wilson, Probable inference, 1927).

    Parameters
    ----------
    n_successes, n_trials : counts, at least one trial
    confidence_level : share of samples whose interval holds the true rate, about

    Examples
    --------
    >>> [round(end, 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    from scipy.special import ndtri

    _require(n_successes, n_trials)
    score = float(ndtri((1 + confidence_level) / 2))
    share, spread = n_successes / n_trials, score * score / n_trials
    middle = (share + spread / 2) / (1 + spread)
    half = score * math.sqrt(share * (1 - share) / n_trials + spread / (4 * n_trials)) / (1 + spread)
    # Where nothing or everything was kept the ends are exact, whatever the rounding.
    return Interval(min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def clopper_pearson(n_successes: int, n_trials: int, *, confidence_level: float = 0.95) -> Interval:
    """Exact interval of a rate (Clopper and Pearson 1934): it holds the true one at least so often.

    Parameters
    ----------
    n_successes, n_trials : counts, at least one trial
    confidence_level : least share of samples whose interval holds the true rate

    Examples
    --------
    >>> [round(end, 4) for end in clopper_pearson(8, 10)]
    [0.4439, 0.9748]
    """
    from scipy.special import betaincinv

    _require(n_successes, n_trials)
    tail, failures = (1 - confidence_level) / 2, n_trials - n_successes
    low = 0.0 if not n_successes else float(betaincinv(n_successes, failures + 1, tail))
    high = 1.0 if not failures else float(betaincinv(n_successes + 1, failures, 1 - tail))
    return Interval(low, high)


def _require(n_successes: int, n_trials: int) -> None:
    if not 0 <= n_successes <= n_trials or n_trials < 1:
        raise ValueError(f"{n_successes} of {n_trials} are no counts; give at least one trial")
