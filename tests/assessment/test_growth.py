"""Crow-AMSAA estimates against closed forms, a published example, brute force and simulation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.exact import gamma_cdf_by_quadrature, inverse
from tests.assessment.small_deals import deal, system, trial

from dronedeal.assessment import GrowthEstimate
from dronedeal.assessment.growth import (
    exact_beta_interval,
    fit_failure_times,
    fit_intervals,
    goodness_of_fit,
    growth_estimates,
)
from dronedeal.deal.systems import Trial
from dronedeal.errors import InputError

TIMES = [5.2, 30.0, 31.5, 90.0, 140.0, 260.0, 410.0, 720.0]


def log_likelihood(beta: float, total: float, exposures: list[float], failures: list[int]) -> float:
    """Poisson log-likelihood of counts in intervals, written out from the model.

    `total` is λ T^β, the expected failures of the whole test.
    """
    ends = np.cumsum(exposures) / sum(exposures)
    expected = total * (ends**beta - np.concatenate([[0.0], ends[:-1]]) ** beta)
    counted = zip(failures, expected, strict=True)
    return float(sum((n * math.log(e) if n else 0.0) - e for n, e in counted))


def test_failure_times_give_the_closed_form_estimates() -> None:
    law = fit_failure_times(TIMES, 1000.0)
    assert law.beta == pytest.approx(8 / sum(math.log(1000.0 / time) for time in TIMES), rel=1e-14)
    assert law.scale == pytest.approx(8 / 1000.0**law.beta, rel=1e-12)
    # the demonstrated mean is one over the intensity λ β T^(β−1)
    assert law.mean_between_failures == pytest.approx(1 / (law.scale * law.beta * 1000.0 ** (law.beta - 1)))


def test_exact_interval_of_the_shape_holds_the_chi_square_probabilities() -> None:
    # 2 n β / β-hat is chi-square with 2n degrees of freedom: half of it is gamma with shape n
    law = fit_failure_times(TIMES, 1000.0)
    low, high = exact_beta_interval(law, 0.9)
    assert gamma_cdf_by_quadrature(8, 8 * low / law.beta) == pytest.approx(0.05, abs=1e-9)
    assert gamma_cdf_by_quadrature(8, 8 * high / law.beta) == pytest.approx(0.95, abs=1e-9)


@pytest.mark.parametrize("times", [[], [0.0, 3.0], [3.0, 11.0], [10.0, 10.0]])
def test_unusable_failure_times_are_refused_with_the_next_step(times: list[float]) -> None:
    with pytest.raises(InputError, match=r"^failure times: .*allowed: at least one "):
        fit_failure_times(times, 10.0)


def test_published_example_of_grouped_data_is_reproduced() -> None:
    # 2, 3, 4 and 11 cumulative failures at 200, 400, 600 and 3000 hours: β = 0.6315
    # (weibull.com, "Grouped Data for the Crow-AMSAA Model", example 4)
    law = fit_intervals([200, 200, 200, 2400], [2, 1, 1, 7])
    assert law is not None
    assert law.beta == pytest.approx(0.6315, abs=5e-5)
    assert law.scale == pytest.approx(11 / 3000**law.beta, rel=1e-12)


def test_counts_in_very_short_intervals_approach_the_failure_times() -> None:
    edges = sorted({0.0, 1000.0, *(t - 0.005 for t in TIMES), *(t + 0.005 for t in TIMES)})
    exposures = [high - low for low, high in itertools.pairwise(edges)]
    counts = [sum(low < t < high for t in TIMES) for low, high in itertools.pairwise(edges)]
    grouped, single = fit_intervals(exposures, counts), fit_failure_times(TIMES, 1000.0)
    assert grouped is not None
    assert grouped.beta == pytest.approx(single.beta, rel=1e-4)
    assert grouped.beta_error == pytest.approx(single.beta_error, rel=1e-4)


@given(
    exposures=st.lists(st.floats(1, 500), min_size=3, max_size=8),
    data=st.data(),
)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_no_other_parameters_are_more_likely(exposures: list[float], data: st.DataObject) -> None:
    size = len(exposures)
    failures = data.draw(st.lists(st.integers(0, 12), min_size=size, max_size=size))
    law = fit_intervals(exposures, failures)
    if law is None:
        assert max(failures[0], failures[-1]) == sum(failures)
        return
    best = log_likelihood(law.beta, law.n_failures, exposures, failures)
    for factor in (0.9, 0.999, 1.001, 1.1):
        assert log_likelihood(law.beta * factor, law.n_failures, exposures, failures) <= best + 1e-9
        assert log_likelihood(law.beta, law.n_failures * factor, exposures, failures) <= best + 1e-9


def test_standard_error_is_the_curvature_of_the_likelihood() -> None:
    exposures, failures = [100.0, 150.0, 250.0, 100.0], [9, 6, 7, 2]
    law = fit_intervals(exposures, failures)
    assert law is not None

    def profile(log_beta: float) -> float:
        return log_likelihood(math.exp(log_beta), law.n_failures, exposures, failures)

    centre, step = math.log(law.beta), 1e-3
    curvature = (profile(centre + step) - 2 * profile(centre) + profile(centre - step)) / step**2
    assert law.beta_error == pytest.approx(1 / math.sqrt(-curvature), rel=1e-5)


@given(scale=st.sampled_from([1e-3, 1 / 24, 60.0, 1e6]))
@settings(deadline=None, max_examples=4, derandomize=True)
def test_another_unit_of_exposure_changes_no_shape(scale: float) -> None:
    exposures, failures = [100.0, 150.0, 250.0, 100.0], [9, 6, 7, 2]
    first, second = (
        fit_intervals(exposures, failures),
        fit_intervals([e * scale for e in exposures], failures),
    )
    assert first is not None
    assert second is not None
    assert second.beta == pytest.approx(first.beta, rel=1e-12)
    assert second.mean_between_failures == pytest.approx(scale * first.mean_between_failures, rel=1e-12)


@pytest.mark.parametrize("failures", [[0, 0, 0], [5, 0, 0], [0, 0, 5]])
def test_failures_at_one_end_only_give_no_estimate(failures: list[int]) -> None:
    assert fit_intervals([10.0, 10.0, 10.0], failures) is None


def test_steep_shapes_do_not_overflow() -> None:
    law = fit_intervals([1e14, 1e10, 1e10], [1, 0, 1000])
    assert law is not None
    assert math.isfinite(law.scale)
    assert law.beta > 1e4


def test_goodness_of_fit_is_the_sum_over_cells_of_five_expected_failures() -> None:
    # a process of constant rate 0.1 with 30 failures: three cells of ten expected each
    law = fit_failure_times([300.0 / math.e] * 30, 300.0)
    assert law.beta == pytest.approx(1.0)
    statistic, freedom, p_value = goodness_of_fit(law, [100.0] * 3, [16, 8, 6])
    assert (statistic, freedom) == (pytest.approx((36 + 4 + 16) / 10), 1)
    # one degree of freedom: the square of a standard normal
    assert p_value == pytest.approx(math.erfc(math.sqrt(statistic / 2)))


def test_thin_cells_are_joined_and_too_few_of_them_tell_nothing() -> None:
    law = fit_failure_times([300.0 / math.e] * 6, 300.0)
    assert goodness_of_fit(law, [100.0] * 3, [2, 2, 2]) == (pytest.approx(0.0, abs=1e-20), 0, None)


def test_intervals_hold_about_as_often_as_they_say() -> None:
    # 25 expected failures in six intervals; four standard errors of 1500 draws are 0.041, and the
    # approximation itself is out by about 0.01
    draws, beta, n_draws = np.random.default_rng(20270103), 0.7, 1500
    ends = np.linspace(0.0, 1000.0, 7)
    expected = 25 * np.diff((ends / 1000.0) ** beta)
    truth = 1000.0 / (25 * beta)
    held_beta = held_mean = 0
    for counts in draws.poisson(expected, size=(n_draws, 6)):
        law = fit_intervals(list(np.diff(ends)), [int(count) for count in counts])
        assert law is not None
        low, high = law.beta_interval(0.8)
        held_beta += low <= beta <= high
        low, high = law.mean_between_failures_interval(0.8)
        held_mean += low <= truth <= high
    assert held_beta / n_draws == pytest.approx(0.8, abs=0.05)
    assert held_mean / n_draws == pytest.approx(0.8, abs=0.05)


def test_exact_shape_intervals_hold_as_often_as_they_say() -> None:
    # given n, the failure times of the process are n independent draws with distribution (t/T)^β
    draws, n_draws = np.random.default_rng(20270104), 3000
    held = 0
    for shares in draws.random(size=(n_draws, 7)):
        low, high = exact_beta_interval(fit_failure_times(list(shares ** (1 / 0.6)), 1.0), 0.8)
        held += low <= 0.6 <= high
    assert held / n_draws == pytest.approx(0.8, abs=0.03)


def test_the_chi_square_test_rejects_a_true_process_about_as_often_as_it_says() -> None:
    draws, n_draws, rejected = np.random.default_rng(20270105), 1000, 0
    ends = np.linspace(0.0, 1.0, 9)
    for counts in draws.poisson(80 * np.diff(ends**0.8), size=(n_draws, 8)):
        law = fit_intervals(list(np.diff(ends)), [int(count) for count in counts])
        assert law is not None
        p_value = goodness_of_fit(law, list(np.diff(ends)), [int(count) for count in counts])[2]
        assert p_value is not None
        rejected += p_value < 0.1
    assert rejected / n_draws == pytest.approx(0.1, abs=0.045)


def run(date: str | None, exposure: float, failures: int, **changes: object) -> Trial:
    return trial(
        date,
        **{"measure": "breakdown", "exposure": exposure, "exposure_unit": "h", "failures": failures}
        | changes,
    )


ROWS = (run("2026-03-01", 100, 4), run("2026-01-01", 100, 10), run("2026-02-01", 100, 5))


def only(*rows: Trial, **evidence: object) -> GrowthEstimate:
    (estimate,) = growth_estimates(deal(trials=rows, evidence=evidence))
    return estimate


def test_rows_stand_in_the_order_of_their_dates() -> None:
    estimate, law = only(*ROWS), fit_intervals([100, 100, 100], [10, 5, 4])
    assert law is not None
    assert (estimate.beta, estimate.scale, estimate.n_failures) == (law.beta, law.scale, 19)
    assert estimate.growth_slope == 1 - law.beta
    assert estimate.mean_between_failures == law.mean_between_failures
    assert (estimate.first_date, estimate.last_date) == ("2026-01-01", "2026-03-01")
    assert (estimate.exposure, estimate.unit, estimate.n_rows) == (300.0, "h", 3)


def test_intervals_have_the_confidence_of_the_deal() -> None:
    narrow, wide = only(*ROWS, confidence=0.5), only(*ROWS, confidence=0.95)
    assert wide.beta_interval[0] < narrow.beta_interval[0] < narrow.beta < narrow.beta_interval[1]
    assert narrow.growth_slope_interval == (1 - narrow.beta_interval[1], 1 - narrow.beta_interval[0])
    # log-normal: the ends of the 95 % interval are exp(±1.959964 se), se² = 1/n + se(ln β)²
    z = inverse(lambda x: math.erf(x / math.sqrt(2)), 0.95, high=10)
    error = math.log(wide.beta_interval[1] / wide.beta) / z
    reach = math.exp(z * math.sqrt(1 / 19 + error**2))
    assert wide.mean_between_failures_interval[1] == pytest.approx(wide.mean_between_failures * reach)
    assert wide.mean_between_failures_interval[0] == pytest.approx(wide.mean_between_failures / reach)


def test_factory_exposure_counts_as_a_share_of_field_exposure() -> None:
    rows = (ROWS[0], run("2026-01-01", 100, 10, setting="factory"), ROWS[2])
    law = fit_intervals([80, 100, 100], [10, 5, 4])
    assert law is not None
    assert only(*rows).beta == law.beta
    assert growth_estimates(deal(trials=rows, evidence={"factory_to_field": 0})) == ()


def test_units_are_converted_to_that_of_the_first_row() -> None:
    rows = (ROWS[0], run("2026-01-01", 100 / 24, 10, exposure_unit="d"), ROWS[2])
    assert only(*rows).beta == pytest.approx(only(*ROWS).beta, rel=1e-12)


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:2],
        (*ROWS[:2], run(None, 100, 5)),
        (*ROWS[:2], run("2026-02-01", 100, 5, system="other")),
        tuple(run(f"2026-0{month}-01", 100, 0) for month in (1, 2, 3)),
        (run("2026-01-01", 100, 1), run("2026-02-01", 100, 1), run("2026-03-01", 100, 0)),
        (trial("2026-01-01"), trial("2026-02-01"), trial("2026-03-01")),
    ],
)
def test_fewer_than_three_dated_rows_or_three_failures_give_no_estimate(rows: tuple[Trial, ...]) -> None:
    assert growth_estimates(deal(trials=rows, systems=(system(), system("other")))) == ()


def test_words_tell_the_trend() -> None:
    assert only(*ROWS).words == (
        "27 h between failures at the end (80 % interval 16.1 to 45.5), growth slope 0.416: "
        "it fails less and less often."
    )
    assert "no trend is certain" in only(*ROWS, confidence=0.99).words
    worse = (run("2026-01-01", 100, 1), run("2026-02-01", 100, 9), run("2026-03-01", 100, 30))
    assert "it fails more and more often" in only(*worse).words
