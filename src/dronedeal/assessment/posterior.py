"""What trials and prior together say of one measure of one system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dronedeal.assessment.words import figure, percent
from dronedeal.quantities.incomplete import (
    beta_below,
    beta_quantile,
    gamma_above,
    gamma_below,
    gamma_quantile,
)

Family = Literal["beta", "gamma"]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Posterior of a success probability (beta) or of a failure rate (gamma).

    A success measure has the density `x^(alpha-1) (1-x)^(beta-1) / B(alpha, beta)` on 0 to 1; a failure
    measure the density `beta^alpha x^(alpha-1) e^(-beta x) / Γ(alpha)` of failures per `unit` of exposure
    (Gelman et al., Bayesian Data Analysis, 3rd edition, sections 2.4 and 2.6).

    Parameters
    ----------
    system, measure, condition : what it is about; the condition `any` pools all conditions
    family : `beta` for successes out of trials, `gamma` for failures over an exposure
    alpha : prior successes plus weighted successes; or prior shape plus weighted failures
    beta : prior failures plus weighted failures; or prior exposure plus weighted exposure
    unit : `1`, or the unit of the exposure
    confidence : credibility of `interval`
    n_rows : rows of the table trials behind it; 0 where only the prior speaks
    observed : trials or exposure as tested
    effective : trials or exposure that count after ageing, version and factory-to-field discount
    prior : the prior in words
    discounts : what was discounted and why, one sentence each

    Examples
    --------
    >>> posterior = Posterior("shark", "mission_success", "any", family="beta", alpha=9.0, beta=3.0)
    >>> posterior.mean
    0.75
    >>> low, high = posterior.interval
    >>> round(posterior.probability_at_least(low), 6), round(posterior.probability_at_most(high), 6)
    (0.9, 0.9)
    """

    system: str
    measure: str
    condition: str
    family: Family
    alpha: float
    beta: float
    unit: str = "1"
    confidence: float = 0.8
    n_rows: int = 0
    observed: float = 0.0
    effective: float = 0.0
    prior: str = ""
    discounts: tuple[str, ...] = ()

    @property
    def is_prior_only(self) -> bool:
        """Whether no trial counts, so that only the prior speaks."""
        return self.effective == 0

    @property
    def mean(self) -> float:
        """Posterior mean: `alpha / (alpha + beta)` of a success, `alpha / beta` of a failure rate."""
        return self.alpha / (self.alpha + self.beta if self.family == "beta" else self.beta)

    @property
    def interval(self) -> tuple[float, float]:
        """Equal-tailed credible interval that holds with probability `confidence`."""
        tail = (1 - self.confidence) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def probability_at_most(self, threshold: float) -> float:
        """Posterior probability that the measure is at most a threshold, 0 to 1."""
        if threshold <= 0:
            return 0.0
        if self.family == "beta":
            return 1.0 if threshold >= 1 else beta_below(self.alpha, self.beta, threshold)
        return gamma_below(self.alpha, self.beta * threshold)

    def probability_at_least(self, threshold: float) -> float:
        """Posterior probability that the measure is at least a threshold, 0 to 1."""
        if threshold <= 0:
            return 1.0
        if self.family == "beta":
            return 0.0 if threshold >= 1 else beta_below(self.beta, self.alpha, 1 - threshold)
        return gamma_above(self.alpha, self.beta * threshold)

    def quantile(self, probability: float) -> float:
        """The value that the measure does not exceed with that probability."""
        if self.family == "beta":
            return beta_quantile(self.alpha, self.beta, probability)
        return gamma_quantile(self.alpha, probability) / self.beta

    def assured(self, probability: float) -> float:
        """The success probability that is reached or exceeded with a given probability."""
        return self.quantile(1 - probability)

    @property
    def words(self) -> str:
        """Mean, interval and what they rest on, in one phrase."""
        low, high = self.interval
        per = "" if self.family == "beta" else f" failures per {self.unit}"
        spread = f"{percent(self.confidence)} interval {figure(low, 3)} to {figure(high, 3)}"
        return f"mean {figure(self.mean, 3)}{per} ({spread}; {self.basis})"

    @property
    def basis(self) -> str:
        """What it rests on: the trials and what they are worth, or the prior alone."""
        if self.is_prior_only:
            return (
                "no trials count, only the prior speaks"
                if self.n_rows
                else "no trials, only the prior speaks"
            )
        unit = "trials" if self.family == "beta" else self.unit
        return f"{figure(self.observed)} {unit} that count as {figure(self.effective)}"
