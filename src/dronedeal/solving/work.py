"""What the solves of one plan share: the solver, a clock, a stop and the progress line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.solving.interface import (
    LoadedProblem,
    MatrixForm,
    OnProgress,
    Progress,
    ShouldStop,
    Solution,
    SolveOptions,
    Solver,
    Termination,
    never_stop,
    no_progress,
)


class Work:
    """The solves of one plan share a clock, a stop and the progress line.

    Parameters
    ----------
    problem : whose best plan is wanted; `linear` is the same with chords in place of its curves
    solver, options, on_progress, should_stop : see `interface`
    """

    def __init__(
        self,
        problem: Problem,
        solver: Solver,
        *,
        options: SolveOptions,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> None:
        self.problem = problem
        self.linear = problem if problem.curves is None else problem.chords()
        self.solver = solver
        self.options = options
        self.should_stop = should_stop
        self.seconds = 0.0
        self._shown: tuple[float, float] | None = None
        self._on_progress = on_progress
        self._began = time.perf_counter()

    @property
    def stop_reason(self) -> Termination | None:
        """Why no further work should begin: a stop was asked for, or the time is used up; else None."""
        if self.should_stop():
            return Termination.INTERRUPTED
        limit = self.options.time_limit
        is_late = limit is not None and time.perf_counter() - self._began >= limit
        return Termination.TIME_LIMIT if is_late else None

    def solve_now(self, form: MatrixForm, *, step: str) -> Solution:
        """One solve that neither the time limit nor an earlier stop ends."""
        options = replace(self.options, time_limit=None)
        solution = self.solver.solve(
            form, options=options, step=step, start=None, on_progress=no_progress, should_stop=never_stop
        )
        self.seconds += solution.seconds
        return solution

    def solve(
        self,
        form: MatrixForm,
        *,
        step: str,
        gap: float | None = None,
        is_true: bool = True,
        nodes: int | None = None,
    ) -> Solution:
        """One solve inside what is left of the time limit, and of some nodes; see `load`."""
        options, report = self._left(gap, is_true=is_true)
        options = replace(options, nodes=nodes)
        start = np.where(form.is_integer, form.lower, np.nan)
        solution = self.solver.solve(
            form, options=options, step=step, start=start, on_progress=report, should_stop=self.should_stop
        )
        self.seconds += solution.seconds
        return solution

    def dived(self, form: MatrixForm, *, step: str) -> Solution:
        """The best plan that is found at once; branch and bound only where no dive finds any."""
        return self.counted(self.load(form, step=step, is_true=False).begin())

    def solve_whole(
        self, form: MatrixForm, *, step: str, gap: float | None = None
    ) -> tuple[Solution, Solution]:
        """One solve, and the same solution with every contract quantity whole."""
        free = self.solve(form, step=step, gap=gap)
        return free, self.make_whole(form, free, step=step) if free.has_values else free

    def make_whole(
        self,
        form: MatrixForm,
        solution: Solution,
        *,
        step: str,
        is_true: bool = True,
        should_stop: ShouldStop = never_stop,
        nodes: int | None = None,
    ) -> Solution:
        """A solution with every contract quantity whole; infeasible where there is none; see `load`.

        Parameters
        ----------
        nodes : of branch and bound at most where rounding finds nothing; None: as many as are usual
        """
        if not form.whole.any():
            return solution
        _, report = self._left(None, is_true=is_true)
        whole = self.solver.make_whole(
            form,
            solution,
            options=replace(self.options, nodes=nodes),
            step=f"{step}, whole units",
            on_progress=report,
            should_stop=should_stop,
        )
        self.seconds += whole.seconds
        return whole

    def load(self, form: MatrixForm, *, step: str, is_true: bool = False) -> LoadedProblem:
        """A problem that stays in the solver while its objective changes, inside what is left of the time.

        Parameters
        ----------
        is_true : whether the solver's own objective is what its plans are worth; where it is not, only what
            `show` tells is told
        """
        options, report = self._left(None, is_true=is_true)
        return self.solver.load(
            form, options=options, step=step, on_progress=report, should_stop=self.should_stop
        )

    def counted(self, solution: Solution) -> Solution:
        """The same solution, its seconds counted."""
        self.seconds += solution.seconds
        return solution

    @contextmanager
    def counted_at_once(self) -> Iterator[None]:
        """Count the seconds of what several threads solve at once by the clock."""
        before = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - before

    def show(self, step: str, best: float, bound: float) -> None:
        """Tell a true best and a bound, now and in place of what the solver thinks of the steps to come."""
        self._shown = best, bound
        self._on_progress(Progress(step, time.perf_counter() - self._began, best, bound))

    def show_nothing(self) -> None:
        """Forget what was told, for another question begins."""
        self._shown = None

    def _left(self, gap: float | None, *, is_true: bool) -> tuple[SolveOptions, OnProgress]:
        """Options with the time that is left, and a report that counts from the beginning."""
        before = time.perf_counter() - self._began
        limit = self.options.time_limit
        self._shown = None if is_true else self._shown

        def report(progress: Progress) -> None:
            best, bound = self._shown or (progress.best if is_true else None, progress.bound)
            self._on_progress(replace(progress, elapsed=before + progress.elapsed, best=best, bound=bound))

        options = replace(
            self.options,
            gap=self.options.gap if gap is None else gap,
            time_limit=None if limit is None else max(0.0, limit - before),
        )
        return options, report
