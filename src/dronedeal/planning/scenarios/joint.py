"""How the factors of one stage turn out together: all combinations with their chances, or draws of them.

Factors are independent unless the table `correlations` says otherwise. Correlated factors share a Gaussian
copula: each has a standard normal score, the scores have the stated correlations, and the outcomes follow
in the order of their multipliers as the scores rise (Sklar 1959; Nelsen, An Introduction to Copulas, 2006,
section 2.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Varied
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.planning.tree import FloatArray, IntArray

Correlations = Mapping[tuple[Varied, Varied], float]
_NORMAL = NormalDist()
_POINTS = 64


def correlations_of(deal: Deal) -> Correlations:
    """Coefficients by pair, in both orders."""
    found: dict[tuple[Varied, Varied], float] = {}
    for row in deal.correlations:
        one, other = Varied(row.factor, row.subject), Varied(row.other_factor, row.other_subject)
        found[one, other] = found[other, one] = row.coefficient
    return found


def correlation_matrix(factors: Sequence[Factor], correlations: Correlations) -> FloatArray:
    """(n, n) correlations of the normal scores of some factors of one stage; 1 on the diagonal."""
    matrix = np.eye(len(factors))
    for one, first in enumerate(factors):
        for other, second in enumerate(factors):
            if one != other:
                matrix[one, other] = correlations.get((first.varied, second.varied), 0.0)
    return matrix


def correlated_groups(matrix: FloatArray) -> list[list[int]]:
    """Factors that are correlated with one another, directly or through others; the rest stand alone."""
    groups: list[list[int]] = []
    left = list(range(len(matrix)))
    while left:
        group, new = [], [left[0]]
        while new:
            one = new.pop()
            left.remove(one)
            group.append(one)
            new += [other for other in left if matrix[one, other] != 0 and other not in new]
        groups.append(sorted(group))
    return groups


def all_combinations(factors: Sequence[Factor], matrix: FloatArray) -> tuple[IntArray, FloatArray]:
    """Every way in which some factors of one stage can turn out together.

    Exact: chances of independent factors multiply; those of two correlated factors are differences of the
    bivariate normal distribution.

    Returns
    -------
    chosen : (n, factors) number of the outcome of each factor, the last factor fastest
    probability : (n,) above 0

    Raises
    ------
    ValueError
        where three or more factors are correlated: sample them instead
    """
    groups = correlated_groups(matrix)
    if any(len(group) > 2 for group in groups):
        raise ValueError("the chances of three or more correlated factors have no exact table")
    sizes = [len(factor.outcomes) for factor in factors]
    chosen = np.indices(sizes).reshape(len(sizes), -1).T if sizes else np.zeros((1, 0), dtype=np.int64)
    probability = np.ones(len(chosen))
    for group in groups:
        table = _table([factors[number] for number in group], float(matrix[group[0], group[-1]]))
        probability *= table[tuple(chosen[:, number] for number in group)]
    kept = probability > 0
    return chosen[kept].astype(np.int64), probability[kept]


def _table(factors: Sequence[Factor], correlation: float) -> FloatArray:
    """Chances of the outcomes of one factor, or of the pairs of outcomes of two correlated ones."""
    if len(factors) == 1:
        return np.array(factors[0].probability)
    bounds = [_bounds(factor) for factor in factors]
    below = np.array([[_both_below(x, y, correlation) for y in bounds[1]] for x in bounds[0]])
    chances: FloatArray = np.maximum(np.diff(np.diff(below, axis=0), axis=1), 0.0)
    return chances


def _bounds(factor: Factor) -> list[float]:
    """Scores between which each outcome lies, from minus infinity to infinity."""
    below = np.cumsum(factor.probability)[:-1]
    return [-math.inf, *(_NORMAL.inv_cdf(float(chance)) for chance in below), math.inf]


def _both_below(x: float, y: float, correlation: float) -> float:
    """Chance that two standard normal scores are at most `x` and `y`.

    `Φ(x)Φ(y) + 1/2π ∫_0^{asin ρ} exp(−(x² + y² − 2xy sin θ) / 2cos²θ) dθ` (Drezner and Wesolowsky, On the
    computation of the bivariate normal integral, 1990).
    """
    if math.isinf(x) or math.isinf(y):
        return 0.0 if min(x, y) == -math.inf else _below(min(x, y))
    if abs(correlation) == 1.0:
        low, high = _below(x), _below(y)
        return min(low, high) if correlation > 0 else max(0.0, low + high - 1.0)
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    half = math.asin(correlation) / 2
    angle = half * (nodes + 1)
    exponent = -(x * x + y * y - 2 * x * y * np.sin(angle)) / (2 * np.cos(angle) ** 2)
    return _below(x) * _below(y) + half * float(weights @ np.exp(exponent)) / (2 * math.pi)


def _below(x: float) -> float:
    return 1.0 if x == math.inf else _NORMAL.cdf(x)


def draws(
    factors: Sequence[Factor], matrix: FloatArray, *, count: int, generator: np.random.Generator
) -> IntArray:
    """Draws of how the factors of one stage turn out, each as likely as the others.

    Latin hypercube: each factor's own distribution is cut into as many equally likely parts as there are
    draws, and each part is drawn from once (McKay, Beckman and Conover 1979).

    Returns
    -------
    (count, factors) number of the outcome of each factor
    """
    score = np.zeros((count, len(factors)))
    for number in range(len(factors)):
        part = (generator.permutation(count) + generator.random(count)) / count
        score[:, number] = [_NORMAL.inv_cdf(min(max(chance, 1e-15), 1 - 1e-15)) for chance in part]
    score = score @ _root(matrix).T
    chosen = np.zeros(score.shape, dtype=np.int64)
    for number, factor in enumerate(factors):
        chosen[:, number] = np.searchsorted(_bounds(factor)[1:-1], score[:, number])
    return chosen


def _root(matrix: FloatArray) -> FloatArray:
    """Lower triangular root of a correlation matrix, which may have dependent rows."""
    root = np.zeros_like(matrix)
    for row in range(len(matrix)):
        for column in range(row + 1):
            rest = matrix[row, column] - root[row, :column] @ root[column, :column]
            if row == column:
                root[row, row] = math.sqrt(max(rest, 0.0))
            elif root[column, column] > 1e-12:
                root[row, column] = rest / root[column, column]
    return root
