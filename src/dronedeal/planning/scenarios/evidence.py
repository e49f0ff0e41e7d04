"""Factors out of the evidence: how effective a system turns out, drawn from what its trials leave open."""

from __future__ import annotations

import math

from dronedeal.assessment import Assessment
from dronedeal.assessment.posterior import Posterior
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.quantities.incomplete import beta_below, beta_quantile

LEVELS = 3
_NAMES = {2: ("low", "high"), 3: ("low", "middle", "high")}
# Evidence that leaves less than this open is no reason for a scenario.
_LEAST_SPREAD = 0.005


def evidence_factors(assessment: Assessment, *, levels: int = LEVELS) -> tuple[Factor, ...]:
    """One factor for each posterior behind an eligible delivery, turning out after the first year.

    The posterior is cut into equally likely parts; each outcome is the mean of its part over the mean of the
    whole, so that the expected effectiveness stays what it is:
    `m_i = L · (F_{α+1,β}(q_i) − F_{α+1,β}(q_{i−1}))` with `q_i` the quantile of `i/L`, for
    `∫ x f_{α,β} = mean · F_{α+1,β}` (Keefer and Bodily, Three-point approximations for continuous random
    variables, 1983, compare such cuts).

    Parameters
    ----------
    assessment : the matching with the evidence behind it
    levels : number of outcomes, equally likely

    Returns
    -------
    factors of `effectiveness` whose subject is `system:measure`, sorted
    """
    found = posteriors_of(assessment)
    factors = (_factor(varied, posterior, levels) for varied, posterior in sorted(found.items()))
    return tuple(factor for factor in factors if factor.outcomes[-1].multiplier - 1.0 >= _LEAST_SPREAD)


def posteriors_of(assessment: Assessment) -> dict[Varied, Posterior]:
    """Posteriors of successes behind eligible deliveries, by what a factor out of them is about."""
    found: dict[Varied, Posterior] = {}
    for pairing in assessment.pairings:
        posterior = pairing.posterior
        if pairing.is_eligible and isinstance(posterior, Posterior) and posterior.family == "beta":
            found.setdefault(Varied("effectiveness", evidence_subject(posterior)), posterior)
    return found


def trials_factor(varied: Varied, posterior: Posterior, *, trials: int, levels: int = LEVELS) -> Factor:
    """What so many more trials of a system would show, before they are made (preposterior).

    Of `n` trials `k` succeed with the beta-binomial chance `C(n,k) B(α+k, β+n−k) / B(α, β)`, and the mean is
    then `(α+k) / (α+β+n)` (Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961). Results are put
    together to a few outcomes, each the mean of its own, so that the expected effectiveness stays what it is.

    Parameters
    ----------
    varied : what the factor is about
    posterior : beta, of what is known now
    trials : number of further trials; with none there is one outcome
    levels : number of outcomes at most
    """
    alpha, beta = posterior.alpha, posterior.beta
    grouped: dict[int, list[tuple[float, float]]] = {}
    below = 0.0
    for successes in range(trials + 1):
        chance = math.exp(
            math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
            + _log_beta(alpha + successes, beta + trials - successes) - _log_beta(alpha, beta)
        )  # fmt: skip
        mean = (alpha + successes) / (alpha + beta + trials)
        at = successes if trials < levels else min(levels - 1, int((below + chance / 2) * levels))
        grouped.setdefault(at, []).append((chance, mean / posterior.mean))
        below += chance
    parts = [grouped[at] for at in sorted(grouped)]
    chances = [math.fsum(chance for chance, _ in part) / below for part in parts]
    names = _NAMES.get(len(parts), tuple(f"part_{at + 1}" for at in range(len(parts))))
    means = [
        math.fsum(chance * by for chance, by in part) / math.fsum(chance for chance, _ in part)
        for part in parts
    ]
    outcomes = tuple(Outcome(name, by) for name, by in zip(names, means, strict=True))
    return Factor(varied, 1, outcomes, tuple(chances))


def _log_beta(alpha: float, beta: float) -> float:
    return math.lgamma(alpha) + math.lgamma(beta) - math.lgamma(alpha + beta)


def evidence_subject(posterior: Posterior) -> str:
    """What a factor out of the evidence is about: system and measure."""
    condition = "" if posterior.condition == "any" else f":{posterior.condition}"
    return f"{posterior.system}:{posterior.measure}{condition}"


def _factor(varied: Varied, posterior: Posterior, levels: int) -> Factor:
    alpha, beta = posterior.alpha, posterior.beta
    inner = [beta_quantile(alpha, beta, at / levels) for at in range(1, levels)]
    below = [0.0, *(beta_below(alpha + 1, beta, value) for value in inner), 1.0]
    names = _NAMES.get(levels, tuple(f"part_{at + 1}" for at in range(levels)))
    outcomes = tuple(
        Outcome(name, levels * (high - low))
        for name, low, high in zip(names, below[:-1], below[1:], strict=True)
    )
    return Factor(varied, 1, outcomes, (1.0 / levels,) * levels)
