"""Incomplete beta and gamma functions against an independent library, over sizes from tiny to very large."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from dronedeal.quantities.incomplete import (
    beta_below,
    beta_quantile,
    gamma_above,
    gamma_below,
    gamma_quantile,
)

# The logarithm of the gamma function is known to a part in 1e14 of itself, which is large for large sizes.
SIZES = {0.01: 1e-10, 0.5: 1e-10, 1.0: 1e-10, 3.7: 1e-10, 40.0: 1e-10, 900.0: 1e-9, 1e5: 1e-6}


@pytest.mark.parametrize("alpha", SIZES)
@pytest.mark.parametrize("beta", SIZES)
def test_beta_agrees_with_the_library_from_one_tail_to_the_other(alpha: float, beta: float) -> None:
    tolerance = max(SIZES[alpha], SIZES[beta])
    around = special.betaincinv(alpha, beta, [1e-9, 0.01, 0.3, 0.5, 0.9, 0.999999])
    for x in around[(around > 1e-200) & (around < 1 - 1e-12)]:
        expected = special.betainc(alpha, beta, x)
        assert beta_below(alpha, beta, float(x)) == pytest.approx(expected, rel=tolerance, abs=1e-15)


@pytest.mark.parametrize("shape", SIZES)
def test_gamma_agrees_with_the_library_from_one_tail_to_the_other(shape: float) -> None:
    tolerance = SIZES[shape]
    around = special.gammaincinv(shape, np.array([1e-9, 0.01, 0.3, 0.5, 0.9, 0.999999]))
    for x in around[around > 1e-200]:
        below, above = special.gammainc(shape, x), special.gammaincc(shape, x)
        assert gamma_below(shape, float(x)) == pytest.approx(below, rel=tolerance, abs=1e-15)
        assert gamma_above(shape, float(x)) == pytest.approx(above, rel=tolerance, abs=1e-15)


@pytest.mark.parametrize("probability", [1e-6, 0.1, 0.5, 0.9, 1 - 1e-9])
def test_quantiles_are_where_the_probability_is_reached(probability: float) -> None:
    for alpha in SIZES:
        assert gamma_quantile(alpha, probability) == pytest.approx(
            special.gammaincinv(alpha, probability), rel=1e-7, abs=1e-290
        )
        for beta in SIZES:
            expected = special.betaincinv(alpha, beta, probability)
            assert beta_quantile(alpha, beta, probability) == pytest.approx(expected, rel=1e-7, abs=1e-290)


def test_quantiles_of_nothing_and_of_everything_are_the_ends() -> None:
    assert (beta_quantile(2.0, 3.0, 0.0), beta_quantile(2.0, 3.0, 1.0)) == (0.0, 1.0)
    assert (gamma_quantile(2.0, 0.0), gamma_quantile(2.0, 1.0)) == (0.0, np.inf)
