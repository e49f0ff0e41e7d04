"""Plans near the best, and among them the one that changes least from a given plan.

They keep the same rules and their objective is at most so much worse than that of the best plan found. Where
costs fall with experience the objective is judged along the tangent at the best plan, which no plan falls
short of in truth. A plan found is then made as good as it can be without giving up what it was looked for,
which also gives the duals that explain it. Those that differ most are in `alternatives`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from dronedeal.planning.measures import Measures
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import WEIGHTS, form_of, with_row
from dronedeal.solving.interface import (
    LoadedProblem,
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
# A row that keeps the worth above a floor is dense, and does no harm in problems of up to so many columns. In
# larger ones a change has a price, first the money that moves, then so many times more or less.
FEW_COLUMNS = 3000
_PRICES = 8
_STEEPNESS = 4.0
# Parts of its price that a plan is tried at when whole units have cost too much.
SHRUNK = (1.0, 0.9, 0.75, 0.5, 0.25, 0.0)


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
    if not found.is_small:
        return _nearest_at_a_price(found, target)
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


def _nearest_at_a_price(found: Search, target: FloatArray) -> Outcome:
    """The same where every change has a price, the highest at which the plan is still good enough."""
    search, step = found.search, "the plan that changes least"
    wide = _with_distance(found.form, search.measures, target)
    weight = np.concatenate([search.measures.weight, search.measures.weight])
    distance = np.concatenate([np.zeros(found.n), weight])
    found.work.options = replace(search.options, gap=_DISTANCE_GAP)
    loaded = found.work.load(wide, step=step)
    found.work.show(step, search.first.solution.objective, search.first.solution.bound)

    def priced(price: float) -> MatrixForm:
        return replace(wide, objective=wide.objective - price * distance)

    best: tuple[float, float, FloatArray] | None = None
    low, high, price = 0.0, np.inf, 1.0
    for _ in range(_PRICES):
        if search.should_stop():
            break
        values = found.work.counted(loaded.maximise(priced(price), held=None)).values
        if values is None or found.lost(values) is None:
            high = price
        else:
            low, far = price, float(distance @ values)
            if best is None or far < best[0]:
                best = far, price, values
        if low == 0 or high == np.inf:
            price = price * _STEEPNESS if low > 0 else price / _STEEPNESS
        else:
            price = float(np.sqrt(low * high))
    if best is None:
        return search.first
    near = found.settled(loaded, priced, best[1], values=best[2], step=step)
    is_nearer = near is not None and found.far(near, target) < found.far(search.first, target)
    return near if near is not None and is_nearer else search.first


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

    @property
    def is_small(self) -> bool:
        """Whether a dense row does no harm."""
        return self.n <= FEW_COLUMNS

    def lost(self, values: FloatArray) -> float | None:
        """What a plan truly gives up, in millions; None where that is too much, for either side."""
        first = self.search.first
        utilities = self.search.problem.utilities(values[: self.n])
        lost = first.solution.objective - float(np.array(WEIGHTS[first.kind]) @ utilities)
        if first.alternative is not None:
            other = float(utilities[1 if first.kind == "buyer" else 0])
            if other < first.alternative - 1e-8 * max(1.0, abs(first.alternative)):
                return None
        return max(0.0, lost) if lost <= self.allowed else None

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

    def settled(
        self,
        loaded: LoadedProblem,
        priced: Callable[[float], MatrixForm],
        price: float,
        *,
        values: FloatArray,
        step: str,
    ) -> Outcome | None:
        """A plan found at a price in whole units, at a lower price where they cost too much; None: at none.

        Parameters
        ----------
        loaded : the problem in the solver
        priced : its form at a price
        price, values : at which the plan was found, and its columns, whose whole decisions are held
        """
        held = np.round(values[np.flatnonzero(self.form.is_integer)])
        for part in SHRUNK:
            form = priced(part * price)
            free = self.work.counted(loaded.maximise(form, held=held))
            whole = self.work.make_whole(form, free, step=step) if free.has_values else free
            if whole.values is not None and self.lost(whole.values) is not None:
                return self.outcome(whole)
        return None

    def far(self, outcome: Outcome, target: FloatArray) -> float:
        """Weighted distance of a plan from stated figures, in millions."""
        assert outcome.solution.values is not None
        figures = self.search.measures.of(outcome.solution.values[: self.n])
        return float((self.search.measures.weight * np.abs(figures - target)).sum())

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
