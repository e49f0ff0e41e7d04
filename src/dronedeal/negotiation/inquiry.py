"""Asks an evaluator, by an engine, with a memory, and stops when told to.

All of bargaining asks its questions in a fixed order that depends on the answers alone. A run is therefore
resumed by asking again: what the memory holds is answered at once, and the work goes on where it was cut
short, to the same end where the evaluator finds the same from wherever it starts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from dronedeal.errors import InputError, StoppedError
from dronedeal.negotiation.engine import Engine, Serial
from dronedeal.negotiation.evaluator import (
    Answer,
    Evaluator,
    Outcome,
    Question,
    Utilities,
    answer_from_data,
    answer_to_data,
    question_to_data,
)

FORMAT = "dronedeal-inquiry/1"
# Goals that differ by less, as a share, are as good as equal.
_SAME = 1e-12
# Called after every answer: what is being done, in words, and how many questions are answered so far.
OnProgress = Callable[[str, int], None]
ShouldStop = Callable[[], bool]


class Plans(Protocol):
    """How the plans of outcomes become plain data and back; without it they are not kept."""

    def to_data(self, plan: Any, /) -> Any:
        """A plan as JSON can hold it."""
        ...

    def from_data(self, data: Any, /) -> Any:
        """The plan that was written as plain data."""
        ...


class Memory:
    """Questions with their answers, as plain data that a file can hold.

    Parameters
    ----------
    entries : what `entries` of an earlier memory gave
    on_new : called with each new entry, to be written where a crash cannot take it
    plans : keeps the plan of each outcome in its entry; None: an answer read from entries has no plan

    Examples
    --------
    >>> from dronedeal.negotiation.evaluator import Question, weighted
    >>> from dronedeal.negotiation.listed import ListedOutcomes
    >>> memory, question = Memory(), Question(weighted(1, 0))
    >>> _ = Inquiry(ListedOutcomes([(9, 1), (5, 7)]), memory=memory).best(question)
    >>> Memory(memory.entries).recall(question).outcome.utilities
    (9.0, 1.0)
    """

    def __init__(
        self,
        entries: Iterable[dict[str, Any]] = (),
        *,
        on_new: Callable[[dict[str, Any]], None] | None = None,
        plans: Plans | None = None,
    ) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        self._whole: dict[str, Answer] = {}
        self._on_new, self._plans = on_new, plans
        for number, entry in enumerate(entries):
            if entry.get("format") != FORMAT:
                raise InputError(
                    f"entry {number} of the checkpoint has format {entry.get('format')!r}; "
                    f"allowed: {FORMAT!r}; start without it"
                )
            self._known[_key(entry["question"])] = entry

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Plain data of all that is remembered, in the order in which it came."""
        return list(self._known.values())

    def recall(self, question: Question) -> Answer | None:
        """The answer that was given before; None: it was never asked."""
        key = _key(question_to_data(question))
        if key not in self._whole and key in self._known:
            self._whole[key] = self._read(self._known[key]["answer"])
        return self._whole.get(key)

    def remember(self, question: Question, answer: Answer) -> None:
        """Keep an answer; one that was cut short is not worth keeping."""
        if answer.outcome is None and not answer.is_none_proven:
            return
        entry: dict[str, Any] = {
            "format": FORMAT,
            "question": question_to_data(question),
            "answer": answer_to_data(answer),
        }
        if self._plans is not None and answer.outcome is not None:
            entry["answer"]["outcome"]["plan"] = self._plans.to_data(answer.outcome.plan)
        key = _key(entry["question"])
        self._known[key], self._whole[key] = entry, answer
        if self._on_new is not None:
            self._on_new(entry)

    def _read(self, data: dict[str, Any]) -> Answer:
        answer = answer_from_data(data)
        if self._plans is None or answer.outcome is None:
            return answer
        plan = self._plans.from_data(data["outcome"]["plan"])
        return replace(answer, outcome=replace(answer.outcome, plan=plan))


def _key(question: Any) -> str:
    return json.dumps(question, sort_keys=True)


def _given(answer: Answer | None) -> Answer:
    assert answer is not None
    return answer


