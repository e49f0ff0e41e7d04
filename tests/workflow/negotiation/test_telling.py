"""A running negotiation says what is being done and how much of it is left."""

from __future__ import annotations

import pytest

from dronedeal.negotiation.evaluator import Outcome
from dronedeal.negotiation.trials import Clause
from dronedeal.solving import Progress
from dronedeal.workflow.negotiation.telling import Telling


def told(pairs: int | None = None) -> tuple[Telling, list[str]]:
    said: list[str] = []

    def hear(progress: Progress) -> None:
        assert progress.elapsed >= 0.0
        said.append(progress.step)

    return Telling(hear, points=3, pairs=pairs), said


def test_of_the_frontier_points_are_counted_that_nobody_can_leave_for_a_better_one() -> None:
    telling, said = told()
    known = [Outcome(pair) for pair in [(1.0, 9.0), (5.0, 5.0), (4.0, 4.0), (9.0, -1.0)]]
    telling.asked(known, (0.0, 0.0), "frontier", 7)
    telling.asked(known, (0.0, -2.0), "holes", 8)
    telling.asked(known, (0.0, 0.0), "Nash", 1)
    assert said == [
        "frontier, 2 of at most 3 points, 7 questions answered",
        "frontier, 3 of at most 3 points, 8 questions answered",
        "fair points, Nash, 1 question answered",
    ]


def test_of_clauses_the_term_sheets_are_counted_that_are_left() -> None:
    clauses = [Clause("a"), Clause("b", ("buyer", "seller")), Clause("c", ("buyer",))]
    for pairs, couples in ((None, 3), (2, 2), (9, 3)):
        telling, said = told(pairs)
        telling.expect(clauses)
        telling.valued("clauses", 7)
        telling.valued("pairs of clauses", 8)
        telling.valued("exchanges", 7 + couples + 1)
        assert said == [
            "clauses, 7 of 7 term sheets valued",
            f"pairs of clauses, 1 of {couples} term sheets valued",
            "exchanges, 1 term sheet valued",
        ]


def test_a_long_silence_is_broken_once_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    telling, said = told()
    telling.say("zone")
    working = Progress("terms open", 0.0, None, None)
    telling.work(working)
    assert said == ["zone"]
    monkeypatch.setattr("dronedeal.workflow.negotiation.telling._SILENCE", 0.0)
    telling.work(working)
    telling.work(working)
    assert said == ["zone", "zone; still at work", "zone; still at work"]
