"""Kalai–Smorodinsky, egalitarian and welfare points against enumeration, closed forms and axioms."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest
from scipy.optimize import linprog
from tests.negotiation.evaluators import Hasty, MixedInteger, Recording, knapsack, triangle
from tests.negotiation.small_deals import Pair, in_zone, undominated_pairs, with_disagreement

from dronedeal.errors import SolverError
from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.fair_point import FairPoint
from dronedeal.negotiation.inquiry import Inquiry
from dronedeal.negotiation.listed import ListedOutcomes
from dronedeal.negotiation.points import egalitarian, ideal_point, kalai_smorodinsky, welfare

POINTS = [kalai_smorodinsky, egalitarian, welfare]
ORIGIN = (0.0, 0.0)


def test_points_of_1000_small_deals_are_those_that_enumeration_finds() -> None:
    without_zone = 0
    for seed in range(1000):
        pairs, (b, s) = with_disagreement(seed)
        evaluator, zone = ListedOutcomes(pairs), in_zone(pairs, (b, s))
        found = [point(evaluator, (b, s)) for point in POINTS]
        if not zone:
            assert found == [None, None, None]
            without_zone += 1
            continue
        most = (max(p[0] for p in zone) - b, max(p[1] for p in zone) - s)
        share = max(min((p[0] - b) / most[0], (p[1] - s) / most[1]) for p in zone) if min(most) > 0 else 0.0
        expected = [share, max(min(p[0] - b, p[1] - s) for p in zone), max(sum(p) for p in zone) - b - s]
        for each, value in zip(found, expected, strict=True):
            assert each is not None
            assert each.value == pytest.approx(value, rel=1e-9), f"deal {seed}: {each.name}"
            assert each.utilities in undominated_pairs(zone), f"deal {seed}: {each.name}"
            assert each.bound >= value * (1 - 1e-12)
            assert each.gap <= 1e-4
    assert 0 < without_zone < 500


def test_the_ideal_point_is_the_best_for_each_side_inside_the_zone() -> None:
    for seed in range(200):
        pairs, disagreement = with_disagreement(seed)
        zone = in_zone(pairs, disagreement)
        expected = tuple(max(p[side] for p in zone) for side in (0, 1)) if zone else None
        assert ideal_point(ListedOutcomes(pairs), disagreement) == expected


@pytest.mark.parametrize(("buyer", "seller"), [(1.0, 1.0), (8.0, 2.0), (3e4, 7.0)])
@pytest.mark.parametrize("disagreement", [(0.0, 0.0), (0.25, 0.125)])
def test_points_of_a_linear_set_have_closed_forms(buyer: float, seller: float, disagreement: Pair) -> None:
    """On `u_b / a + u_s / c = 1`, with `r = 1 − d_b / a − d_s / c` left to divide."""
    evaluator, (b, s) = triangle(buyer, seller), disagreement
    left = 1 - b / buyer - s / seller
    shares = kalai_smorodinsky(evaluator, disagreement)
    assert shares is not None
    assert shares.utilities == pytest.approx((b + buyer * left / 2, s + seller * left / 2), rel=1e-5)
    equal = egalitarian(evaluator, disagreement)
    assert equal is not None
    gain = left / (1 / buyer + 1 / seller)
    assert equal.utilities == pytest.approx((b + gain, s + gain), rel=1e-5)
    total = welfare(evaluator, disagreement)
    assert total is not None
    expected = (b + left * buyer, s) if buyer > seller else (b + left / 2, s + left / 2)
    assert total.utilities == pytest.approx(expected, rel=1e-5, abs=1e-5)


def parabola(buyer: float = 1.0, seller: float = 1.0) -> ListedOutcomes:
    """Many points of `u_s = c (1 − (u_b / a)²)`."""
    t = np.linspace(0.0, 1.0, 100_001)
    return ListedOutcomes(np.stack([buyer * t, seller * (1 - t * t)], axis=1))


@pytest.mark.parametrize(("buyer", "seller"), [(1.0, 1.0), (50.0, 3.0)])
def test_the_kalai_smorodinsky_point_of_a_quadratic_set_divides_in_the_golden_ratio(
    buyer: float, seller: float
) -> None:
    """`k = 1 − k²`, whatever the units."""
    golden = (sqrt(5) - 1) / 2
    point = kalai_smorodinsky(parabola(buyer, seller), ORIGIN)
    assert point is not None
    assert point.utilities == pytest.approx((buyer * golden, seller * golden), rel=1e-4)
    assert point.reason == "Both sides have the same share of the most that each could gain: 62 %."


def test_the_egalitarian_point_of_a_quadratic_set_solves_its_equation() -> None:
    """`g = 3 (1 − (g / 2)²)`: `3 g² + 4 g − 12 = 0`."""
    gain = (-4 + sqrt(16 + 144)) / 6
    point = egalitarian(parabola(2.0, 3.0), ORIGIN)
    assert point is not None
    assert point.utilities == pytest.approx((gain, gain), rel=1e-4)


def test_kalai_smorodinsky_grows_for_both_with_the_set_where_the_ideal_point_stays() -> None:
    """Individual monotonicity; the small set is a triangle, the large one cuts its corner less."""
    small = triangle(10.0, 10.0)
    large = MixedInteger(
        np.diag([10.0, 10.0]), np.array([[1.0, 0.4], [0.4, 1.0]]), np.array([1.0, 1.0]), np.ones(2)
    )
    before, after = kalai_smorodinsky(small, ORIGIN), kalai_smorodinsky(large, ORIGIN)
    assert before is not None
    assert after is not None
    assert ideal_point(small, ORIGIN) == pytest.approx(ideal_point(large, ORIGIN))
    assert after.utilities == pytest.approx((10 / 1.4, 10 / 1.4), rel=1e-5)
    assert min(after.utilities) > max(before.utilities)


@pytest.mark.parametrize("seed", range(30))
def test_kalai_smorodinsky_does_not_depend_on_units_or_zero_of_either_utility(seed: int) -> None:
    pairs, disagreement = with_disagreement(seed)
    moved = [(7.0 * b + 100.0, 0.01 * s - 3.0) for b, s in pairs]
    there = (7.0 * disagreement[0] + 100.0, 0.01 * disagreement[1] - 3.0)
    one = kalai_smorodinsky(ListedOutcomes(pairs), disagreement)
    other = kalai_smorodinsky(ListedOutcomes(moved), there)
    if one is None:
        # The floor itself moves with rounding, so that only a clear zone is compared.
        return
    assert other is not None
    assert other.value == pytest.approx(one.value, abs=1e-4)


@pytest.mark.parametrize("point", POINTS)
def test_exchanging_both_sides_exchanges_their_gains(point: Callable[..., FairPoint | None]) -> None:
    for seed in range(100):
        pairs, (b, s) = with_disagreement(seed)
        mirrored = ListedOutcomes([pair[::-1] for pair in pairs])
        one, other = point(ListedOutcomes(pairs), (b, s)), point(mirrored, (s, b))
        assert (one is None) == (other is None)
        if one is not None:
            assert other is not None
            assert other.value == pytest.approx(one.value)


@pytest.mark.parametrize("seed", range(6))
def test_points_of_polyhedral_sets_are_those_of_linear_programs(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows, limits = chance.uniform(0.1, 1.0, (6, 2)), chance.uniform(3.0, 6.0, 6)
    b, s = 0.3, 0.2
    evaluator = MixedInteger(np.eye(2), rows, limits, np.full(2, 100.0))

    def least(units: tuple[float, float]) -> float:
        """`max t`, `t ≤ (u_i − d_i) / unit_i`."""
        more = np.array([[-1 / units[0], 0, 1], [0, -1 / units[1], 1]])
        a = np.vstack([np.hstack([rows, np.zeros((6, 1))]), more])
        limit = np.concatenate([limits, [-b / units[0], -s / units[1]]])
        return -linprog([0, 0, -1], A_ub=a, b_ub=limit, bounds=[(b, None), (s, None), (None, None)]).fun

    def most(weights: tuple[float, float]) -> float:
        return -linprog([-w for w in weights], A_ub=rows, b_ub=limits, bounds=[(b, None), (s, None)]).fun

    ideal = (most((1, 0)) - b, most((0, 1)) - s)
    values = [least(ideal), least((1.0, 1.0)), most((1, 1)) - b - s]
    for point, value in zip(POINTS, values, strict=True):
        found = point(evaluator, (b, s))
        assert found is not None
        assert found.value == pytest.approx(value, rel=1e-5)
        assert found.gap <= 1e-4


def test_the_knapsack_has_its_points_on_the_published_front() -> None:
    found = [point(knapsack(), (918.0, 906.0)) for point in POINTS]
    # Both can gain (37, 77): shares 18 / 37 and 36 / 77 at the first; gains 30 and 33 at the second.
    assert [each and tuple(map(round, each.utilities)) for each in found] == [
        (936, 942),
        (948, 939),
        (934, 971),
    ]


def test_a_known_ideal_point_and_a_start_spare_questions_and_change_nothing() -> None:
    pairs, disagreement = with_disagreement(3)
    plain = kalai_smorodinsky(ListedOutcomes(pairs), disagreement)
    asked = Recording(ListedOutcomes(pairs))
    ideal = ideal_point(ListedOutcomes(pairs), disagreement)
    start = Outcome((1.0, 1.0), "start")
    quick = kalai_smorodinsky(asked, disagreement, ideal=ideal, near=start)
    assert quick is not None
    assert plain is not None
    assert (quick.utilities, quick.questions) == (plain.utilities, plain.questions - 2)
    assert asked.asked[0].near is start


def test_where_one_side_can_gain_nothing_the_other_has_the_most() -> None:
    point = kalai_smorodinsky(ListedOutcomes([(5, 1), (5, 4), (3, 9)]), (5.0, 0.0))
    assert point is not None
    assert point.utilities == (5, 4)
    assert point.value == point.gap == 0.0
    assert point.reason == "The buyer can gain nothing, so that the seller has the most that it can."


def test_one_outcome_is_every_point_even_at_the_disagreement_itself() -> None:
    for disagreement in [(0.0, 0.0), (3.0, 4.0)]:
        for point in POINTS:
            found = point(ListedOutcomes([(3, 4)]), disagreement)
            assert found is not None
            assert found.utilities == (3, 4)
            assert found.gap <= 1e-5


def test_on_a_flat_frontier_welfare_takes_the_even_division() -> None:
    found = welfare(ListedOutcomes([(k, 10 - k) for k in range(11)]), (2.0, 0.0))
    assert found is not None
    assert found.utilities == (6, 4)


def test_very_unlike_gains_are_still_the_greatest_lesser_gain() -> None:
    """A small second wish must not sell the lesser gain, here of a millionth of the other."""
    found = egalitarian(ListedOutcomes([(1.0, 1e6), (0.999, 2e6), (1.0, 1.5e6)]), ORIGIN)
    assert found is not None
    assert found.utilities == (1.0, 1.5e6)
    assert found.gap <= 1e-4


def test_the_gap_tells_what_is_owed_to_the_evaluator_from_what_is_owed_to_the_method() -> None:
    exact = egalitarian(triangle(8.0, 2.0), ORIGIN)
    hasty = egalitarian(Hasty(triangle(8.0, 2.0), slack=0.16), ORIGIN)
    assert exact is not None
    assert hasty is not None
    assert exact.gap <= 1e-5
    assert hasty.gap == pytest.approx(0.1, rel=1e-3)
    assert hasty.method_gap <= 1e-5


@pytest.mark.parametrize("point", POINTS)
def test_that_no_zone_was_found_is_an_error_unless_it_is_proven(
    point: Callable[..., FairPoint | None],
) -> None:
    with pytest.raises(SolverError, match="did not prove that none exists"):
        point(Hasty(ListedOutcomes([(1, 1)]), gives_up=True), ORIGIN)


def test_questions_are_counted_with_those_from_memory() -> None:
    inquiry = Inquiry(ListedOutcomes([(9, 1), (6, 5), (1, 9)]))
    first, second = (kalai_smorodinsky(inquiry, ORIGIN) for _ in range(2))
    assert isinstance(first, FairPoint)
    assert first == second
    assert inquiry.asked == inquiry.remembered == first.questions
