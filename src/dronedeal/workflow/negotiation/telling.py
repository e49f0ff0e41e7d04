"""What a running negotiation says of itself: what is being done, and how much of it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dronedeal.negotiation.evaluator import Outcome, Utilities
from dronedeal.negotiation.frontier_points import undominated
from dronedeal.negotiation.trials import Clause
from dronedeal.report.wording import count_text
from dronedeal.solving import Progress
from dronedeal.workflow.control import Stopwatch

# Steps of an inquiry in words; of the frontier its points are counted, for nobody knows how many questions
# they will take.
_OF_FRONTIER = ("frontier", "holes")
_WORDS = {
    "ends": "ends of the frontier",
    "ideal point": "fair points, most that each side can have",
    "fair points": "fair points",
    "Kalai–Smorodinsky": "fair points, Kalai–Smorodinsky",
    "egalitarian": "fair points, egalitarian",
    "welfare": "fair points, greatest welfare",
    "Nash": "fair points, Nash",
}
# Seconds without a word after which it is told that the work goes on.
_SILENCE = 4.0


@dataclass
class Telling:
    """Counts what is done of each step and tells it with the seconds since the beginning.

    Parameters
    ----------
    on_progress : told each step
    points : most points of the frontier
    pairs : most pairs of clauses; None: all
    """

    on_progress: Callable[[Progress], None]
    points: int
    pairs: int | None
    _watch: Stopwatch = field(default_factory=Stopwatch)
    _last: tuple[str, float] = ("", 0.0)
    _singles: int = 0
    _couples: int = 0

    def say(self, step: str) -> None:
        """Tell a step."""
        now = self._watch.with_total["total"]
        self._last = step, now
        self.on_progress(Progress(step, now, None, None))

    def work(self, _: Progress) -> None:
        """Hear that a solver is at work, and tell so where nothing was told for a while."""
        step, told = self._last
        now = self._watch.with_total["total"]
        if now - told >= _SILENCE:
            self._last = step, now
            self.on_progress(Progress(f"{step}; still at work", now, None, None))

    def asked(self, known: Sequence[Outcome], floors: Utilities, step: str, count: int) -> None:
        """Tell that a question of bargaining is answered, `count` so far."""
        if step in _OF_FRONTIER:
            inside = [
                each for each in known if all(u >= f for u, f in zip(each.utilities, floors, strict=True))
            ]
            done = min(len(undominated(inside)), self.points)
            self.say(f"frontier, {done} of at most {self.points} points, {_answered(count)}")
        else:
            self.say(f"{_WORDS.get(step, step)}, {_answered(count)}")

    def expect(self, clauses: Sequence[Clause]) -> None:
        """Count the term sheets that the clauses will take: one for each move, and the one of reference."""
        couples = len(clauses) * (len(clauses) - 1) // 2
        self._singles = 1 + sum(len(clause.moves) for clause in clauses)
        self._couples = couples if self.pairs is None else min(self.pairs, couples)

    def valued(self, step: str, count: int) -> None:
        """Tell that a term sheet is valued, `count` so far."""
        before = {"clauses": 0, "pairs of clauses": self._singles}.get(step)
        total = self._singles if before == 0 else self._couples
        if before is None:
            self.say(f"{step}, {count_text(count - self._singles - self._couples, 'term sheet')} valued")
        else:
            self.say(f"{step}, {count - before} of {total} term sheets valued")


def _answered(count: int) -> str:
    return f"{count_text(count, 'question')} answered"
