"""The smallest change that helps both: no smaller one does, and a proposal keeps only what it needs."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from dronedeal.errors import StoppedError
from dronedeal.negotiation.improvement import smallest_change
from dronedeal.negotiation.trials import TO_PROPOSED, Clause, Moves, Trials

Pair = tuple[float, float]


def worth_of(single: dict[str, Pair]) -> Trials:
    def value(moves: Moves) -> Pair:
        parts = [single[move.clause] for move in moves]
        return sum(b for b, _ in parts), sum(s for _, s in parts)

    return Trials(value)


def proposal_of(single: dict[str, Pair]) -> tuple[list[Clause], Moves]:
    clauses = [Clause(name, (TO_PROPOSED,)) for name in single]
    return clauses, frozenset(move for clause in clauses for move in clause.each_move())


@pytest.mark.parametrize("seed", range(40))
def test_no_smaller_set_of_moves_helps_both_where_worths_add_up(seed: int) -> None:
    chance = random.Random(seed)
    single = {f"c{k}": (float(chance.randint(-9, 9)), float(chance.randint(-9, 9))) for k in range(6)}
    clauses, proposal = proposal_of(single)
    found = smallest_change(worth_of(single), clauses, proposal=proposal)
    helping = [
        size
        for size in range(1, 4)
        for names in combinations(single, size)
        if all(sum(single[name][side] for name in names) > 0 for side in (0, 1))
    ]
    if helping:
        assert found is not None
        assert len(found.moves) == min(helping)
    if found is not None:
        assert min(found.change) > 0


def test_a_proposal_of_many_clauses_is_reduced_to_what_it_needs() -> None:
    single = {f"c{k}": (0.0, 0.0) for k in range(7)} | {
        "a": (-5.0, 3.0), "b": (2.0, -1.0), "c": (2.0, -1.0), "d": (2.0, -0.5),
    }  # fmt: skip
    clauses, proposal = proposal_of(single)
    found = smallest_change(worth_of(single), clauses, proposal=proposal, largest=2)
    assert found is not None
    assert [move.clause for move in found.moves] == ["a", "b", "c", "d"]
    assert found.change == (1.0, 0.5)
    assert found.expected == found.change


def test_nothing_is_found_where_a_side_always_loses_and_nothing_is_proposed_that_does_not_help() -> None:
    single = {"a": (1.0, -1.0), "b": (-2.0, 2.0)}
    clauses, proposal = proposal_of(single)
    assert smallest_change(worth_of(single), clauses, proposal=proposal) is None


def test_a_stop_is_heard() -> None:
    trials = Trials(lambda moves: (0.0, 0.0), should_stop=lambda: True)
    with pytest.raises(StoppedError):
        smallest_change(trials, [Clause("a")])
