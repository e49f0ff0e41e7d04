"""Incomplete beta and gamma functions and their inverses, here because a library takes long to load."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import count

# Relative change of a continued fraction or a series at which it stands still.
_STILL = 1e-16
# In place of a denominator of zero (Lentz 1976, as modified by Thompson and Barnett 1986).
_TINY = 1e-300
# By how much a search may grow or shrink in one step where an end of its range is not known.
_FARTHEST = 16.0
_MOST_STEPS = 500


def beta_below(alpha: float, beta: float, x: float) -> float:
    """Regularised incomplete beta function `I_x(alpha, beta)`, for `0 < x < 1` (DLMF 8.17.22).

    >>> round(beta_below(2.0, 3.0, 0.4), 12)
    0.5248
    """
    front = _beta_front(alpha, beta, x)
    if x < (alpha + 1) / (alpha + beta + 2):
        return front / (alpha * _continued(1.0, _beta_terms(alpha, beta, x)))
    return 1.0 - front / (beta * _continued(1.0, _beta_terms(beta, alpha, 1.0 - x)))


def gamma_below(shape: float, x: float) -> float:
    """Regularised lower incomplete gamma function `P(shape, x)`, for `x > 0` (DLMF 8.7.1)."""
    return _gamma_series(shape, x) if x < shape + 1 else 1.0 - _gamma_fraction(shape, x)


def gamma_above(shape: float, x: float) -> float:
    """Regularised upper incomplete gamma function `Q(shape, x)`, for `x > 0` (DLMF 8.9.2).

    >>> round(gamma_above(1.0, 2.0), 12) == round(math.exp(-2.0), 12)
    True
    """
    return 1.0 - _gamma_series(shape, x) if x < shape + 1 else _gamma_fraction(shape, x)


def beta_quantile(alpha: float, beta: float, probability: float) -> float:
    """The `x` at which `beta_below` is a probability, 0 to 1.

    >>> round(beta_quantile(2.0, 3.0, 0.5248), 12)
    0.4
    """
    if probability <= 0 or probability >= 1:
        return float(probability > 0)
    return _inverse(
        lambda x: beta_below(alpha, beta, x) - probability,
        lambda x: _beta_front(alpha, beta, x) / (x * (1.0 - x)),
        start=alpha / (alpha + beta),
        high=1.0,
    )


def gamma_quantile(shape: float, probability: float) -> float:
    """The `x` at which `gamma_below` is a probability, 0 to 1."""
    if probability <= 0 or probability >= 1:
        return math.inf if probability > 0 else 0.0
    return _inverse(
        lambda x: gamma_below(shape, x) - probability,
        lambda x: _gamma_front(shape, x) / x,
        start=shape,
        high=math.inf,
    )


def _inverse(
    excess: Callable[[float], float], density: Callable[[float], float], *, start: float, high: float
) -> float:
    """Where an increasing function is 0: steps of Newton's, inside the range that is left."""
    x, low = start, 0.0
    for _ in range(_MOST_STEPS):
        if x < _TINY:
            return 0.0
        above = excess(x)
        low, high = (low, x) if above > 0 else (x, high)
        slope = density(x)
        better = x - above / slope if slope > 0 else math.nan
        if not low < better < min(high, _FARTHEST * x + 1.0):
            better = _inside(low, high)
        if abs(better - x) <= 2 * _STILL * x:
            break
        x = better
    return x


def _inside(low: float, high: float) -> float:
    """A point that leaves much less of a range, whether its ends are known or not."""
    if math.isinf(high):
        return _FARTHEST * low + 1.0
    return high / _FARTHEST if low == 0 else math.sqrt(low * high) if high > 4 * low else (low + high) / 2


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    for number in count(1):
        term *= x / (shape + number)
        total += term
        if term <= total * _STILL:
            break
    return total * _gamma_front(shape, x)


def _gamma_fraction(shape: float, x: float) -> float:
    terms = ((number * (shape - number), x + 2 * number + 1 - shape) for number in count(1))
    return _gamma_front(shape, x) / _continued(x + 1 - shape, terms)


def _gamma_front(shape: float, x: float) -> float:
    return math.exp(shape * math.log(x) - x - math.lgamma(shape))


def _beta_front(alpha: float, beta: float, x: float) -> float:
    logarithm = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    return math.exp(logarithm + alpha * math.log(x) + beta * math.log1p(-x))


def _beta_terms(alpha: float, beta: float, x: float) -> Iterator[tuple[float, float]]:
    for m in count():
        yield -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2 * m) * (alpha + 2 * m + 1)), 1.0
        n = m + 1
        yield n * (beta - n) * x / ((alpha + 2 * n - 1) * (alpha + 2 * n)), 1.0


def _continued(first: float, terms: Iterator[tuple[float, float]]) -> float:
    """`b0 + a1/(b1 + a2/(b2 + …))` by the method of Lentz.

    Parameters
    ----------
    first : `b0`
    terms : `a` and `b` from the first one on
    """
    value = first or _TINY
    above, below = value, 0.0
    for numerator, denominator in terms:
        below = 1.0 / (denominator + numerator * below or _TINY)
        above = denominator + numerator / above or _TINY
        change = above * below
        value *= change
        if abs(change - 1.0) <= 4 * _STILL:
            break
    return value
