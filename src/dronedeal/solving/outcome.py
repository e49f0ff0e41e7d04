"""From a Problem to the solution of one objective: alternatives, colliding rules, the main solve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dronedeal.errors import SolverError
from dronedeal.planning.model import optional_columns
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.forms import ObjectiveKind, all_searched, form_of, rounded_after
from dronedeal.solving.interface import (
    STOPPED,
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
    require_going,
)
from dronedeal.solving.tangents import OnFirst, best_on_curves
from dronedeal.solving.work import Work

_VIOLATION_SLACK = 1e-6
# How much further a plan after a stop may break what it must, so that whole quantities are soon found.
_ROOM_TO_ROUND = 1e-2
# How far the number of terms to relax may be from the proven least: the proof of the last one is slow.
_FEW_GAP = 0.1
_LEAST = "least violation of the terms that collide"
# A solver that cannot tell is asked for the least violation too: that question always has an answer. So is
# one that goes round without end, as a linear problem of rules that collide can make it.
_IMPOSSIBLE = (
    Termination.INFEASIBLE,
    Termination.INFEASIBLE_OR_UNBOUNDED,
    Termination.UNKNOWN,
    Termination.ITERATION_LIMIT,
)
# Which terms to relax is searched for in so many nodes; after them the best answer so far is taken.
_FEW_NODES = 2_000
# With more whole numbers a dive says by how much terms give way, and the fewest of them are not searched for.
_MANY_INTEGERS = 1_000


@dataclass(frozen=True)
class Outcome:
    """A solved objective.

    Parameters
    ----------
    solution : of the main solve; its duals follow the rows of the problem
    kind : which objective
    alternative : utility in millions that the other side keeps; None for `joint`
    unrounded : objective in millions before the contract quantities were made whole
    is_relaxed : whether rules collide, so that violations are above zero
    solver_seconds : the solver's own time over all solves
    solver_name : for the certificate
    """

    solution: Solution
    kind: ObjectiveKind
    alternative: float | None
    unrounded: float
    is_relaxed: bool
    solver_seconds: float
    solver_name: str


def solve_plan(  # noqa: PLR0913 -- what to do and whom to tell on the way
    problem: Problem,
    solver: Solver,
    *,
    kind: ObjectiveKind = "joint",
    no_deal: IntArray,
    options: SolveOptions | None = None,
    on_progress: OnProgress = no_progress,
    on_first: Callable[[Outcome], None] | None = None,
    should_stop: ShouldStop = never_stop,
) -> Outcome:
    """Maximise one objective of a problem; rules that collide are relaxed, never answered "infeasible".

    Parameters
    ----------
    problem : as built
    solver : any solver behind the seam
    kind : `joint`, `buyer` or `seller`
    no_deal : columns that are zero without an agreement, for the alternative of the other side
    options, on_progress, should_stop : see `interface`
    on_first : called with the first plan where the search for better ones takes longer, as where costs fall
        with experience; its bound is the first one

    Returns
    -------
    Outcome whose solution has values and a valid bound

    Raises
    ------
    StoppedError
        when stopped, or out of time, before any plan was found
    SolverError
        when the solver ended in an unexpected state
    """
    work = Work(
        problem, solver, options=options or SolveOptions(), on_progress=on_progress, should_stop=should_stop
    )
    limits = np.where(problem.is_violation, 0.0, problem.upper)
    is_relaxed = False
    alternative = None if kind == "joint" else _alternative(work, kind, no_deal, limits)

    def outcome(free: Solution, whole: Solution) -> Outcome:
        unrounded = max(free.objective, whole.objective)
        return Outcome(whole, kind, alternative, unrounded, is_relaxed, work.seconds, solver.name)

    def best(step: str) -> tuple[Solution, Solution]:
        return _best(work, kind, limits, alternative, step=step, on_first=tell)

    tell = None if on_first is None else lambda free, whole: on_first(outcome(free, whole))
    free, solution = best(f"{kind} plan")
    if _is_impossible(solution):
        is_relaxed = True
        limits = _least_violation(work, problem.upper)
        alternative = None if kind == "joint" else _alternative(work, kind, no_deal, limits)
        free, solution = best(f"{kind} plan, rules relaxed")
        if _is_impossible(solution) and alternative is not None:
            # The rules can be kept, but not so that the other side would rather agree than walk away.
            limits = _least_violation(work, problem.upper, kept=(kind, alternative))
            free, solution = best(f"{kind} plan, terms relaxed")
    is_lost = is_relaxed and solution.termination is Termination.ITERATION_LIMIT
    if not solution.has_values and (is_lost or solution.termination in STOPPED):
        if not is_relaxed or is_lost:
            limits = _idle_violation(work, limits)
            is_relaxed = bool(limits[problem.is_violation].max(initial=0.0) > 0)
        free, solution = _idle_plan(work, limits, solution)
    _require_values(solution)
    return outcome(free, solution)


def _is_impossible(solution: Solution) -> bool:
    """Whether no plan was found although there was time for it."""
    return not solution.has_values and solution.termination in _IMPOSSIBLE


def _best(
    work: Work,
    kind: ObjectiveKind,
    upper: FloatArray,
    alternative: float | None,
    *,
    step: str,
    on_first: OnFirst | None,
) -> tuple[Solution, Solution]:
    """The best plan for one objective, before and after its contract quantities were made whole."""
    if work.problem.curves is not None:
        return best_on_curves(work, kind, upper, alternative, step=step, on_first=on_first)
    return work.solve_whole(form_of(work.problem, kind, upper, alternative), step=step)


def _idle_plan(work: Work, limits: FloatArray, stopped: Solution) -> tuple[Solution, Solution]:
    """The plan of what must be done and nothing else, for a stop that comes before any other plan.

    It is a small problem, solved in a moment, and no better bound is known than the one at the stop.
    Returns the plan before and after its contract quantities were made whole.
    """
    idle = limits.copy()
    idle[optional_columns(work.problem)] = 0.0
    form = form_of(work.linear, "joint", idle, None)
    form = replace(form, is_integer=form.is_integer & (idle > 0))
    step = "what must be done, after the stop"
    found = work.solve_now(form, step=step)
    whole = work.make_whole(form, found, step=step) if found.has_values else found
    if found.values is None or whole.values is None:
        return stopped, stopped
    found = replace(found, objective=float(work.problem.utilities(found.values).sum()))
    worth = float(work.problem.utilities(whole.values).sum())
    ended = replace(whole, status=Status.WARNING, termination=stopped.termination, bound=stopped.bound)
    return found, replace(ended, objective=worth)


def _idle_violation(work: Work, limits: FloatArray) -> FloatArray:
    """Limits that allow what must be done to break just what it cannot keep.

    A small problem, solved in a moment; which terms could be spared is not searched for after a stop. Asked
    before the plan itself, for a solver can take long to see that there is none that keeps everything.
    Where it has no answer, or nothing need be broken, the limits stay as they are.
    """
    problem = work.problem
    most = problem.upper.copy()
    most[optional_columns(problem)] = 0.0
    form = form_of(work.linear, "joint", most, None)
    form = replace(
        form,
        objective=-problem.violation_price,
        constant=0.0,
        is_integer=form.is_integer & (most > 0),
    )
    found = work.solve_now(form, step="least violation of what must be done")
    if found.values is None or found.values[problem.is_violation].max(initial=0.0) <= _VIOLATION_SLACK:
        return limits
    allowed = np.minimum(problem.upper, np.maximum(found.values, 0.0) * (1.0 + _ROOM_TO_ROUND))
    return np.where(problem.is_violation, allowed, problem.upper)


def best_alone(
    problem: Problem,
    solver: Solver,
    *,
    side: ObjectiveKind,
    no_deal: IntArray,
    options: SolveOptions | None = None,
    on_progress: OnProgress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Outcome:
    """The best plan of one side without the deal: its alternative, which it walks away to.

    Parameters
    ----------
    problem, solver, options, on_progress, should_stop : as for `solve_plan`
    side : `buyer` or `seller`
    no_deal : columns that are zero without an agreement

    Returns
    -------
    Outcome of that side's objective; no alternative of the other side stands against it

    Raises
    ------
    As `solve_plan`
    """
    work = Work(
        problem, solver, options=options or SolveOptions(), on_progress=on_progress, should_stop=should_stop
    )
    limits = np.where(problem.is_violation, 0.0, problem.upper)
    solution, is_relaxed = _without_deal(work, side, no_deal, limits)
    return Outcome(solution, side, None, solution.objective, is_relaxed, work.seconds, solver.name)


def _alternative(work: Work, kind: ObjectiveKind, no_deal: IntArray, limits: FloatArray) -> float:
    """The other side's best utility without the deal."""
    other: ObjectiveKind = "seller" if kind == "buyer" else "buyer"
    return _without_deal(work, other, no_deal, limits)[0].objective


