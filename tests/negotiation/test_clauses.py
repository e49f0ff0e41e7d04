"""Prices of clauses against a value function whose single and pairwise worths are known."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.negotiation.term_changes import PairwiseWorth

from dronedeal.errors import InputError
from dronedeal.negotiation.clauses import ClausePrice, clause_prices
from dronedeal.negotiation.trials import Clause, Move, Moves, Trials


def size(pair: tuple[float, float]) -> float:
    return abs(pair[0]) + abs(pair[1])


@pytest.mark.parametrize("seed", range(25))
def test_prices_are_the_worths_that_were_put_in(seed: int) -> None:
    worth = PairwiseWorth(seed, 5)
    prices = clause_prices(Trials(worth), worth.clauses)
    assert sorted(price.clause for price in prices) == [clause.id for clause in worth.clauses]
    main = {}
    for clause in worth.clauses:
        best = max(clause.each_move(), key=lambda move: size(worth.single[move]))
        if size(worth.single[best]):
            main[clause.id] = best
    for price in prices:
        for where, change in [
            ("buyer", price.at_buyer),
            ("seller", price.at_seller),
            ("dropped", price.dropped),
        ]:
            assert change == worth.single.get(Move(price.clause, where))
        if price.at_buyer and price.at_seller:
            assert price.between == tuple(s - b for b, s in zip(price.at_buyer, price.at_seller, strict=True))
        mine = main.get(price.clause)
        others = [worth.pair[frozenset({mine, other})] for other in main.values() if mine and other != mine]
        strongest = max(map(size, others), default=0.0)
        if strongest == 0.0:
            assert price.interaction is None
        else:
            assert price.interaction is not None
            assert price.interaction.move == mine
            assert size(price.interaction.more) == strongest
            assert price.interaction.more == worth.pair[frozenset({mine, price.interaction.other})]


def test_what_divides_stands_first_and_what_joins_last() -> None:
    change = {
        "ip": {"buyer": (5.0, -8.0), "seller": (-5.0, 8.0)},
        "price": {"buyer": (30.0, -30.0), "seller": (-30.0, 30.0)},
        "line": {"buyer": (-4.0, -1.0), "seller": (6.0, 9.0)},
        "office": {"buyer": (0.0, 0.0), "seller": (0.0, 7.0)},
    }

    def value(moves: Moves) -> tuple[float, float]:
        parts = [change[move.clause][move.to] for move in moves]
        return sum(b for b, _ in parts), sum(s for _, s in parts)

    prices = clause_prices(Trials(value), [Clause(name, ("buyer", "seller")) for name in change])
    assert [(price.clause, price.tension) for price in prices] == [
        ("price", 60.0),
        ("ip", 10.0),
        ("office", 0.0),
        ("line", -10.0),
    ]
    assert all(price.interaction is None for price in prices)


def test_a_clause_that_can_only_be_dropped_is_judged_by_that() -> None:
    assert ClausePrice("a", None, None, (-3.0, 2.0), None).tension == 2.0
    assert ClausePrice("a", None, (4.0, 4.0), (-3.0, 2.0), None).tension == -4.0
    assert ClausePrice("a", None, None, None, None).tension == 0.0


def test_only_the_likeliest_pairs_are_tried_where_a_number_is_given() -> None:
    worth = PairwiseWorth(7, 6)
    clause_prices(Trials(worth), worth.clauses, pairs=3)
    tried = [moves for moves in worth.asked if len(moves) == 2]
    assert len(tried) == 3
    main = [max(c.each_move(), key=lambda m: size(worth.single[m])) for c in worth.clauses]
    products = sorted(
        (size(worth.single[a]) * size(worth.single[b]) for a, b in combinations(main, 2)), reverse=True
    )
    found = [size(worth.single[a]) * size(worth.single[b]) for a, b in tried]
    assert sorted(found, reverse=True) == products[:3]


def test_two_clauses_that_exclude_each_other_interact_with_nothing() -> None:
    def value(moves: Moves) -> tuple[float, float] | None:
        return None if len(moves) == 2 else (float(len(moves)), 1.0)

    prices = clause_prices(Trials(value), [Clause("a", ("seller",)), Clause("b", ("seller",))])
    assert [price.interaction for price in prices] == [None, None]
    assert [price.at_seller for price in prices] == [(1.0, 0.0), (1.0, 0.0)]


def test_names_of_clauses_must_differ() -> None:
    with pytest.raises(InputError, match="several clauses are named a"):
        clause_prices(Trials(lambda moves: (0.0, 0.0)), [Clause("a"), Clause("a")])
