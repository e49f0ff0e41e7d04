"""HiGHS behind the solver seam: relaxation, dive, branch and bound, and problems that stay loaded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.dives import Choose, nearest, upwards
from dronedeal.solving.highs_calls import (
    STOPPED_EARLY,
    Watch,
    attach,
    check_status,
    finite,
    is_optimal,
    new_solver,
    prepared,
    propose,
    read_solution,
    run_watched,
    set_option,
    status_of,
)
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
    relative_gap,
)
from dronedeal.solving.rounding import WHOLE, make_whole

_IMPOSSIBLE = (Termination.INFEASIBLE, Termination.INFEASIBLE_OR_UNBOUNDED)
_DUAL, _PRIMAL = 1, 4

# Branch and bound that looks for whole quantities gives up after so many nodes, not after a time, so that
# the same problem gives the same plan.
_MOST_NODES = 20_000
# Where rounding costs more than the gap asked for and quantities are few, a short search follows.
_FEW_NODES = 500
_FEW_QUANTITIES = 200


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
        return f"HiGHS {new_solver().version()}"

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
        return self._solve(run, start)

    def load(
        self,
        form: MatrixForm,
        *,
        options: SolveOptions,
        step: str,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> _Loaded:
        """See `Solver.load`."""
        run = _Run(form, options, step=step, on_progress=on_progress, should_stop=should_stop)
        return _Loaded(
            run, begin=lambda: self._solve(run, None, is_proven=False), keep=lambda: self._keep(run)
        )

    def _solve(self, run: _Run, start: FloatArray | None, *, is_proven: bool = True) -> Solution:
        size = _size(run.form)
        solution = run.relax(self._bases.get(size))
        if self._is_hot and solution.termination is Termination.OPTIMAL:
            self._bases[size] = run.basis()
        solution = self._search(run, solution, start, is_proven=is_proven)
        self._keep(run)
        return solution

    def _keep(self, run: _Run) -> None:
        """Remember the basis in which a run stands, for what is made whole next."""
        self._last = _size(run.form), run.basis()

    def _search(
        self, run: _Run, solution: Solution, start: FloatArray | None, *, is_proven: bool
    ) -> Solution:
        """From the relaxation to a plan with whole integers: the dive, then branch and bound.

        Where nothing need be proven, branch and bound is left to problems in which no dive finds a plan.
        """
        form, options = run.form, run.options
        if not form.is_integer.any() or not solution.has_values:
            return run.report_last(solution)
        bound = solution.objective
        solution = run.dive(bound)
        is_good = solution.gap <= options.gap or not is_proven
        if solution.termination is Termination.OPTIMAL and solution.has_values and is_good:
            return run.report_last(solution)
        if solution.termination not in STOPPED_EARLY or not solution.has_values:
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


class _Loaded:
    """A problem that stays in HiGHS while its objective changes; every solve starts from the last basis."""

    def __init__(self, run: _Run, *, begin: Callable[[], Solution], keep: Callable[[], None]) -> None:
        self._run = run
        self._begin = begin
        self._keep = keep

    def begin(self) -> Solution:
        """See `LoadedProblem.begin`."""
        return self._begin()

    def maximise(self, form: MatrixForm, *, held: FloatArray | None) -> Solution:
        """See `LoadedProblem.maximise`."""
        before = self._run.elapsed
        if self._run.is_out_of_time:
            return self._run.stopped()
        self._run.change(form)
        found = self._run.dive_again() if held is None else self._run.hold_again(held)
        self._keep()
        return replace(found, seconds=self._run.elapsed - before)

    def relax(self, form: MatrixForm) -> Solution:
        """See `LoadedProblem.relax`."""
        before = self._run.elapsed
        found = self._run.relax_again(form)
        return replace(found, seconds=self._run.elapsed - before)


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
            check_status(self.run.highs.changeColsBounds(len(chosen), chosen, lower, upper), "rounding")


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
        self.watch = Watch()
        self.integers = np.flatnonzero(form.is_integer).astype(np.int32)
        self.is_contract = form.whole[self.integers]
        relaxed = replace(form, is_integer=np.zeros_like(form.is_integer))
        self.highs = prepared(relaxed, options)
        attach(self.highs, self.watch)

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
        self.watch.bound = finite(solution.bound)
        self.report()
        return replace(solution, seconds=self.elapsed)

    def _go(self, highs: Any) -> None:
        if self.options.time_limit is not None:
            left = max(0.05, self.options.time_limit - self.elapsed)
            # HiGHS counts its limit over all runs of one object.
            set_option(highs, "time_limit", highs.getRunTime() + left)
        run_watched(highs, watch=self.watch, report=self.report, should_stop=self.should_stop)

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
            set_option(self.highs, "presolve", "off")
            check_status(self.highs.setBasis(basis), "starting from a basis")
        self._go(self.highs)
        solution = read_solution(self.highs, is_mip=False)
        if solution.termination is Termination.OPTIMAL:
            self.watch.bound = solution.objective
        return solution

    def resolve(self) -> Solution:
        """The linear problem as it stands, from its last basis."""
        set_option(self.highs, "presolve", "off")
        self._go(self.highs)
        return read_solution(self.highs, is_mip=False)

    def change(self, form: MatrixForm) -> None:
        """Put in another objective, other limits of rows and another last row; the basis stays."""
        highs, changed = self.highs, np.flatnonzero(form.objective != self.form.objective).astype(np.int32)
        if len(changed):
            check_status(
                highs.changeColsCost(len(changed), changed, form.objective[changed]), "changing costs"
            )
        check_status(highs.changeObjectiveOffset(form.constant), "changing the constant")
        row = len(form.row_lower) - 1
        old, new = _last_row(self.form), _last_row(form)
        for column in np.flatnonzero(old != new).tolist():
            check_status(highs.changeCoeff(row, column, float(new[column])), "changing the last row")
        moved = (form.row_lower != self.form.row_lower) | (form.row_upper != self.form.row_upper)
        for number in np.flatnonzero(moved).tolist():
            limits = float(form.row_lower[number]), float(form.row_upper[number])
            check_status(highs.changeRowBounds(number, *limits), "changing the limits of a row")
        self.form = form

    def relax_again(self, form: MatrixForm) -> Solution:
        """The linear problem for another objective and other limits of rows, from the last basis.

        Where only the objective changed, the primal simplex goes on from the last plan; see `hold_again`.
        """
        same = np.array_equal(form.row_lower, self.form.row_lower)
        same = same and np.array_equal(form.row_upper, self.form.row_upper)
        self.change(form)
        set_option(self.highs, "simplex_strategy", _PRIMAL if same else _DUAL)
        found = self.resolve()
        set_option(self.highs, "simplex_strategy", _DUAL)
        return found

    def dive_again(self) -> Solution:
        """The best plan of the dives for the objective as it is now, from the last basis."""
        self._free_integers()
        relaxed = self.resolve()
        if not len(self.integers) or relaxed.termination is not Termination.OPTIMAL:
            return relaxed
        return self.dive(relaxed.objective)

    def hold_again(self, held: FloatArray) -> Solution:
        """The rest for the objective as it is now, the integers held, from the last basis.

        Where only the objective changed, the last plan is still possible and the primal simplex goes on from
        it in a fraction of the time of the dual; with a dive, which changes bounds, it is the reverse.
        """
        set_option(self.highs, "simplex_strategy", _PRIMAL)
        found = self.hold(held, -np.inf)
        set_option(self.highs, "simplex_strategy", _DUAL)
        return found

    def dive(self, bound: float) -> Solution:
        """The best plan of the dives, tried in turn until one is as good as asked for.

        Returns the plan with its duals; infeasible where every dive ran into a wall, interrupted or out of
        time where it was stopped on the way.
        """
        best: Solution | None = None
        for choose in (upwards, nearest):
            found = self._dive(bound, choose)
            if best is None or (found.has_values and found.objective > best.objective):
                best = found
            if best.gap <= self.options.gap or self.is_out_of_time:
                break
        assert best is not None
        return best

    def _dive(self, bound: float, choose: Choose) -> Solution:
        """Round a few integers as the rule says and re-solve from the basis until all are whole."""
        highs, integers = self.highs, self.integers
        set_option(highs, "presolve", "off")
        self._free_integers()
        self._go(highs)
        while is_optimal(highs):
            values = np.array(highs.getSolution().col_value)[integers]
            fractional = np.flatnonzero((np.abs(values - np.round(values)) > WHOLE) & ~self.is_contract)
            if not len(fractional):
                return self._settle(values, bound)
            if self.is_out_of_time:
                return self._without_values(bound, self._stop_reason())
            self._round(values, *choose(values, fractional))
        return self._without_values(bound, read_solution(highs, is_mip=False).termination)

    def _round(self, values: FloatArray, chosen: IntArray, rounded: FloatArray) -> None:
        """Round integers and re-solve; before a wall fewer of them, and the last one to its other side.

        A batch may contradict itself, as when two steps of a line that allows one more are both rounded up.

        Parameters
        ----------
        values : (integers,) of the relaxation
        chosen, rounded : which of them go whereto, the surest first
        """
        self._bound_integers(chosen, rounded, rounded)
        while read_solution(self.highs, is_mip=False).termination in _IMPOSSIBLE:
            columns = self.integers[chosen]
            if len(chosen) == 1:
                other = np.floor(values[chosen]) + np.ceil(values[chosen]) - rounded
                self._bound_integers(chosen, other, other)
                return
            self._bound_integers(chosen, self.form.lower[columns], self.form.upper[columns], is_solved=False)
            chosen, rounded = chosen[: len(chosen) // 2], rounded[: len(chosen) // 2]
            self._bound_integers(chosen, rounded, rounded)

    def _bound_integers(
        self, chosen: IntArray, lower: FloatArray, upper: FloatArray, *, is_solved: bool = True
    ) -> None:
        """Set bounds of some of the integers and solve again."""
        columns = self.integers[chosen]
        check_status(self.highs.changeColsBounds(len(chosen), columns, lower, upper), "rounding integers")
        if is_solved:
            self._go(self.highs)

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
        whole = self._improved(hot, solution, whole, free.objective)
        if whole is None or whole.values is None:
            return replace(self._without_values(solution.bound, Termination.INFEASIBLE), row_duals=None)
        is_fixed = form.whole | form.is_integer
        values = np.where(is_fixed, np.round(whole.values), whole.values)
        bound = max(solution.bound, whole.objective)
        self.watch.best, self.watch.bound = whole.objective, bound
        return replace(
            solution, values=values, objective=whole.objective, bound=bound, row_duals=free.row_duals
        )

    def _improved(
        self, hot: _Hot, solution: Solution, whole: Solution | None, free: float
    ) -> Solution | None:
        """What rounding found, or better: where it ran into a wall, or lost much in a small problem.

        Parameters
        ----------
        whole : what rounding found; None for a wall
        free : objective with the contract quantities free
        """
        if whole is None:
            return self._search_whole(hot, solution, nodes=_MOST_NODES)
        is_dear = relative_gap(whole.objective, free) > self.options.gap
        if not is_dear or self.form.whole.sum() > _FEW_QUANTITIES:
            return whole
        found = self._search_whole(hot, solution, nodes=_FEW_NODES)
        return found if found is not None and found.objective > whole.objective else whole

    def _search_whole(self, hot: _Hot, solution: Solution, *, nodes: int) -> Solution | None:
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
            highs = prepared(whole, self.options)
            set_option(highs, "mip_max_nodes", nodes)
            attach(highs, self.watch)
            self._go(highs)
            found = read_solution(highs, is_mip=True)
            if found.values is not None:
                hot.hold(np.flatnonzero(form.whole), np.round(found.values[form.whole]))
                exact = hot.resolve()
                return exact if exact.has_values else found
        return None

    def _without_values(self, bound: float, termination: Termination) -> Solution:
        """A dive that ended without a plan: the bound of the relaxation stands all the same."""
        status = status_of(termination, False)
        return Solution(status, termination, None, -np.inf, bound, None, self.elapsed)

    def _free_integers(self) -> None:
        lower, upper = self.form.lower[self.integers], self.form.upper[self.integers]
        check_status(
            self.highs.changeColsBounds(len(self.integers), self.integers, lower, upper), "freeing integers"
        )

    def hold(self, held: FloatArray, bound: float) -> Solution:
        """Hold the integers and solve the rest: exact continuous values and duals."""
        highs = self.highs
        set_option(highs, "presolve", "off")
        check_status(highs.changeColsBounds(len(held), self.integers, held, held), "holding integers")
        self._go(highs)
        solution = read_solution(highs, is_mip=False)
        if not solution.has_values or solution.values is None:
            return solution
        values = solution.values.copy()
        values[self.integers] = held
        self.watch.best = solution.objective
        return replace(solution, values=values, bound=max(bound, solution.objective))

    def branch(self, start: FloatArray | None, best: Solution, bound: float) -> Solution:
        """Branch and bound from the dive's plan; the better of both, polished, with the better bound."""
        highs = prepared(self.form, self.options)
        attach(highs, self.watch)
        if start is not None:
            propose(highs, self.form, start)
        self._go(highs)
        found = read_solution(highs, is_mip=True)
        bound = min(bound, found.bound)
        if found.values is None:
            kept = replace(best if best.has_values else found, bound=bound)
            return replace(
                kept, termination=found.termination, status=status_of(found.termination, kept.has_values)
            )
        if best.has_values and found.objective <= best.objective:
            polished = replace(best, bound=max(bound, best.objective))
        else:
            polished = self._polish(found, bound)
        return replace(polished, termination=found.termination, status=status_of(found.termination, True))

    def _polish(self, found: Solution, bound: float) -> Solution:
        """The incumbent's integers held in the hot relaxation; the incumbent itself if that is not better."""
        assert found.values is not None
        set_option(self.highs, "time_limit", float("inf"))
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

    def stopped(self) -> Solution:
        """The answer of a run that has no time left to begin with."""
        return replace(self._without_values(np.inf, self._stop_reason()), seconds=0.0)

    def _stop_reason(self) -> Termination:
        return Termination.INTERRUPTED if self.should_stop() else Termination.TIME_LIMIT


def _last_row(form: MatrixForm) -> FloatArray:
    """(n,) coefficients of the last row."""
    entries = slice(form.matrix.start[-2], form.matrix.start[-1])
    row = np.zeros(len(form.lower))
    row[form.matrix.column[entries]] = form.matrix.value[entries]
    return row
