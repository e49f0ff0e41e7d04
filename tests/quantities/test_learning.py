"""Learning curves against published examples, sums and integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronedeal.errors import InputError
from dronedeal.quantities.learning import (
    CostCurve,
    Theory,
    crawford_run_cost,
    crawford_unit_cost,
    exponent,
    wright_run_cost,
)

SLOPES = st.floats(0.55, 0.99)
PRIORS = st.floats(1.0, 1e6)


def test_the_textbook_curve_of_80_per_cent_from_a_first_unit_of_100() -> None:
    assert crawford_unit_cost(100, 0.8, unit=8) == pytest.approx(51.2, abs=1e-9)
    assert crawford_run_cost(100, 0.8, units=8) == pytest.approx(534.591, abs=5e-4)
    assert wright_run_cost(100, 0.8, units=8) == pytest.approx(409.6, abs=1e-9)


def test_no_learning_is_a_straight_line() -> None:
    assert exponent(1) == 0
    assert crawford_run_cost(100, 1, units=8) == wright_run_cost(100, 1, units=8) == 800


@pytest.mark.parametrize("slope", [0.5, 0.0, 1.01, 85])
def test_a_slope_outside_the_range_is_named(slope: float) -> None:
    with pytest.raises(InputError, match=f"learning slope: found {slope}; allowed: above 0.5"):
        exponent(slope)


def test_a_curve_needs_experience() -> None:
    with pytest.raises(InputError, match="units already made: found 0"):
        CostCurve(100.0, 0.0, 0.9)


def test_doubling_the_experience_multiplies_the_unit_cost_by_the_slope() -> None:
    curve = CostCurve(100.0, 1000.0, 0.85)
    assert curve.marginal(1000.0) == 100.0
    assert curve.marginal(4000.0) == pytest.approx(100 * 0.85**2)


def test_the_integral_is_close_to_the_sum_over_units_of_the_unit_theory() -> None:
    """From unit 1,001 to 3,000 on a curve whose unit 1,000 costs 100."""
    b = -math.log2(0.85)
    units = math.fsum(100 * (number / 1000) ** -b for number in range(1001, 3001))
    assert float(CostCurve(100.0, 1000.0, 0.85).cumulative(2000.0)) == pytest.approx(units, rel=2e-4)


def test_the_average_theory_continues_the_average_so_far() -> None:
    """A thousand cost 100 on average, two thousand 85: the second thousand costs 70,000."""
    curve = CostCurve(100.0, 1000.0, 0.85, "cumulative_average")
    assert float(curve.cumulative(1000.0)) == pytest.approx(2000 * 85 - 1000 * 100)


@settings(deadline=None, max_examples=40)
@given(
    slope=SLOPES,
    prior=PRIORS,
    units=st.floats(1.0, 1e6),
    theory=st.sampled_from(["unit", "cumulative_average"]),
)
def test_the_cumulative_cost_is_the_integral_of_the_unit_cost(
    slope: float, prior: float, units: float, theory: Theory
) -> None:
    curve = CostCurve(7.0, prior, slope, theory)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    # In the logarithm of experience the integrand is smooth whatever the units.
    span = math.log1p(units / prior)
    experience = prior * np.exp(span * (nodes + 1) / 2)
    values = [curve.marginal(float(at)) * float(at) for at in experience]
    assert float(curve.cumulative(units)) == pytest.approx(float(weights @ values) * span / 2, rel=1e-9)


@settings(deadline=None, max_examples=30)
@given(slope=SLOPES, prior=PRIORS, growth=st.floats(0.01, 1000.0), tolerance=st.floats(0.001, 0.05))
def test_chords_understate_by_no_more_than_asked_for_and_need_no_fewer_points(
    slope: float, prior: float, growth: float, tolerance: float
) -> None:
    curve = CostCurve(100.0, prior, slope)
    points = curve.breakpoints(prior * growth, tolerance=tolerance)
    assert points[0] == 0
    assert points[-1] == prior * growth
    assert curve.chord_error(points) <= tolerance * (1 + 1e-6)
    if len(points) > 2:
        assert curve.chord_error(np.delete(points, 1)) > tolerance


def test_four_chords_over_a_hundredfold_growth_understate_by_a_fifth() -> None:
    """The reason why chords are placed by their error and not at equal distances."""
    curve = CostCurve(100.0, 1.0, 0.8)
    assert curve.chord_error(np.linspace(0.0, 99.0, 5)) > 0.2


def test_a_curve_without_units_has_its_two_ends() -> None:
    assert CostCurve(1.0, 1.0, 0.9).breakpoints(0.0, tolerance=0.01).tolist() == [0.0, 0.0]
