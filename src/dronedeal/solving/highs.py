"""HiGHS behind the solver seam; the only module that names it (rule R2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np

from dronedeal.errors import SolverError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import (
    MatrixForm,
    OnProgress,
    Progress,
    ShouldStop,
    Solution,
    SolveOptions,
    Status,
    Termination,
    never_stop,
)
from dronedeal.solving.rounding import WHOLE, make_whole

_POLL_SECONDS = 0.02
_REPORT_SECONDS = 1.0

_TERMINATIONS = {
    highspy.HighsModelStatus.kOptimal: Termination.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Termination.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Termination.UNBOUNDED,
    highspy.HighsModelStatus.kUnboundedOrInfeasible: Termination.INFEASIBLE_OR_UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Termination.TIME_LIMIT,
    highspy.HighsModelStatus.kIterationLimit: Termination.ITERATION_LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Termination.ITERATION_LIMIT,
    highspy.HighsModelStatus.kInterrupt: Termination.INTERRUPTED,
    highspy.HighsModelStatus.kModelEmpty: Termination.OPTIMAL,
}
# Branch and bound that looks for whole quantities gives up after so many nodes, not after a time, so that
# the same problem gives the same plan.
_MOST_NODES = 20_000
_STOPPED_EARLY = (Termination.TIME_LIMIT, Termination.ITERATION_LIMIT, Termination.INTERRUPTED)


_Choose = Callable[[FloatArray, IntArray], tuple[IntArray, FloatArray]]


def _upwards(values: FloatArray, fractional: IntArray) -> tuple[IntArray, FloatArray]:
    """A quarter of the fractional integers, the fullest first, each to the next whole number.

    A relaxation that opens a third of a line would mostly rather have the line than not.
    """
    count = max(1, len(fractional) // 4)
    fullest = fractional[np.argsort(-(values[fractional] % 1.0), kind="stable")[:count]]
    return fullest, np.ceil(values[fullest])


def _nearest(values: FloatArray, fractional: IntArray) -> tuple[IntArray, FloatArray]:
    """A quarter of the fractional integers, those closest to whole numbers first, each to the nearest."""
    count = max(1, len(fractional) // 4)
    distance = np.abs(values[fractional] - np.round(values[fractional]))
    closest = fractional[np.argsort(distance, kind="stable")[:count]]
    return closest, np.round(values[closest])


@dataclass
class _Watch:
    """What the callbacks saw last, shared between the solving thread and the one that waits."""

    best: float | None = None
    bound: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)


class HighsSolver:
    """Maximises with HiGHS in a thread of its own, so that progress and a stop get through at any time.

    A mixed-integer problem is first relaxed, which gives the bound; a dive from the optimal basis then
    rounds the integers a few at a time with hot re-solves. On plans like ours that closes the gap to a
    fraction of a per cent in a tenth of the time of the relaxation; only where it does not is the
    problem handed to branch and bound, with the dive's plan to start from.

    Parameters
    ----------
    is_hot : keep the basis of each relaxation and start the next one of the same size from it, as a
        what-if does; the plan found may then differ, within the gap, from that of a fresh solver
    """

    def __init__(self, *, is_hot: bool = False) -> None:
        self._is_hot = is_hot
        self._bases: dict[tuple[int, int], Any] = {}
        self._last: tuple[tuple[int, int], Any] | None = None

    @property
    def name(self) -> str:
        """HiGHS with its version."""
        return f"HiGHS {_new().version()}"

    def solve(
        self,
        form: MatrixForm,
        *,
        options: SolveOptions,
        step: str,
        start: FloatArray | None,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> Solution:
        """See `Solver.solve`; duals come from the problem with the integers held at the incumbent."""
        if not len(form.lower):
            return _nothing_to_decide(form)
        run = _Run(form, options, step=step, on_progress=on_progress, should_stop=should_stop)
        size = _size(form)
        solution = run.relax(self._bases.get(size))
        if self._is_hot and solution.termination is Termination.OPTIMAL:
            self._bases[size] = run.basis()
        solution = self._search(run, solution, start)
        self._last = size, run.basis()
        return solution

    def _search(self, run: _Run, solution: Solution, start: FloatArray | None) -> Solution:
        """From the relaxation to a plan with whole integers: the dive, then branch and bound."""
        form, options = run.form, run.options
        if not form.is_integer.any() or not solution.has_values:
            return run.report_last(solution)
        bound = solution.objective
        solution = run.dive(bound)
        if solution.termination is Termination.OPTIMAL and solution.gap <= options.gap:
            return run.report_last(solution)
        if solution.termination not in _STOPPED_EARLY or not solution.has_values:
            solution = run.branch(solution.values if solution.has_values else start, solution, bound)
        return run.report_last(solution)

    def make_whole(
        self,
        form: MatrixForm,
        solution: Solution,
        *,
        options: SolveOptions,
        step: str,
        on_progress: OnProgress,
    ) -> Solution:
        """See `Solver.make_whole`; starts from the basis in which the last solve ended."""
        options = replace(options, time_limit=None)
        run = _Run(form, options, step=step, on_progress=on_progress, should_stop=never_stop)
        basis = self._last[1] if self._last is not None and self._last[0] == _size(form) else None
        return run.report_last(run.make_whole(solution, basis))


def _size(form: MatrixForm) -> tuple[int, int]:
    """Columns and rows: bases fit problems of the same size."""
    return len(form.lower), len(form.row_lower)


def _nothing_to_decide(form: MatrixForm) -> Solution:
    """The one plan of a problem without columns, which HiGHS answers without values."""
    is_possible = bool(((form.row_lower <= 0) & (form.row_upper >= 0)).all())
    if not is_possible:
        return Solution(Status.ERROR, Termination.INFEASIBLE, None, -np.inf, np.inf, None, 0.0)
    worth, duals = form.constant, np.zeros(len(form.row_lower))
    return Solution(Status.OK, Termination.OPTIMAL, np.zeros(0), worth, worth, duals, 0.0)


@dataclass
class _Hot:
    """The linear problem of a run, held and released by `rounding`."""

    run: _Run

    def hold(self, columns: IntArray, values: FloatArray) -> None:
        """See `HotProblem`."""
        self._bound(columns, values, values)

    def release(self, columns: IntArray) -> None:
        """See `HotProblem`."""
        self._bound(columns, self.run.form.lower[columns], self.run.form.upper[columns])

    def resolve(self) -> Solution:
        """See `HotProblem`."""
        return self.run.resolve()

    def _bound(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        if len(columns):
            chosen = np.asarray(columns, dtype=np.int32)
            _check(self.run.highs.changeColsBounds(len(chosen), chosen, lower, upper), "rounding")


class _Run:
    """One call of the solver: the linear relaxation stays hot in `highs` for the dive and for the duals."""

    def __init__(
        self,
        form: MatrixForm,
        options: SolveOptions,
        *,
        step: str,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> None:
        self.form = form
        self.options = options
        self.step = step
        self.on_progress = on_progress
        self.should_stop = should_stop
        self.began = time.perf_counter()
        self.watch = _Watch()
        self.integers = np.flatnonzero(form.is_integer).astype(np.int32)
        self.is_contract = form.whole[self.integers]
        relaxed = replace(form, is_integer=np.zeros_like(form.is_integer))
        self.highs = _prepare(relaxed, options)
        _attach(self.highs, self.watch)

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return time.perf_counter() - self.began

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time limit is used up or a stop was asked for."""
        limit = self.options.time_limit
        return self.should_stop() or (limit is not None and self.elapsed >= limit)

    def report(self) -> None:
        """Tell how far the work is."""
        self.on_progress(Progress(self.step, self.elapsed, self.watch.best, self.watch.bound))

    def report_last(self, solution: Solution) -> Solution:
        """Tell the final state and stamp the seconds."""
        self.watch.best = solution.objective if solution.has_values else None
        self.watch.bound = _finite(solution.bound)
        self.report()
        return replace(solution, seconds=self.elapsed)

    def _go(self, highs: Any) -> None:
        if self.options.time_limit is not None:
            left = max(0.05, self.options.time_limit - self.elapsed)
            # HiGHS counts its limit over all runs of one object.
            _set(highs, "time_limit", highs.getRunTime() + left)
        _run(highs, watch=self.watch, report=self.report, should_stop=self.should_stop)

    def basis(self) -> Any:
        """The basis of the last linear problem."""
        return self.highs.getBasis()

    def relax(self, basis: Any) -> Solution:
        """The linear relaxation: the whole answer without integers, else the bound.

        Parameters
        ----------
        basis : to start from; None to start afresh
        """
        if basis is not None:
            # Presolve would throw the basis away.
            _set(self.highs, "presolve", "off")
            _check(self.highs.setBasis(basis), "starting from a basis")
        self._go(self.highs)
        solution = _read(self.highs, is_mip=False)
        if solution.termination is Termination.OPTIMAL:
            self.watch.bound = solution.objective
        return solution

    def resolve(self) -> Solution:
        """The linear problem as it stands, from its last basis."""
        _set(self.highs, "presolve", "off")
        self._go(self.highs)
        return _read(self.highs, is_mip=False)

    def dive(self, bound: float) -> Solution:
        """The best plan of the dives, tried in turn until one is as good as asked for.

        Returns the plan with its duals; infeasible where every dive ran into a wall, interrupted or out of
        time where it was stopped on the way.
        """
        best: Solution | None = None
        for choose in (_upwards, _nearest):
            found = self._dive(bound, choose)
            if best is None or (found.has_values and found.objective > best.objective):
                best = found
            if best.gap <= self.options.gap or self.is_out_of_time:
                break
        assert best is not None
        return best

    def _dive(self, bound: float, choose: _Choose) -> Solution:
        """Round a few integers as the rule says and re-solve from the basis until all are whole."""
        highs, integers = self.highs, self.integers
        _set(highs, "presolve", "off")
        self._free_integers()
        self._go(highs)
        while highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            values = np.array(highs.getSolution().col_value)[integers]
            fractional = np.flatnonzero((np.abs(values - np.round(values)) > WHOLE) & ~self.is_contract)
            if not len(fractional):
                return self._settle(values, bound)
            if self.is_out_of_time:
                return self._without_values(bound, self._stop_reason())
            chosen, rounded = choose(values, fractional)
            _check(
                highs.changeColsBounds(len(chosen), integers[chosen], rounded, rounded), "rounding integers"
            )
            self._go(highs)
        return self._without_values(bound, _read(highs, is_mip=False).termination)

    def _settle(self, values: FloatArray, bound: float) -> Solution:
        """Hold the integers of a dive, which are whole but for the contract quantities among them."""
        form, hot = self.form, _Hot(self)
        small = np.flatnonzero(form.is_integer & form.whole)
        if not len(small):
            return self.hold(np.round(values), bound)
        hot.hold(np.flatnonzero(form.is_integer & ~form.whole), np.round(values[~self.is_contract]))
        found = hot.resolve()
        whole = make_whole(hot, small, found) if found.has_values else None
        if whole is None or whole.values is None:
            return self._without_values(bound, Termination.INFEASIBLE)
        return self.hold(np.round(whole.values[self.integers]), bound)

    def make_whole(self, solution: Solution, basis: Any) -> Solution:
        """Every contract quantity whole, the other integers held; duals from before the quantities are held.

        Parameters
        ----------
        solution : with values
        basis : to start from; None to start afresh
        """
        assert solution.values is not None
        form, hot = self.form, _Hot(self)
        others, small, large = (
            np.flatnonzero(chosen)
            for chosen in (
                form.is_integer & ~form.whole,
                form.is_integer & form.whole,
                form.whole & ~form.is_integer,
            )
        )
        hot.hold(others, np.round(solution.values[others]))
        free = self.relax(basis)
        hot.hold(small, np.round(solution.values[small]))
        found = hot.resolve() if len(small) else free
        whole = make_whole(hot, large, found) if found.has_values else None
        whole = whole or self._search_whole(hot, solution)
        if whole is None or whole.values is None:
            return replace(self._without_values(solution.bound, Termination.INFEASIBLE), row_duals=None)
        is_fixed = form.whole | form.is_integer
        values = np.where(is_fixed, np.round(whole.values), whole.values)
        bound = max(solution.bound, whole.objective)
        self.watch.best, self.watch.bound = whole.objective, bound
        return replace(
            solution, values=values, objective=whole.objective, bound=bound, row_duals=free.row_duals
        )

    def _search_whole(self, hot: _Hot, solution: Solution) -> Solution | None:
        """Branch and bound over the contract quantities: near the solution, then anywhere."""
        assert solution.values is not None
        form, values = self.form, solution.values
        is_held = form.is_integer & ~form.whole
        lower = np.where(is_held, np.round(values), form.lower)
        upper = np.where(is_held, np.round(values), form.upper)
        near_lower = np.where(form.whole, np.maximum(lower, np.floor(values) - 1.0), lower)
        near_upper = np.where(form.whole, np.minimum(upper, np.ceil(values) + 1.0), upper)
        for box in ((near_lower, near_upper), (lower, upper)):
            whole = replace(form, lower=box[0], upper=box[1], is_integer=form.is_integer | form.whole)
            highs = _prepare(whole, self.options)
            _set(highs, "mip_max_nodes", _MOST_NODES)
            _attach(highs, self.watch)
            self._go(highs)
            found = _read(highs, is_mip=True)
            if found.values is not None:
                hot.hold(np.flatnonzero(form.whole), np.round(found.values[form.whole]))
                exact = hot.resolve()
                return exact if exact.has_values else found
        return None

    def _without_values(self, bound: float, termination: Termination) -> Solution:
        """A dive that ended without a plan: the bound of the relaxation stands all the same."""
        status = _status(termination, False)
        return Solution(status, termination, None, -np.inf, bound, None, self.elapsed)

    def _free_integers(self) -> None:
        lower, upper = self.form.lower[self.integers], self.form.upper[self.integers]
        _check(
            self.highs.changeColsBounds(len(self.integers), self.integers, lower, upper), "freeing integers"
        )

    def hold(self, held: FloatArray, bound: float) -> Solution:
        """Hold the integers and solve the rest: exact continuous values and duals."""
        highs = self.highs
        _set(highs, "presolve", "off")
        _check(highs.changeColsBounds(len(held), self.integers, held, held), "holding integers")
        self._go(highs)
        solution = _read(highs, is_mip=False)
        if not solution.has_values or solution.values is None:
            return solution
        values = solution.values.copy()
        values[self.integers] = held
        self.watch.best = solution.objective
        return replace(solution, values=values, bound=max(bound, solution.objective))

    def branch(self, start: FloatArray | None, best: Solution, bound: float) -> Solution:
        """Branch and bound from the dive's plan; the better of both, polished, with the better bound."""
        highs = _prepare(self.form, self.options)
        _attach(highs, self.watch)
        if start is not None:
            _propose(highs, self.form, start)
        self._go(highs)
        found = _read(highs, is_mip=True)
        bound = min(bound, found.bound)
        if found.values is None:
            kept = replace(best if best.has_values else found, bound=bound)
            return replace(
                kept, termination=found.termination, status=_status(found.termination, kept.has_values)
            )
        if best.has_values and found.objective <= best.objective:
            polished = replace(best, bound=max(bound, best.objective))
        else:
            polished = self._polish(found, bound)
        return replace(polished, termination=found.termination, status=_status(found.termination, True))

    def _polish(self, found: Solution, bound: float) -> Solution:
        """The incumbent's integers held in the hot relaxation; the incumbent itself if that is not better."""
        assert found.values is not None
        _set(self.highs, "time_limit", float("inf"))
        self._free_integers()
        limited = self.options
        self.options = replace(limited, time_limit=None)
        polished = self.hold(np.round(found.values[self.integers]), bound)
        self.options = limited
        if polished.has_values and polished.objective >= found.objective - 1e-6 * max(
            1.0, abs(found.objective)
        ):
            return polished
        return replace(found, bound=max(bound, found.objective))

    def _stop_reason(self) -> Termination:
        return Termination.INTERRUPTED if self.should_stop() else Termination.TIME_LIMIT


