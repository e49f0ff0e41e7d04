"""Why a decision that is frozen could not stay: the term of the deal that leaves no room for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dronedeal.planning.frozen import Name, decided_columns
from dronedeal.results.explain.registry import HANDED_ON, TERMS, term_of
from dronedeal.results.reading import Reading

# From a delivery to its payment or its stock, from there to what was made, from there to its line or parts.
_DEEPEST = 3
_TIGHT = 1e-6


def no_room(reading: Reading) -> dict[Name, str]:
    """For each frozen decision that is not whole in a plan what is in its way, as half a sentence.

    One more unit is followed through the rows that it would take from: a term without room ends the search,
    a row that hands on, such as a stock, leads to the columns that would make up for it.
    """
    model = reading.model
    if model.frozen is None:
        return {}
    column = decided_columns(model.problem, model.data, model.frozen)
    missing = reading.values[model.problem.columns["frozen_violation"].slice]
    follower = _Follower(reading)
    return {
        name: "the deal no longer has it" if column[number] < 0 else follower.cause(int(column[number]))
        for number, name in enumerate(model.frozen.names)
        if missing[number] > 0
    }


class _Follower:
    """Follows what one more of a column would take."""

    def __init__(self, reading: Reading) -> None:
        self.reading, problem = reading, reading.problem
        matrix = problem.matrix
        self.order = np.argsort(matrix.column, kind="stable")
        self.start = np.searchsorted(matrix.column[self.order], np.arange(problem.n_columns + 1))
        self.row = matrix.row_of_entry
        activity = matrix.times(reading.values)
        slack = _TIGHT * np.maximum(1.0, np.abs(activity))
        self.is_full = activity >= problem.row_upper - slack
        self.is_least = activity <= problem.row_lower + slack
        self.family = {
            int(number): name
            for name, rows in problem.rows.items()
            if name in TERMS or name in HANDED_ON
            for number in rows.numbers
        }

    def cause(self, column: int) -> str:
        """The term in the way of one more of a column; the one that counts most where there are several."""
        found = sorted(set(self._terms(column, _DEEPEST)), key=lambda row: -abs(self.reading.row_dual[row]))
        if not found:
            return "the deal as it stands leaves no room for it"
        name = self.family[found[0]]
        return term_of(self.reading, name, found[0] - self.reading.problem.rows[name].start).says

    def _terms(self, column: int, depth: int) -> Iterator[int]:
        matrix = self.reading.problem.matrix
        for entry in self.order[self.start[column] : self.start[column + 1]]:
            row, value = int(self.row[entry]), float(matrix.value[entry])
            name = self.family.get(row)
            if name is None or not (self.is_full[row] if value > 0 else self.is_least[row]):
                continue
            if name in TERMS:
                yield row
            elif depth > 0:
                for other in self._making_up(row, value):
                    yield from self._terms(other, depth - 1)

    def _making_up(self, row: int, value: float) -> list[int]:
        """Columns of a row that would have to rise with one that enters it with a value."""
        matrix = self.reading.problem.matrix
        span = slice(matrix.start[row], matrix.start[row + 1])
        found: list[int] = matrix.column[span][matrix.value[span] * value < 0].tolist()
        return found
