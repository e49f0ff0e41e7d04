"""How trials are weighed, pooled and joined with priors."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.small_deals import deal, system, trial

from dronedeal.assessment import Posterior
from dronedeal.assessment.evidence import Evidence, weigh
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings
from dronedeal.deal.systems import Trial


def posterior(*trials: Trial, condition: str = "any", **evidence: object) -> Posterior:
    found = Evidence(deal(trials=trials, evidence=evidence)).posterior(
        "kestrel", trials[0].measure, condition
    )
    assert found is not None
    return found


def test_fresh_field_trials_of_the_present_version_count_in_full() -> None:
    found = posterior(trial())
    assert (found.alpha, found.beta, found.effective, found.observed) == (9.5, 1.5, 10.0, 10.0)
    assert found.discounts == ()
    assert found.prior == "no prior is set: 0.5 successes and 0.5 failures (Jeffreys)"


@pytest.mark.parametrize(
    ("date", "half_life", "ageing"),
    [
        ("2025-01-31", 24.0, 0.5),
        ("2025-01-01", 24.0, 0.5),
        ("2023-01-15", 24.0, 0.25),
        ("2026-07-15", 12.0, 0.5**0.5),
        ("2028-05-01", 24.0, 1.0),
        ("2000-01-01", None, 1.0),
        (None, 24.0, 1.0),
    ],
)
def test_trials_lose_half_their_weight_with_each_half_life(
    date: str | None, half_life: float | None, ageing: float
) -> None:
    weights = EvidenceSettings(half_life_months=half_life)
    weighted = weigh(trial(date), row=0, system=system(), settings=weights, as_of="2027-01")
    assert weighted.ageing == pytest.approx(ageing, rel=1e-15)
    assert weighted.weight == weighted.ageing


def test_ages_are_counted_to_the_month_that_the_deal_names() -> None:
    late = posterior(trial("2027-01-15"), as_of="2029-01")
    assert late.effective == pytest.approx(5.0)


@pytest.mark.parametrize(("version", "kept"), [(3, 1.0), (None, 1.0), (2, 0.7), (1, 0.49), (4, 0.7)])
def test_each_design_version_of_distance_keeps_its_share(version: int | None, kept: float) -> None:
    assert posterior(trial(version=version)).effective == pytest.approx(10 * kept)


def test_a_factory_success_counts_as_a_share_of_a_field_success() -> None:
    # nine of ten at the factory, at 0.8 each: 7.2 successes and 2.8 failures
    found = posterior(trial(setting="factory"))
    assert (found.alpha, found.beta) == pytest.approx((0.5 + 7.2, 0.5 + 2.8))
    assert found.effective == pytest.approx(10.0)


def test_worthless_factory_successes_are_failures() -> None:
    found = posterior(trial(setting="factory"), factory_to_field=0)
    assert (found.alpha, found.beta) == (0.5, 10.5)


def test_all_discounts_together_match_exact_rational_arithmetic() -> None:
    rows = (
        trial("2025-01-15", n_trials=20, n_successes=17),
        trial("2025-01-15", n_trials=40, n_successes=36, setting="factory", version=2),
    )
    half, carried = Fraction(1, 2), Fraction(1, 2) * Fraction(7, 10)
    wins = half * 17 + carried * Fraction(8, 10) * 36
    effective = half * 20 + carried * 40
    found = posterior(*rows)
    assert found.alpha == pytest.approx(float(Fraction(1, 2) + wins), rel=1e-14)
    assert found.beta == pytest.approx(float(Fraction(1, 2) + effective - wins), rel=1e-14)
    assert found.effective == pytest.approx(24.0)


def test_every_discount_is_said_in_words() -> None:
    rows = (
        trial("2025-01-15", n_trials=20, n_successes=17),
        trial("2025-01-15", n_trials=40, n_successes=36, setting="factory", version=2),
        trial(None, n_trials=5, n_successes=5),
    )
    assert posterior(*rows).discounts == (
        "Ageing with a half-life of 24 months takes 65 trials to 35; the oldest are 24 months old.",
        "Results of design version 2 keep 0.7 for each version of distance, which takes 35 trials to 29.",
        "40 trials are from the factory: one success counts as 0.8 of one in the field.",
        "1 of 3 rows have no date and do not age.",
    )


def test_any_pools_all_conditions_and_a_named_one_uses_its_own_trials_only() -> None:
    rows = (trial(condition="desert"), trial(condition="sea", n_successes=2), trial(n_successes=10))
    evidence = Evidence(deal(trials=rows))
    alphas = {
        condition: found.alpha
        for condition in ("any", "desert", "sea", "arctic")
        if (found := evidence.posterior("kestrel", "mission", condition))
    }
    assert alphas == {"any": 21.5, "desert": 9.5, "sea": 2.5, "arctic": 0.5}
    assert [item.condition for item in evidence.posteriors()] == ["any", "desert", "sea"]


def test_without_trials_only_the_prior_speaks() -> None:
    found = Evidence(deal()).posterior("kestrel", "mission", "any")
    assert found is not None
    assert found.is_prior_only
    assert (found.alpha, found.beta) == (0.5, 0.5)


def test_the_prior_of_the_role_goes_before_the_prior_of_every_role() -> None:
    priors = (
        EvidencePrior(measure="mission", successes=1, failures=1),
        EvidencePrior(measure="mission", role="relay", successes=2, failures=3),
        EvidencePrior(measure="mission", role="scout", successes=8, failures=2),
        EvidencePrior(measure="other", role="scout", successes=99, failures=99),
    )
    systems = (
        system("a"),
        system("b", role="cargo"),
        system("c", role="cargo", other_roles=("relay", "scout")),
    )
    evidence = Evidence(deal(systems=systems, evidence={"priors": priors}))
    found = {name: evidence.posterior(name, "mission") for name in "abc"}
    assert {name: item and (item.alpha, item.beta) for name, item in found.items()} == {
        "a": (8, 2),
        "b": (1, 1),
        "c": (2, 3),
    }
    assert found["a"] is not None
    assert found["a"].prior == "prior for scout: 8 successes and 2 failures"


def failing(date: str | None = "2027-01-15", **changes: object) -> Trial:
    return trial(
        date, **{"measure": "breakdown", "exposure": 100.0, "exposure_unit": "h", "failures": 4, **changes}
    )


def test_failures_over_exposure_give_a_gamma_posterior() -> None:
    found = posterior(failing())
    assert (found.family, found.alpha, found.beta, found.unit) == ("gamma", 4.5, 100.0, "h")


def test_factory_exposure_counts_as_a_share_and_age_takes_failures_too() -> None:
    # half the weight: 2 failures in 0.5 × 0.8 × 100 h
    found = posterior(failing("2025-01-15", setting="factory"))
    assert (found.alpha, found.beta) == pytest.approx((2.5, 40.0))
    assert found.effective == pytest.approx(40.0)
    assert (
        found.discounts[-1]
        == "100 h are from the factory: one unit of exposure counts as 0.8 of one in the field."
    )


def test_worthless_factory_exposure_says_nothing_of_failures() -> None:
    found = posterior(failing(), failing(setting="factory", failures=50), factory_to_field=0)
    assert (found.alpha, found.beta) == (4.5, 100.0)


def test_exposures_are_converted_to_the_unit_of_the_first_row_of_the_measure() -> None:
    found = posterior(failing(), failing(exposure=2.0, exposure_unit="d", failures=1))
    assert (found.alpha, found.beta, found.unit) == (5.5, 148.0, "h")


def test_failure_priors_add_failures_and_exposure() -> None:
    priors = (EvidencePrior(measure="breakdown", shape=2, exposure=50),)
    found = posterior(failing(), priors=priors)
    assert (found.alpha, found.beta) == (6.0, 150.0)
    assert found.prior == "prior for every role: 2 failures in 50 h"


def test_nothing_is_known_of_a_failure_measure_without_exposure_or_prior() -> None:
    evidence = Evidence(deal(trials=(failing(),), systems=(system(), system("other"))))
    assert evidence.posterior("other", "breakdown") is None
    assert evidence.posterior("kestrel", "breakdown", "arctic") is None


ROWS = st.lists(
    st.builds(
        lambda date, n, share, setting, version, condition: trial(
            date,
            n_trials=n,
            n_successes=int(share * n),
            setting=setting,
            version=version,
            condition=condition,
        ),
        st.sampled_from([None, "2021-03-01", "2024-06-30", "2026-12-31", "2027-02-01"]),
        st.integers(0, 200),
        st.floats(0, 1),
        st.sampled_from(["factory", "field"]),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from(["any", "sea"]),
    ),
    min_size=1,
    max_size=8,
)


@given(rows=ROWS, seed=st.integers(0, 1000))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_the_order_of_the_rows_does_not_matter(rows: list[Trial], seed: int) -> None:
    mixed = random.Random(seed).sample(rows, len(rows))
    first, second = posterior(*rows), posterior(*mixed)
    assert (first.alpha, first.beta) == pytest.approx((second.alpha, second.beta), rel=1e-12)


@given(rows=ROWS)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_no_evidence_is_made_up_and_none_counts_twice(rows: list[Trial]) -> None:
    found = posterior(*rows)
    assert found.effective <= found.observed + 1e-9
    assert found.alpha + found.beta == pytest.approx(1 + found.effective)
    assert min(found.alpha, found.beta) >= 0.5 - 1e-9


@given(n=st.integers(2, 60), won=st.integers(0, 60), cut=st.integers(1, 59))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_one_campaign_reported_in_two_rows_counts_the_same(n: int, won: int, cut: int) -> None:
    won, cut = min(won, n), min(cut, n - 1)
    first_won = min(won, cut)
    whole = posterior(trial("2025-06-01", n_trials=n, n_successes=won, setting="factory"))
    halves = (
        posterior(
            trial("2025-06-01", n_trials=cut, n_successes=first_won, setting="factory"),
            trial("2025-06-01", n_trials=n - cut, n_successes=won - first_won, setting="factory"),
        )
        if won - first_won <= n - cut
        else whole
    )
    assert (whole.alpha, whole.beta) == pytest.approx((halves.alpha, halves.beta))


def test_posteriors_stand_in_the_order_of_systems_measures_and_conditions() -> None:
    rows = (
        trial(system="b", measure="y", condition="sea"),
        trial(system="b", measure="x"),
        trial(system="a", measure="y"),
    )
    evidence = Evidence(deal(systems=(system("b"), system("a")), trials=rows))
    keys = [(item.system, item.measure, item.condition) for item in evidence.posteriors([("a", "x", "any")])]
    assert keys == [
        ("b", "x", "any"),
        ("b", "y", "any"),
        ("b", "y", "sea"),
        ("a", "x", "any"),
        ("a", "y", "any"),
    ]
