"""A solver with canned answers, for tests and for showing what a plan looks like without solving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.interface import (
    LoadedProblem,
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


@dataclass
class FakeSolver:
    """Returns the given solutions in turn and keeps the forms it was asked to solve.

    Parameters
    ----------
    answers : one solution for each call
    asked : filled with (step, form) of every call
    """

    answers: list[Solution]
    asked: list[tuple[str, MatrixForm]] = field(default_factory=list)
    name: str = "fake solver"

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
        """The next canned answer; an answer without values once a stop was asked for."""
        self.asked.append((step, form))
        if should_stop():
            return Solution(
                Status.ABORTED, Termination.INTERRUPTED, None, float("-inf"), float("inf"), None, 0.0
            )
        answer = self.answers.pop(0)
        best = answer.objective if answer.has_values else None
        on_progress(Progress(step, 0.0, best, answer.bound))
        return answer

    def load(
        self,
        form: MatrixForm,
        *,
        options: SolveOptions,
        step: str,
        on_progress: OnProgress,
        should_stop: ShouldStop,
    ) -> LoadedProblem:
        """A loaded problem that goes on with the canned answers."""

        def answer(asked: MatrixForm) -> Solution:
            return self.solve(
                asked,
                options=options,
                step=step,
                start=None,
                on_progress=on_progress,
                should_stop=should_stop,
            )

        return _FakeLoaded(form, answer)

    def keep(self, form: MatrixForm, solution: Solution) -> None:
        """Forgotten at once."""

    def recall(self, form: MatrixForm) -> Solution | None:
        """Nothing is known."""

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
        """The solution as it is: canned answers are whole where they should be."""
        return solution


@dataclass
class _FakeLoaded:
    """A loaded problem that asks the fake solver."""

    form: MatrixForm
    answer: Callable[[MatrixForm], Solution]

    def begin(self, *, is_searched: bool = True) -> Solution:
        del is_searched
        return self.answer(self.form)

    def maximise(
        self, form: MatrixForm, *, held: FloatArray | None, start: Solution | None = None
    ) -> Solution:
        del held, start
        return self.answer(form)

    def relax(self, form: MatrixForm) -> Solution:
        return self.answer(form)

    def keep(self) -> None:
        """Answers are given; nothing begins anywhere."""
