"""Plans near the best, and among them the one that changes least from a given plan.

They keep the same rules and their objective is at most so much worse than that of the best plan found. Where
costs fall with experience the objective is judged along the tangent at the best plan, which no plan falls
short of in truth. A plan found is then made as good as it can be without giving up what it was looked for,
which also gives the duals that explain it. Those that differ most are in `alternatives`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from dronedeal.planning.measures import Measures
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import WEIGHTS, form_of, with_row
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
# How far the distance of a plan may be from the proven least: what a dive finds is good enough.
_DISTANCE_GAP = 0.5


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
    found = Search(search)
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


class Search:
    """The problem near one plan, with a floor under its objective.

    `form` is its matrix along the tangent at the plan, `cut` the floor as a row, `allowed` the millions that
    may be given up, `scale` what all figures of the plan come to.
    """

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
        self.allowed = search.give_up * max(1e-6, abs(first.solution.objective))
        worst = first.solution.objective - self.allowed
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
