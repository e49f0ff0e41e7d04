"""The smallest change of an offer that helps both sides, from single moves and from a proposal."""

from __future__ import annotations

from collections.abc import Sequence

from dronedeal.negotiation.logrolling import Exchange, smallest_improvement
from dronedeal.negotiation.trials import NO_MOVES, Clause, Moves, Trials


def smallest_change(
    trials: Trials,
    clauses: Sequence[Clause],
    *,
    proposal: Moves = NO_MOVES,
    largest: int = 3,
    tries: int = 6,
) -> Exchange | None:
    """The change of as few clauses as can be that helps both sides; None: none was found.

    Looked for in two ways: among moves to positions, the fewest first, and in a proposal that is known to
    help both, from which every move is taken out that it can do without. Of changes of equally many clauses
    it is the one with the greatest lesser gain.

    Parameters
    ----------
    trials : the offer on the table is the term sheet of reference
    clauses : what can be moved, and where to
    proposal : moves that help both together, as from the best plan with all terms open; none: there is none
    largest : most clauses that are moved to positions together
    tries : how many promising changes are valued for each number of clauses

    Examples
    --------
    Three moves help both together, and one of them is not needed.

    >>> worth = {"price": (-3.0, 4.0), "royalty": (4.0, -2.0), "advance": (0.1, -0.1)}
    >>> def value(moves):
    ...     changes = [worth[move.clause] for move in moves]
    ...     return (sum(b for b, _ in changes), sum(s for _, s in changes))
    >>> clauses = [Clause(name, ("proposed",)) for name in worth]
    >>> all_three = frozenset(move for clause in clauses for move in clause.each_move())
    >>> found = smallest_change(Trials(value), clauses, proposal=all_three)
    >>> [move.clause for move in found.moves], found.change
    (['price', 'royalty'], (1.0, 2.0))
    """
    found = smallest_improvement(trials, clauses, largest=largest, tries=tries)
    pruned = _pruned(trials, proposal)
    known = [each for each in (found, pruned) if each is not None]
    return min(known, key=lambda each: (len(each.moves), -each.lesser_gain), default=None)


def _pruned(trials: Trials, proposal: Moves) -> Exchange | None:
    """The proposal without the moves that it can do without; None where it does not help both."""
    if not proposal or not _helps(trials, proposal):
        return None
    alone = dict(
        zip(sorted(proposal), trials.changes([frozenset({m}) for m in sorted(proposal)]), strict=True)
    )
    # What moves least alone is most likely not needed.
    kept = proposal
    for move in sorted(alone, key=lambda move: (sum(map(abs, alone[move] or (0.0, 0.0))), move)):
        fewer = kept - {move}
        if fewer and _helps(trials, fewer):
            kept = fewer
    change = trials.change(kept)
    assert change is not None  # it helps both
    expected = tuple(sum((alone[move] or (0.0, 0.0))[side] for move in kept) for side in (0, 1))
    return Exchange(
        tuple(sorted(kept)), change, (expected[0], expected[1]), tuple(alone[move] for move in sorted(kept))
    )


def _helps(trials: Trials, moves: Moves) -> bool:
    (change,) = trials.changes([moves], step="smaller changes")
    return change is not None and min(change) > 0.0