def without_deal(problem: Problem, no_deal: IntArray) -> Problem:
    """The problem of a side without the other: firm minima, which are terms of the deal, bind nobody.

    Parameters
    ----------
    no_deal : (k,) columns that are zero without an agreement
    """
    upper, price = problem.upper.copy(), problem.violation_price.copy()
    upper[no_deal] = 0.0
    price[problem.columns["firm_minimum_violation"].slice] = 0.0
    return replace(problem, upper=upper, violation_price=price)


def _without_deal(
    work: Work, side: ObjectiveKind, no_deal: IntArray, limits: FloatArray
) -> tuple[Solution, bool]:
    """The best plan of one side without the deal, and whether rules had to be relaxed for it.

    Firm minima, which are terms of the deal, bind nobody then; own needs and the other rules are kept as
    they are, and where even that cannot be, broken as little as possible. Contract quantities are made
    whole after the search, all of them, so that the alternative is worth what a plan can reach.
    """
    problem, step = without_deal(work.problem, no_deal), f"alternative of the {side}"
    most = problem.upper
    held = np.where(problem.is_violation, limits, most)
    solution, is_relaxed = _alone(work, side, held, step=step), False
    if _is_impossible(solution):
        is_relaxed = True
        solution = _alone(work, side, _least_violation(work, most), step=f"{step}, rules relaxed")
    _require_values(solution)
    return solution, is_relaxed


