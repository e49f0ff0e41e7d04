"""The Nash point against enumeration, a published knapsack, closed forms and its axioms."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.optimize import minimize
from tests.negotiation.evaluators import Hasty, MixedInteger, Recording, knapsack, triangle
from tests.negotiation.small_deals import Pair, in_zone, undominated_pairs, with_disagreement

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.nash import nash, product
from dronedeal.negotiation.points import ideal_point

ORIGIN = (0.0, 0.0)


def test_the_nash_product_of_1000_small_deals_is_the_one_that_enumeration_finds() -> None:
    for seed in range(1000):
        pairs, (b, s) = with_disagreement(seed)
        zone = in_zone(pairs, (b, s))
        point = nash(ListedOutcomes(pairs), (b, s))
        if not zone:
            assert point is None
            continue
        assert point is not None
        best = max((p[0] - b) * (p[1] - s) for p in zone)
        assert point.value == pytest.approx(best, rel=1e-5), f"deal {seed}"
        assert point.bound >= best * (1 - 1e-12)
        assert point.gap <= 1e-4
        assert point.utilities in undominated_pairs(zone)


@pytest.mark.parametrize("power", [(1.0, 2.0), (0.9, 0.1)])
def test_bargaining_power_weighs_the_product(power: Pair) -> None:
    for seed in range(200):
        pairs, (b, s) = with_disagreement(seed)
        zone = in_zone(pairs, (b, s))
        point = nash(ListedOutcomes(pairs), (b, s), power=power)
        if point is None:
            assert not zone
            continue
        alpha = 2 * power[0] / sum(power)
        best = max((p[0] - b) ** alpha * (p[1] - s) ** (2 - alpha) for p in zone)
        assert point.value == pytest.approx(best, rel=1e-5), f"deal {seed}"
        assert point.gap <= 1e-4


@pytest.mark.parametrize("disagreement", [(0.0, 0.0), (918.0, 906.0)])
def test_the_knapsack_has_its_published_nash_point(disagreement: Pair) -> None:
    point = nash(knapsack(), disagreement)
    assert point is not None
    assert point.utilities == (934, 971)
    assert point.gap <= 1e-4


@pytest.mark.parametrize(("buyer", "seller"), [(1.0, 1.0), (8.0, 2.0), (3e4, 7.0)])
@pytest.mark.parametrize(("disagreement", "power"), [((0.0, 0.0), (1.0, 1.0)), ((0.25, 0.125), (3.0, 1.0))])
def test_the_nash_point_of_a_linear_set_has_a_closed_form(
    buyer: float, seller: float, disagreement: Pair, power: Pair
) -> None:
    """What is left on `u_b / a + u_s / c = 1` after both alternatives is divided by bargaining power."""
    b, s = disagreement
    left = 1 - b / buyer - s / seller
    share = power[0] / sum(power)
    point = nash(triangle(buyer, seller), disagreement, power=power, tolerance=1e-9)
    assert point is not None
    assert point.utilities == pytest.approx(
        (b + buyer * left * share, s + seller * left * (1 - share)), rel=2e-4
    )
    assert point.gap <= 1e-6


def test_the_nash_point_of_a_quadratic_set_has_a_closed_form() -> None:
    """`max u (1 − u²)`: `u = 1 / √3`."""
    t = np.linspace(0.0, 1.0, 100_001)
    point = nash(ListedOutcomes(np.stack([5 * t, 0.2 * (1 - t * t)], axis=1)), ORIGIN, tolerance=1e-9)
    assert point is not None
    assert point.utilities == pytest.approx((5 / sqrt(3), 0.2 * 2 / 3), rel=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_the_nash_point_of_polyhedral_sets_is_that_of_a_convex_program(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows, limits = chance.uniform(0.1, 1.0, (6, 2)), chance.uniform(3.0, 6.0, 6)
    point = nash(MixedInteger(np.eye(2), rows, limits, np.full(2, 100.0)), (0.3, 0.2), tolerance=1e-8)
    assert point is not None
    best = minimize(
        lambda u: -np.log(u[0] - 0.3) - np.log(u[1] - 0.2),
        np.array([0.5, 0.5]),
        constraints=[{"type": "ineq", "fun": lambda u: limits - rows @ u}],
        bounds=[(0.31, None), (0.21, None)],
    )
    assert point.value == pytest.approx(np.exp(-best.fun), rel=1e-5)
    assert point.utilities == pytest.approx(best.x, rel=2e-3)


@pytest.mark.parametrize("seed", range(40))
def test_units_and_zero_of_a_utility_change_nothing(seed: int) -> None:
    pairs, disagreement = with_disagreement(seed)
    one = nash(ListedOutcomes(pairs), disagreement)
    # Powers of two, so that not even rounding differs.
    moved = [(1024.0 * b + 64.0, 0.125 * s - 8.0) for b, s in pairs]
    other = nash(ListedOutcomes(moved), (1024.0 * disagreement[0] + 64.0, 0.125 * disagreement[1] - 8.0))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert other.value == pytest.approx(128.0 * one.value, rel=1e-5)


def test_exchanging_both_sides_exchanges_their_gains() -> None:
    """On a set that is its own mirror image both gain the same; else both products are the same."""
    even = nash(ListedOutcomes([(9, 1), (1, 9), (6, 6), (7, 3), (3, 7)]), ORIGIN)
    assert even is not None
    assert even.utilities == (6, 6)
    for seed in range(100):
        pairs, (b, s) = with_disagreement(seed)
        mirrored = ListedOutcomes([pair[::-1] for pair in pairs])
        one, other = nash(ListedOutcomes(pairs), (b, s)), nash(mirrored, (s, b))
        if one is not None:
            assert other is not None
            assert other.value == pytest.approx(one.value, rel=1e-5)


def test_agreements_that_nobody_would_take_change_nothing_when_they_go() -> None:
    """Independence of irrelevant alternatives: any other outcome may be taken away."""
    for seed in range(100):
        pairs, disagreement = with_disagreement(seed)
        point = nash(ListedOutcomes(pairs), disagreement)
        if point is None:
            continue
        for gone in range(0, len(pairs), 3):
            fewer = [pair for at, pair in enumerate(pairs) if at != gone or pair == point.utilities]
            again = nash(ListedOutcomes(fewer), disagreement)
            assert again is not None
            assert again.value == pytest.approx(point.value, rel=1e-5)


def test_a_dent_in_the_frontier_is_no_obstacle() -> None:
    """The point that weighted sums cannot find has the greatest product."""
    point = nash(ListedOutcomes([(20, 1), (1, 20), (9, 9)]), ORIGIN)
    assert point is not None
    assert point.utilities == (9, 9)
    assert point.gap <= 1e-4


def test_where_no_agreement_gives_both_a_gain_the_even_point_is_taken_and_said_so() -> None:
    for pairs, disagreement in [
        ([(0, 9), (9, 0)], ORIGIN),
        ([(5, 4), (5, 2)], (5.0, 0.0)),
        ([(3, 4)], (3.0, 4.0)),
    ]:
        point = nash(ListedOutcomes(pairs), disagreement)
        assert point is not None
        assert point.value == point.gap == 0.0
        assert point.utilities in undominated_pairs([(float(b), float(s)) for b, s in pairs])
        assert point.reason.startswith("No agreement gives both sides a gain")


def test_points_of_the_frontier_spare_questions() -> None:
    evaluator = knapsack()
    found = frontier(evaluator, points=None, step=1, floors=(918.0, 906.0))
    asked = Recording(evaluator)
    known = [point.outcome for point in found.points]
    point = nash(asked, (918.0, 906.0), ideal=found.ideal, known=known)
    assert point is not None
    assert point.utilities == (934, 971)
    assert len(asked.asked) == point.questions <= 2
    assert asked.asked[0].near is known[2]


def test_known_outcomes_outside_the_zone_mislead_nobody() -> None:
    known = [Outcome((-5.0, -5.0)), Outcome((20.0, -1.0))]
    point = nash(ListedOutcomes([(20, -1), (-5, -5), (4, 4)]), ORIGIN, known=known)
    assert point is not None
    assert point.utilities == (4, 4)


def test_the_gap_tells_what_is_owed_to_the_evaluator_from_what_is_owed_to_the_method() -> None:
    hasty = nash(Hasty(triangle(1.0, 1.0), slack=0.01), ORIGIN, ideal=(1.0, 1.0))
    assert hasty is not None
    assert hasty.method_gap <= 1e-5
    assert hasty.gap == pytest.approx(0.01, rel=0.05)
    assert hasty.bound >= 0.25


def test_an_ideal_point_that_was_missed_by_a_little_does_not_spoil_the_bound() -> None:
    ideal = ideal_point(triangle(1.0, 1.0), ORIGIN)
    assert ideal is not None
    point = nash(triangle(1.0, 1.0), ORIGIN, ideal=(0.95 * ideal[0], 0.95 * ideal[1]), power=(9.0, 1.0))
    assert point is not None
    assert point.value == pytest.approx(0.9**1.8 * 0.1**0.2, rel=1e-4)


def test_few_rounds_leave_a_gap_that_is_told() -> None:
    t = np.linspace(0.0, 1.0, 10_001)
    curve = ListedOutcomes(np.stack([t, 1 - t * t], axis=1))
    rough, fine = (nash(curve, ORIGIN, rounds=rounds, tolerance=1e-10) for rounds in (1, 30))
    assert rough is not None
    assert fine is not None
    assert rough.gap > fine.gap
    assert rough.bound >= fine.value


def test_power_must_be_above_nothing() -> None:
    with pytest.raises(InputError, match=r"bargaining power is \(1.0, 0.0\); allowed: two numbers above 0"):
        nash(triangle(1.0, 1.0), ORIGIN, power=(1.0, 0.0))


def test_the_product_of_a_loss_is_nothing() -> None:
    assert product((1.0, 1.0), (0.0, 0.0)) == 0.0
    assert product((0.0, 0.0), (4.0, 9.0), (0.5, 1.5)) == pytest.approx(2 * 27)
