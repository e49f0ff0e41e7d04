"""The fake solver that ships with the package."""

from __future__ import annotations

import numpy as np
from tests.solving.small_forms import form

from dronedeal.solving import FakeSolver, Solution, SolveOptions, Status, Termination, never_stop, no_progress

ANSWER = Solution(Status.OK, Termination.OPTIMAL, np.array([1.0]), 5.0, 5.0, None, 0.1)


def ask(fake: FakeSolver, *, stop: bool = False) -> Solution:
    return fake.solve(
        form([5], [[1]], [1], upper=[1]),
        options=SolveOptions(),
        step="joint plan",
        start=None,
        on_progress=no_progress,
        should_stop=(lambda: True) if stop else never_stop,
    )


def test_answers_come_in_turn_and_questions_are_kept() -> None:
    fake = FakeSolver([ANSWER])
    assert ask(fake) is ANSWER
    assert [step for step, _ in fake.asked] == ["joint plan"]


def test_a_stop_gives_an_answer_without_values() -> None:
    fake = FakeSolver([ANSWER])
    solution = ask(fake, stop=True)
    assert solution.termination is Termination.INTERRUPTED
    assert not solution.has_values
    assert fake.answers == [ANSWER]
