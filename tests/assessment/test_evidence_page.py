"""The worked examples of docs/explanation/evidence.md, by exact sums and plain quadrature."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest
from tests.assessment.exact import beta_cdf_by_quadrature, gamma_cdf, inverse

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "evidence.md"


@pytest.fixture(scope="module")
def text() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_success_example(text: str) -> None:
    half, carry, discount = Fraction(1, 2), Fraction(7, 10), Fraction(8, 10)
    field, factory = half * 17, half * carry * discount * 36
    alpha = half + field + factory
    beta = half + half * 20 + half * carry * 40 - field - factory
    assert (alpha, beta) == (Fraction("19.08"), Fraction("5.92"))
    assert "α = 19.08 | β = 5.92" in text
    assert f"19.08 / 25 = {float(alpha / (alpha + beta)):.3f}" in text

    def cdf(x: float) -> float:
        return beta_cdf_by_quadrature(float(alpha), float(beta), x, cells=400)

    low, high = inverse(cdf, 0.1, high=1), inverse(cdf, 0.9, high=1)
    assert f"the 80 % interval {low:.3f} to {high:.3f}" in text
    assert f"least 0.7 is {1 - cdf(0.7):.3f}" in text
    assert f"posterior.assured(0.8), 3) == {inverse(cdf, 0.2, high=1):.3f}" in text


def test_failure_example(text: str) -> None:
    half, discount = Fraction(1, 2), Fraction(8, 10)
    alpha = half + half * 6 + half * 1
    beta = half * 120 + half * discount * 100
    assert (alpha, beta) == (4, 100)
    low, high = (
        inverse(lambda x: gamma_cdf(4, 100 * Fraction(x)), probability, high=1) for probability in (0.1, 0.9)
    )
    assert f"interval from {low:.4f} to {high:.4f}" in text
    assert f"at least 20 h between failures is {gamma_cdf(4, Fraction(5)):.3f}" in text


def test_growth_example(text: str) -> None:
    counts, ends = (10, 5, 4), (1 / 3, 2 / 3, 1.0)

    def log_likelihood(log_beta: float) -> float:
        powers = [end ** math.exp(log_beta) for end in ends]
        shares = [powers[0], powers[1] - powers[0], powers[2] - powers[1]]
        return sum(count * math.log(share) for count, share in zip(counts, shares, strict=True))

    centre, step = 0.0, 1.0
    while step > 1e-9:  # walk uphill in ever smaller steps
        better = max((centre - step, centre, centre + step), key=log_likelihood)
        centre, step = (better, step) if better != centre else (centre, step / 2)
    beta, width = math.exp(centre), 1e-3
    curvature = (
        log_likelihood(centre + width) - 2 * log_likelihood(centre) + log_likelihood(centre - width)
    ) / width**2
    z = inverse(lambda x: math.erf(x / math.sqrt(2)), 0.8, high=10)
    reach = math.exp(z / math.sqrt(-curvature))
    assert f"β = {beta:.3f}, growth slope {1 - beta:.3f} with an 80 % interval from " in text
    assert f"from {1 - beta * reach:.3f} to {1 - beta / reach:.2f}, and" in text
    between = 300 / (19 * beta)
    reach = math.exp(z * math.sqrt(1 / 19 - 1 / curvature))
    assert f"{between:.0f} h between failures at the end" in text
    assert f"interval {between / reach:.1f} to {between * reach:.1f}." in text
    assert f"failures would have said {300 / 19:.1f} h" in text
