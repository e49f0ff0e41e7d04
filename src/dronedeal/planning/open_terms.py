"""A problem in which the terms themselves are open: any value inside their ranges.

Where a term scales what columns cost, each of them is split into as many as there are corners of the ranges
of its terms, each with the numbers of its corner: units at the lowest and units at the highest price. A mix
of them has any price between, so that the payment lies between `lower·Q` and `upper·Q` and every row sees the
same payment. Where a term only moves limits, the looser end stands: nobody is worse off without a limit that
both sides agree to drop. The optimum is one that no plan under any terms beats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dronedeal.planning.carried import Places, places
from dronedeal.planning.negotiable import Layout, Negotiable
from dronedeal.planning.problem import Family, Problem, compress
from dronedeal.planning.shifts import Shift
from dronedeal.planning.tree import FloatArray, IntArray

# Terms of one column beyond this many would split it into too many.
_MOST_TERMS = 5


@dataclass(frozen=True)
class OpenTerms:
    """The problem with its terms open, and the way back to terms and plans.

    Parameters
    ----------
    problem : columns of the problem first, those split off them after them
    source : (n_split_off,) column that each of the latter is a part of
    place : (n_columns of `problem`, n_ranges) place of each term in the corner of a column, −1 or 1; 0 where
        it plays no part
    weight : (n_columns of `problem`, n_ranges) million that a unit moves between the ends of a term
    loose : value at which the limits of a term are loosest, by its name
    left_out : terms that are held, with the reason
    """

    negotiable: Negotiable
    problem: Problem
    source: IntArray
    place: FloatArray
    weight: FloatArray
    loose: Mapping[str, float]
    left_out: Mapping[str, str]

    @property
    def n_columns(self) -> int:
        """Number of columns of a problem under given terms."""
        return self.negotiable.middle.n_columns

    def collapsed(self, values: FloatArray) -> FloatArray:
        """(n,) the plan: all parts of a column together.

        Parameters
        ----------
        values : of the problem with open terms
        """
        plan = values[: self.n_columns].copy()
        np.add.at(plan, self.source, values[self.n_columns :])
        return plan

    def implied(self, values: FloatArray) -> dict[str, float]:
        """The value of every term with which a plan moves as much money as with its mix of corners.

        A price that nothing is bought at is not implied and left out; limits stand where they are loosest.

        Parameters
        ----------
        values : of the problem with open terms
        """
        found = dict(self.loose)
        moved = self.weight * values[:, None]
        total, place = moved.sum(axis=0), (moved * self.place).sum(axis=0)
        for number, span in enumerate(self.negotiable.ranges):
            if total[number] > 0:
                found[span.term] = span.at(float(np.clip(place[number] / total[number], -1.0, 1.0)))
        return found

    def disagreement(self, values: FloatArray) -> dict[str, float]:
        """Million by which deliveries at another value of a term than the implied one move money, by term.

        0 for every term: the plan is one under the implied terms, and no narrower range would tell more.

        Parameters
        ----------
        values : of the problem with open terms
        """
        moved = self.weight * values[:, None]
        total, place = moved.sum(axis=0), (moved * self.place).sum(axis=0)
        mean = np.divide(place, total, out=np.zeros_like(place), where=total > 0)
        # What one column mixes is one payment; only what columns pay apart from one another counts.
        of = np.concatenate([np.arange(self.n_columns), self.source])
        by_column = np.zeros((self.n_columns, len(mean)))
        np.add.at(by_column, of, moved * (self.place - mean))
        apart = np.abs(by_column).sum(axis=0) / 2
        return {
            span.term: float(apart[number])
            for number, span in enumerate(self.negotiable.ranges)
            if total[number] > 0
        }

    def spread(self, plan: FloatArray, terms: Mapping[str, float]) -> FloatArray:
        """Values of the open problem that are worth what a plan is worth under given terms: the way there.

        Parameters
        ----------
        plan : (n,) columns of a problem under given terms
        terms : value of each term; what is not named lies half-way
        """
        ranges = self.negotiable.ranges
        at = np.array([span.place(terms.get(span.term, span.middle)) for span in ranges])
        share = np.prod(np.where(self.place == 0, 1.0, (1 + self.place * at) / 2), axis=1)
        of = np.concatenate([np.arange(self.n_columns), self.source])
        values: FloatArray = plan[of] * share
        return values


def open_places(old: OpenTerms, new: OpenTerms) -> Places:
    """Where the columns and rows of a problem with its terms open stand in another one of the deal.

    A part of a column is the part of the same column in the same corner.
    """
    at = places(old.negotiable.middle, new.negotiable.middle)
    known = {key: old.n_columns + number for number, key in enumerate(_parts(old, old.source))}
    column = [known.get(key, -1) for key in _parts(new, at.columns[new.source])]
    rows = np.full(new.problem.n_rows, -1, dtype=np.int64)
    rows[: len(at.rows)] = at.rows
    return Places(np.concatenate([at.columns, np.array(column, dtype=np.int64)]), rows)


def _parts(open_terms: OpenTerms, source: IntArray) -> list[tuple[int, frozenset[tuple[str, float]]]]:
    """The column of each part, as the other problem numbers it, and its corner."""
    names = [span.term for span in open_terms.negotiable.ranges]
    corners = open_terms.place[open_terms.n_columns :]
    return [
        (column, frozenset((names[at], corner[at]) for at in np.flatnonzero(corner).tolist()))
        for column, corner in zip(source.tolist(), corners, strict=True)
    ]


def open_terms(negotiable: Negotiable, now: Mapping[str, float] | None = None) -> OpenTerms:
    """Open every term of a problem that can be.

    Parameters
    ----------
    negotiable : the problem in proportion to its terms
    now : value at which a term is held that cannot be opened; half-way where there is none

    Returns
    -------
    OpenTerms; a term that moves what no mix of its ends can say, such as a payment that hangs on no
    quantity, is held and named
    """
    return _Opening(negotiable, now or {}).opened()


class _Opening:
    """Which terms move limits, which scale columns, and the columns that they split."""

    def __init__(self, negotiable: Negotiable, now: Mapping[str, float]) -> None:
        self.negotiable = negotiable
        self.held_at = now
        self.layout: Layout = negotiable.layout
        self.row, self.column = np.divmod(negotiable.pattern, negotiable.middle.n_columns)
        self.left_out: dict[str, str] = {}
        self.loose: dict[str, float] = {}
        self.numbers = negotiable.numbers.copy()
        self.single = {number: self._full(shift) for number, shift in enumerate(negotiable.single)}
        self.pair = {numbers: self._full(shift) for numbers, shift in negotiable.pair.items()}
        for number, span in enumerate(negotiable.ranges):
            looser = self._looser(number)
            if looser is not None:
                # Limits that point both ways each stand where they are loosest, the term where most are.
                self.loose[span.term] = span.at(1.0 if looser.sum() > 0 else -1.0)
                self._hold(number, looser)
        for number, span in enumerate(negotiable.ranges):
            if number in self.single and not self._is_scaling(number):
                self.left_out[span.term] = (
                    "it moves amounts that hang on no quantity, or limits and prices at once"
                )
                self._hold(
                    number, np.full(len(self.numbers), span.place(self.held_at.get(span.term, span.middle)))
                )

    def _full(self, shift: Shift) -> FloatArray:
        """(all numbers,) of a shift."""
        full = np.zeros(len(self.numbers))
        full[shift.position] = shift.amount
        return full

    def _hold(self, number: int, place: FloatArray) -> None:
        """Hold a term at a place, which may be another for each number."""
        self.numbers += place * self.single.pop(number)
        for one, other in tuple(self.pair):
            if number in (one, other):
                self.single[other if number == one else one] += place * self.pair.pop((one, other))

    def _looser(self, number: int) -> FloatArray | None:
        """(all numbers,) the end, −1 or 1, at which each limit is loosest; None where money moves too."""
        shift, layout, problem = self.single[number], self.layout, self.negotiable.middle
        together = [amount for numbers, amount in self.pair.items() if number in numbers]
        moved = np.flatnonzero(shift)
        # Other terms may make the move larger or smaller, but must not turn it round.
        swing = np.sum(np.abs(together), axis=0) if together else np.zeros(len(shift))
        if (moved >= layout.utility.start).any() or (swing > np.abs(shift) * (1 + 1e-9)).any():
            return None
        # +1: a larger number is looser, −1: a smaller one, 0: neither.
        looser = np.zeros(len(self.numbers))
        looser[layout.upper] = looser[layout.row_upper] = 1.0
        looser[layout.lower] = looser[layout.row_lower] = -1.0
        has_lower, has_upper = np.isfinite(problem.row_lower), np.isfinite(problem.row_upper)
        by_row = np.where(has_lower & ~has_upper, 1.0, np.where(has_upper & ~has_lower, -1.0, 0.0))
        is_positive = problem.lower >= 0
        looser[layout.entries] = np.where(is_positive[self.column], by_row[self.row], 0.0)
        end: FloatArray = looser * np.sign(shift)
        return end if end[moved].all() else None

    def _is_scaling(self, number: int) -> bool:
        """Whether a term, alone or with others, only moves numbers of columns that can be split."""
        moves = [self.single[number], *(amount for numbers, amount in self.pair.items() if number in numbers)]
        position = np.flatnonzero(np.any(np.abs(moves) > 0, axis=0))
        layout, problem = self.layout, self.negotiable.middle
        in_entries = (position >= layout.entries.start) & (position < layout.entries.stop)
        in_utility = (position >= layout.utility.start) & (position < layout.utility.stop)
        if not (in_entries | in_utility).all():
            return False
        column = np.unique(self._columns_of(position))
        is_read = np.zeros(problem.n_columns, dtype=bool)
        if problem.curves is not None:
            is_read[problem.curves.make[problem.curves.make >= 0]] = True
        return bool(((problem.lower[column] == 0) & ~is_read[column]).all())

    def _columns_of(self, position: IntArray) -> IntArray:
        """Column that a matrix entry or a utility belongs to."""
        layout, count = self.layout, self.negotiable.middle.n_columns
        is_entry = position < layout.entries.stop
        entry = np.where(is_entry, position - layout.entries.start, 0)
        utility = np.where(is_entry, 0, (position - layout.utility.start) % count)
        column: IntArray = np.where(is_entry, self.column[entry], utility)
        return column

    def opened(self) -> OpenTerms:
        """The problem with its columns split."""
        splits = self._splits()
        base = self.negotiable.with_numbers(self.numbers)
        n_ranges = len(self.negotiable.ranges)
        corners = [(column, corner) for column, terms in splits for corner in _corners(terms, n_ranges)]
        first = dict(reversed(corners))
        later = [(column, corner) for column, corner in corners if first[column] is not corner]
        source = np.array([column for column, _ in later], dtype=np.int64)
        place = np.zeros((base.n_columns + len(later), n_ranges))
        for column, corner in first.items():
            place[column] = corner
        for number, (_, corner) in enumerate(later, start=base.n_columns):
            place[number] = corner
        return OpenTerms(
            self.negotiable,
            self._problem(base, source, place),
            source,
            place,
            self._weight(source),
            self.loose,
            self.left_out,
        )

    def _splits(self) -> list[tuple[int, list[int]]]:
        """Each column that is split, with its terms."""
        terms: dict[int, list[int]] = {}
        for number in sorted(self.single):
            for column in np.unique(self._columns_of(np.flatnonzero(self.single[number]))).tolist():
                terms.setdefault(column, []).append(number)
        for column, numbers in terms.items():
            if len(numbers) > _MOST_TERMS:
                terms[column] = numbers[:_MOST_TERMS]
                for number in numbers[_MOST_TERMS:]:
                    self.left_out[self.negotiable.ranges[number].term] = "too many terms move one payment"
        return sorted(terms.items())

    def _problem(self, base: Problem, source: IntArray, place: FloatArray) -> Problem:
        """The base with the numbers of their corners in all parts of the columns that are split."""
        of = np.concatenate([np.arange(base.n_columns), source])
        extra = len(source)
        entry_of, column_of = self._entries_by_part(source, base.n_columns)
        value = self._at_corners(self.layout.entries.start + entry_of, place[column_of])
        utility = np.stack(
            [
                self._at_corners(self.layout.utility.start + party * base.n_columns + of, place)
                for party in (0, 1)
            ]
        )
        split = np.unique(source)
        bounded = split[np.isfinite(base.upper[split])]
        # The parts of a contract quantity need not be whole: terms are open here, the plan has them fixed.
        is_split = np.isin(np.arange(base.n_columns), split)
        together = self._kept_together(of, bounded)
        links = self._linked(base, place, entry_of, column_of, value)
        n_links = int(links[0].max()) + 1 if len(links[0]) else 0
        n_bounded = base.n_rows + len(bounded)
        matrix = compress(
            [
                (self.row[entry_of], column_of, value),
                (base.n_rows + together[0], together[1], np.ones(len(together[0]))),
                (n_bounded + links[0], links[1], links[2]),
            ],
            n_bounded + n_links,
        )
        columns = {**base.columns, "split_off": Family("split_off", base.n_columns, extra, {})}
        rows = {
            **base.rows,
            "split": Family("split", base.n_rows, len(bounded), {}),
            "same_price": Family("same_price", n_bounded, n_links, {}),
        }
        nothing = np.zeros(n_links)
        return replace(
            base,
            columns=columns,
            rows=rows,
            lower=base.lower[of],
            upper=base.upper[of],
            is_integer=(base.is_integer & ~is_split)[of] | (base.is_integer & ~base.is_whole)[of],
            is_whole=(base.is_whole & ~is_split)[of],
            node=base.node[of],
            violation_price=base.violation_price[of],
            row_lower=np.concatenate([base.row_lower, np.full(len(bounded), -np.inf), nothing]),
            row_upper=np.concatenate([base.row_upper, base.upper[bounded], nothing]),
            matrix=matrix,
            utility=utility,
        )

    def _linked(
        self, base: Problem, place: FloatArray, entry_of: IntArray, column_of: IntArray, value: FloatArray
    ) -> tuple[IntArray, IntArray, FloatArray]:
        """Rows that keep the same units at the same price where several columns stand for them.

        In a balance of nothing but split columns, such as what leaves a pool and what is assigned of it, the
        part at the lower end of a term balances on its own: whatever the terms are, it is the same share of
        every column. Returns row from 0, column and number of each entry.
        """
        row_of = self.row[entry_of]
        is_balance = (base.row_lower == 0) & (base.row_upper == 0)
        used = value != 0
        is_moved = np.zeros(base.n_rows, dtype=bool)
        for moved in self.single.values():
            is_moved[self.row[np.flatnonzero(moved[self.layout.entries])]] = True
        rows, columns, values, count = [], [], [], 0
        for number in sorted(self.single):
            outside = used & (place[column_of, number] == 0)
            is_linked = is_balance & ~is_moved
            is_linked[row_of[outside]] = False
            is_linked &= np.bincount(row_of[used], minlength=base.n_rows) > 0
            chosen = used & is_linked[row_of] & (place[column_of, number] < 0)
            linked = np.flatnonzero(is_linked)
            rows.append(count + np.searchsorted(linked, row_of[chosen]))
            columns.append(column_of[chosen])
            values.append(value[chosen])
            count += len(linked)
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

    def _kept_together(self, of: IntArray, bounded: IntArray) -> tuple[IntArray, IntArray]:
        """Row, from 0, and column of what keeps the parts of a bounded column within its bound."""
        chosen = np.flatnonzero(np.isin(of, bounded))
        return np.searchsorted(bounded, of[chosen]), chosen

    def _entries_by_part(self, source: IntArray, n_columns: int) -> tuple[IntArray, IntArray]:
        """Entry of the pattern and column of the open problem of each of its entries."""
        order = np.argsort(self.column, kind="stable")
        start = np.searchsorted(self.column[order], source)
        count = np.searchsorted(self.column[order], source, side="right") - start
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        entry = order[np.repeat(start, count) + offset]
        part = np.repeat(n_columns + np.arange(len(source)), count)
        return (
            np.concatenate([np.arange(len(self.column)), entry]),
            np.concatenate([self.column, part]),
        )

    def _at_corners(self, position: IntArray, place: FloatArray) -> FloatArray:
        """Numbers at their positions, each at a place of its own.

        position : (k,); place : (k, n_ranges)
        """
        found = self.numbers[position].copy()
        for number, amount in self.single.items():
            found += amount[position] * place[:, number]
        for (one, other), amount in self.pair.items():
            found += amount[position] * place[:, one] * place[:, other]
        return found

    def _weight(self, source: IntArray) -> FloatArray:
        """(columns, n_ranges) million that a unit moves: to the seller where it does, else from the buyer."""
        count = self.negotiable.middle.n_columns
        of = np.concatenate([np.arange(count), source])
        weight = np.zeros((len(of), len(self.negotiable.ranges)))
        for number, moved in self.single.items():
            for party in (1, 0):
                start = self.layout.utility.start + party * count
                amount = np.abs(moved[start + of])
                if amount.any():
                    weight[:, number] = amount
                    break
        return weight


def _corners(terms: list[int], n_ranges: int) -> list[FloatArray]:
    """Places of all corners of some ranges; 0 for the others."""
    found = []
    for ends in product((-1.0, 1.0), repeat=len(terms)):
        corner = np.zeros(n_ranges)
        corner[terms] = ends
        found.append(corner)
    return found
