"""The exchange that helps both most, against all exchanges there are."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from tests.negotiation.term_changes import PairwiseWorth

from dronedeal.negotiation.clauses import clause_prices
from dronedeal.negotiation.logrolling import logrolling, smallest_improvement
from dronedeal.negotiation.trials import Clause, Move, Moves, Trials


def every_exchange(clauses: list[Clause], largest: int) -> list[Moves]:
    """All sets of moves of up to so many clauses."""
    return [
        frozenset(moves)
        for count in range(1, largest + 1)
        for chosen in combinations(clauses, count)
        for moves in product(*(clause.each_move() for clause in chosen))
    ]


@pytest.mark.parametrize("seed", range(30))
def test_the_best_exchange_is_found_where_pairs_explain_the_worth(seed: int) -> None:
    worth = PairwiseWorth(seed, 6)
    trials = Trials(worth)
    singles = [move for clause in worth.clauses for move in clause.each_move()]
    trials.changes([frozenset(c) for c in combinations(singles, 2) if c[0].clause != c[1].clause])
    found = logrolling(trials, worth.clauses, largest=3)
    gains = [min(b - 100, s - 50) for b, s in map(worth, every_exchange(worth.clauses, 3))]
    best = max(gains)
    if best <= 0:
        assert found is None
        return
    assert found is not None
    assert found.lesser_gain == best
    buyer, seller = worth(frozenset(found.moves))
    assert found.change == found.expected == (buyer - 100, seller - 50)
    assert found.alone == tuple(worth.single[move] for move in found.moves)


def test_only_a_true_value_counts_whatever_was_expected() -> None:
    """Alone and in pairs all is well, but the three together cannot be agreed on."""

    def value(moves: Moves) -> tuple[float, float] | None:
        return None if len(moves) == 3 else (float(len(moves)), float(len(moves)))

    clauses = [Clause(name, ("seller",)) for name in "abc"]
    found = logrolling(Trials(value), clauses)
    assert found is not None
    assert found.change == (2.0, 2.0)
    assert found.moves == (Move("a", "seller"), Move("b", "seller"))


def test_nothing_is_proposed_where_every_gain_is_the_other_sides_loss() -> None:
    def value(moves: Moves) -> tuple[float, float]:
        return -float(len(moves)), float(len(moves))

    assert logrolling(Trials(value), [Clause("a"), Clause("b")]) is None


def test_units_decide_what_counts_as_the_lesser_gain() -> None:
    worth = {"a": (10.0, 1.0), "b": (2.0, 2.0)}

    def value(moves: Moves) -> tuple[float, float]:
        names = {move.clause for move in moves}
        return worth[names.pop()] if len(names) == 1 else (0.0, 0.0)

    clauses = [Clause("a", ("seller",)), Clause("b", ("seller",))]
    even, other = logrolling(Trials(value), clauses), logrolling(Trials(value), clauses, units=(10.0, 1.0))
    assert even is not None
    assert other is not None
    assert (even.change, other.change) == ((2.0, 2.0), (10.0, 1.0))


def test_what_the_prices_tried_is_not_valued_again() -> None:
    worth = PairwiseWorth(4, 5)
    trials = Trials(worth)
    clause_prices(trials, worth.clauses)
    before = len(worth.asked)
    logrolling(trials, worth.clauses, tries=2)
    assert len(worth.asked) - before <= 2
    assert len(set(worth.asked)) == len(worth.asked)


@pytest.mark.parametrize("seed", range(30))
def test_the_smallest_improvement_moves_as_few_clauses_as_can_be(seed: int) -> None:
    worth = PairwiseWorth(seed, 5)
    trials = Trials(worth)
    singles = [move for clause in worth.clauses for move in clause.each_move()]
    trials.changes([frozenset(c) for c in combinations(singles, 2) if c[0].clause != c[1].clause])
    found = smallest_improvement(trials, worth.clauses, largest=3, tries=3)
    by_size: dict[int, float] = {}
    for moves in every_exchange(worth.clauses, 3):
        buyer, seller = worth(moves)
        by_size[len(moves)] = max(by_size.get(len(moves), 0.0), min(buyer - 100, seller - 50))
    expected = next((size for size in sorted(by_size) if by_size[size] > 0), None)
    assert (found and len(found.moves)) == expected
    if found is not None and expected is not None:
        assert found.lesser_gain == by_size[expected]


def test_nothing_is_improved_where_somebody_always_loses() -> None:
    def value(moves: Moves) -> tuple[float, float]:
        return -float(len(moves)), float(len(moves))

    assert smallest_improvement(Trials(value), [Clause("a"), Clause("b")]) is None


def test_rounding_is_no_exchange() -> None:
    def value(moves: Moves) -> tuple[float, float]:
        return 100.0 + 4e-9 * len(moves), 50.0 + 0.5 * len(moves)

    clauses = [Clause("advance"), Clause("training")]
    assert logrolling(Trials(value), clauses) is None
