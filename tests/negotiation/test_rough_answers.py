"""What is proven stays true, and the work ends, where an evaluator is only nearly right."""

from __future__ import annotations

import math
import random

import pytest
from tests.negotiation.evaluators import Rough
from tests.negotiation.small_deals import Pair, in_zone

from dronedeal.negotiation.evaluator import BUYER, NO_FLOORS, SELLER
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.nash import nash, product
from dronedeal.negotiation.points import egalitarian, welfare


def round_deal(seed: int) -> tuple[Rough, Pair]:
    """Outcomes near a quarter circle, valued with a gap."""
    chance = random.Random(seed)
    angles = [chance.uniform(0, math.pi / 2) for _ in range(chance.randint(1, 200))]
    sizes = [chance.uniform(60, 100) for _ in angles]
    pairs = [(s * math.cos(a), s * math.sin(a)) for s, a in zip(sizes, angles, strict=True)]
    return Rough(pairs, chance.choice([1e-4, 1e-3, 1e-2, 0.05])), (
        chance.uniform(0, 60),
        chance.uniform(0, 60),
    )


@pytest.mark.parametrize("points", [9, None])
def test_certificates_of_the_frontier_hold_and_questions_stay_few(points: int | None) -> None:
    for seed in range(150):
        evaluator, disagreement = round_deal(seed)
        floors = disagreement if seed % 2 else NO_FLOORS
        found = frontier(evaluator, points=points, floors=floors)
        assert evaluator.asked <= (3 * points if points else 100)
        for buyer, seller in in_zone(evaluator.pairs, disagreement):
            assert found.limit(BUYER, seller) >= buyer - 1e-6
            assert found.limit(SELLER, buyer) >= seller - 1e-6
        for one, other in zip(found.points, found.points[1:], strict=False):
            assert one.utilities[BUYER] < other.utilities[BUYER]
            assert one.utilities[SELLER] > other.utilities[SELLER]


def test_bounds_of_fair_points_hold_and_values_lie_within_their_gap() -> None:
    for seed in range(150):
        evaluator, (b, s) = round_deal(seed)
        zone = in_zone(evaluator.pairs, (b, s))
        if not zone:
            continue
        best = {
            nash: max(product((b, s), pair) for pair in zone),
            egalitarian: max(min(x - b, y - s) for x, y in zone),
            welfare: max(x + y for x, y in zone) - b - s,
        }
        for point, value in best.items():
            found = point(evaluator, (b, s))
            assert found is not None
            assert found.bound >= value - 1e-6
            # The gap of the evaluator is a share of the goal, which for the egalitarian point is a gain.
            assert found.value <= found.bound
            assert found.value >= value * (1 - 3 * evaluator.gap) - 6 * evaluator.gap
