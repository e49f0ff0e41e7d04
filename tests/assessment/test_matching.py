"""Pairings of whole deals: what makes a pair eligible, how effective it is, and what must not matter."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from tests.assessment.exact import beta_cdf_by_quadrature, inverse
from tests.assessment.small_deals import asked, deal, figure, price, requirement, rule, system, trial

from dronedeal.assessment import Pairing, assess
from dronedeal.deal import Deal
from dronedeal.deal.requirements import Branch
from dronedeal.deal.settings import EvidencePrior
from dronedeal.deal.synthetic import synthetic_deal


def pair(**changes: object) -> Pairing:
    return assess(deal(**changes)).pairings[0]


def test_role_and_domain_must_agree() -> None:
    wrong = pair(systems=(system(role="cargo", domain="ground", other_roles=("relay",)),))
    assert [(item.kind, item.found, item.needed) for item in wrong.stopped_by] == [
        ("role", "cargo, relay", "scout"),
        ("domain", "ground", "air"),
    ]
    assert wrong.stopped_by[0].reason == (
        "Its role is cargo and relay, not scout; other_roles can name further ones."
    )


def test_a_further_role_is_as_good_as_the_first() -> None:
    assert pair(systems=(system(role="cargo", other_roles=("relay", "scout")),)).is_eligible


def test_every_criterion_is_listed_even_when_the_role_is_wrong() -> None:
    found = pair(
        systems=(system(role="cargo"),),
        attributes=(figure(attribute="range", value=90, unit="km"),),
        requirement_attributes=(
            asked(attribute="range", threshold=100, unit="km"),
            asked(standard="Link 16"),
        ),
        rules=(rule("export_permit", limit=2),),
    )
    assert [(item.kind, item.is_met) for item in found.criteria] == [
        ("role", False),
        ("domain", True),
        ("attribute", False),
        ("standard", None),
        ("permit", False),
        ("price", True),
    ]


def test_without_a_measure_every_unit_counts_in_full() -> None:
    found = pair(trials=(trial(n_successes=1),))
    assert (found.effectiveness, found.effectiveness_interval) == (1.0, None)


MEASURED = {"requirements": (requirement(effectiveness_measure="mission", effectiveness_condition="sea"),)}
AT_SEA = (trial(condition="sea"), trial(condition="desert", n_successes=0))


def test_effectiveness_is_the_posterior_mean_of_its_measure_and_condition() -> None:
    # nine of ten at sea on Jeffreys' prior; the desert does not count
    found = pair(trials=AT_SEA, **MEASURED)
    assert found.effectiveness == pytest.approx(9.5 / 11)
    assert found.effectiveness_interval is not None
    low, high = found.effectiveness_interval
    assert beta_cdf_by_quadrature(9.5, 1.5, low) == pytest.approx(0.1, abs=1e-9)
    assert beta_cdf_by_quadrature(9.5, 1.5, high) == pytest.approx(0.9, abs=1e-9)


def test_assured_effectiveness_is_reached_with_the_probability_asked_for() -> None:
    found = pair(trials=AT_SEA, options={"effectiveness": "assurance", "assurance": 0.95}, **MEASURED)
    # held with probability 0.95: only 0.05 lies below
    exact = inverse(lambda x: beta_cdf_by_quadrature(9.5, 1.5, x, cells=400), 0.05, high=1.0)
    assert found.effectiveness == pytest.approx(exact, abs=1e-7)


def test_untested_systems_have_the_effectiveness_of_the_prior() -> None:
    priors = {"priors": (EvidencePrior(measure="mission", role="scout", successes=3, failures=1),)}
    assert pair(evidence=priors, **MEASURED).effectiveness == pytest.approx(0.75)
    assert pair(**MEASURED).effectiveness == pytest.approx(0.5)


def test_pairs_stand_in_row_order_and_are_found_by_their_ids() -> None:
    assessment = assess(
        deal(systems=(system("b"), system("a")), requirements=(requirement("watch"), requirement("alarm")))
    )
    assert [(item.requirement, item.system) for item in assessment.pairings] == [
        ("watch", "b"),
        ("watch", "a"),
        ("alarm", "b"),
        ("alarm", "a"),
    ]
    assert assessment.pairing("alarm", "b") is assessment.pairings[2]


@pytest.fixture(scope="module")
def made_up() -> Deal:
    return synthetic_deal(systems=40, lines=30, requirements=25, seed=7)


def test_a_pair_is_eligible_exactly_when_no_hard_criterion_is_open(made_up: Deal) -> None:
    pairings = assess(made_up).pairings
    assert len(pairings) == 40 * 25
    for pairing in pairings:
        assert pairing.is_eligible == (not pairing.stopped_by)
        assert pairing.is_eligible <= (pairing.first_month <= pairing.last_month)
        for criterion in pairing.criteria:
            assert bool(criterion.reason) == (criterion.is_met is not True)
            assert not criterion.reason or criterion.reason.endswith(".")
    assert {pairing.is_eligible for pairing in pairings} == {True, False}


def test_the_same_deal_gives_the_same_assessment(made_up: Deal) -> None:
    assert assess(made_up) == assess(made_up)


def test_the_order_of_rows_changes_nothing_but_the_order(made_up: Deal) -> None:
    mixed = made_up
    shuffled = random.Random(3)
    for name in ("systems", "attributes", "prices", "rules", "integrations", "requirement_attributes"):
        rows = made_up.table(name)
        mixed = mixed.with_table(name, shuffled.sample(rows, len(rows)))
    first, second = assess(made_up), assess(mixed)
    for pairing in first.pairings:
        other = second.pairing(pairing.requirement, pairing.system)
        assert (other.is_eligible, other.effectiveness, other.first_month, other.last_month) == (
            pairing.is_eligible,
            pairing.effectiveness,
            pairing.first_month,
            pairing.last_month,
        )
        assert sorted(_content(item) for item in other.criteria) == sorted(
            _content(item) for item in pairing.criteria
        )


def _content(criterion: object) -> tuple[str, ...]:
    names = ("kind", "subject", "is_met", "is_hard", "found", "needed", "margin", "probability", "reason")
    return tuple(str(getattr(criterion, name)) for name in names)


def test_stating_figures_in_another_unit_changes_no_answer(made_up: Deal) -> None:
    in_metres = [
        row.model_copy(update={"value": row.value * 1000, "unit": "m"}) if row.unit == "km" else row
        for row in made_up.attributes
    ]
    assert in_metres != list(made_up.attributes)
    first, second = assess(made_up), assess(made_up.with_table("attributes", in_metres))
    for pairing, other in zip(first.pairings, second.pairings, strict=True):
        assert pairing.is_eligible == other.is_eligible
        margins = [[item.margin or 0.0 for item in pair.criteria] for pair in (pairing, other)]
        assert margins[0] == pytest.approx(margins[1], abs=1e-12)


def test_a_harder_threshold_never_makes_a_pair_eligible(made_up: Deal) -> None:
    harder = [
        row.model_copy(update={"threshold": row.threshold * 1.2})
        if row.attribute and row.direction == "at_least" and row.threshold is not None
        else row
        for row in made_up.requirement_attributes
    ]
    first, second = assess(made_up), assess(made_up.with_table("requirement_attributes", harder))
    pairs = list(zip(first.pairings, second.pairings, strict=True))
    assert all(before.is_eligible or not after.is_eligible for before, after in pairs)
    assert any(before.is_eligible and not after.is_eligible for before, after in pairs)


def test_one_branch_can_be_closed_while_another_is_open() -> None:
    assessment = assess(
        deal(
            branches=(
                Branch(id="army", party="north", name="Army"),
                Branch(id="navy", party="north", name="Navy"),
            ),
            requirements=(requirement("watch"), requirement("patrol", branch="navy")),
            rules=(rule("exclusion", branch="navy"),),
        )
    )
    assert assessment.pairing("watch", "kestrel").is_eligible
    assert not assessment.pairing("patrol", "kestrel").is_eligible


def test_prices_of_one_line_are_prices_too() -> None:
    assert pair(prices=(price(line="home"),)).is_eligible


def test_assessing_without_trials_or_odd_units_loads_no_heavy_library() -> None:
    script = (
        "import sys, dronedeal.assessment\n"
        "heavy = {'scipy', 'pint', 'polars', 'openpyxl', 'jinja2', 'highspy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
