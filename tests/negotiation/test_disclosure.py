"""Sensitivity, misstatement and what a published point reveals, on linear sets by hand and by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from tests.negotiation.small_deals import undominated_pairs, with_disagreement

from dronedeal.errors import InputError
from dronedeal.negotiation.disclosure import misstatement, revealed_alternative, sensitivity
from dronedeal.negotiation.evaluator import Utilities
from dronedeal.negotiation.known_front import KnownFront
from dronedeal.negotiation.nash import nash, product
from dronedeal.negotiation.points import kalai_smorodinsky

LINE = KnownFront([(0.0, 10.0), (20.0, 0.0)])


def by_nash(disagreement: Utilities) -> Utilities | None:
    point = nash(LINE, disagreement, tolerance=1e-10)
    return None if point is None else point.utilities


def by_shares(disagreement: Utilities) -> Utilities | None:
    point = kalai_smorodinsky(LINE, disagreement)
    return None if point is None else point.utilities


@pytest.mark.parametrize("settle", [by_nash, by_shares])
def test_on_a_line_half_of_a_better_alternative_reaches_its_owner(settle) -> None:
    """`u_b = d_b + (20 − d_b − 2 d_s) / 2`, `u_s = d_s + (10 − d_s − d_b / 2) / 2`."""
    found = sensitivity(settle, (4.0, 1.0), steps=(0.5, 0.5))
    assert found.buyer_alternative == pytest.approx((0.5, -0.25), abs=2e-3)
    assert found.seller_alternative == pytest.approx((-1.0, 0.5), abs=2e-3)


def test_at_the_edge_of_the_zone_the_step_that_leaves_an_agreement_counts() -> None:
    # At (19, 0.4) the zone ends where the buyer's alternative reaches 19.2.
    found = sensitivity(by_nash, (19.0, 0.4), steps=(0.5, 0.2))
    assert found.buyer_alternative == pytest.approx((0.5, -0.25), abs=2e-2)
    assert sensitivity(by_nash, (30.0, 0.0), steps=(1.0, 1.0)).buyer_alternative is None
    with pytest.raises(InputError, match="allowed: two numbers above 0"):
        sensitivity(by_nash, (0.0, 0.0), steps=(0.0, 1.0))


@pytest.mark.parametrize(("side", "whole"), [(0, 20.0), (1, 10.0)])
def test_a_misstated_alternative_brings_half_of_the_misstatement_until_there_is_no_deal(
    side: int, whole: float
) -> None:
    stated = [0.25 * whole, 0.75 * whole, 1.25 * whole, 2.0 * whole]
    found = misstatement(by_nash, (0.0, 0.0), side, stated=stated)
    assert found.stated == 0.75 * whole
    assert found.gain == pytest.approx(0.375 * whole, rel=1e-3)
    assert found.breaks_at == 1.25 * whole


def test_where_the_truth_is_best_nothing_is_gained_by_misstating() -> None:
    found = misstatement(by_nash, (10.0, 1.0), 0, stated=[2.0, 6.0, 40.0])
    assert (found.stated, found.gain, found.breaks_at) == (10.0, 0.0, 40.0)
    none = misstatement(by_nash, (30.0, 1.0), 0, stated=[4.0])
    # The honest side walks away with 30; an agreement reached by understating is worth less.
    assert (none.stated, none.gain) == (30.0, 0.0)


def explains(points: list[tuple[float, float]], published: Utilities, disagreement: Utilities) -> bool:
    best = max(product(disagreement, pair) for pair in points)
    return product(disagreement, published) >= best * (1 - 1e-12)


@pytest.mark.parametrize("side", [0, 1])
def test_a_published_point_reveals_exactly_the_alternatives_that_explain_it(side: int) -> None:
    narrow = 0
    for seed in range(120):
        pairs, disagreement = with_disagreement(seed)
        front = undominated_pairs(pairs)
        other = 1 - side
        for published in front:
            found = revealed_alternative(np.array(front), published, side, own=disagreement[other])
            if published[other] <= disagreement[other]:
                assert found is None
                continue
            for x in np.linspace(-30.0, published[side] - 1e-6, 40).tolist():
                stated = (x, disagreement[1]) if side == 0 else (disagreement[0], x)
                is_inside = found is not None and found[0] - 1e-9 <= x <= found[1] + 1e-9
                on_edge = found is not None and min(abs(x - found[0]), abs(x - found[1])) < 1e-6
                assert on_edge or is_inside == explains(front, published, stated), (seed, published, x)
            narrow += found is not None and found[1] - found[0] < 30.0
    assert narrow > 20


def test_on_a_fine_line_a_published_point_gives_the_alternative_away() -> None:
    fine = np.stack([np.linspace(0, 20, 2001), 10 - np.linspace(0, 10, 2001)], axis=1)
    point = by_nash((4.0, 1.0))
    assert point is not None
    found = revealed_alternative(fine, point, 1, own=4.0)
    assert found is not None
    assert found == pytest.approx((1.0, 1.0), abs=0.05)


def test_bargaining_power_is_part_of_what_explains_a_point() -> None:
    fine = np.stack([np.linspace(0, 20, 2001), 10 - np.linspace(0, 10, 2001)], axis=1)
    power = (3.0, 1.0)
    point = nash(LINE, (4.0, 1.0), power=power, tolerance=1e-10)
    assert point is not None
    found = revealed_alternative(fine, point.utilities, 1, own=4.0, power=power)
    assert found is not None
    assert found == pytest.approx((1.0, 1.0), abs=0.05)
