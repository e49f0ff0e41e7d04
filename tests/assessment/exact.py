"""Distribution functions by exact sums and plain quadrature, for oracles that share no code with scipy."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction


def beta_cdf(alpha: int, beta: int, x: Fraction) -> Fraction:
    """I_x(alpha, beta) of whole parameters: at least alpha successes in alpha + beta − 1 trials."""
    n = alpha + beta - 1
    return sum((math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(alpha, n + 1)), start=Fraction(0))


def gamma_cdf(shape: int, x: Fraction) -> float:
    """P(shape, x) of a whole shape: one minus the Poisson chance of fewer than `shape` events.

    The sum is exact; only the one factor e^−x is rounded.
    """
    poisson = sum((x**j / Fraction(math.factorial(j)) for j in range(shape)), start=Fraction(0))
    return 1.0 - math.exp(-x) * float(poisson)


def beta_cdf_by_quadrature(alpha: float, beta: float, x: float, *, cells: int = 20_000) -> float:
    """Simpson's rule on the beta density in s = arcsin √x, which takes the end singularities away."""

    def density(s: float) -> float:
        return float(math.sin(s) ** (2 * alpha - 1) * math.cos(s) ** (2 * beta - 1))

    return _simpson(density, math.asin(math.sqrt(x)), cells) / _simpson(density, math.pi / 2, cells)


def gamma_cdf_by_quadrature(alpha: float, x: float, *, cells: int = 20_000) -> float:
    """Simpson's rule on the gamma density in the variable s = √x."""

    def density(s: float) -> float:
        return float(2 * s ** (2 * alpha - 1) * math.exp(-s * s))

    return _simpson(density, math.sqrt(x), cells) / math.gamma(alpha)


def inverse(cdf: Callable[[float], float], probability: float, *, high: float) -> float:
    """The argument at which an increasing function reaches a value, by halving."""
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle) < probability else (low, middle)
    return (low + high) / 2


def _simpson(function: Callable[[float], float], end: float, cells: int) -> float:
    step = end / cells
    odd = math.fsum(function((2 * k + 1) * step / 2) for k in range(cells))
    even = math.fsum(function(k * step) for k in range(1, cells))
    return step / 6 * (function(0.0) + 4 * odd + 2 * even + function(end))
