"""A problem in proportion to the terms that are negotiated.

For the value `θ` of every term the numbers of the problem are

    P(θ) = P(middle) + Σ_c t_c · D_c + Σ_{c<d} t_c · t_d · D_cd,    t_c = (θ_c − middle_c) / half of the range

so that a problem for other terms costs nothing to make. That it is so is not believed: every part is tested
against problems that were built, and a term for which it is not so is *structural*: each of its values has a
problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dronedeal.planning.curves import Curves
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray, IntArray

# Two problems are in proportion where their numbers agree to this share.
_SAME = 1e-9
# A limit or share of nothing often has no row at all. Such an end is moved inwards by this part of the range.
_INWARDS = 1e-4


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
class Shift:
    """What a term, or two together, add to the numbers of a problem.

    position : (k,) which numbers; amount : (k,) what is added for each unit of place
    """

    position: IntArray
    amount: FloatArray


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

    @property
    def utility(self) -> slice:
        """Utility of the columns, the buyer's first."""
        return self._run(self.entries.stop, 2 * self.n_columns)

    @property
    def constant(self) -> slice:
        """Constants of both utilities."""
        return self._run(self.utility.stop, 2)


def negotiable(ranges: Sequence[TermRange], build: Build) -> Negotiable:
    """A problem for any value of the terms, from problems built at a few of them.

    Parameters
    ----------
    ranges : of every term
    build : the problem under the terms that are named, all others as they are now

    Returns
    -------
    Negotiable; a term whose range is a single value, or that is not in proportion, is structural and stays
    as it is now
    """
    structural = {span.term: "its range is a single value" for span in ranges if not span.upper > span.lower}
    left = [span for span in ranges if span.term not in structural]
    while True:
        survey = _Survey(left, build)
        if not survey.structural:
            return survey.negotiable(structural)
        # All that was built stands on the terms half-way that turned out to be structural: build it anew.
        structural |= survey.structural
        left = [span for span in left if span.term not in structural]


class _Survey:
    """Problems built at the middle and the ends of the ranges, and what they tell.

    structural : terms that are not in proportion, with the reason; where there are any, nothing more is built
    """

    def __init__(self, ranges: Sequence[TermRange], build: Build) -> None:
        self.halfway = {span.term: span.middle for span in ranges}
        self._build = build
        self.structural: dict[str, str] = {}
        self.middle = self.build({})
        self.most_broken = self.middle.upper
        self.ranges: list[TermRange] = []
        self.ends: dict[str, tuple[Problem, Problem]] = {}
        for span in ranges:
            self._ask_ends(span)
        self.pattern = self._pattern()
        # By how much a term can be broken limits nothing that is negotiated: the most stands.
        for problem in [end for ends in self.ends.values() for end in ends]:
            self.most_broken = np.maximum(self.most_broken, problem.upper)
        self.numbers = self._numbers(self.middle)
        self.single = self._singles()
        if not self.structural:
            self.pair = self._pairs()
            self._ask_corner()

    def build(self, terms: Mapping[str, float]) -> Problem:
        """The problem under given terms, the others of the survey half-way."""
        return self._build(self.halfway | dict(terms))

    def _ask_ends(self, span: TermRange) -> None:
        """Build both ends of a range; where their shape is another, a little further inside."""
        reason = None
        for inwards in (0.0, _INWARDS * 2 * span.half):
            inner = replace(span, lower=span.lower + inwards, upper=span.upper - inwards)
            ends = self.build({span.term: inner.lower}), self.build({span.term: inner.upper})
            differences = [_difference(self.middle, end) for end in ends]
            if not any(differences):
                self.ranges.append(inner)
                self.ends[span.term] = ends
                return
            reason = reason or next(filter(None, differences))
        assert reason is not None
        self.structural[span.term] = reason

    def negotiable(self, structural: Mapping[str, str]) -> Negotiable:
        """The problem in proportion to all terms of the survey."""
        return Negotiable(
            tuple(self.ranges),
            self.middle,
            self.pattern,
            self.numbers,
            tuple(self.single[span.term] for span in self.ranges),
            {
                (one, other): self.pair[a.term, b.term]
                for (one, a), (other, b) in combinations(enumerate(self.ranges), 2)
                if (a.term, b.term) in self.pair
            },
            dict(structural),
        )

    def _pattern(self) -> IntArray:
        problems = [self.middle, *(end for ends in self.ends.values() for end in ends)]
        keys = [_keys(problem) for problem in problems]
        pattern: IntArray = np.unique(np.concatenate(keys))
        return pattern

    def _numbers(self, problem: Problem) -> FloatArray:
        entries = np.zeros(len(self.pattern))
        entries[np.searchsorted(self.pattern, _keys(problem))] = problem.matrix.value
        return np.concatenate(
            [
                problem.lower,
                np.where(problem.is_violation, self.most_broken, problem.upper),
                problem.row_lower,
                problem.row_upper,
                entries,
                problem.utility.ravel(),
                problem.utility_constant,
            ]
        )

    def _singles(self) -> dict[str, Shift]:
        """Half the difference of both ends, where the middle is their mean."""
        found = {}
        for span in tuple(self.ranges):
            lower, upper = (self._numbers(end) for end in self.ends[span.term])
            if not _is_same(_mean(lower, upper), self.numbers):
                self.ranges.remove(span)
                self.structural[span.term] = "the middle of its range is not half-way between both ends"
                continue
            found[span.term] = _shift((_minus(upper, lower)) / 2)
        return found

    def _pairs(self) -> dict[tuple[str, str], Shift]:
        """What two terms add together, asked of those that move the same number."""
        found = {}
        for one, other in combinations(self.ranges, 2):
            first, second = self.single[one.term], self.single[other.term]
            if not len(np.intersect1d(first.position, second.position)):
                continue
            problem = self.build({one.term: one.upper, other.term: other.upper})
            if _difference(self.middle, problem) or not np.isin(_keys(problem), self.pattern).all():
                continue  # the corner shows which term it is
            expected = self.numbers.copy()
            for shift in (first, second):
                expected[shift.position] += shift.amount
            shift = _shift(_minus(self._numbers(problem), expected), scale=np.abs(expected))
            if len(shift.position):
                found[one.term, other.term] = shift
        return found

    def _ask_corner(self) -> None:
        """Where the problem at a corner of all ranges is not what was reckoned, a term is structural."""
        if not self.ranges:
            return
        corner = {
            span.term: span.upper if number % 3 else span.lower for number, span in enumerate(self.ranges)
        }
        problem, wrong = self.build(corner), np.arange(0)
        if not _difference(self.middle, problem) and np.isin(_keys(problem), self.pattern).all():
            expected = self._numbers(self.negotiable({}).at(corner))
            wrong = np.flatnonzero(~_agrees(expected, self._numbers(problem)))
            if not len(wrong):
                return
        moved = [span.term for span in self.ranges if np.isin(wrong, self.single[span.term].position).any()]
        guilty = (moved or [span.term for span in self.ranges])[-1]
        self.structural[guilty] = "together with other terms it is not in proportion"