def _alone(work: Work, side: ObjectiveKind, upper: FloatArray, *, step: str) -> Solution:
    """The best plan of one side without the deal, all contract quantities made whole after the search."""
    if work.problem.curves is not None:
        return best_on_curves(work, side, upper, None, step=step, is_rounded_after=True)[1]
    form = rounded_after(form_of(work.problem, side, upper, None))
    return work.solve_whole(form, step=step, gap=min(work.options.gap, 1e-6))[1]


def _least_violation(
    work: Work, most: FloatArray, *, kept: tuple[ObjectiveKind, float | None] = ("joint", None)
) -> FloatArray:
    """Limits that allow just few terms to be relaxed, each by no more than it must.

    A frozen zone gives way before any rule does, and by the least sum of the shares that its decisions move.
    Where rules collide even so, first the terms to relax: to touch one counts as much as to break the whole
    of it, so that few are touched and none is given up for nothing; then the least priced sum among plans
    that relax only those.

    Parameters
    ----------
    most : (n,) upper bound of every column, of violations the most that their terms can be broken by
    kept : objective and the alternative of the other side that the plans must leave it
    """
    problem = work.problem
    is_frozen = np.zeros(problem.n_columns, dtype=bool)
    if "frozen_violation" in problem.columns:
        is_frozen[problem.columns["frozen_violation"].slice] = True
        upper = np.where(problem.is_violation & ~is_frozen, 0.0, most)
        form = all_searched(form_of(work.linear, kept[0], upper, kept[1]))
        form = replace(form, objective=-problem.violation_price, constant=0.0)
        solution = work.solve(form, step=_LEAST, nodes=_FEW_NODES)
        if solution.values is not None:
            return _no_more(problem, upper, solution.values, most=most)
    form = all_searched(form_of(work.linear, kept[0], most, kept[1]))
    if form.is_integer.sum() > _MANY_INTEGERS:
        return _least_of_many(work, form, most, is_frozen=is_frozen)
    chosen = _fewest_terms(work, form, is_frozen)
    upper = np.where(problem.is_violation & ~chosen, 0.0, most)
    form = replace(form, upper=upper, objective=-problem.violation_price, constant=0.0)
    solution = work.solve(form, step=_LEAST, gap=1e-6, nodes=_FEW_NODES)
    _require_values(solution)
    assert solution.values is not None
    return _no_more(problem, upper, solution.values, most=most)


