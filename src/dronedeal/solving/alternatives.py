"""Plans near the best that differ most from it and from one another.

What sets a plan apart gets a price: the problem stays in the solver while its objective becomes the worth of
the plan plus `price · Σ sign · figure`, the signs those of the way to go. A row that keeps the worth above a
floor is dense and leaves every solve degenerate; the price asks the same question from the last basis in a
fraction of the time. Small problems have few corners for a price to stop at, and there such a row does no
harm: they are asked with it as well. Plans are judged at their true worth, whole units and learning counted,
so none that falls below the floor is ever given back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import form_of, rounded_after, with_row
from dronedeal.solving.interface import LoadedProblem, MatrixForm, Solution, Status, Termination
from dronedeal.solving.nearby import Nearby, Search
from dronedeal.solving.outcome import Outcome

# A plan differs from the others where it is so far from them, as a share of all that the best plan spends.
_DIFFERENT = 1e-4
# The first price is the one at which a plan would be this far away, were what it gives up to grow with the
# square of the distance; and never so small that the solver's tolerance swallows it.
_LIKELY_DISTANCE = 0.2
_LEAST_PRICE = 0.01
# Searches for whole decisions in each direction, linear problems with the whole decisions held, and
# rounds with the worth as a row.
_SEARCHES = 3
_REFINEMENTS = 4
_ROUNDS = 2
# The farthest plans so far, of which the whole decisions are held and the rest is moved on.
_REFINED = 2
# The price is raised until so much of what may be given up is given up, at most by so many times at once.
_GIVEN_UP = 0.8
_STEEPEST = 4.0
# How far the worth of a search may be from its proven best: what the first dive finds is good enough.
_SEARCH_GAP = 0.5
# What of the distance may go when a plan found with the worth as a row is made as good as it can be: room for
# whole units.
_KEPT = (0.98, 0.9, 0.5)


@dataclass(frozen=True)
class _Found:
    """A plan that is good enough, with what it was found by.

    Parameters
    ----------
    distance : least distance to the plans that are known, in millions
    values : (n,) columns
    direction : (k,) what one unit of each figure counts
    price : that it was found at; None: with the worth as a row
    """

    distance: float
    values: FloatArray
    direction: FloatArray
    price: float | None


def different(search: Nearby, count: int) -> Iterator[Outcome]:
    """Plans near the best, one after the other, each as far as can be from the best and from one another.

    Parameters
    ----------
    count : most plans to look for; fewer come where no more are different
    """
    if search.should_stop():
        return
    apart = _Apart(search)
    known = [search.measures.of(apart.near.values)]
    for number in range(count):
        found = apart.farthest(known, step=f"alternative {number + 1} of {count}")
        if found is None:
            return
        yield found[0]
        known.append(found[1])


class _Apart:
    """A problem that stays in the solver while the price and the direction of what is different change."""

    def __init__(self, search: Nearby) -> None:
        self.search, self.near = search, Search(search)
        self.measures, self.problem = search.measures, search.problem
        self.work = self.near.work
        self.work.options = replace(search.options, gap=_SEARCH_GAP)
        self.loaded: LoadedProblem = self.work.load(self.near.form, step="plans as good as the best")
        self.work.counted(self.loaded.begin())
        self.integers = np.flatnonzero(self.near.form.is_integer)
        self.first_price = max(_LEAST_PRICE, 2 * self.near.allowed / (_LIKELY_DISTANCE * self.near.scale))

    def farthest(self, known: Sequence[FloatArray], *, step: str) -> tuple[Outcome, FloatArray] | None:
        """A plan as far as can be from all known ones, with its figures; None: none is far enough."""
        found: list[_Found] = []
        for direction in self._directions(known):
            if self.search.should_stop():
                break
            first = self.search.first.solution
            self.work.show(step, first.objective, first.bound)
            one = self._along(direction, known)
            found += [] if one is None else [one]
            if self.near.is_small:
                found += self._floored(direction, known, step=step)
        found.sort(key=lambda each: -each.distance)
        found[:_REFINED] = [self._refined(one, known) for one in found[:_REFINED]]
        for one in sorted(found, key=lambda each: -each.distance):
            outcome = self._kept(one) if one.price is None else self._made_whole(one, step=step)
            if outcome is not None:
                assert outcome.solution.values is not None
                figures = self.measures.of(outcome.solution.values)
                if self._distance(figures, known) > _DIFFERENT * self.near.scale:
                    return outcome, figures
        return None

    def _directions(self, known: Sequence[FloatArray]) -> Iterator[FloatArray]:
        """Away from all that is in use, in all figures and in those of one kind; then by what is newest."""
        in_use = np.max(known, axis=0) > 1e-9
        away = np.where(in_use, -1.0, 1.0)
        yield away
        kinds = np.array([name[0] for name in self.measures.names])
        for kind in dict.fromkeys(kinds.tolist()):
            yield np.where(kinds == kind, away, 0.0)
        yield np.where(known[-1] > 1e-9, 1.0, -1.0)

    def _along(self, direction: FloatArray, known: Sequence[FloatArray]) -> _Found | None:
        """The farthest plan that is good enough in one direction, its whole decisions searched."""
        best: _Found | None = None
        price = self.first_price
        for _ in range(_SEARCHES):
            values = self._priced(self.near.values, direction, price, held=None)
            lost = None if values is None else self.near.lost(values)
            if values is None or lost is None:
                if best is not None:
                    break
                price /= _STEEPEST
                continue
            distance = self._distance(self.measures.of(values), known)
            if best is None or distance > best.distance:
                best = _Found(distance, values, direction, price)
            if lost > 0.5 * self.near.allowed:
                break
            price *= min(_STEEPEST, float(np.sqrt(_GIVEN_UP * self.near.allowed / max(lost, 1e-12))))
        return best

    def _refined(self, found: _Found, known: Sequence[FloatArray]) -> _Found:
        """The same with its whole decisions held: along its own slope, at the highest price it can bear."""
        if found.price is None:
            return found
        held = np.round(found.values[self.integers])
        low, high = found.price, np.inf
        for _ in range(_REFINEMENTS):
            if self.search.should_stop():
                break
            direction = self._slope(self.measures.of(found.values), known)
            price = 2 * low if high == np.inf else float(np.sqrt(low * high))
            values = self._priced(found.values, direction, price, held=held)
            if values is None or self.near.lost(values) is None:
                high = price
                continue
            low = price
            distance = self._distance(self.measures.of(values), known)
            if distance > found.distance:
                found = _Found(distance, values, direction, price)
        return found

    def _made_whole(self, found: _Found, *, step: str) -> Outcome | None:
        """The same in whole units, nearer to the best where they cost too much; None: none is good enough."""

        def priced(price: float) -> MatrixForm:
            return self._form(found.values, found.direction, price)

        price = found.price or 0.0
        return self.near.settled(self.loaded, priced, price, values=found.values, step=step)

    def _floored(self, direction: FloatArray, known: Sequence[FloatArray], *, step: str) -> list[_Found]:
        """Farthest plans with the worth as a row: in one direction, and along the slope found there."""
        found: list[_Found] = []
        form = with_row(self.near.form, self.near.cut[0], lower=self.near.cut[1])
        for _ in range(_ROUNDS):
            wanted = replace(rounded_after(form), objective=self._row(direction), constant=0.0)
            values = self.work.solve(wanted, step=step, gap=_SEARCH_GAP).values
            if values is None or self.near.lost(values) is None:
                break
            figures = self.measures.of(values)
            direction = self._slope(figures, known)
            found.append(_Found(self._distance(figures, known), values, direction, None))
        return found

    def _kept(self, found: _Found) -> Outcome | None:
        """The best plan that keeps what such a plan was looked for; None: none is good enough."""
        row = self._row(found.direction)
        here = float(row @ found.values)
        solution = Solution(Status.OK, Termination.NEAR_BEST, found.values, here, here, None, 0.0)
        for kept in _KEPT:
            away = here - (1 - kept) * found.distance
            outcome = self.near.improved(with_row(self.near.form, row, lower=away), solution)
            if outcome is not None:
                assert outcome.solution.values is not None
                if self.near.lost(outcome.solution.values) is not None:
                    return outcome
        return None

    def _row(self, direction: FloatArray) -> FloatArray:
        """(n,) what one unit of each column counts in a direction, in millions."""
        matrix, weight = self.measures.matrix, self.measures.weight * direction
        row: FloatArray = np.zeros(self.near.n)
        np.add.at(row, matrix.column, weight[matrix.row_of_entry] * matrix.value)
        return row

    def _priced(
        self, at: FloatArray, direction: FloatArray, price: float, *, held: FloatArray | None
    ) -> FloatArray | None:
        """(n,) the plan worth most with what is different at a price; None where none was found."""
        found: Solution = self.work.counted(self.loaded.maximise(self._form(at, direction, price), held=held))
        return found.values

    def _form(self, at: FloatArray, direction: FloatArray, price: float) -> MatrixForm:
        """Worth along the tangent at a plan, and a price on what is different."""
        first = self.search.first
        form = form_of(self.problem.tangent(at), first.kind, self.near.form.upper, first.alternative)
        return replace(form, objective=form.objective + price * self._row(direction))

    def _distance(self, figures: FloatArray, known: Sequence[FloatArray]) -> float:
        return min(float((self.measures.weight * np.abs(figures - each)).sum()) for each in known)

    def _slope(self, figures: FloatArray, known: Sequence[FloatArray]) -> FloatArray:
        """(k,) how the distance to the known plans grows with each figure, the nearest counting most."""
        distance = np.array([self._distance(figures, [each]) for each in known])
        share = 1.0 / np.maximum(distance, 1e-9 * self.near.scale)
        slope: FloatArray = (share / share.sum()) @ np.sign(figures - np.array(known))
        return slope