def _keys(problem: Problem) -> IntArray:
    keys: IntArray = problem.matrix.row_of_entry * problem.n_columns + problem.matrix.column
    return keys


def _difference(one: Problem, other: Problem) -> str | None:
    """Why two problems have not the same shape; None where they have."""
    if _shape(one) != _shape(other):
        return "it changes what can be decided"
    for name in ("is_integer", "is_whole", "is_violation"):
        if not np.array_equal(getattr(one, name), getattr(other, name)):
            return "it changes what can be decided"
    for side in ("lower", "upper", "row_lower", "row_upper"):
        if not np.array_equal(np.isfinite(getattr(one, side)), np.isfinite(getattr(other, side))):
            return "it opens or closes a limit"
    if not _same_curves(one.curves, other.curves):
        return "it changes how costs fall with experience"
    return None


def _shape(problem: Problem) -> list[tuple[str, int]]:
    families = [*problem.columns.values(), *problem.rows.values()]
    return [(family.name, family.count) for family in families]


def _same_curves(one: Curves | None, other: Curves | None) -> bool:
    if one is None or other is None:
        return one is other
    pairs = [(getattr(one.data, field.name), getattr(other.data, field.name)) for field in fields(one.data)]
    pairs += [(one.make, other.make), (one.weight, other.weight), (one.most, other.most)]
    return all(np.array_equal(first, second) for first, second in pairs)


def _minus(one: FloatArray, other: FloatArray) -> FloatArray:
    """The difference; none where both are infinite."""
    difference = np.zeros_like(one)
    np.subtract(one, other, out=difference, where=np.isfinite(one))
    return difference


def _mean(one: FloatArray, other: FloatArray) -> FloatArray:
    return one - _minus(one, other) / 2


def _agrees(one: FloatArray, other: FloatArray) -> npt.NDArray[np.bool_]:
    size = np.maximum(1.0, np.where(np.isfinite(one), np.abs(one), 0.0))
    agrees: npt.NDArray[np.bool_] = np.abs(_minus(one, other)) <= _SAME * size
    return agrees


def _is_same(one: FloatArray, other: FloatArray) -> bool:
    return bool(_agrees(one, other).all())


def _shift(difference: FloatArray, *, scale: FloatArray | None = None) -> Shift:
    noise = 0.0 if scale is None else _SAME * np.maximum(1.0, np.where(np.isfinite(scale), scale, 0.0))
    position = np.flatnonzero(np.abs(difference) > noise)
    return Shift(position, difference[position])