def _least_of_many(
    work: Work, form: MatrixForm, most: FloatArray, *, is_frozen: npt.NDArray[np.bool_]
) -> FloatArray:
    """The same in a problem of so many whole numbers that no search for the fewest terms would end.

    The terms are those that the least priced sum of violations relaxes where nothing need be whole; a dive
    then says by how much they give way for whole numbers, all terms where those alone are not enough.
    """
    problem = work.problem
    form = replace(form, objective=-problem.violation_price, constant=0.0)
    free = work.solve(replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None), step=_LEAST)
    _require_values(free)
    assert free.values is not None
    solution = free
    needed = is_frozen | (free.values > _VIOLATION_SLACK * np.maximum(1.0, problem.upper))
    for allowed in (needed, np.ones_like(needed)):
        upper = np.where(problem.is_violation & ~allowed, 0.0, most)
        solution = work.dived(replace(form, upper=upper), step=_LEAST)
        if solution.values is not None:
            # Limits without any room leave a problem that dives and the solver's own search get lost in.
            roomy = np.maximum(solution.values, 0.0) * (1.0 + _ROOM_TO_ROUND)
            return _no_more(problem, upper, roomy, most=most)
    _require_values(solution)
    return most


def _no_more(problem: Problem, upper: FloatArray, values: FloatArray, *, most: FloatArray) -> FloatArray:
    """Limits that allow no more violation than a plan has."""
    slack = 1.0 + _VIOLATION_SLACK
    return np.where(problem.is_violation, np.minimum(upper, values * slack), most)


def _fewest_terms(work: Work, form: MatrixForm, is_frozen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """(n,) which violations are needed: `min Σ weight·(z + v/limit)` with `v ≤ limit·z`, `z` binary."""
    problem = work.problem
    terms = np.flatnonzero(problem.is_violation & (problem.upper > 0) & ~is_frozen)
    size, n = len(terms), problem.n_columns
    rows = np.arange(size)
    start = form.matrix.start
    matrix = SparseRows(
        np.concatenate([start, start[-1] + 2 * (rows + 1)]),
        np.concatenate([form.matrix.column, np.stack([terms, n + rows], axis=1).ravel()]),
        np.concatenate([form.matrix.value, np.stack([np.ones(size), -problem.upper[terms]], axis=1).ravel()]),
    )
    weight = problem.violation_price[terms] * problem.upper[terms]
    widened = MatrixForm(
        objective=np.concatenate([-problem.violation_price, -weight]),
        constant=0.0,
        lower=np.concatenate([form.lower, np.zeros(size)]),
        upper=np.concatenate([form.upper, np.ones(size)]),
        is_integer=np.concatenate([form.is_integer, np.ones(size, dtype=bool)]),
        is_whole=np.concatenate([form.whole, np.zeros(size, dtype=bool)]),
        row_lower=np.concatenate([form.row_lower, np.full(size, -np.inf)]),
        row_upper=np.concatenate([form.row_upper, np.zeros(size)]),
        matrix=matrix,
    )
    solution = work.solve(widened, step="fewest terms to relax", gap=_FEW_GAP, nodes=_FEW_NODES)
    _require_values(solution)
    assert solution.values is not None
    chosen = is_frozen.copy()
    chosen[terms] = solution.values[n:] > 0.5
    return chosen


def _require_values(solution: Solution) -> None:
    if solution.has_values:
        return
    require_going(solution.termination, "any plan was found; allow more time with --time-limit")
    raise SolverError(
        f"the solver ended with {solution.termination.value} where a plan always exists; "
        "please report this with the deal that caused it"
    )
