"""Reliability growth: does a system fail less often as its design is mended?

The Crow-AMSAA model takes failures as a Poisson process whose expected number after a cumulative
exposure `T` is `λ T^β`. `β < 1` is growth; the demonstrated mean exposure between failures at the end
of the tests is `1 / (λ β T^(β-1))`.

Sources: L. H. Crow, "Reliability analysis for complex, repairable systems", 1974; MIL-HDBK-189C,
"Reliability growth management", 2011; IEC 61164.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dronedeal.assessment.evidence import exposure_in, exposure_units, measure_kinds
from dronedeal.assessment.words import figure, percent
from dronedeal.deal import Deal
from dronedeal.deal.systems import Trial
from dronedeal.errors import InputError

LEAST_ROWS = 3
LEAST_FAILURES = 3
LEAST_EXPECTED = 5.0
GROUPED_METHOD = (
    "grouped-data maximum likelihood; intervals from the Fisher information on the log scale (MIL-HDBK-189C)"
)


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """A fitted Crow-AMSAA process.

    Parameters
    ----------
    beta : shape; below 1 failures become rarer
    scale : λ, expected failures in the first unit of exposure
    exposure : cumulative exposure at the end
    n_failures : failures in it
    beta_error : standard error of `ln beta`
    """

    beta: float
    scale: float
    exposure: float
    n_failures: int
    beta_error: float

    @property
    def mean_between_failures(self) -> float:
        """Exposure between failures demonstrated at the end, `1 / (λ β T^(β-1)) = T / (n β)`."""
        return self.exposure / (self.n_failures * self.beta)

    def beta_interval(self, confidence: float) -> tuple[float, float]:
        """Interval of the shape, `β exp(± z · se)`."""
        return _log_interval(self.beta, self.beta_error, confidence)

    def mean_between_failures_interval(self, confidence: float) -> tuple[float, float]:
        """Interval of the demonstrated mean exposure between failures.

        `M exp(± z · se)` with `se² = 1/n + se(ln β)²`: the number of failures and their places in the
        test are independent, so that their informations add.
        """
        error = math.sqrt(1 / self.n_failures + self.beta_error**2)
        return _log_interval(self.mean_between_failures, error, confidence)


@dataclass(frozen=True, slots=True)
class GrowthEstimate:
    """Reliability growth of one system in one failure measure.

    Parameters
    ----------
    system, measure : what it is about
    n_rows, n_failures, exposure, unit : dated rows of trials behind it; factory exposure counts as
        `factory_to_field` of exposure in the field
    first_date, last_date : days of the first and the last row, as YYYY-MM-DD
    beta, beta_interval : shape of the process
    scale : λ, expected failures in the first unit of exposure
    growth_slope, growth_slope_interval : `1 − β`; positive is growth
    mean_between_failures, mean_between_failures_interval : demonstrated at the end of the tests, in `unit`
    confidence : of the three intervals
    chi_square, degrees_of_freedom, p_value : goodness of fit; a small p-value speaks against the model;
        0 degrees of freedom and no p-value where failures are too few to tell
    method : how it was estimated
    """

    system: str
    measure: str
    n_rows: int
    n_failures: int
    exposure: float
    unit: str
    first_date: str
    last_date: str
    beta: float
    beta_interval: tuple[float, float]
    scale: float
    growth_slope: float
    growth_slope_interval: tuple[float, float]
    mean_between_failures: float
    mean_between_failures_interval: tuple[float, float]
    confidence: float
    chi_square: float
    degrees_of_freedom: int
    p_value: float | None
    method: str = GROUPED_METHOD

    @property
    def words(self) -> str:
        """The estimate in one sentence."""
        low, high = self.mean_between_failures_interval
        slope_low, slope_high = self.growth_slope_interval
        if slope_low > 0:
            trend = "it fails less and less often"
        elif slope_high < 0:
            trend = "it fails more and more often"
        else:
            trend = "no trend is certain"
        return (
            f"{figure(self.mean_between_failures, 3)} {self.unit} between failures at the end "
            f"({percent(self.confidence)} interval {figure(low, 3)} to {figure(high, 3)}), growth slope "
            f"{figure(round(self.growth_slope, 3))}: {trend}."
        )


def fit_failure_times(times: Sequence[float], end: float) -> PowerLaw:
    """Crow-AMSAA process from single failure times of a test that ended at a fixed exposure.

    `β = n / Σ ln(T / t_i)`, `λ = n / T^β` (Crow 1974). The standard error of `ln β` is `1/√n`.

    Parameters
    ----------
    times : (n,) cumulative exposure at each failure, each above 0 and at most `end`
    end : cumulative exposure at which the test ended

    Examples
    --------
    >>> law = fit_failure_times([math.exp(-2), math.exp(-1), 1.0], end=1.0)
    >>> law.beta, round(law.scale, 12)
    (1.0, 3.0)
    """
    if not times or not all(0 < time <= end for time in times):
        raise InputError(
            f"failure times: found {list(times)} with the end of the test at {figure(end)}; "
            "allowed: at least one time above 0 and at most the end; mend the times"
        )
    total = math.fsum(math.log(end / time) for time in times)
    if total == 0:
        raise InputError(
            "failure times: every failure is at the very end of the test, so that no growth can be told; "
            "allowed: at least one earlier failure"
        )
    number = len(times)
    beta = number / total
    return PowerLaw(beta, _scale(number, end, beta), end, number, 1 / math.sqrt(number))


def exact_beta_interval(law: PowerLaw, confidence: float) -> tuple[float, float]:
    """Exact interval of the shape fitted to single failure times.

    `2 n β / β-hat` has a chi-square distribution with `2n` degrees of freedom, so that the ends are
    `β-hat · χ²(p; 2n) / (2n)` (MIL-HDBK-189C).
    """
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    low, high = (float(gammaincinv(law.n_failures, p)) for p in (tail, 1 - tail))
    return law.beta * low / law.n_failures, law.beta * high / law.n_failures


def fit_intervals(exposures: Sequence[float], failures: Sequence[int]) -> PowerLaw | None:
    """Crow-AMSAA process from failures counted in consecutive intervals of exposure.

    With interval ends `T_0 = 0 < T_1 < … < T_k`, β is the one root of
    `Σ n_i [(T_i^β ln T_i − T_{i−1}^β ln T_{i−1}) / (T_i^β − T_{i−1}^β) − ln T_k] = 0` and
    `λ = n / T_k^β` (MIL-HDBK-189C). The log-likelihood is concave in β.

    Parameters
    ----------
    exposures : (k,) exposure of each interval in the order of the tests, each above 0
    failures : (k,) failures in each interval

    Returns
    -------
    None where there is no maximum: no failures, or all of them in the first or all in the last interval

    Examples
    --------
    >>> law = fit_intervals([100, 100, 100], [10, 5, 4])
    >>> round(law.beta, 4), round(law.mean_between_failures, 2)
    (0.5841, 27.03)
    """
    total = sum(failures)
    if total == 0 or failures[0] == total or failures[-1] == total:
        return None
    end = math.fsum(exposures)
    cells = [(low, high, n) for (low, high), n in zip(_scaled(exposures), failures, strict=True) if n]
    low, high = 1.0, 1.0
    while _score(low, cells) < 0:
        low /= 2
    while _score(high, cells) > 0:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _score(middle, cells) > 0 else (low, middle)
    beta = (low + high) / 2
    error = 1 / (beta * math.sqrt(_information(beta, cells)))
    return PowerLaw(beta, _scale(total, end, beta), end, total, error)


def goodness_of_fit(
    law: PowerLaw, exposures: Sequence[float], failures: Sequence[int]
) -> tuple[float, int, float | None]:
    """Chi-square test of a fitted process against counts in intervals.

    Neighbouring intervals are joined until each expects at least five failures; `Σ (n − e)² / e` then has
    about a chi-square distribution with two degrees of freedom less than there are cells (MIL-HDBK-189C).

    Returns
    -------
    statistic, degrees of freedom, p-value; no p-value where fewer than three cells remain
    """
    cells: list[tuple[float, float]] = []
    expected, found = 0.0, 0.0
    for (low, high), number in zip(_scaled(exposures), failures, strict=True):
        expected += law.n_failures * (high**law.beta - low**law.beta)
        found += number
        if expected >= LEAST_EXPECTED:
            cells.append((expected, found))
            expected, found = 0.0, 0.0
    if expected and cells:
        last_expected, last_found = cells.pop()
        cells.append((last_expected + expected, last_found + found))
    statistic = sum((found - expected) ** 2 / expected for expected, found in cells)
    freedom = max(0, len(cells) - 2)
    if not freedom:
        return statistic, 0, None
    from scipy.special import gammaincc

    return statistic, freedom, float(gammaincc(freedom / 2, statistic / 2))


def growth_estimates(deal: Deal) -> tuple[GrowthEstimate, ...]:
    """Growth of every system and failure measure with at least three dated rows that allow an estimate.

    Rows stand in the order of their dates, conditions pooled. Fewer than three failures, or failures in the
    first row only or in the last row only, give no estimate.
    """
    kinds = measure_kinds(deal.trials, deal.settings.evidence.priors)
    units = exposure_units(deal.trials)
    groups: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in deal.trials:
        if kinds[trial.measure] == "failure" and trial.date is not None and trial.exposure:
            groups[trial.system, trial.measure].append(trial)
    order = {system.id: number for number, system in enumerate(deal.systems)}
    keys = sorted((key for key in groups if key[0] in order), key=lambda key: (order[key[0]], key[1]))
    estimates = (_estimate(groups[key], deal=deal, unit=units[key[1]]) for key in keys)
    return tuple(estimate for estimate in estimates if estimate is not None)


def _estimate(trials: list[Trial], *, deal: Deal, unit: str) -> GrowthEstimate | None:
    settings = deal.settings.evidence
    share = {"factory": settings.factory_to_field, "field": 1.0}
    rows = [(trial.date, trial) for trial in trials if trial.date is not None and share[trial.setting] > 0]
    rows.sort(key=lambda item: item[0])
    exposures = [share[trial.setting] * exposure_in(trial, unit) for _, trial in rows]
    failures = [trial.failures or 0 for _, trial in rows]
    is_enough = len(rows) >= LEAST_ROWS and sum(failures) >= LEAST_FAILURES
    law = fit_intervals(exposures, failures) if is_enough else None
    if law is None:
        return None
    statistic, freedom, p_value = goodness_of_fit(law, exposures, failures)
    low, high = law.beta_interval(settings.confidence)
    return GrowthEstimate(
        system=trials[0].system,
        measure=trials[0].measure,
        n_rows=len(rows),
        n_failures=law.n_failures,
        exposure=law.exposure,
        unit=unit,
        first_date=rows[0][0].isoformat(),
        last_date=rows[-1][0].isoformat(),
        beta=law.beta,
        beta_interval=(low, high),
        scale=law.scale,
        growth_slope=1 - law.beta,
        growth_slope_interval=(1 - high, 1 - low),
        mean_between_failures=law.mean_between_failures,
        mean_between_failures_interval=law.mean_between_failures_interval(settings.confidence),
        confidence=settings.confidence,
        chi_square=statistic,
        degrees_of_freedom=freedom,
        p_value=p_value,
    )


def _scale(number: int, end: float, beta: float) -> float:
    """`n / T^β`; the logarithm keeps steep shapes from overflowing."""
    return math.exp(min(700.0, math.log(number) - beta * math.log(end)))


def _scaled(exposures: Sequence[float]) -> list[tuple[float, float]]:
    """Start and end of each interval as shares of the whole exposure; the last end is exactly 1."""
    end = math.fsum(exposures)
    ends = [math.fsum(exposures[: number + 1]) / end for number in range(len(exposures))]
    return list(zip([0.0, *ends[:-1]], ends, strict=True))


def _score(beta: float, cells: Sequence[tuple[float, float, int]]) -> float:
    """First derivative in β of `Σ n ln(high^β − low^β)`."""
    return math.fsum(number * _cell_score(beta, low, high) for low, high, number in cells)


def _cell_score(beta: float, low: float, high: float) -> float:
    if low == 0:
        return math.log(high)
    ratio = math.log(high / low)
    return math.log(high) + ratio / math.expm1(beta * ratio) if beta * ratio < 700 else math.log(high)


def _information(beta: float, cells: Sequence[tuple[float, float, int]]) -> float:
    """Observed information of β, `Σ n r² e^(βr) / (e^(βr) − 1)²` with `r = ln(high/low)`."""
    return math.fsum(
        number * (math.log(high / low) / (2 * math.sinh(beta * math.log(high / low) / 2))) ** 2
        for low, high, number in cells
        if low > 0 and beta * math.log(high / low) < 700
    )


def _log_interval(centre: float, error: float, confidence: float) -> tuple[float, float]:
    from scipy.special import ndtri

    reach = math.exp(float(ndtri((1 + confidence) / 2)) * error)
    return centre / reach, centre * reach
