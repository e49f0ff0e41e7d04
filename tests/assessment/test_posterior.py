"""Posteriors against exact sums, closed forms and quadrature, and the coverage of their intervals."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.exact import beta_cdf, beta_cdf_by_quadrature, gamma_cdf, gamma_cdf_by_quadrature

from dronedeal.assessment import Posterior


def beta(alpha: float, beta_: float, *, confidence: float = 0.8) -> Posterior:
    return Posterior("s", "m", "any", family="beta", alpha=alpha, beta=beta_, confidence=confidence)


def gamma(shape: float, exposure: float, *, confidence: float = 0.8) -> Posterior:
    return Posterior(
        "s", "m", "any", family="gamma", alpha=shape, beta=exposure, unit="h", confidence=confidence
    )


@pytest.mark.parametrize("sizes", [(1, 1), (3, 1), (9, 3), (40, 7), (2, 60)])
@pytest.mark.parametrize("threshold", [Fraction(1, 20), Fraction(1, 2), Fraction(7, 10), Fraction(99, 100)])
def test_success_probabilities_equal_exact_binomial_sums(sizes: tuple[int, int], threshold: Fraction) -> None:
    exact = beta_cdf(*sizes, threshold)
    posterior = beta(*sizes)
    assert posterior.probability_at_most(float(threshold)) == pytest.approx(
        float(exact), rel=1e-11, abs=1e-14
    )
    assert posterior.probability_at_least(float(threshold)) == pytest.approx(
        float(1 - exact), rel=1e-11, abs=1e-14
    )


@pytest.mark.parametrize("shape", [1, 4, 25])
@pytest.mark.parametrize("threshold", [Fraction(1, 1000), Fraction(1, 50), Fraction(1, 5)])
def test_failure_rate_probabilities_equal_exact_poisson_sums(shape: int, threshold: Fraction) -> None:
    exact = gamma_cdf(shape, 120 * threshold)
    posterior = gamma(shape, 120.0)
    assert posterior.probability_at_most(float(threshold)) == pytest.approx(exact, rel=1e-9, abs=1e-14)
    assert posterior.probability_at_least(float(threshold)) == pytest.approx(1 - exact, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("x", [0.01, 0.3, 0.5, 0.93])
def test_jeffreys_prior_alone_is_the_arcsine_law(x: float) -> None:
    assert beta(0.5, 0.5).probability_at_most(x) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)))


@pytest.mark.parametrize("x", [0.001, 0.05, 0.4])
def test_half_a_failure_is_the_error_function(x: float) -> None:
    assert gamma(0.5, 10.0).probability_at_most(x) == pytest.approx(math.erf(math.sqrt(10 * x)))


def test_fractional_parameters_agree_with_plain_quadrature() -> None:
    assert beta(19.08, 5.92).probability_at_most(0.7) == pytest.approx(
        beta_cdf_by_quadrature(19.08, 5.92, 0.7), abs=1e-10
    )
    assert gamma(2.7, 65.0).probability_at_most(0.03) == pytest.approx(
        gamma_cdf_by_quadrature(2.7, 65.0 * 0.03), abs=1e-10
    )


def test_uniform_posterior_has_the_obvious_quantiles() -> None:
    assert beta(1, 1, confidence=0.9).interval == pytest.approx((0.05, 0.95))
    assert beta(1, 1).assured(0.8) == pytest.approx(0.2)


def test_one_failure_gives_exponential_quantiles() -> None:
    assert gamma(1, 50.0).quantile(0.5) == pytest.approx(math.log(2) / 50)


@given(
    alpha=st.floats(0.5, 400),
    beta_=st.floats(0.5, 400),
    probability=st.floats(0.01, 0.99),
    confidence=st.floats(0.05, 0.99),
)
@settings(deadline=None, max_examples=100, derandomize=True)
def test_quantiles_invert_probabilities_in_both_families(
    alpha: float, beta_: float, probability: float, confidence: float
) -> None:
    for posterior in (beta(alpha, beta_, confidence=confidence), gamma(alpha, beta_, confidence=confidence)):
        value = posterior.quantile(probability)
        assert posterior.probability_at_most(value) == pytest.approx(probability, rel=1e-8)
        assert posterior.probability_at_least(value) == pytest.approx(1 - probability, rel=1e-8)
        low, high = posterior.interval
        held = posterior.probability_at_most(high) - posterior.probability_at_most(low)
        assert held == pytest.approx(confidence, rel=1e-8)


@given(alpha=st.floats(0.5, 50), beta_=st.floats(0.5, 50))
@settings(deadline=None, max_examples=50, derandomize=True)
def test_agrees_with_the_distributions_of_scipy(alpha: float, beta_: float) -> None:
    from scipy import stats

    assert beta(alpha, beta_).mean == pytest.approx(stats.beta(alpha, beta_).mean())
    assert beta(alpha, beta_).interval == pytest.approx(stats.beta(alpha, beta_).interval(0.8))
    assert gamma(alpha, beta_).mean == pytest.approx(stats.gamma(alpha, scale=1 / beta_).mean())
    assert gamma(alpha, beta_).interval == pytest.approx(stats.gamma(alpha, scale=1 / beta_).interval(0.8))


@pytest.mark.parametrize(("threshold", "least"), [(-0.1, 1.0), (0.0, 1.0), (1.0, 0.0), (1.2, 0.0)])
def test_thresholds_outside_the_range_are_certain(threshold: float, least: float) -> None:
    assert beta(3, 2).probability_at_least(threshold) == least
    assert beta(3, 2).probability_at_most(threshold) == 1 - least


def test_failure_rates_may_exceed_one() -> None:
    assert 0 < gamma(3, 1.0).probability_at_least(1.5) < 1
    assert gamma(3, 1.0).probability_at_least(0.0) == 1.0


def test_words_tell_mean_interval_and_basis() -> None:
    tested = Posterior(
        "s", "m", "any", family="beta", alpha=9.0, beta=3.0, n_rows=2, observed=20.0, effective=11.0
    )
    assert tested.words == "mean 0.75 (80 % interval 0.585 to 0.895; 20 trials that count as 11)"
    assert (
        beta(0.5, 0.5).words == "mean 0.5 (80 % interval 0.0245 to 0.976; no trials, only the prior speaks)"
    )
    worn = Posterior("s", "m", "any", family="beta", alpha=0.5, beta=0.5, n_rows=2, observed=20.0)
    assert worn.is_prior_only
    assert worn.basis == "no trials count, only the prior speaks"
    failing = Posterior(
        "s",
        "m",
        "any",
        family="gamma",
        alpha=4.0,
        beta=100.0,
        unit="h",
        n_rows=1,
        observed=100,
        effective=100,
    )
    assert failing.words.startswith("mean 0.04 failures per h (80 % interval")
    assert failing.words.endswith("; 100 h that count as 100)")


def test_beta_intervals_hold_as_often_as_they_say_under_their_prior() -> None:
    # under the prior the chance is exactly 0.8; four standard errors of 4000 draws are 0.025
    draws = np.random.default_rng(20270101)
    truths = draws.beta(2.0, 1.5, size=4000)
    wins = draws.binomial(12, truths)
    held = 0
    for truth, won in zip(truths, wins, strict=True):
        low, high = beta(2.0 + won, 1.5 + 12 - won).interval
        held += low <= truth <= high
    assert held / 4000 == pytest.approx(0.8, abs=0.025)


def test_gamma_intervals_hold_as_often_as_they_say_under_their_prior() -> None:
    draws = np.random.default_rng(20270102)
    truths = draws.gamma(2.0, 1 / 80.0, size=4000)
    failures = draws.poisson(truths * 150.0)
    held = 0
    for truth, failed in zip(truths, failures, strict=True):
        low, high = gamma(2.0 + failed, 80.0 + 150.0).interval
        held += low <= truth <= high
    assert held / 4000 == pytest.approx(0.8, abs=0.025)


def test_jeffreys_intervals_hold_about_as_often_as_they_say_for_fixed_probabilities() -> None:
    # for one fixed truth the coverage swings with the counts: exact sums over 30 trials lie in 0.72 to 0.90
    for truth in (0.3, 0.5, 0.75, 0.9):
        held = sum(
            math.comb(30, won) * truth**won * (1 - truth) ** (30 - won)
            for won in range(31)
            if beta(0.5 + won, 30.5 - won).interval[0] <= truth <= beta(0.5 + won, 30.5 - won).interval[1]
        )
        assert 0.72 <= held <= 0.90, truth
