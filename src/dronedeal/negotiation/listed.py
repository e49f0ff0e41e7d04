"""An evaluator over a list of outcomes: the whole outcome space, written down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dronedeal.errors import InputError
from dronedeal.negotiation.evaluator import (
    BUYER,
    NO_OUTCOME,
    SELLER,
    Affine,
    Answer,
    FloatArray,
    Outcome,
    Question,
    Term,
)

# Values of pieces that are worked out at once.
_CELLS = 1_000_000


class ListedOutcomes:
    """Answers questions by looking at every outcome of a list.

    Among equally good outcomes the one with the greater utility of the buyer is returned, then with the
    greater utility of the seller, then the first of the list.

    Parameters
    ----------
    utilities : (n, 2) what each outcome is worth to (buyer, seller)
    labels : n names; missing: the numbers of the rows

    Examples
    --------
    >>> from dronedeal.negotiation.evaluator import Question, weighted
    >>> deals = ListedOutcomes([(9, 1), (6, 6), (5, 7)])
    >>> deals.best(Question(weighted(1, 1), floors=(0, 6.5))).outcome
    Outcome(utilities=(5.0, 7.0), label='2')
    """

    def __init__(self, utilities: npt.ArrayLike, labels: Sequence[str] | None = None) -> None:
        table = np.array(utilities, dtype=float)
        if table.ndim != 2 or table.shape[1] != 2 or not np.isfinite(table).all():
            raise InputError(
                f"utilities of listed outcomes have shape {table.shape} or are not all finite; allowed: "
                "one row an outcome with two finite numbers, for buyer and seller"
            )
        if labels is not None and len(labels) != len(table):
            raise InputError(f"{len(labels)} labels for {len(table)} outcomes; give one label an outcome")
        self.utilities: FloatArray = table
        self.labels = None if labels is None else tuple(labels)

    def best(self, question: Question, /) -> Answer:
        """The best of the list, exactly."""
        rows = np.flatnonzero(self._allowed(question))
        if not len(rows):
            return NO_OUTCOME
        value = self._values(question, rows)
        best = float(value.max())
        equal = rows[value == best]
        found = self.utilities[equal]
        row = int(equal[np.lexsort((-found[:, SELLER], -found[:, BUYER]))[0]])
        label = str(row) if self.labels is None else self.labels[row]
        buyer, seller = self.utilities[row].tolist()
        return Answer(Outcome((buyer, seller), label), best)

    def _allowed(self, question: Question) -> npt.NDArray[np.bool_]:
        allowed: npt.NDArray[np.bool_] = np.all(self.utilities >= np.array(question.floors), axis=1)
        for piece in question.keep:
            allowed = allowed & (_along(piece, self.utilities) >= 0.0)
        return allowed

    def _values(self, question: Question, rows: npt.NDArray[np.intp]) -> FloatArray:
        """(rows,) the goal of each row."""
        chosen = self.utilities[rows]
        total = np.zeros(len(rows))
        for term in question.goal:
            total += _least(term, chosen)
        return total


def _along(piece: Affine, utilities: FloatArray) -> FloatArray:
    """(n,) an affine function of each pair."""
    result: FloatArray = (
        piece.buyer * utilities[:, BUYER] + piece.seller * utilities[:, SELLER] + piece.constant
    )
    return result


def _least(term: Term, utilities: FloatArray) -> FloatArray:
    """(n,) the least piece of a term for each pair; pieces together where that takes little memory."""
    together = max(1, _CELLS // max(1, len(utilities)))
    least = np.full(len(utilities), np.inf)
    for first in range(0, len(term), together):
        some = np.array([[p.buyer, p.seller, p.constant] for p in term[first : first + together]])
        values = some[:, :2] @ utilities.T + some[:, 2:]
        np.minimum(least, values.min(axis=0), out=least)
    return least
