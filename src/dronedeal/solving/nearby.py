"""Plans near the best: the one that changes least from a given plan, and those that differ most.

All of them are plans of the same rules whose objective is at most so much worse than that of the best plan
found. Where costs fall with experience the objective is judged along the tangent at the best plan, which no
plan falls short of in truth. A plan found is then made as good as it can be without giving up what it was
looked for, which also gives the duals that explain it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dronedeal.planning.measures import Measures
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import WEIGHTS, form_of, rounded_after, with_row
from dronedeal.solving.interface import (
    MatrixForm,
    OnProgress,
    ShouldStop,
    Solution,
    SolveOptions,
    Solver,
    Status,
    Termination,
    never_stop,
    no_progress,
)
from dronedeal.solving.outcome import Outcome
from dronedeal.solving.work import Work

_SLACK = 1e-6
_ROUNDS = 2
# How far the distance of a plan may be from the proven greatest: what a dive finds is good enough. And what
# of the distance may go when the plan is made as good as it can be: room for whole units.
_DISTANCE_GAP = 0.5
_KEPT = (0.98, 0.9, 0.5)
# A plan differs from the others where it is so far from them, as a share of all that the best plan spends.
_DIFFERENT = 1e-4


@dataclass(frozen=True)
class Nearby:
    """What plans near the best are looked for with.

    Parameters
    ----------
    problem : as built
    first : the best plan
    measures : figures by which plans are told apart
    give_up : share of the objective that may be given up
    """

    problem: Problem
    solver: Solver
    first: Outcome
    measures: Measures
    give_up: float
    options: SolveOptions = field(default_factory=SolveOptions)
    on_progress: OnProgress = no_progress
    should_stop: ShouldStop = never_stop


def nearest(search: Nearby, target: FloatArray) -> Outcome:
    """The plan that changes least: `min Σ weight · |figure − target|` among plans near the best.

    Parameters
    ----------
    target : (k,) figures of the plan to stay near
    """
    found = _Search(search)
    form = _with_distance(found.form, search.measures, target)
    weight = np.concatenate([search.measures.weight, search.measures.weight])
    distance = np.concatenate([np.zeros(found.n), weight])
    wanted = replace(
        with_row(form, found.cut_row(form), lower=found.cut[1]), objective=-distance, constant=0.0
    )
    near = found.solve(wanted, step="the plan that changes least")
    if near.values is None:
        return search.first
    most = float(distance @ near.values)
    held = with_row(form, distance, upper=most * (1 + 1e-9) + _SLACK * found.scale)
    return found.improved(held, near) or found.outcome(replace(near, row_duals=None))


def different(search: Nearby, count: int) -> Iterator[Outcome]:
    """Plans near the best, one after the other, each as far as can be from the best and from one another.

    The least weighted distance to all plans before, a sum of absolute values, is convex: it is raised by
    following its slope from plan to plan, each round a linear problem with whole decisions, from several
    beginnings, until it rises no more.

    Parameters
    ----------
    count : most plans to look for; fewer come where no more are different
    """
    found = _Search(search)
    known = [search.measures.of(found.values)]
    for number in range(count):
        if search.should_stop():
            return
        best = found.farthest(known, step=f"alternative {number + 1} of {count}")
        if best is None:
            return
        yield best[0]
        known.append(best[1])


class _Search:
    """The problem near one plan, with a floor under its objective."""

    def __init__(self, search: Nearby) -> None:
        self.search = search
        problem, first = search.problem, search.first
        self.n = problem.n_columns
        assert first.solution.values is not None
        self.values = first.solution.values[: self.n]
        self.work = Work(
            problem,
            search.solver,
            options=search.options,
            on_progress=search.on_progress,
            should_stop=search.should_stop,
        )
        violated = np.minimum(problem.upper, np.maximum(self.values, 0.0) * (1 + _SLACK))
        upper = np.where(problem.is_violation, violated, problem.upper)
        self.form = form_of(problem.tangent(self.values), first.kind, upper, first.alternative)
        worst = first.solution.objective - search.give_up * max(1e-6, abs(first.solution.objective))
        self.cut = (self.form.objective, worst - self.form.constant)
        self.scale = max(1e-6, float(np.abs(search.measures.weight * search.measures.of(self.values)).sum()))

    def solve(self, form: MatrixForm, *, step: str) -> Solution:
        """The best solution of a form with its contract quantities whole."""
        return self.work.solve_whole(form, step=step, gap=_DISTANCE_GAP)[1]

    def improved(self, form: MatrixForm, found: Solution) -> Outcome | None:
        """The best plan of a form with the whole decisions of a solution; None: none has whole quantities."""
        assert found.values is not None
        decided = form.is_integer & ~form.whole
        held = np.round(found.values)
        lower, upper = np.where(decided, held, form.lower), np.where(decided, held, form.upper)
        floored = with_row(form, self.cut_row(form), lower=self.cut[1])
        better = self.work.solve_whole(
            replace(floored, lower=lower, upper=upper, is_integer=form.is_integer & ~decided),
            step="the best plan of its kind",
        )[1]
        return None if better.values is None else self.outcome(better)

    def cut_row(self, form: MatrixForm) -> FloatArray:
        """The objective as a row of a form that may have more columns."""
        return np.concatenate([self.cut[0], np.zeros(len(form.lower) - self.n)])

    def outcome(self, solution: Solution) -> Outcome:
        """A solution of a form as an outcome of the problem, judged at its true cost."""
        assert solution.values is not None
        first, values = self.search.first, solution.values[: self.n]
        worth = float(np.array(WEIGHTS[first.kind]) @ self.search.problem.utilities(values))
        bound = max(first.solution.bound, worth)
        kept = Solution(
            Status.OK, Termination.NEAR_BEST, values, worth, bound, solution.row_duals, solution.seconds
        )
        seconds = first.solver_seconds + self.work.seconds
        return replace(first, solution=kept, unrounded=worth, solver_seconds=seconds)

    def farthest(self, known: Sequence[FloatArray], *, step: str) -> tuple[Outcome, FloatArray] | None:
        """A plan as far as can be from all known ones, with its figures; None: none is far enough."""
        best: tuple[float, MatrixForm, Solution] | None = None
        for signs in self._beginnings(known):
            rise = self._climb(known, signs, step=step)
            if rise is not None and (best is None or rise[0] > best[0] * (1 + _SLACK)):
                best = rise
        if best is None or best[0] <= _DIFFERENT * self.scale:
            return None
        distance, exact, solution = best
        for kept in _KEPT:
            outcome = self.improved(with_row(exact, _last(self.n + 1), lower=kept * distance), solution)
            if outcome is not None and outcome.solution.values is not None:
                return outcome, self.search.measures.of(outcome.solution.values)
        return None

    def _beginnings(self, known: Sequence[FloatArray]) -> Iterator[FloatArray]:
        """Directions to begin with: away from all that is in use, in all figures and in those of one kind."""
        names, newest = self.search.measures.names, known[-1]
        in_use = np.max(known, axis=0) > 1e-9
        away = np.where(in_use, -1.0, 1.0)
        yield away
        kinds = np.array([name[0] for name in names])
        for kind in dict.fromkeys(kinds.tolist()):
            yield np.where(kinds == kind, away, 0.0)
        yield np.where(newest > 1e-9, 1.0, -1.0)

    def _climb(
        self, known: Sequence[FloatArray], signs: FloatArray, *, step: str
    ) -> tuple[float, MatrixForm, Solution] | None:
        """Follow the slope of the least distance: the distance, the form that measures it, the solution."""
        best: tuple[float, MatrixForm, Solution] | None = None
        directions = [signs] * len(known)
        for _ in range(_ROUNDS):
            if self.search.should_stop() and best is not None:
                break
            form = _with_farness(self.form, self.search.measures, known, directions)
            last = np.zeros(self.n + 1)
            last[-1] = 1.0
            wanted = replace(
                with_row(form, self.cut_row(form), lower=self.cut[1]), objective=last, constant=0.0
            )
            found = self.work.solve(rounded_after(wanted), step=step, gap=_DISTANCE_GAP)
            if found.values is None:
                break
            figures = self.search.measures.of(found.values[: self.n])
            weight = self.search.measures.weight
            distance = min(float((weight * np.abs(figures - each)).sum()) for each in known)
            if best is not None and distance <= best[0] * (1 + 1e-3):
                break
            directions = [np.sign(figures - each) for each in known]
            # The signs of the plan itself, along which its distance is what it truly is.
            exact = _with_farness(self.form, self.search.measures, known, directions)
            best = (distance, exact, found)
        return best


def _last(count: int) -> FloatArray:
    """One in the last of so many columns."""
    row = np.zeros(count)
    row[-1] = 1.0
    return row


def _with_columns(form: MatrixForm, count: int) -> MatrixForm:
    """The same form with some free columns from 0 on at the end."""
    more = np.zeros(count)
    return replace(
        form,
        objective=np.concatenate([form.objective, more]),
        lower=np.concatenate([form.lower, more]),
        upper=np.concatenate([form.upper, np.full(count, np.inf)]),
        is_integer=np.concatenate([form.is_integer, more.astype(bool)]),
        is_whole=np.concatenate([form.whole, more.astype(bool)]),
    )


def _with_rows(form: MatrixForm, rows: SparseRows, *, lower: FloatArray, upper: FloatArray) -> MatrixForm:
    """The same form with more rows at the end."""
    matrix = SparseRows(
        np.concatenate([form.matrix.start, form.matrix.start[-1] + rows.start[1:]]),
        np.concatenate([form.matrix.column, rows.column]),
        np.concatenate([form.matrix.value, rows.value]),
    )
    return replace(
        form,
        matrix=matrix,
        row_lower=np.concatenate([form.row_lower, lower]),
        row_upper=np.concatenate([form.row_upper, upper]),
    )


def _with_distance(form: MatrixForm, measures: Measures, target: FloatArray) -> MatrixForm:
    """Columns `over` and `short` of every figure, with `figure − over + short = target`."""
    n, count = len(form.lower), len(target)
    number = np.arange(count)
    pairs = SparseRows(
        2 * np.arange(count + 1),
        np.stack([n + number, n + count + number], axis=1).ravel(),
        np.tile([-1.0, 1.0], count),
    )
    return _with_rows(
        _with_columns(form, 2 * count), _beside(measures.matrix, pairs), lower=target, upper=target
    )


def _with_farness(
    form: MatrixForm, measures: Measures, known: Sequence[FloatArray], directions: Sequence[FloatArray]
) -> MatrixForm:
    """A column `far` with `far ≤ Σ weight · sign · (figure − known)` for each known plan."""
    n = len(form.lower)
    wider = _with_columns(form, 1)
    wider.lower[n] = -np.inf
    for figures, signs in zip(known, directions, strict=True):
        slope = measures.weight * signs
        row = np.zeros(n + 1)
        row[:n] = np.bincount(
            measures.matrix.column,
            weights=slope[measures.matrix.row_of_entry] * measures.matrix.value,
            minlength=n,
        )
        row[n] = -1.0
        wider = with_row(wider, row, lower=float(slope @ figures))
    return wider


def _beside(left: SparseRows, right: SparseRows) -> SparseRows:
    """Two matrices of as many rows side by side."""
    row = np.concatenate([left.row_of_entry, right.row_of_entry])
    order = np.argsort(row, kind="stable")
    start = left.start + right.start
    return SparseRows(
        start,
        np.concatenate([left.column, right.column])[order],
        np.concatenate([left.value, right.value])[order],
    )
