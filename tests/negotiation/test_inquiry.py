"""An inquiry remembers, reports and stops; none of it changes an answer."""

from __future__ import annotations

import json
import math
from typing import Any, ClassVar

import pytest
from tests.negotiation.evaluators import Hasty, Recording

from dronedeal.errors import InputError, StoppedError
from dronedeal.negotiation.evaluator import NO_OUTCOME, Answer, Outcome, Question, weighted
from dronedeal.negotiation.inquiry import Inquiry, Memory
from dronedeal.negotiation.listed import ListedOutcomes

LIST = ListedOutcomes([(9, 1), (6, 6), (1, 9)])
QUESTIONS = [
    Question(weighted(1, 0)),
    Question(weighted(1, 1)),
    Question(weighted(0, 1), floors=(10, -math.inf)),
]


def test_what_was_answered_is_not_asked_again_not_even_from_a_file() -> None:
    asked = Recording(LIST)
    first = Inquiry(asked)
    answers = first.each(QUESTIONS[:2])
    assert first.each(QUESTIONS) == [*answers, LIST.best(QUESTIONS[2])]
    assert asked.asked == QUESTIONS
    assert (first.asked, first.remembered) == (3, 2)
    written = json.loads(json.dumps(first.memory.entries))
    again = Recording(LIST)
    assert Inquiry(again, memory=Memory(written)).each(QUESTIONS) == first.each(QUESTIONS)
    assert again.asked == []


def test_plans_stay_as_long_as_the_inquiry_does() -> None:
    class WithPlans:
        def best(self, question: Question, /) -> Answer:
            answer = LIST.best(question)
            assert answer.outcome is not None
            object.__setattr__(answer.outcome, "plan", "the plan")
            return answer

    inquiry = Inquiry(WithPlans())
    for _ in range(2):
        answer = inquiry.best(QUESTIONS[0])
        assert answer.outcome is not None
        assert answer.outcome.plan == "the plan"


def test_every_new_answer_is_handed_over_to_be_written() -> None:
    written: list[dict[str, Any]] = []
    inquiry = Inquiry(LIST, memory=Memory(on_new=written.append))
    inquiry.each(QUESTIONS)
    inquiry.each(QUESTIONS)
    assert written == inquiry.memory.entries
    assert len(written) == 3


def test_progress_counts_answers_and_says_what_they_are_for() -> None:
    told: list[tuple[str, int]] = []
    inquiry = Inquiry(LIST, on_progress=lambda step, count: told.append((step, count)))
    inquiry.each(QUESTIONS, step="frontier")
    inquiry.best(QUESTIONS[0], step="again")
    assert told == [("frontier", 1), ("frontier", 2), ("frontier", 3)]


def test_a_stop_is_heard_between_questions_and_keeps_what_was_answered() -> None:
    asked = Recording(LIST)
    inquiry = Inquiry(asked, should_stop=lambda: len(asked.asked) >= 2)
    with pytest.raises(StoppedError, match="in the checkpoint"):
        inquiry.each(QUESTIONS)
    assert len(inquiry.memory.entries) == 2


def test_an_answer_that_was_cut_short_is_asked_again() -> None:
    memory = Memory()
    assert Inquiry(Hasty(LIST, gives_up=True), memory=memory).best(QUESTIONS[0]).bound == math.inf
    assert memory.entries == []


def test_a_checkpoint_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="entry 0 of the checkpoint has format 'other/1'"):
        Memory([{"format": "other/1"}])


def test_an_inquiry_around_an_inquiry_is_the_same_one() -> None:
    inquiry = Inquiry(LIST)
    assert Inquiry.of(inquiry) is inquiry
    assert Inquiry.of(LIST).evaluator is LIST


def test_what_was_found_once_serves_later_questions_as_start_and_as_answer() -> None:
    """An evaluator with a gap overlooks what it found before; the bound stays its own."""

    class Forgetful:
        asked: ClassVar[list[Question]] = []

        def best(self, question: Question, /) -> Answer:
            self.asked.append(question)
            utilities = (6.0, 6.0) if len(self.asked) == 1 else (5.0, 5.5)
            return Answer(Outcome(utilities, str(len(self.asked))), question.value(utilities) + 1.0)

    inquiry = Inquiry(Forgetful())
    inquiry.know([Outcome((1.0, 9.0), "known")])
    first = inquiry.best(Question(weighted(1, 1)))
    second = inquiry.best(Question(weighted(2, 1), floors=(2.0, 2.0)))
    third = inquiry.best(Question(weighted(0, 1)))
    assert [each.outcome and each.outcome.label for each in (first, second, third)] == ["1", "1", "known"]
    assert (second.bound, third.bound) == (18.0, 9.0)
    starts = [question.near and question.near.label for question in Forgetful.asked]
    assert starts == ["known", "1", "known"]


def test_rounding_does_not_close_the_door_on_an_outcome_that_is_known() -> None:
    class Strict:
        def best(self, question: Question, /) -> Answer:
            return NO_OUTCOME

    inquiry = Inquiry(Strict())
    known = Outcome((0.1 + 0.2, 1.0), "known")
    inquiry.know([known])
    at_the_door = Question(weighted(0, 1), floors=(0.1 + 0.2, 1.0))
    assert inquiry.best(at_the_door) == Answer(known, 1.0)
    assert inquiry.best(Question(weighted(0, 1), floors=(0.5, 1.0))).is_none_proven
