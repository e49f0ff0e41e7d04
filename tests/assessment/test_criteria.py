"""Published figures, measured thresholds and standards, worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.exact import beta_cdf, gamma_cdf
from tests.assessment.small_deals import asked, deal, figure, trial

from dronedeal.assessment import Criterion, assess
from dronedeal.assessment.criteria import margin
from dronedeal.deal.cooperation import Integration
from dronedeal.deal.settings import EvidencePrior


def criterion(kind: str, **changes: object) -> Criterion:
    """The one criterion of a kind for the only pair of a deal."""
    (found,) = (item for item in assess(deal(**changes)).pairings[0].criteria if item.kind == kind)
    return found


def range_of(value: float | None, unit: str | None, **needed: object) -> Criterion:
    row = {"attribute": "range", "threshold": 100.0, "unit": "km"} | needed
    figures = () if unit is None else (figure(attribute="range", value=value, unit=unit),)
    return criterion("attribute", attributes=figures, requirement_attributes=(asked(**row),))


def test_a_figure_above_its_threshold_is_met_with_a_positive_margin() -> None:
    found = range_of(120.0, "km")
    assert (found.is_met, found.is_hard, found.margin, found.reason) == (True, True, 0.2, "")
    assert (found.found, found.needed, found.row) == ("120 km", "at least 100 km", ("attributes", 0))


def test_a_figure_below_its_threshold_says_by_how_much_it_misses() -> None:
    found = range_of(80.0, "km", objective=150.0)
    assert (found.is_met, found.margin) == (False, -0.2)
    assert found.reason == "Its range of 80 km misses the threshold, at least 100 km (desired 150 km)."


def test_a_figure_on_its_threshold_is_met() -> None:
    assert range_of(100.0, "km").is_met is True
    assert range_of(100.0, "km", direction="at_most").is_met is True


def test_directions_turn_the_margin() -> None:
    found = range_of(80.0, "km", direction="at_most")
    assert (found.is_met, found.margin, found.needed) == (True, 0.2, "at most 100 km")
    assert range_of(120.0, "km", direction="at_most").margin == -0.2


def test_units_are_converted_to_that_of_the_threshold() -> None:
    found = range_of(60.0, "nmi")
    assert (found.is_met, found.margin) == (True, pytest.approx(0.1112))
    assert found.found == "111.1 km (60 nmi)"


def test_a_figure_on_its_threshold_is_not_missed_by_the_rounding_of_units() -> None:
    for number in range(1, 60):
        rows = (figure(attribute="energy", value=number / 10, unit="kW*h"),)
        needs = (asked(attribute="energy", threshold=number * 360_000.0, unit="J"),)
        assert criterion("attribute", attributes=rows, requirement_attributes=needs).is_met, number


def test_a_figure_that_nobody_published_is_not_known_and_stops_the_pair() -> None:
    for found in (range_of(None, None), range_of(None, "km")):
        assert (found.is_met, found.is_blocking, found.margin) == (None, True, None)
        assert found.found == "no published figure"
        assert found.reason == (
            "No figure of range is published, and at least 100 km is needed; ask the maker or test it."
        )
        assert found.row == ("requirement_attributes", 0)


def test_zero_is_a_figure() -> None:
    assert (range_of(0.0, "km").is_met, range_of(0.0, "km").margin) == (False, -1.0)


def test_soft_criteria_are_listed_and_stop_nothing() -> None:
    found = range_of(80.0, "km", hard=False)
    assert (found.is_met, found.is_hard, found.is_blocking) == (False, False, False)


@given(value=st.floats(-1e6, 1e6), threshold=st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-6))
@settings(deadline=None, max_examples=100, derandomize=True)
def test_margins_are_positive_exactly_on_the_good_side(value: float, threshold: float) -> None:
    up, down = (margin(value, threshold, direction=name) for name in ("at_least", "at_most"))
    assert up is not None
    assert down == -up
    assert (up > 0) == (value - threshold > 0)
    assert up * abs(threshold) == pytest.approx(value - threshold)


def test_nothing_is_relative_to_zero() -> None:
    assert margin(5.0, 0.0, direction="at_least") is None


def mission(*, trials: tuple[object, ...] = (), evidence: object = None, **needed: object) -> Criterion:
    row = {"measure": "mission", "threshold": 0.6, "unit": "1"} | needed
    return criterion("measure", trials=trials, evidence=evidence, requirement_attributes=(asked(**row),))


UNIFORM = {"priors": (EvidencePrior(measure="mission", successes=1, failures=1),)}


def test_a_measured_threshold_is_met_when_it_is_sure_enough() -> None:
    # nine of ten on a uniform prior: Beta(10, 2)
    sure = float(1 - beta_cdf(10, 2, Fraction(3, 5)))
    dreamt = float(1 - beta_cdf(10, 2, Fraction(9, 10)))
    found = mission(trials=(trial(),), evidence=UNIFORM, objective=0.9)
    assert found.probability == pytest.approx(sure)
    assert found.objective_probability == pytest.approx(dreamt)
    assert (found.is_met, found.reason) == (True, "")
    assert found.margin == pytest.approx((10 / 12 - 0.6) / 0.6)
    assert found.needed == "at least 0.6 with probability 80 %"
    assert found.found.startswith("0.833 (80 % interval ")
    assert found.found.endswith("; 10 trials that count as 10)")


def test_the_criterion_can_ask_for_more_certainty_than_the_deal() -> None:
    sure = float(1 - beta_cdf(10, 2, Fraction(3, 5)))
    assert mission(trials=(trial(),), evidence=UNIFORM, confidence=sure - 0.001).is_met is True
    strict = mission(trials=(trial(),), evidence=UNIFORM, confidence=0.999)
    assert strict.is_met is False
    assert strict.reason == "It is 97 % certain that mission is at least 0.6; more trials may raise it."


def test_probabilities_below_a_threshold_and_in_percent() -> None:
    below = mission(trials=(trial(),), evidence=UNIFORM, direction="at_most", threshold=60.0, unit="%")
    assert below.probability == pytest.approx(float(beta_cdf(10, 2, Fraction(3, 5))))
    assert below.needed == "at most 60 % with probability 80 %"
    assert below.found.startswith("83.3 % (80 % interval ")


def test_a_named_condition_takes_its_own_trials_and_says_when_only_the_prior_speaks() -> None:
    found = mission(trials=(trial(condition="desert"),), evidence=UNIFORM, condition="sea")
    assert found.subject == "mission (sea)"
    assert found.probability == pytest.approx(0.4)
    assert found.found.endswith("; no trials, only the prior speaks)")
    assert found.reason == (
        "There are no trials of mission (sea): the prior alone gives 40 % that mission (sea) is "
        "at least 0.6; have it tested."
    )


def breakdown(**needed: object) -> Criterion:
    row = {"measure": "breakdown", "threshold": 20.0, "unit": "h"} | needed
    rows = (trial(measure="breakdown", exposure=100.0, exposure_unit="h", failures=3),)
    priors = {"priors": (EvidencePrior(measure="breakdown", shape=1, exposure=20),)}
    return criterion("measure", trials=rows, evidence=priors, requirement_attributes=(asked(**row),))


@pytest.mark.parametrize(
    ("needed", "centre"),
    [
        ({"threshold": 20.0, "unit": "h"}, 30.0),
        ({"threshold": 20 / 24, "unit": "d"}, 1.25),
        ({"threshold": 0.05, "unit": "1/h", "direction": "at_most"}, 1 / 30),
        ({"threshold": 1.2, "unit": "1/d", "direction": "at_most"}, 0.8),
    ],
)
def test_failure_measures_are_compared_as_rate_or_as_use_between_failures(
    needed: dict[str, object], centre: float
) -> None:
    # posterior of the rate: Gamma(4, 120 h); 20 h between failures is a rate of at most 1/20
    found = breakdown(**needed)
    assert found.probability == pytest.approx(gamma_cdf(4, Fraction(120, 20)))
    threshold = float(str(needed["threshold"]))
    side = 1 if "direction" not in needed else -1
    assert found.margin == pytest.approx(side * (centre - threshold) / threshold)


def test_use_between_failures_below_a_threshold_is_a_high_rate() -> None:
    found = breakdown(direction="at_most")
    assert found.probability == pytest.approx(1 - gamma_cdf(4, Fraction(6)))


def test_intervals_of_use_between_failures_are_in_order() -> None:
    low, high = breakdown().found.split(" interval ")[1].split(";")[0].split(" to ")
    assert float(low) < 30 < float(high)


def test_a_prior_that_expects_almost_no_failures_is_told_as_unbounded() -> None:
    priors = {"priors": (EvidencePrior(measure="breakdown", shape=1e-4, exposure=1),)}
    needs = (asked(measure="breakdown", threshold=20.0, unit="h"),)
    found = criterion("measure", evidence=priors, requirement_attributes=needs)
    assert found.is_met is True
    assert " to ∞; no trials, only the prior speaks)" in found.found


def test_failure_measures_are_told_in_words() -> None:
    assert breakdown().needed == "at least 20 h between failures with probability 80 %"
    assert breakdown().found.startswith("30 h between failures (80 % interval ")
    rate = breakdown(threshold=0.01, unit="1/h", direction="at_most")
    assert rate.needed == "at most 0.01 per h with probability 80 %"
    assert (
        rate.reason == "It is 3.4 % certain that breakdown is at most 0.01 per h; more trials may raise it."
    )


def test_a_failure_measure_without_trials_or_prior_is_not_known() -> None:
    row = {"measure": "breakdown", "threshold": 20.0, "unit": "h", "condition": "sea"}
    rows = (trial(measure="breakdown", exposure=100.0, exposure_unit="h", failures=3),)
    found = criterion("measure", trials=rows, requirement_attributes=(asked(**row),))
    assert (found.is_met, found.probability, found.found) == (None, None, "no trials")
    assert "There are no trials of breakdown (sea) and no prior" in found.reason


NEEDS_STANDARD = (asked(standard="STANAG 4586"),)


def test_a_standard_is_kept_where_a_row_of_the_system_states_it() -> None:
    rows = (figure(attribute="interface", standard="stanag 4586"),)
    found = criterion("standard", attributes=rows, requirement_attributes=NEEDS_STANDARD)
    assert (found.is_met, found.found, found.row) == (True, "kept", ("attributes", 0))


def test_a_standard_that_nobody_states_is_not_known_and_stops_the_pair() -> None:
    found = criterion("standard", requirement_attributes=NEEDS_STANDARD)
    assert (found.is_met, found.is_blocking, found.found) == (None, True, "not stated")
    assert found.reason == (
        "Nothing published says that it keeps STANAG 4586; ask the maker, or offer integration work for it."
    )


def test_integration_work_can_lead_to_a_missing_standard() -> None:
    work = Integration(
        system="kestrel", branch="army", standard="STANAG 4586", cost=1e6, months=6, payer="north"
    )
    pairing = assess(deal(integrations=(work,), requirement_attributes=NEEDS_STANDARD)).pairings[0]
    (found,) = (item for item in pairing.criteria if item.kind == "standard")
    assert (found.is_met, found.is_hard, found.row) == (False, False, ("integrations", 0))
    assert found.reason == "STANAG 4586 is kept only after the integration work that leads to it."
    assert (pairing.is_eligible, pairing.first_month) == (True, 6)


def test_a_soft_standard_stops_nothing() -> None:
    found = criterion("standard", requirement_attributes=(asked(standard="STANAG 4586", hard=False),))
    assert (found.is_met, found.is_blocking) == (None, False)
