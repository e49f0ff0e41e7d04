"""What every clause is worth to each side, alone and together with the one it interacts with most.

All changes are against one term sheet of reference, and every one is a re-plan, not a guess: with `u(S)`
the utilities of the term sheet with the moves `S`,

    alone        Δ(m) = u({m}) − u(∅)
    together     Δ(m, n) = u({m, n}) − u(∅)
    interaction  I(m, n) = Δ(m, n) − Δ(m) − Δ(n)

An interaction above nothing says that the two moves help each other, below nothing that one takes from the
other what it brings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import BUYER, SELLER, Utilities
from dronedeal.negotiation.trials import (
    DROPPED,
    TO_BUYER,
    TO_SELLER,
    Clause,
    Move,
    Trials,
    Value,
    difference,
    total,
)


@dataclass(frozen=True, slots=True)
class Interaction:
    """What moving two clauses does together.

    Parameters
    ----------
    move : of the clause itself
    other : of the clause that it interacts with most
    together : change of both utilities when both move; None: there is then no agreement
    more : `together` less what both do alone
    """

    move: Move
    other: Move
    together: Value
    more: Utilities


@dataclass(frozen=True, slots=True)
class ClausePrice:
    """What one clause is worth to (buyer, seller).

    Parameters
    ----------
    clause : its name
    at_buyer, at_seller, dropped : change of both utilities against the term sheet of reference when the
    clause
        goes there, all else staying; None: it cannot, or there is then no agreement
    between : what both gain when the clause goes from the buyer's position to the seller's; None: see above
    interaction : with the clause that it interacts with most; None: with none that was looked at
    """

    clause: str
    at_buyer: Value
    at_seller: Value
    dropped: Value
    between: Value
    interaction: Interaction | None = None

    @property
    def tension(self) -> float:
        """How much the clause divides both sides (above 0) or joins them (below 0).

        What one side wins and the other loses between both positions: the lesser of the two amounts. Where
        both win or lose by the same move, the lesser amount counts as joining.
        """
        change = self.between
        if change is None:
            found = [each for each in (self.at_buyer, self.at_seller, self.dropped) if each is not None]
            change = max(found, key=_size, default=(0.0, 0.0))
        buyer, seller = change
        least = min(abs(buyer), abs(seller))
        return least if buyer * seller < 0.0 else -least if least else 0.0


def clause_prices(
    trials: Trials, clauses: Sequence[Clause], *, pairs: int | None = None
) -> tuple[ClausePrice, ...]:
    """The price of every clause, from the one that divides both sides most to the one that joins them most.

    For interactions each clause makes its *main move*, the one that changes the utilities most. Pairs of
    clauses are tried in the order of the product of what both change alone.

    Parameters
    ----------
    trials : values sets of moves, starting from the term sheet of reference
    pairs : most pairs of clauses to try; None: all `n (n − 1) / 2`

    Raises
    ------
    InputError : two clauses have one name, or the term sheet of reference allows no agreement

    Examples
    --------
    An advance helps the seller by 3 and costs the buyer 2; a longer licence is worth 4 more once it is
    there.

    >>> def value(moves):
    ...     advance = Move("advance", "seller") in moves
    ...     licence = Move("licence", "seller") in moves
    ...     return (10.0 - 2 * advance - licence, 5.0 + 3 * advance + 2 * licence + 4 * (advance and licence))
    >>> for price in clause_prices(Trials(value), [Clause("advance"), Clause("licence")]):
    ...     print(price.clause, price.tension, price.at_seller, price.interaction.more)
    advance 2.0 (-2.0, 3.0) (0.0, 4.0)
    licence 1.0 (-1.0, 2.0) (0.0, 4.0)
    """
    _refuse_twins(clauses)
    singles = [move for clause in clauses for move in clause.each_move()]
    alone = dict(zip(singles, trials.changes([frozenset({move}) for move in singles]), strict=True))
    found = {clause.id: _price(clause, alone) for clause in clauses}
    main = {clause.id: _main_move(clause, alone) for clause in clauses}
    joint = _interactions(
        trials, {name: move for name, move in main.items() if move is not None}, alone, pairs
    )
    priced = [_with_interaction(price, main[name], joint) for name, price in found.items()]
    return tuple(sorted(priced, key=lambda price: (-price.tension, price.clause)))


def _refuse_twins(clauses: Sequence[Clause]) -> None:
    names = [clause.id for clause in clauses]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise InputError(f"several clauses are named {', '.join(twins)}; give each a name of its own")


def _price(clause: Clause, alone: dict[Move, Value]) -> ClausePrice:
    buyer, seller, dropped = (alone.get(Move(clause.id, to)) for to in (TO_BUYER, TO_SELLER, DROPPED))
    between = None if buyer is None or seller is None else difference(seller, buyer)
    return ClausePrice(clause.id, buyer, seller, dropped, between)


def _size(change: Utilities) -> float:
    return abs(change[BUYER]) + abs(change[SELLER])


def _main_move(clause: Clause, alone: dict[Move, Value]) -> Move | None:
    """The move that changes most; None: none leads to an agreement or changes anything."""
    sizes = {move: _size(change) for move in clause.each_move() if (change := alone[move]) is not None}
    best = max(sizes, key=lambda move: sizes[move], default=None)
    return best if best is not None and sizes[best] > 0.0 else None


def _interactions(
    trials: Trials, main: dict[str, Move], alone: dict[Move, Value], pairs: int | None
) -> dict[frozenset[Move], Interaction]:
    """Interactions of pairs of main moves, the likeliest to be large first."""
    size = {move: _size(alone[move] or (0.0, 0.0)) for move in main.values()}
    couples = sorted(combinations(main.values(), 2), key=lambda couple: -size[couple[0]] * size[couple[1]])
    chosen = [frozenset(couple) for couple in couples[:pairs]]
    found = {}
    for both, together in zip(chosen, trials.changes(chosen, step="pairs of clauses"), strict=True):
        one, other = sorted(both)
        if together is not None:
            separate = total([alone[one] or (0.0, 0.0), alone[other] or (0.0, 0.0)])
            found[both] = Interaction(one, other, together, difference(together, separate))
    return found


def _with_interaction(
    price: ClausePrice, move: Move | None, joint: dict[frozenset[Move], Interaction]
) -> ClausePrice:
    """The price with the largest interaction of the clause's main move, seen from that clause."""
    mine = [each for both, each in joint.items() if move in both and _size(each.more) > 0.0]
    if move is None or not mine:
        return price
    largest = max(mine, key=lambda each: (_size(each.more), each.other, each.move))
    other = largest.other if largest.move == move else largest.move
    seen = Interaction(move, other, largest.together, largest.more)
    return ClausePrice(price.clause, price.at_buyer, price.at_seller, price.dropped, price.between, seen)
