"""Made-up values of term changes: each move and each pair of moves has a worth to both sides."""

from __future__ import annotations

import random
from itertools import combinations

from dronedeal.negotiation.trials import Clause, Move, Moves

Pair = tuple[float, float]


class PairwiseWorth:
    """`u(S) = u(∅) + Σ worth of moves + Σ worth of pairs`, with a count of how often it was asked."""

    def __init__(self, seed: int, clauses: int) -> None:
        chance = random.Random(seed)
        self.clauses = [
            Clause(
                f"clause {k}",
                tuple(sorted(chance.sample(["buyer", "seller", "dropped"], chance.randint(1, 3)))),
            )
            for k in range(clauses)
        ]
        moves = [move for clause in self.clauses for move in clause.each_move()]
        self.single = {move: (chance.randint(-9, 9), chance.randint(-9, 9)) for move in moves}
        self.pair = {
            frozenset(couple): (chance.randint(-4, 4), chance.randint(-4, 4))
            for couple in combinations(moves, 2)
            if couple[0].clause != couple[1].clause
        }
        self.asked: list[Moves] = []

    def __call__(self, moves: Moves) -> Pair:
        self.asked.append(moves)
        parts = [(100, 50), *(self.single[move] for move in moves)]
        parts += [self.pair[frozenset(couple)] for couple in combinations(moves, 2)]
        return float(sum(b for b, _ in parts)), float(sum(s for _, s in parts))


def to(clause: str, where: str = "seller") -> Moves:
    """One move as a set."""
    return frozenset({Move(clause, where)})
