"""HiGHS behind the solver seam: relaxation, dive, branch and bound, and problems that stay loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs_calls import (
    BASIC,
    STOPPED_EARLY,
    basis_codes,
    basis_of,
    carried_basis,
    new_solver,
)
from dronedeal.solving.highs_dives import dive
from dronedeal.solving.highs_run import Run
from dronedeal.solving.highs_whole import whole_plan
from dronedeal.solving.interface import (
    MatrixForm,
    OnProgress,
    ShouldStop,
    Solution,
    SolveOptions,
    Status,
    Termination,
    never_stop,
)

# Branch and bound for any plan at all, where no dive finds one, ends after so many nodes.
_MOST_NODES = 1_000
Size = tuple[int, int]
"""Columns and rows of a problem as it is loaded."""


@dataclass(frozen=True)
class Basis:
    """From where the simplex method can go on.

    columns : (n,) status of each column, as a number; rows : (m,) likewise
    is_alien : whether it need not be a basis before HiGHS has made one of it
    """

    columns: IntArray
    rows: IntArray
    is_alien: bool


def with_free_row(basis: Basis) -> Basis:
    """The same basis in a problem with one row more at the end, whose limits it does not reach."""
    return Basis(basis.columns, np.append(basis.rows, BASIC), basis.is_alien)


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
        self._plans: dict[Size, Solution] = {}
        self._bases: dict[Size, Any] = {}

    def twin(self) -> HighsSolver:
        """A solver that starts from what this one knows now, and tells it nothing."""
        twin = HighsSolver(is_hot=self._is_hot)
        twin._plans, twin._bases = dict(self._plans), dict(self._bases)
        return twin

    def bases(self) -> list[Basis]:
        """The bases from which problems of some sizes begin, to be kept beyond the end of the program."""
        return [Basis(*basis_codes(basis), bool(basis.alien)) for basis in self._bases.values()]

    def begin_at(self, bases: Iterable[Basis]) -> None:
        """Begin where another solver would, of which `bases` told."""
        for each in bases:
            found = basis_of(each.columns, each.rows, is_alien=each.is_alien)
            self._bases[len(each.columns), len(each.rows)] = found

    def carry(self, old: Size, columns: IntArray, rows: IntArray) -> None:
        """Let problems begin where another ended that shares most of its columns and rows, if one did.

        Parameters
        ----------
        old : columns and rows of that other problem, as it was loaded
        columns : (n,) number of each column in it, −1 for one that it lacks; rows : (m,) likewise
        """
        basis = self._bases.get(old)
        if basis is not None:
            self._bases[len(columns), len(rows)] = carried_basis(basis, columns, rows)

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
        run = Run(form, options, step=step, on_progress=on_progress, should_stop=should_stop)
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
        run = Run(form, options, step=step, on_progress=on_progress, should_stop=should_stop)

        def begin(is_searched: bool) -> Solution:
            return self._solve(run, None, is_proven=False) if is_searched else self._relaxed(run)

        def keep() -> None:
            self._bases[_size(run.form)] = run.basis()

        return _Loaded(run, begin=begin, keep=keep, basis=self._bases.get(_size(form)))

    def keep(self, form: MatrixForm, solution: Solution) -> None:
        """See `Solver.keep`."""
        if self._is_hot:
            self._plans[_size(form)] = solution

    def recall(self, form: MatrixForm) -> Solution | None:
        """See `Solver.recall`."""
        return self._plans.get(_size(form))

    def _solve(self, run: Run, start: FloatArray | None, *, is_proven: bool = True) -> Solution:
        solution = self._search(run, self._relaxed(run), start, is_proven=is_proven)
        if solution.has_values and solution.basis is None:
            solution = replace(solution, basis=run.basis())
        return solution

    def _relaxed(self, run: Run) -> Solution:
        """The relaxation, from the basis of the last one of its size."""
        size = _size(run.form)
        if len(run.integers):
            run.free_integers()
        solution = run.relax(self._bases.get(size))
        if self._is_hot and solution.termination is Termination.OPTIMAL:
            self._bases[size] = run.basis()
        return solution

    def _search(self, run: Run, solution: Solution, start: FloatArray | None, *, is_proven: bool) -> Solution:
        """From the relaxation to a plan with whole integers: the dive, then branch and bound.

        Where nothing need be proven, branch and bound is left to problems in which no dive finds a plan.
        """
        form, options = run.form, run.options
        if not form.is_integer.any() or not solution.has_values:
            return run.report_last(solution)
        bound = solution.objective
        solution = dive(run, bound)
        is_good = solution.gap <= options.gap or not is_proven
        if solution.termination is Termination.OPTIMAL and solution.has_values and is_good:
            return run.report_last(solution)
        if solution.termination not in STOPPED_EARLY or not solution.has_values:
            if not is_proven:
                run.options = replace(options, nodes=_MOST_NODES)
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
        should_stop: ShouldStop = never_stop,
    ) -> Solution:
        """See `Solver.make_whole`; starts from the basis of the solution."""
        options = replace(options, time_limit=None)
        run = Run(form, options, step=step, on_progress=on_progress, should_stop=should_stop)
        return run.report_last(whole_plan(run, solution, solution.basis))


def _size(form: MatrixForm) -> Size:
    """Columns and rows: bases fit problems of the same size."""
    return len(form.lower), len(form.row_lower)


class _Loaded:
    """A problem that stays in HiGHS while its objective changes; every solve starts from the last basis."""

    def __init__(
        self, run: Run, *, begin: Callable[[bool], Solution], keep: Callable[[], None], basis: Any
    ) -> None:
        self._run = run
        self._begin = begin
        self._keep = keep
        self._basis = basis

    def begin(self, *, is_searched: bool = True) -> Solution:
        """See `LoadedProblem.begin`."""
        self._basis = None
        return self._begin(is_searched)

    def keep(self) -> None:
        """See `LoadedProblem.keep`."""
        self._keep()

    def maximise(
        self, form: MatrixForm, *, held: FloatArray | None, start: Solution | None = None
    ) -> Solution:
        """See `LoadedProblem.maximise`."""
        before = self._run.elapsed
        if self._run.is_out_of_time:
            return self._run.stopped()
        self._run.change(form)
        basis, self._basis = (self._basis if start is None else start.basis), None
        found = self._dive_again() if held is None else self._run.hold_again(held, basis)
        return replace(found, seconds=self._run.elapsed - before)

    def _dive_again(self) -> Solution:
        """The best plan of the dives for the objective as it is now, from the last basis."""
        run = self._run
        run.free_integers()
        relaxed = run.resolve()
        if not len(run.integers) or relaxed.termination is not Termination.OPTIMAL:
            return relaxed
        return dive(run, relaxed.objective)

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
