"""Factors out of the evidence: how effective a system turns out, drawn from what its trials leave open."""

from __future__ import annotations

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
    found: dict[Varied, Posterior] = {}
    for pairing in assessment.pairings:
        posterior = pairing.posterior
        if pairing.is_eligible and isinstance(posterior, Posterior) and posterior.family == "beta":
            found.setdefault(Varied("effectiveness", evidence_subject(posterior)), posterior)
    factors = (_factor(varied, posterior, levels) for varied, posterior in sorted(found.items()))
    return tuple(factor for factor in factors if factor.outcomes[-1].multiplier - 1.0 >= _LEAST_SPREAD)


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
