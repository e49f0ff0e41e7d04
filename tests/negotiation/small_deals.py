"""Small deals of listed outcomes, and what enumeration says of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

Pair = tuple[float, float]


def small_deal(seed: int, *, whole: bool = True) -> list[Pair]:
    """The outcomes of a small deal, of few or many different utilities, so that ties and dents are common."""
    chance = random.Random(seed)
    most = chance.choice([3, 10, 50])
    number = chance.randint if whole else chance.uniform
    return [(float(number(0, most)), float(number(0, most))) for _ in range(chance.randint(1, 30))]


def with_disagreement(seed: int) -> tuple[list[Pair], Pair]:
    """A small deal and what both sides have without it."""
    pairs, chance = small_deal(seed), random.Random(-seed - 1)
    most = int(max(max(pair) for pair in pairs)) // chance.choice([1, 2, 2])
    return pairs, (float(chance.randint(0, most)), float(chance.randint(0, most)))


def undominated_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """All pairs that no other beats, by a double loop."""
    return sorted({p for p in pairs if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in pairs)})


def in_zone(pairs: Sequence[Pair], disagreement: Pair) -> list[Pair]:
    """Pairs that harm neither side."""
    return [p for p in pairs if p[0] >= disagreement[0] and p[1] >= disagreement[1]]
