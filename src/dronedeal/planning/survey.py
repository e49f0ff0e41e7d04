"""What a few problems that were built tell about the problem under any terms.

The survey begins at the deal as it is, so that a term that turns out to be out of proportion is simply left
where it stands. Every other term is moved alone to the end of its range that is farther away; what terms add
together, and whether the numbers are in proportion at all, is read from corners in which all of them move at
once. Of each problem that is built only the numbers that differ are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from dronedeal.planning.curves import Curves
from dronedeal.planning.negotiable import Build, Layout, Negotiable, TermRange
from dronedeal.planning.problem import Problem
from dronedeal.planning.shifts import Numbers, Shift, amounts_at, moved, numbers_of, sparse, total
from dronedeal.planning.tree import FloatArray, IntArray

# Two problems are in proportion where their numbers agree to this share.
_SAME = 1e-9
# A limit or share of nothing often has no row at all. Such an end is moved inwards by this part of the range.
_INWARDS = 1e-4
_NOT_HALFWAY = "the middle of its range is not half-way between both ends"
_NOT_TOGETHER = "together with other terms it is not in proportion"


@dataclass(frozen=True)
class Surveyed:
    """What a survey found: with one more problem, the one at its start, it says what terms move.

    start : value of each term where the survey stood; ranges : of those that are in proportion
    structural : terms that are not in proportion, with the reason
    single, pair : what each term, or two together, add for a unit of it from the start on; entries stand
        after all that is fixed, each at its key
    most_broken : (n,) upper bounds of the columns by which a rule can be broken, the most of all problems
    """

    start: Mapping[str, float]
    ranges: Mapping[str, TermRange]
    structural: Mapping[str, str]
    single: Mapping[str, Shift]
    pair: Mapping[tuple[str, str], Shift]
    most_broken: FloatArray

    def negotiable(self, problem: Problem) -> Negotiable:
        """The problem in proportion to all terms of the survey, from the middle of their ranges.

        Parameters
        ----------
        problem : at the start of the survey
        """
        given = numbers_of(problem)
        terms, n_fixed = list(self.ranges), len(given.fixed)
        shifts = [*self.single.values(), *self.pair.values()]
        keys = [shift.position[shift.position >= n_fixed] - n_fixed for shift in shifts]
        pattern = np.unique(np.concatenate([given.keys, *keys]))
        layout = Layout(problem.n_columns, problem.n_rows, len(pattern))
        half = {term: self.ranges[term].half for term in terms}
        off = {term: self.ranges[term].middle - self.start[term] for term in terms}
        numbers = self._all(problem, given, pattern, layout)
        amount = {term: layout.dense(self.single[term], n_fixed, pattern) for term in terms}
        pair = {}
        for (one, other), shift in self.pair.items():
            place = layout.positions(shift.position, n_fixed, pattern)
            pair[terms.index(one), terms.index(other)] = Shift(place, shift.amount * half[one] * half[other])
            numbers[place] += off[one] * off[other] * shift.amount
            amount[one][place] += off[other] * shift.amount
            amount[other][place] += off[one] * shift.amount
        for term in terms:
            # The move from the start to the middle counts what two terms add together once.
            own = layout.dense(self.single[term], n_fixed, pattern)
            numbers += off[term] * own
        single = tuple(sparse(half[term] * amount[term]) for term in terms)
        ranges = tuple(self.ranges.values())
        base = Negotiable(ranges, problem, pattern, numbers, single, pair, dict(self.structural))
        return replace(base, middle=base.with_numbers(numbers))

    def _all(self, problem: Problem, given: Numbers, pattern: IntArray, layout: Layout) -> FloatArray:
        """All numbers of the start in their places."""
        entries = np.zeros(len(pattern))
        entries[np.searchsorted(pattern, given.keys)] = given.entries
        fixed = given.fixed.copy()
        fixed[layout.upper][problem.is_violation] = self.most_broken[problem.is_violation]
        before = layout.entries.start
        return np.concatenate([fixed[:before], entries, fixed[before:]])


def negotiable(
    ranges: Sequence[TermRange], build: Build, *, now: Mapping[str, float] | None = None
) -> Negotiable:
    """A problem for any value of the terms, from problems built at a few of them; see `surveyed`."""
    found, problem = surveyed(ranges, build, now=now)
    return found.negotiable(problem)


def surveyed(
    ranges: Sequence[TermRange], build: Build, *, now: Mapping[str, float] | None = None
) -> tuple[Surveyed, Problem]:
    """What terms move, and the problem at the start of the survey.

    Parameters
    ----------
    ranges : of every term
    build : the problem under the terms that are named, all others as they are now
    now : value of the terms as they are; those that are not named have no one value

    Returns
    -------
    Surveyed; a term whose range is a single value, or that is not in proportion, is structural and stays
    as it is now
    """
    structural = {span.term: "its range is a single value" for span in ranges if not span.upper > span.lower}
    while True:
        left = [span for span in ranges if span.term not in structural]
        survey = _Survey(left, build, now or {})
        survey.ask()
        structural |= survey.structural
        if not survey.is_moved:
            return survey.found(structural), survey.problem


class _Survey:
    """Problems built around the deal as it is, and what they tell.

    structural : terms that are not in proportion, with the reason
    is_moved : whether one of those stood elsewhere than it does now, so that another survey must follow
    """

    def __init__(self, ranges: Sequence[TermRange], build: Build, now: Mapping[str, float]) -> None:
        self._build = build
        self._now = {
            span.term: now[span.term]
            for span in ranges
            if span.term in now and span.lower <= now[span.term] <= span.upper
        }
        self.ranges = {span.term: span for span in ranges}
        self.start = {span.term: self._now.get(span.term, span.middle) for span in ranges}
        self._is_up = {
            span.term: span.upper - self.start[span.term] >= self.start[span.term] - span.lower
            for span in ranges
        }
        self.structural: dict[str, str] = {}
        self.is_moved = False
        self.single: dict[str, Shift] = {}
        self.pair: dict[tuple[str, str], Shift] = {}

    def ask(self) -> None:
        """Everything, in its order."""
        self._stand()
        for term in tuple(self.ranges):
            self._ask_far_end(term)
        self._ask_near_ends()
        if self.is_moved:
            return
        self._ask_pairs()
        for corner in (self._middle, self._near, self._mixed, self._far):
            self._test(corner)

    def _stand(self) -> None:
        """The problem to start from, inside all ranges at whose end a limit is another or none."""
        self._start_at({})
        inner = {
            term: inside for term, span in self.ranges.items() if (inside := _inside(span, self.start[term]))
        }
        moved = {term: inner[term] for term in self._that_differ(inner)}
        for term, inside in tuple(moved.items()):
            # Where the whole way has another shape than its first step, it is no limit that comes or goes.
            steps = [self._build(self.start | {term: value}) for value in (inside, self._far(term))]
            reason = _difference(*steps)
            if reason is not None:
                self._leave(term, reason)
                del moved[term]
        if moved:
            self._start_at(moved)

    def _start_at(self, moved: Mapping[str, float]) -> None:
        self.start |= moved
        self.problem = self._build(self.start)
        self.most_broken = self.problem.upper.copy()
        self.numbers = numbers_of(self.problem)

    def _that_differ(self, moved: Mapping[str, float]) -> list[str]:
        """Which of some moves change the shape of the problem, found by halving."""
        if not moved or self._look(moved)[0] is None:
            return []
        terms = list(moved)
        if len(terms) == 1:
            return terms
        halves = terms[: len(terms) // 2], terms[len(terms) // 2 :]
        found = [each for half in halves for each in self._that_differ({term: moved[term] for term in half})]
        return found or terms

    def _look(self, terms: Mapping[str, float]) -> tuple[str | None, Shift | None]:
        """Why the problem with some terms moved from the start has another shape; else how it differs."""
        problem = self._build(self.start | dict(terms))
        reason = _difference(self.problem, problem)
        if reason is not None:
            return reason, None
        # By how much a term can be broken limits nothing that is negotiated: the most stands.
        self.most_broken = np.maximum(self.most_broken, problem.upper)
        return None, moved(self.numbers, numbers_of(problem))

    def _ask_far_end(self, term: str) -> None:
        """What a term moves on its way to the end that is farther away, or a little less far."""
        span, is_up, reason = self.ranges[term], self._is_up[term], None
        for inwards in (0.0, _INWARDS * 2 * span.half):
            inner = replace(span, upper=span.upper - inwards) if is_up else span
            inner = inner if is_up else replace(span, lower=span.lower + inwards)
            found, shift = self._look({term: inner.upper if is_up else inner.lower})
            if shift is not None:
                self.ranges[term], self.single[term] = inner, self._a_unit(shift, {term: self._far})
                return
            reason = reason or found
        assert reason is not None
        self._leave(term, reason)

    def _ask_near_ends(self) -> None:
        """Where the nearer end of a range has another shape, the range ends where the survey starts."""
        ends = {term: self._near(term) for term in self.ranges if self._near(term) != self.start[term]}
        # What has no row is mostly a limit or share of nothing: those ends stand together in the halving.
        ends = dict(sorted(ends.items(), key=lambda each: each[1] == 0.0))
        for term in self._that_differ(ends):
            span, is_up = self.ranges[term], self._is_up[term]
            inside = _inside(span, self._near(term)) or self.start[term]
            self.ranges[term] = replace(span, lower=inside) if is_up else replace(span, upper=inside)

    def _leave(self, term: str, reason: str) -> None:
        """Leave a term as it is now."""
        self.structural[term] = reason
        self.is_moved |= self._now.get(term) != self.start[term]
        del self.ranges[term]
        self.single.pop(term, None)
        self.pair = {both: shift for both, shift in self.pair.items() if term not in both}

    def _far(self, term: str) -> float:
        return self.ranges[term].upper if self._is_up[term] else self.ranges[term].lower

    def _near(self, term: str) -> float:
        return self.ranges[term].lower if self._is_up[term] else self.ranges[term].upper

    def _middle(self, term: str) -> float:
        """Where what switches has one of its two ends, and what is in proportion neither."""
        return self.ranges[term].middle

    def _mixed(self, term: str) -> float:
        """One end or the other, in no pattern that terms of one kind could share."""
        return self._far(term) if list(self.ranges).index(term) % 3 else self._near(term)

    def _a_unit(self, shift: Shift, ends: Mapping[str, Callable[[str], float]]) -> Shift:
        """A shift for each unit of a term, or of the product of two."""
        steps = [end(term) - self.start[term] for term, end in ends.items()]
        return replace(shift, amount=shift.amount / np.prod(steps))

    def _expected(self, terms: Mapping[str, float]) -> Shift:
        """How the problem should differ under some terms."""
        step = {term: value - self.start[term] for term, value in terms.items()}
        parts = [(self.single[term], step[term]) for term in terms]
        parts += [
            (shift, step[one] * step[other])
            for (one, other), shift in self.pair.items()
            if one in step and other in step
        ]
        return total(parts)

    def _ask_pairs(self) -> None:
        """What two terms add together, from a corner where no third moves a number, else asked apart."""
        far = {term: self._far(term) for term in self.ranges}
        found = self._look(far)[1]
        if found is None:
            return  # the test of this corner finds the term
        more = total([(found, 1.0), (self._expected(far), -1.0)])
        more = self._real(more, found)
        movers = self._movers(more.position)
        both = movers.sum(axis=0) == 2
        terms = list(self.ranges)
        for one, other in combinations(range(len(terms)), 2):
            mine = both & movers[one] & movers[other]
            crowded = ~both & movers[one] & movers[other]
            ends = {terms[one]: self._far, terms[other]: self._far}
            if crowded.any():
                shift = self._asked_together(terms[one], terms[other])
            else:
                shift = Shift(more.position[mine], more.amount[mine])
            if shift is not None and len(shift.position):
                self.pair[terms[one], terms[other]] = self._a_unit(shift, ends)

    def _asked_together(self, one: str, other: str) -> Shift | None:
        ends = {one: self._far(one), other: self._far(other)}
        _, found = self._look(ends)
        if found is None:
            return None
        return self._real(total([(found, 1.0), (self._expected(ends), -1.0)]), found)

    def _real(self, more: Shift, found: Shift) -> Shift:
        """A difference of differences without what rounding leaves of it."""
        size = np.maximum(np.abs(self._number_at(more.position)), np.abs(amounts_at(found, more.position)))
        is_real = np.abs(more.amount) > _SAME * np.maximum(1e-3, size)
        return Shift(more.position[is_real], more.amount[is_real])

    def _movers(self, position: IntArray) -> npt.NDArray[np.bool_]:
        """(terms, positions) which term moves which number alone."""
        rows = [np.isin(position, self.single[term].position) for term in self.ranges]
        return np.array(rows, dtype=bool).reshape(len(self.ranges), len(position))

    def _test(self, corner: Callable[[str], float]) -> None:
        """Leave terms as they are until the problem at a corner is what it should be."""
        while self.ranges:
            terms = {term: corner(term) for term in self.ranges}
            reason, found = self._look(terms)
            if found is None:
                self._leave(self._last_needed(terms), reason or _NOT_TOGETHER)
                continue
            wrong = self._wrong(found, terms)
            if not len(wrong):
                return
            self._leave(*self._guilty(wrong, terms))

    def _wrong(self, found: Shift, terms: Mapping[str, float]) -> IntArray:
        """Positions at which a problem is not what it should be."""
        more = total([(found, 1.0), (self._expected(terms), -1.0)])
        size = np.abs(self._number_at(more.position) + amounts_at(found, more.position))
        wrong: IntArray = more.position[np.abs(more.amount) > _SAME * np.maximum(1.0, size)]
        return wrong

    def _guilty(self, wrong: IntArray, terms: Mapping[str, float]) -> tuple[str, str]:
        """The term that is not in proportion on its own, or the last of those that are not together."""
        moved = [term for term in terms if np.isin(wrong, self.single[term].position).any()]
        suspects = (moved or list(terms))[::-1]
        for term in suspects:
            alone = {term: terms[term]}
            if terms[term] != self._far(term):
                _, found = self._look(alone)
                if found is not None and len(self._wrong(found, alone)):
                    return term, _NOT_HALFWAY
        return suspects[0], _NOT_TOGETHER

    def _last_needed(self, terms: Mapping[str, float]) -> str:
        """The last of the fewest terms, in their order, that together change the shape of the problem."""
        names, low, high = list(terms), 0, len(terms)
        while high - low > 1:
            middle = (low + high) // 2
            differs = self._look({term: terms[term] for term in names[:middle]})[0] is not None
            low, high = (low, middle) if differs else (middle, high)
        return names[high - 1]

    def _number_at(self, position: IntArray) -> FloatArray:
        """Numbers of the start at some positions; 0 for an entry that it lacks."""
        numbers, n_fixed = self.numbers, len(self.numbers.fixed)
        found = np.zeros(len(position))
        is_fixed = position < n_fixed
        found[is_fixed] = numbers.fixed[position[is_fixed]]
        found[~is_fixed] = amounts_at(Shift(numbers.keys, numbers.entries), position[~is_fixed] - n_fixed)
        return np.where(np.isfinite(found), found, 0.0)

    def found(self, structural: Mapping[str, str]) -> Surveyed:
        """What it found."""
        return Surveyed(self.start, self.ranges, dict(structural), self.single, self.pair, self.most_broken)


def _inside(span: TermRange, value: float) -> float | None:
    """A value a little inside a range at whose end another lies; None where it lies at none."""
    inwards = _INWARDS * 2 * span.half
    if value == span.lower:
        return span.lower + inwards
    return span.upper - inwards if value == span.upper else None


def _difference(one: Problem, other: Problem) -> str | None:
    """Why two problems have not the same shape; None where they have."""
    if _shape(one) != _shape(other):
        return "it changes what can be decided"
    for name in ("is_whole", "is_violation"):
        if not np.array_equal(getattr(one, name), getattr(other, name)):
            return "it changes what can be decided"
    # Whether a contract quantity is searched or made whole after the search is a matter of its size.
    if not np.array_equal(one.is_integer & ~one.is_whole, other.is_integer & ~other.is_whole):
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
