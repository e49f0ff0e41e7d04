"""One problem in HiGHS: its relaxation stays hot while bounds, objective and limits of rows change."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs_calls import (
    Watch,
    attach,
    check_status,
    finite,
    fits,
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
    Termination,
)

_DUAL, _PRIMAL = 1, 4
# A relaxation ends after so many iterations for each row and column. One that can be solved takes a sixth of
# it, while one of rules that collide can go round for ever.
_ITERATIONS = 2
_LEAST_ITERATIONS = 10_000
_NO_LIMIT = 2**31 - 1
# Steps of the primal simplex after which the last plan was too far away to go on from: to begin afresh, with
# presolve and the dual simplex, takes as long as so many.
_FAR = 4_000


class Run:
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

    def go(self, highs: Any) -> None:
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

        Returns
        -------
        iteration limit, without values, where the simplex method goes round and no work would end it
        """
        self.start_from(basis)
        size = len(self.form.lower) + len(self.form.row_lower)
        before = max(0, int(self.highs.getInfo().simplex_iteration_count))
        most = before + max(_LEAST_ITERATIONS, _ITERATIONS * size)
        set_option(self.highs, "simplex_iteration_limit", most)
        self.go(self.highs)
        set_option(self.highs, "simplex_iteration_limit", _NO_LIMIT)
        solution = read_solution(self.highs, is_mip=False)
        if solution.termination is Termination.OPTIMAL:
            self.watch.bound = solution.objective
        return solution

    def start_from(self, basis: Any) -> None:
        """Begin the next solve at a basis; None, or that of a problem of another size, changes nothing."""
        if self._begins_at(basis):
            # Presolve would throw the basis away.
            set_option(self.highs, "presolve", "off")
            check_status(self.highs.setBasis(basis), "starting from a basis")

    def _begins_at(self, basis: Any) -> bool:
        """Whether a basis is one of a problem of this size."""
        return basis is not None and fits(self.highs, basis)

    def resolve(self) -> Solution:
        """The linear problem as it stands, from its last basis."""
        set_option(self.highs, "presolve", "off")
        self.go(self.highs)
        return read_solution(self.highs, is_mip=False)

    def change(self, form: MatrixForm) -> None:
        """Put in another objective, other limits and numbers of rows and bounds; the basis stays.

        Where the form has other places of entries, only the last row may be another.
        """
        highs, changed = self.highs, np.flatnonzero(form.objective != self.form.objective).astype(np.int32)
        if len(changed):
            check_status(
                highs.changeColsCost(len(changed), changed, form.objective[changed]), "changing costs"
            )
        check_status(highs.changeObjectiveOffset(form.constant), "changing the constant")
        for row, column, value in _changed_entries(self.form, form):
            check_status(highs.changeCoeff(row, column, value), "changing the numbers of a row")
        moved = (form.row_lower != self.form.row_lower) | (form.row_upper != self.form.row_upper)
        for number in np.flatnonzero(moved).tolist():
            limits = float(form.row_lower[number]), float(form.row_upper[number])
            check_status(highs.changeRowBounds(number, *limits), "changing the limits of a row")
        bounded = np.flatnonzero((form.lower != self.form.lower) | (form.upper != self.form.upper))
        if len(bounded):
            chosen = bounded.astype(np.int32)
            check_status(
                highs.changeColsBounds(len(chosen), chosen, form.lower[bounded], form.upper[bounded]),
                "changing bounds",
            )
        self.form = form

    def relax_again(self, form: MatrixForm) -> Solution:
        """The linear problem for another objective and other limits, from the last basis.

        Where only the objective changed, the primal simplex goes on from the last plan; see `hold_again`.
        """
        same = all(
            np.array_equal(getattr(form, limits), getattr(self.form, limits))
            for limits in ("row_lower", "row_upper", "lower", "upper")
        )
        self.change(form)
        set_option(self.highs, "simplex_strategy", _PRIMAL if same else _DUAL)
        found = self.resolve()
        set_option(self.highs, "simplex_strategy", _DUAL)
        return found

    def hold_again(self, held: FloatArray, basis: Any = None) -> Solution:
        """The rest for the objective as it is now, the integers held, from the last basis.

        Where only the objective changed, the last plan is still possible and the primal simplex goes on from
        it in a fraction of the time of the dual; with a dive, which changes bounds, it is the reverse. Where
        nothing was solved yet, there is no plan to go on from: from nothing, and without presolve, the primal
        simplex takes minutes for what presolve and the dual do in seconds. From a plan that turns out to be
        far away it takes several times as long too, so that it is given up after a number of steps.
        """
        if not (self._begins_at(basis) or self.highs.getBasis().valid):
            return self.hold(held, -np.inf, is_first=True)
        set_option(self.highs, "simplex_strategy", _PRIMAL)
        before = max(0, int(self.highs.getInfo().simplex_iteration_count))
        set_option(self.highs, "simplex_iteration_limit", before + _FAR)
        found = self.hold(held, -np.inf, basis)
        set_option(self.highs, "simplex_iteration_limit", _NO_LIMIT)
        set_option(self.highs, "simplex_strategy", _DUAL)
        if found.termination is Termination.ITERATION_LIMIT and not self.is_out_of_time:
            check_status(self.highs.clearSolver(), "beginning afresh")
            found = self.hold(held, -np.inf, is_first=True)
        return found

    def without_values(self, bound: float, termination: Termination) -> Solution:
        """A dive that ended without a plan: the bound of the relaxation stands all the same."""
        status = status_of(termination, False)
        return Solution(status, termination, None, -np.inf, bound, None, self.elapsed)

    def free_integers(self) -> None:
        lower, upper = self.form.lower[self.integers], self.form.upper[self.integers]
        check_status(
            self.highs.changeColsBounds(len(self.integers), self.integers, lower, upper), "freeing integers"
        )

    def hold(self, held: FloatArray, bound: float, basis: Any = None, *, is_first: bool = False) -> Solution:
        """Hold the integers and solve the rest, from a basis or the last one: exact values and duals.

        Parameters
        ----------
        is_first : whether no basis is known, so that presolve has none to throw away
        """
        highs = self.highs
        set_option(highs, "presolve", "choose" if is_first else "off")
        check_status(highs.changeColsBounds(len(held), self.integers, held, held), "holding integers")
        self.start_from(basis)
        self.go(highs)
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
        self.go(highs)
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
        self.free_integers()
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
        return replace(self.without_values(np.inf, self.stop_reason), seconds=0.0)

    @property
    def stop_reason(self) -> Termination:
        return Termination.INTERRUPTED if self.should_stop() else Termination.TIME_LIMIT


@dataclass
class Hot:
    """The linear problem of a run, held and released by `rounding`."""

    run: Run

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


def _changed_entries(old: MatrixForm, new: MatrixForm) -> list[tuple[int, int, float]]:
    """Row, column and number of the entries that differ."""
    one, other = old.matrix, new.matrix
    if np.array_equal(one.start, other.start) and np.array_equal(one.column, other.column):
        changed = np.flatnonzero(one.value != other.value)
        row = np.searchsorted(other.start, changed, side="right") - 1
        return list(
            zip(row.tolist(), other.column[changed].tolist(), other.value[changed].tolist(), strict=True)
        )
    last, before, after = len(new.row_lower) - 1, _last_row(old), _last_row(new)
    return [(last, column, float(after[column])) for column in np.flatnonzero(before != after).tolist()]


def _last_row(form: MatrixForm) -> FloatArray:
    """(n,) coefficients of the last row."""
    entries = slice(form.matrix.start[-2], form.matrix.start[-1])
    row = np.zeros(len(form.lower))
    row[form.matrix.column[entries]] = form.matrix.value[entries]
    return row