def _new() -> Any:
    return highspy.Highs()  # type: ignore[no-untyped-call] # the package has no annotations


def _prepare(form: MatrixForm, options: SolveOptions) -> Any:
    highs = _new()
    _set(highs, "output_flag", False)
    _set(highs, "threads", options.threads)
    _set(highs, "random_seed", options.seed)
    _set(highs, "mip_rel_gap", options.gap)
    _set(highs, "mip_abs_gap", 1e-9)
    _set(highs, "primal_feasibility_tolerance", options.feasibility_tolerance)
    _set(highs, "mip_feasibility_tolerance", max(options.feasibility_tolerance, 1e-7))
    if options.time_limit is not None:
        _set(highs, "time_limit", max(options.time_limit, 0.05))
    _check(highs.passModel(_lp(form)), "passing the problem")
    return highs


def _lp(form: MatrixForm) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(form.lower), len(form.row_lower)
    lp.col_cost_, lp.offset_ = form.objective, form.constant
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_lower_, lp.col_upper_ = form.lower, form.upper
    lp.row_lower_, lp.row_upper_ = form.row_lower, form.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = form.matrix.start.astype(np.int32)
    lp.a_matrix_.index_ = form.matrix.column.astype(np.int32)
    lp.a_matrix_.value_ = form.matrix.value
    if form.is_integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(flag)] for flag in form.is_integer]
    return lp


