"""Logrolling: the exchange of clauses that helps both sides most, and the smallest that helps both at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from dronedeal.negotiation.evaluator import BUYER, SELLER, Utilities
from dronedeal.negotiation.trials import NO_MOVES, Clause, Move, Moves, Trials, Value, difference, total

# Exchanges of one size that are kept to be made larger.
_WIDTH = 300
# A gain below this share of what the terms of reference are worth is rounding: nothing is proposed for it.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Exchange:
    """Some clauses moved together.

    Parameters
    ----------
    moves : in the order of their clauses
    change : what both sides gain by it, from a re-plan
    expected : what was to be expected from single moves and pairs
    alone : what each move does alone to (buyer, seller): who concedes, and what for; None: no agreement
    with it alone
    """

    moves: tuple[Move, ...]
    change: Utilities
    expected: Utilities
    alone: tuple[Value, ...]

    @property
    def lesser_gain(self) -> float:
        """What the side that gains less gains."""
        return min(self.change)


def logrolling(
    trials: Trials,
    clauses: Sequence[Clause],
    *,
    units: Utilities = (1.0, 1.0),
    largest: int = 4,
    tries: int = 8,
) -> Exchange | None:
    """The exchange with the greatest lesser gain over the term sheet of reference; None: none found helps
    both.

    What sets of moves are worth is worked out from single moves and from those pairs that were tried,
    `Δ(S) ≈ Σ Δ(m) + Σ I(m, n)`; the most promising sets are then truly valued, and only that value counts.

    Parameters
    ----------
    trials : the same as for `clause_prices`, so that nothing is valued twice
    units : above 0; what counts as one gain of each side
    largest : most clauses of an exchange
    tries : how many promising sets are valued

    Examples
    --------
    Each side gives what is cheap to it and dear to the other.

    >>> price = {"advance": (-2.0, 5.0), "training": (6.0, -1.0), "offices": (1.0, -3.0)}
    >>> def value(moves):
    ...     changes = [price[move.clause] for move in moves]
    ...     return (sum(b for b, _ in changes), sum(s for _, s in changes))
    >>> exchange = logrolling(Trials(value), [Clause(name, ("seller",)) for name in price])
    >>> [move.clause for move in exchange.moves], exchange.change
    (['advance', 'training'], (4.0, 4.0))
    """
    alone, model = _model(trials, clauses)
    promising = sorted(_grown(model, units, largest), key=lambda moves: model.rank(moves, units))
    _try(trials, model, promising, units=units, tries=tries)
    found = [
        each
        for each in _helpful(trials, clauses, model, alone, units=units)
        if each.lesser_gain > _rounding(trials)
    ]
    return min(found, key=lambda each: _order(each, units), default=None)


def smallest_improvement(
    trials: Trials,
    clauses: Sequence[Clause],
    *,
    units: Utilities = (1.0, 1.0),
    largest: int = 4,
    tries: int = 8,
) -> Exchange | None:
    """The change of as few clauses as can be that helps both; None: none was found.

    Of changes of equally many clauses it is the one with the greatest lesser gain. For an offer on the table,
    which is then the term sheet of reference.

    Parameters
    ----------
    trials, units, largest : as for `logrolling`
    tries : how many promising changes are valued for each number of clauses

    Examples
    --------
    >>> price = {"advance": (-2.0, 5.0), "training": (6.0, -1.0), "offices": (0.5, 0.5)}
    >>> def value(moves):
    ...     changes = [price[move.clause] for move in moves]
    ...     return (sum(b for b, _ in changes), sum(s for _, s in changes))
    >>> exchange = smallest_improvement(Trials(value), [Clause(name, ("seller",)) for name in price])
    >>> [move.clause for move in exchange.moves], exchange.change
    (['offices'], (0.5, 0.5))
    """
    alone, model = _model(trials, clauses)
    layers: dict[int, list[Moves]] = {}
    for moves in _grown(model, units, largest):
        layers.setdefault(len(moves), []).append(moves)
    for size, layer in layers.items():
        _try(trials, model, layer, units=units, tries=tries)
        found = [e for e in _helpful(trials, clauses, model, alone, units=units) if len(e.moves) == size]
        if found:
            return min(found, key=lambda each: _order(each, units))
    return None


def _model(trials: Trials, clauses: Sequence[Clause]) -> tuple[dict[Move, Value], _Model]:
    """What every move does alone, and what is to be expected of several."""
    singles = [move for clause in clauses for move in clause.each_move()]
    alone = dict(zip(singles, trials.changes([frozenset({move}) for move in singles]), strict=True))
    useful = {move: change for move, change in alone.items() if change is not None and any(change)}
    return alone, _Model(useful, _known_interactions(trials, useful))


def _try(trials: Trials, model: _Model, promising: Iterable[Moves], *, units: Utilities, tries: int) -> None:
    """Value the first of some sets of moves that should help both."""
    hopeful = [moves for moves in promising if _lesser(model.expected(moves), units) > 0.0]
    trials.changes(hopeful[:tries], step="exchanges")


def _helpful(
    trials: Trials,
    clauses: Sequence[Clause],
    model: _Model,
    alone: dict[Move, Value],
    *,
    units: Utilities,
) -> list[Exchange]:
    """All sets of moves ever valued that truly help both."""
    return [
        Exchange(tuple(sorted(moves)), change, model.expected(moves), tuple(alone[m] for m in sorted(moves)))
        for moves, change in _valued(trials, {clause.id for clause in clauses})
        if _lesser(change, units) > 0.0 and all(move in alone for move in moves)
    ]


def _rounding(trials: Trials) -> float:
    """Gain up to which two plans are worth the same."""
    reference = trials.each([NO_MOVES])[0]
    return 0.0 if reference is None else _ROUNDING * max(abs(worth) for worth in reference)


def _order(exchange: Exchange, units: Utilities) -> tuple[float, float, tuple[Move, ...]]:
    return -_lesser(exchange.change, units), -sum(exchange.change), exchange.moves


def _valued(trials: Trials, names: set[str]) -> list[tuple[Moves, Utilities]]:
    """All sets of moves that were ever valued and allow an agreement, with their change."""
    valued = []
    for moves in list(trials.known):
        if moves and {move.clause for move in moves} <= names:
            change = trials.change(moves)
            if change is not None:
                valued.append((moves, change))
    return valued


def _lesser(change: Utilities, units: Utilities) -> float:
    return min(change[BUYER] / units[BUYER], change[SELLER] / units[SELLER])


def _known_interactions(trials: Trials, alone: dict[Move, Utilities]) -> dict[Moves, Utilities]:
    """`I(m, n)` of all pairs that were tried."""
    known = {}
    for moves in list(trials.known):
        if len(moves) == 2 and all(move in alone for move in moves):
            together = trials.change(moves)
            if together is not None:
                known[moves] = difference(together, total(alone[move] for move in moves))
    return known


@dataclass(frozen=True)
class _Model:
    """What sets of moves should be worth, from single moves and pairs."""

    alone: dict[Move, Utilities]
    pairs: dict[Moves, Utilities]

    def expected(self, moves: Moves) -> Utilities:
        ordered = sorted(moves)
        more = (self.pairs.get(frozenset(couple), (0.0, 0.0)) for couple in combinations(ordered, 2))
        return total([*(self.alone.get(move, (0.0, 0.0)) for move in ordered), *more])

    def rank(self, moves: Moves, units: Utilities) -> tuple[float, float, list[Move]]:
        """Smaller is more promising; the names decide among equals."""
        change = self.expected(moves)
        return -_lesser(change, units), -sum(change), sorted(moves)


def _grown(model: _Model, units: Utilities, largest: int) -> Iterable[Moves]:
    """Sets of moves of different clauses, grown one by one from the most promising of each size."""
    layer: list[Moves] = [NO_MOVES]
    for _ in range(largest):
        grown = {
            moves | {move}
            for moves in layer
            for move in model.alone
            if all(move.clause != each.clause for each in moves)
        }
        layer = sorted(grown, key=lambda moves: model.rank(moves, units))[:_WIDTH]
        yield from layer
