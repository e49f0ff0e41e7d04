"""A problem in proportion to the terms that are negotiated.

For the value `θ` of every term the numbers of the problem are

    P(θ) = P(middle) + Σ_c t_c · D_c + Σ_{c<d} t_c · t_d · D_cd,    t_c = (θ_c − middle_c) / half of the range

so that a problem for other terms costs nothing to make. That it is so is not believed: `survey` tests it
against problems that were built, and a term for which it is not so is *structural*: each of its values has a
problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.shifts import Shift
from dronedeal.planning.tree import FloatArray, IntArray


@dataclass(frozen=True)
class TermRange:
    """Between what a term is negotiated.

    term : name; lower, upper : least and greatest value, in the unit of the term
    """

    term: str
    lower: float
    upper: float

    @property
    def middle(self) -> float:
        """The value half-way."""
        return (self.lower + self.upper) / 2

    @property
    def half(self) -> float:
        """Half of the range."""
        return (self.upper - self.lower) / 2

    def place(self, value: float) -> float:
        """Where a value lies: −1 at the lower end, 1 at the upper one."""
        return (value - self.middle) / self.half

    def at(self, place: float) -> float:
        """The value at a place."""
        return self.middle + place * self.half


Build = Callable[[Mapping[str, float]], Problem]


@dataclass(frozen=True)
class Negotiable:
    """A problem for any value of the terms.

    Parameters
    ----------
    ranges : of the terms in proportion, in their order
    middle : the problem with every term half-way
    pattern : (n_entries,) place of every matrix entry of any of the problems, `row · columns + column`
    numbers : all that the terms can move, at the middle; see `Layout`
    single : shift of each term; pair : shift of two terms together
    structural : terms that are not in proportion, with the reason
    """

    ranges: tuple[TermRange, ...]
    middle: Problem
    pattern: IntArray
    numbers: FloatArray
    single: tuple[Shift, ...]
    pair: Mapping[tuple[int, int], Shift]
    structural: Mapping[str, str]

    @property
    def layout(self) -> Layout:
        """Where which number stands."""
        return Layout(self.middle.n_columns, self.middle.n_rows, len(self.pattern))

    def at(self, terms: Mapping[str, float]) -> Problem:
        """The problem under given terms; a term that is not named stays half-way.

        Parameters
        ----------
        terms : value of each term
        """
        place = np.array([span.place(terms.get(span.term, span.middle)) for span in self.ranges])
        numbers = self.numbers.copy()
        for one, shift in enumerate(self.single):
            numbers[shift.position] += place[one] * shift.amount
        for (one, other), shift in self.pair.items():
            numbers[shift.position] += place[one] * place[other] * shift.amount
        return self.with_numbers(numbers)

    def within(self, box: Mapping[str, tuple[float, float]]) -> Negotiable:
        """The same problem with narrower ranges.

        With `t = m + h · t'` in every range, `P` keeps its form: `D'_c = h_c · (D_c + Σ_d m_d · D_cd)` and
        `D'_cd = h_c · h_d · D_cd`.

        Parameters
        ----------
        box : lower and upper end of each range that is narrower, inside the one that it has
        """
        ranges = tuple(replace(span, lower=low, upper=high) for span, (low, high) in self._narrowed(box))
        both = list(zip(self.ranges, ranges, strict=True))
        middle = [old.place(new.middle) for old, new in both]
        half = [new.half / old.half for old, new in both]
        size = len(self.numbers)
        single = [np.zeros(size) for _ in ranges]
        numbers = self.numbers.copy()
        for one, shift in enumerate(self.single):
            single[one][shift.position] += shift.amount
            numbers[shift.position] += middle[one] * shift.amount
        for (one, other), shift in self.pair.items():
            single[one][shift.position] += middle[other] * shift.amount
            single[other][shift.position] += middle[one] * shift.amount
            numbers[shift.position] += middle[one] * middle[other] * shift.amount
        pair = {
            (one, other): replace(shift, amount=shift.amount * half[one] * half[other])
            for (one, other), shift in self.pair.items()
        }
        # The places stay those of the whole range, so that a narrower one splits the same columns.
        shifts = tuple(
            Shift(self.single[one].position, half[one] * single[one][self.single[one].position])
            for one in range(len(ranges))
        )
        return replace(
            self,
            ranges=ranges,
            middle=self.with_numbers(numbers),
            numbers=numbers,
            single=shifts,
            pair=pair,
        )

    def _narrowed(
        self, box: Mapping[str, tuple[float, float]]
    ) -> list[tuple[TermRange, tuple[float, float]]]:
        return [(span, box.get(span.term, (span.lower, span.upper))) for span in self.ranges]

    def with_numbers(self, numbers: FloatArray) -> Problem:
        """The problem with other numbers in the same places."""
        layout, problem = self.layout, self.middle
        row, column = np.divmod(self.pattern, problem.n_columns)
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=problem.n_rows))]).astype(np.int64)
        return replace(
            problem,
            lower=numbers[layout.lower],
            upper=numbers[layout.upper],
            row_lower=numbers[layout.row_lower],
            row_upper=numbers[layout.row_upper],
            matrix=SparseRows(start, column, numbers[layout.entries]),
            utility=numbers[layout.utility].reshape(2, -1),
            utility_constant=numbers[layout.constant],
        )


@dataclass(frozen=True)
class Layout:
    """Places in the row of all numbers of a problem that terms can move."""

    n_columns: int
    n_rows: int
    n_entries: int

    def _run(self, start: int, count: int) -> slice:
        return slice(start, start + count)

    @property
    def lower(self) -> slice:
        """Lower bounds of the columns."""
        return self._run(0, self.n_columns)

    @property
    def upper(self) -> slice:
        """Upper bounds of the columns."""
        return self._run(self.n_columns, self.n_columns)

    @property
    def row_lower(self) -> slice:
        """Lower limits of the rows."""
        return self._run(2 * self.n_columns, self.n_rows)

    @property
    def row_upper(self) -> slice:
        """Upper limits of the rows."""
        return self._run(2 * self.n_columns + self.n_rows, self.n_rows)

    @property
    def entries(self) -> slice:
        """Matrix entries."""
        return self._run(2 * self.n_columns + 2 * self.n_rows, self.n_entries)

    def positions(self, loose: IntArray, n_fixed: int, pattern: IntArray) -> IntArray:
        """(k,) positions of numbers of which the entries stand behind all others, each at its key.

        Parameters
        ----------
        loose : (k,) positions, of entries `n_fixed` and their place in any problem
        pattern : see `Negotiable`
        """
        fixed = np.where(loose < self.entries.start, loose, loose + self.n_entries)
        entry = self.entries.start + np.searchsorted(pattern, loose - n_fixed)
        found: IntArray = np.where(loose < n_fixed, fixed, entry)
        return found

    def dense(self, shift: Shift, n_fixed: int, pattern: IntArray) -> FloatArray:
        """(all numbers,) of a shift; see `positions`."""
        full = np.zeros(self.constant.stop)
        full[self.positions(shift.position, n_fixed, pattern)] = shift.amount
        return full

    @property
    def utility(self) -> slice:
        """Utility of the columns, the buyer's first."""
        return self._run(self.entries.stop, 2 * self.n_columns)

    @property
    def constant(self) -> slice:
        """Constants of both utilities."""
        return self._run(self.utility.stop, 2)