def _never() -> bool:
    return False


class Inquiry:
    """An evaluator with memory, engine, progress and stop; itself an evaluator.

    Every outcome that was ever found serves all later questions: each starts from the best of those that it
    allows, and is answered by it where the evaluator, within its gap, found nothing better.

    Parameters
    ----------
    evaluator : answers questions
    engine : where questions that do not wait for one another are answered
    memory : what is answered already, and where new answers go
    on_progress : called after every answer
    should_stop : asked before every question; true: `StoppedError` is raised

    Attributes
    ----------
    asked : how many questions went to the evaluator
    remembered : how many were answered from memory
    """

    def __init__(
        self,
        evaluator: Evaluator,
        *,
        engine: Engine | None = None,
        memory: Memory | None = None,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop = _never,
    ) -> None:
        self.evaluator = evaluator
        self.engine: Engine = Serial() if engine is None else engine
        self.memory = Memory() if memory is None else memory
        self.on_progress = on_progress
        self.should_stop = should_stop
        self.asked = 0
        self.remembered = 0
        self._seen: dict[Utilities, Outcome] = {}

    @classmethod
    def of(cls, evaluator: Evaluator) -> Inquiry:
        """The inquiry itself, or a plain one around an evaluator."""
        return evaluator if isinstance(evaluator, Inquiry) else cls(evaluator)

    def best(self, question: Question, /, *, step: str = "") -> Answer:
        """The answer to one question; `step` says in words what it is for."""
        return self.each([question], step=step)[0]

    @property
    def known(self) -> tuple[Outcome, ...]:
        """Every outcome that was found or told of, in the order in which it came."""
        return tuple(self._seen.values())

    def each(self, questions: Sequence[Question], *, step: str = "") -> list[Answer]:
        """The answers to several questions that do not wait for one another, in their order."""
        # A question that stands twice is asked once: a run that is taken up again would ask it once too.
        answers = {question: self.memory.recall(question) for question in questions}
        new = [
            question.starting_at(self._best_known(question))
            for question, answer in answers.items()
            if answer is None
        ]
        self.remembered += len(questions) - len(new)
        answers |= dict(zip(new, self._ask(new, step), strict=True))
        return [self._improved(question, _given(answers[question])) for question in questions]

    def know(self, outcomes: Iterable[Outcome]) -> None:
        """Let outcomes that were found elsewhere serve later questions."""
        for outcome in outcomes:
            self._seen.setdefault(outcome.utilities, outcome)

    def _best_known(self, question: Question) -> Outcome | None:
        """The best known outcome that a question allows; without one that which it brings."""
        known = [*([question.near] if question.near is not None else []), *self._seen.values()]
        allowed = [outcome for outcome in known if question.admits(outcome.utilities)]
        best = max(allowed, key=lambda outcome: question.value(outcome.utilities), default=None)
        return question.near if best is None else best

    def _improved(self, question: Question, answer: Answer) -> Answer:
        """The answer, or the same bound with a better outcome that is known already.

        Where rounding closes the door on an outcome that is known to be allowed, that one is the answer.
        """
        if answer.outcome is not None:
            self.know([answer.outcome])
        best = self._best_known(question.starting_at(None))
        if best is None:
            return answer
        value = question.value(best.utilities)
        found = -math.inf if answer.outcome is None else question.value(answer.outcome.utilities)
        if value <= found + _SAME * abs(value):
            return answer
        return replace(answer, outcome=best, bound=max(answer.bound, value))

    def _ask(self, questions: list[Question], step: str) -> Iterator[Answer]:
        answers: list[Answer] = []
        if questions:
            self._stop_if_told()
            for question, answer in zip(
                questions, self.engine.map(self.evaluator.best, questions), strict=True
            ):
                answers.append(answer)
                self.asked += 1
                self.memory.remember(question, answer)
                if self.on_progress is not None:
                    self.on_progress(step, self.asked + self.remembered)
                if len(answers) < len(questions):
                    self._stop_if_told()
        return iter(answers)

    def _stop_if_told(self) -> None:
        if self.should_stop():
            raise StoppedError("stopped on request; what was answered so far is in the checkpoint")
