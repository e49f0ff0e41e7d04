"""Factors out of the evidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planning.every_family import every_family

from dronedeal.assessment import assess
from dronedeal.assessment.posterior import Posterior
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.evidence import (
    _factor,
    evidence_factors,
    evidence_subject,
    trials_factor,
)
from dronedeal.planning.scenarios.grow import exact_tree
from dronedeal.planning.scenarios.under import Matching


def test_parts_are_means_of_equally_likely_draws() -> None:
    """Against a million draws of the same posterior, sorted and cut in three."""
    posterior = Posterior("shark", "mission_success", "any", family="beta", alpha=6.0, beta=3.0)
    factor = _factor(Varied("effectiveness", "shark:mission_success"), posterior, 3)
    draws = np.sort(np.random.default_rng(1).beta(6.0, 3.0, 999_999)).reshape(3, -1)
    found = [outcome.multiplier * posterior.mean for outcome in factor.outcomes]
    assert found == pytest.approx(draws.mean(axis=1).tolist(), abs=1e-3)


@settings(deadline=None, max_examples=20)
@given(alpha=st.floats(0.3, 200.0), beta=st.floats(0.3, 200.0), levels=st.integers(2, 5))
def test_the_expected_effectiveness_stays_what_it_is(alpha: float, beta: float, levels: int) -> None:
    posterior = Posterior("shark", "hit", "any", family="beta", alpha=alpha, beta=beta)
    factor = _factor(Varied("effectiveness", "shark:hit"), posterior, levels)
    assert factor.expected == pytest.approx(1.0)
    multipliers = [outcome.multiplier for outcome in factor.outcomes]
    assert multipliers == sorted(multipliers)
    assert multipliers[-1] * posterior.mean <= 1.0 + 1e-9


def test_every_posterior_behind_a_delivery_is_a_factor_of_the_second_year() -> None:
    deal = every_family()
    assessment = assess(deal)
    factors = evidence_factors(assessment)
    subjects = {
        evidence_subject(each.posterior)
        for each in assessment.pairings
        if each.is_eligible and isinstance(each.posterior, Posterior)
    }
    assert {factor.varied.subject for factor in factors} == subjects
    assert subjects
    assert {factor.stage for factor in factors} == {1}
    tree = exact_tree(deal, factors)
    assert len(tree.leaves) == 3 ** len(factors)


def test_it_moves_the_deliveries_that_rest_on_it_and_no_others() -> None:
    deal = every_family()
    plain = assess(deal)
    subject = "kite:hit"
    moved = Matching(deal).under({Varied("effectiveness", subject): Outcome("low", 0.5)})
    for before, after in zip(plain.pairings, moved.pairings, strict=True):
        is_moved = isinstance(before.posterior, Posterior) and evidence_subject(before.posterior) == subject
        assert after.effectiveness == pytest.approx(before.effectiveness * (0.5 if is_moved else 1.0))
    assert any(after != before for before, after in zip(plain.pairings, moved.pairings, strict=True))


def test_evidence_that_leaves_nothing_open_is_no_factor() -> None:
    sure = Posterior("shark", "hit", "any", family="beta", alpha=1e7, beta=1e6)
    factor = _factor(Varied("effectiveness", "shark:hit"), sure, 3)
    assert factor.outcomes[-1].multiplier == pytest.approx(1.0, abs=1e-3)


def test_one_more_trial_succeeds_or_fails() -> None:
    """With 3 successes and 1 failure known: a success has a chance of 3/4 and lifts 3/4 to 4/5."""
    known = Posterior("shark", "hit", "any", family="beta", alpha=3.0, beta=1.0)
    factor = trials_factor(Varied("effectiveness", "shark:hit"), known, trials=1)
    assert factor.probability == pytest.approx((0.25, 0.75))
    assert [each.multiplier for each in factor.outcomes] == pytest.approx([0.6 / 0.75, 0.8 / 0.75])
    none = trials_factor(Varied("effectiveness", "shark:hit"), known, trials=0)
    assert [each.multiplier for each in none.outcomes] == pytest.approx([1.0])


@settings(deadline=None, max_examples=20)
@given(alpha=st.floats(0.3, 50.0), beta=st.floats(0.3, 50.0), trials=st.integers(0, 200))
def test_no_test_changes_what_is_expected(alpha: float, beta: float, trials: int) -> None:
    known = Posterior("shark", "hit", "any", family="beta", alpha=alpha, beta=beta)
    factor = trials_factor(Varied("effectiveness", "shark:hit"), known, trials=trials)
    assert sum(factor.probability) == pytest.approx(1.0)
    assert factor.expected == pytest.approx(1.0)
    assert 1 <= len(factor.outcomes) <= 3
    multipliers = [outcome.multiplier for outcome in factor.outcomes]
    assert multipliers == sorted(multipliers)


def test_ever_more_trials_show_what_there_is_to_know() -> None:
    known = Posterior("shark", "hit", "any", family="beta", alpha=6.0, beta=3.0)
    everything = _factor(Varied("effectiveness", "shark:hit"), known, 3)
    found = trials_factor(Varied("effectiveness", "shark:hit"), known, trials=5000)
    assert found.probability == pytest.approx(everything.probability, abs=2e-3)
    assert [each.multiplier for each in found.outcomes] == pytest.approx(
        [each.multiplier for each in everything.outcomes], abs=2e-3
    )
