"""Combinations of outcomes and their chances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.planning.scenarios.joint import (
    all_combinations,
    correlated_groups,
    correlation_matrix,
    draws,
)


def factor(name: str, *chances: float) -> Factor:
    """A factor with multipliers 1, 2, 3 …"""
    outcomes = tuple(Outcome(f"o{at}", float(at + 1)) for at in range(len(chances)))
    return Factor(Varied("budget", name), 1, outcomes, chances)


def test_independent_factors_multiply_out() -> None:
    factors = (factor("a", 0.25, 0.75), factor("b", 0.2, 0.3, 0.5))
    chosen, probability = all_combinations(factors, np.eye(2))
    assert chosen.tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]
    assert probability == pytest.approx([0.05, 0.075, 0.125, 0.15, 0.225, 0.375])


def test_two_factors_of_a_half_each_meet_sheppards_formula() -> None:
    """`P(both below their medians) = 1/4 + asin(ρ)/2π` (Sheppard 1899)."""
    factors = (factor("a", 0.5, 0.5), factor("b", 0.5, 0.5))
    for rho in (-0.99, -0.5, 0.3, 0.8, 0.999):
        _, probability = all_combinations(factors, np.array([[1.0, rho], [rho, 1.0]]))
        assert probability[0] == pytest.approx(0.25 + math.asin(rho) / (2 * math.pi), abs=1e-9)


@settings(deadline=None, max_examples=20)
@given(rho=st.floats(-1.0, 1.0), low=st.floats(0.05, 0.9))
def test_correlation_leaves_the_chances_of_each_factor_as_they_are(rho: float, low: float) -> None:
    factors = (factor("a", low, 1 - low), factor("b", 0.2, 0.3, 0.5))
    chosen, probability = all_combinations(factors, np.array([[1.0, rho], [rho, 1.0]]))
    assert probability[chosen[:, 0] == 0].sum() == pytest.approx(low, abs=1e-9)
    assert probability[chosen[:, 1] == 2].sum() == pytest.approx(0.5, abs=1e-9)


def test_perfectly_correlated_factors_turn_out_alike() -> None:
    factors = (factor("a", 0.3, 0.7), factor("b", 0.3, 0.7))
    chosen, probability = all_combinations(factors, np.ones((2, 2)))
    assert chosen.tolist() == [[0, 0], [1, 1]]
    assert probability == pytest.approx([0.3, 0.7])


def test_three_correlated_factors_have_no_exact_table() -> None:
    factors = tuple(factor(name, 0.5, 0.5) for name in "abc")
    with pytest.raises(ValueError, match="three or more"):
        all_combinations(factors, np.full((3, 3), 0.5) + np.eye(3) * 0.5)


def test_groups_follow_correlations_through_others() -> None:
    matrix = np.eye(4)
    matrix[0, 2] = matrix[2, 0] = matrix[2, 3] = matrix[3, 2] = 0.5
    assert correlated_groups(matrix) == [[0, 2, 3], [1]]


def test_draws_have_the_stated_chances_and_correlation() -> None:
    factors = (factor("a", 0.5, 0.5), factor("b", 0.5, 0.5), factor("c", 0.2, 0.8))
    known = {(factors[0].varied, factors[1].varied): 0.8, (factors[1].varied, factors[0].varied): 0.8}
    matrix = correlation_matrix(factors, known)
    chosen = draws(factors, matrix, count=4000, generator=np.random.default_rng(1))
    assert (chosen[:, 0] == 0).mean() == pytest.approx(0.5, abs=1e-3)  # a stratum each
    assert (chosen[:, 2] == 0).mean() == pytest.approx(0.2, abs=1e-3)
    both = ((chosen[:, 0] == 0) & (chosen[:, 1] == 0)).mean()
    assert both == pytest.approx(0.25 + math.asin(0.8) / (2 * math.pi), abs=0.02)


def test_dependent_correlations_can_be_drawn() -> None:
    factors = (factor("a", 0.5, 0.5), factor("b", 0.5, 0.5))
    chosen = draws(factors, -np.ones((2, 2)) + 2 * np.eye(2), count=50, generator=np.random.default_rng(2))
    assert (chosen[:, 0] + chosen[:, 1] == 1).all()