def _set(highs: Any, option: str, value: Any) -> None:
    # An unknown option is only reported through the status, and a solve would silently go on without it.
    _check(highs.setOptionValue(option, value), f"setting option {option} to {value!r}")


def _check(status: Any, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS failed while {what}; please report this with the deal that caused it")


def _propose(highs: Any, form: MatrixForm, start: FloatArray) -> None:
    """Propose values of the integer columns; HiGHS completes the rest."""
    chosen = np.flatnonzero(form.is_integer & np.isfinite(start)).astype(np.int32)
    if len(chosen):
        highs.setSolution(len(chosen), chosen, start[chosen])


def _attach(highs: Any, watch: _Watch) -> None:
    def on_mip(event: Any) -> None:
        # Branch and bound starts anew: what the dive and the relaxation gave holds until it has better.
        watch.best = _better(max, watch.best, _finite(event.data_out.mip_primal_bound))
        watch.bound = _better(min, watch.bound, _finite(event.data_out.mip_dual_bound))
        if watch.stop.is_set():
            event.data_in.user_interrupt = True

    def on_lp(event: Any) -> None:
        if watch.stop.is_set():
            event.data_in.user_interrupt = True

    highs.cbMipInterrupt += on_mip
    highs.cbSimplexInterrupt += on_lp
    highs.cbIpmInterrupt += on_lp


def _finite(value: float) -> float | None:
    return float(value) if abs(value) < 1e30 else None


def _better(choose: Callable[[float, float], float], old: float | None, new: float | None) -> float | None:
    return choose(old, new) if old is not None and new is not None else (old if new is None else new)


def _run(highs: Any, *, watch: _Watch, report: Any, should_stop: ShouldStop) -> None:
    """Solve in a thread; the calling thread reports, listens for a stop, and stays open to signals."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            _check(highs.run(), "solving")
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=work, name="highs", daemon=True)
    thread.start()
    last_report = time.perf_counter()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
        if should_stop():
            watch.stop.set()
        if time.perf_counter() - last_report >= _REPORT_SECONDS:
            report()
            last_report = time.perf_counter()
    if failure:
        raise failure[0]


def _read(highs: Any, *, is_mip: bool) -> Solution:
    """Incumbent, bound and reason to stop, read before anything in the solver is changed."""
    termination = _TERMINATIONS.get(highs.getModelStatus(), Termination.UNKNOWN)
    info = highs.getInfo()
    found = highs.getSolution()
    has_values = bool(found.value_valid) and info.primal_solution_status == 2
    values = np.array(found.col_value, dtype=float) if has_values else None
    objective = float(info.objective_function_value) if has_values else -np.inf
    if is_mip:
        bound = float(info.mip_dual_bound)
    else:
        bound = objective if termination is Termination.OPTIMAL else np.inf
    duals = np.array(found.row_dual, dtype=float) if found.dual_valid and not is_mip else None
    return Solution(_status(termination, has_values), termination, values, objective, bound, duals, 0.0)


def _status(termination: Termination, has_values: bool) -> Status:
    if termination is Termination.OPTIMAL:
        return Status.OK
    if termination in _STOPPED_EARLY:
        return Status.WARNING if has_values else Status.ABORTED
    if termination in (Termination.SOLVER_ERROR, Termination.UNKNOWN):
        return Status.UNKNOWN
    return Status.ERROR
