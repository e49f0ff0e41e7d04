"""What a decomposition knows: pools of cuts, bounds, the best plan; and how subtrees are evaluated."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field

import numpy as np

from dronedeal.engine import Abandoning, Engine, Serial
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import ShouldStop, Termination
from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.pool import Pool
from dronedeal.solving.stochastic.recourse import Answer, Recourse, Task
from dronedeal.solving.stochastic.split import Shape, Split
from dronedeal.solving.stochastic.staged import StagedProblem
from dronedeal.solving.stochastic.stopwatch import Stopwatch
from dronedeal.solving.stochastic.top import Top, TopAnswer

_LOG = logging.getLogger(__name__)
# How far a whole number may be from one, as the solver sees it.
_WHOLE = 1e-6
# How often a round is tried whose workers die.
_ATTEMPTS = 3
# Subtrees of one task: few enough that a stop is heard soon.
_CHUNK = 8


@dataclass
class Incumbent:
    """The best plan so far.

    Parameters
    ----------
    cost : expected cost of the whole tree, ∞ before the first plan
    top : (n,) columns of the top; None before the first plan
    subtrees : columns of each subtree, by its number
    """

    cost: float = np.inf
    top: FloatArray | None = None
    subtrees: dict[int, FloatArray] = field(default_factory=dict)


@dataclass
class Evaluation:
    """What subtrees cost from one plan of the top.

    Parameters
    ----------
    answers : (shape, answer) of each subtree that was evaluated
    is_whole : whether all of them were
    """

    answers: list[tuple[int, Answer]]
    is_whole: bool

    @property
    def is_feasible(self) -> bool:
        """Whether every subtree evaluated has a plan."""
        return all(answer.is_feasible for _, answer in self.answers)


class Search:
    """The pools, the top and the evaluator of one decomposition.

    Parameters
    ----------
    staged, split : the problem and where it is cut
    engine : where subtrees are evaluated
    seed : of the choice of subtrees
    """

    def __init__(
        self, staged: StagedProblem, split: Split, *, engine: Engine, seed: int, should_stop: ShouldStop
    ) -> None:
        self.staged = staged
        self.split = split
        self.engine = engine
        self.top = Top(split.top, split.weight, constant=staged.constant, seed=seed)
        self.makers = [CutMaker(shape) for shape in split.shapes]
        self.pools = [Pool(shape.n, shape.state.shape[1]) for shape in split.shapes]
        self.recourse = Recourse(split.shapes, should_stop=should_stop)
        self.best = Incumbent()
        self.lower = -np.inf
        self.relaxed_upper = np.inf
        self.rounds = 0
        self.evaluated = 0
        self.lost = ""
        self.random = np.random.default_rng(seed)
        self._orders = [_order(shape) for shape in split.shapes]
        for maker, shape in zip(self.makers, split.shapes, strict=True):
            self.top.bound_below(shape.number, maker.trivial())

    @property
    def n_subtrees(self) -> int:
        """Number of subtrees."""
        return len(self.split.roots)

    @property
    def scale(self) -> float:
        """What the gap is measured by: the size of the cost, one unit of the currency at least."""
        known = [
            abs(value) for value in (self.relaxed_upper, self.best.cost, self.lower) if np.isfinite(value)
        ]
        return max(1e-6, min(known)) if known else 1.0

    def evaluate(
        self, point: FloatArray, chosen: list[IntArray], *, has_values: bool, watch: Stopwatch
    ) -> Evaluation | None:
        """Evaluate subtrees from a plan of the top; None where the work had to end before.

        Parameters
        ----------
        point : (n,) columns of the top
        chosen : of each shape the members to be evaluated
        """
        tasks = list(self._tasks(point, chosen, has_values=has_values))
        return self._evaluated(tasks, sum(map(len, chosen)), watch)

    def evaluate_whole(self, point: FloatArray, *, gap: float, watch: Stopwatch) -> Evaluation | None:
        """Plans with whole numbers for all subtrees from a plan of the top; None where the work had to end.

        Parameters
        ----------
        gap : to which each is searched
        """
        tasks = [
            Task(number, np.array([member]), point[shape.state[[member]]], True, gap, watch.left)
            for number, shape in enumerate(self.split.shapes)
            for member in range(shape.n)
        ]
        return self._evaluated(tasks, self.n_subtrees, watch)

    def _evaluated(self, tasks: list[Task], count: int, watch: Stopwatch) -> Evaluation | None:
        found = self._from_workers(tasks, watch)
        self.evaluated += len(found)
        if len(found) < count:
            return None
        return Evaluation(found, is_whole=len(found) == self.n_subtrees)

    def _from_workers(self, tasks: list[Task], watch: Stopwatch) -> list[tuple[int, Answer]]:
        """The answers, whatever becomes of the workers: where they stay away the work is done here."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._answers(tasks, watch)
            except BrokenExecutor as error:
                may_return = getattr(error, "may_return", True) and hasattr(self.engine, "close")
                if attempt == _ATTEMPTS - 1 or not may_return:
                    self.lost = f"the workers were lost ({error or type(error).__name__})"
                    break
                _LOG.warning("a worker ended before its work; the round is done again by new ones")
                self.engine.close()  # type: ignore[attr-defined] # looked for above
        _LOG.warning("%s; the work goes on in this process", self.lost)
        self.engine = Serial()
        return self._answers(tasks, watch)

    def _tasks(self, point: FloatArray, chosen: list[IntArray], *, has_values: bool) -> Iterator[Task]:
        for number, (shape, members) in enumerate(zip(self.split.shapes, chosen, strict=True)):
            ordered = self._orders[number][np.isin(self._orders[number], members)]
            for first in range(0, len(ordered), _CHUNK):
                part = ordered[first : first + _CHUNK]
                yield Task(number, part, point[shape.state[part]], has_values)

    def _answers(self, tasks: list[Task], watch: Stopwatch) -> list[tuple[int, Answer]]:
        found: list[tuple[int, Answer]] = []
        if isinstance(self.engine, Abandoning):
            results = self.engine.map_until(self.recourse.evaluate, tasks, watch.must_stop)
        else:
            results = self.engine.map(self.recourse.evaluate, tasks)
        # Fewer results than tasks come where the work was stopped.
        for task, answers in zip(tasks, results, strict=False):
            found += [(task.shape, answer) for answer in answers]
            if watch.must_stop():
                break
        return found

    def order(self, shape: int) -> IntArray:
        """(n,) members of a shape so that each is near the next."""
        return self._orders[shape]

    def learn(self, point: FloatArray, evaluation: Evaluation) -> int:
        """Make cuts of the answers; how many say more at the point than was known."""
        learnt = 0
        before = len(self.top.rows)
        for number, shape in enumerate(self.split.shapes):
            answers = [answer for which, answer in evaluation.answers if which == number]
            if answers:
                learnt += self._learn(number, shape, answers, point)
        self.top.flush(before)
        return learnt

    def _learn(self, number: int, shape: Shape, answers: list[Answer], point: FloatArray) -> int:
        maker, pool = self.makers[number], self.pools[number]
        members = np.array([answer.member for answer in answers])
        known = pool.values(point[shape.state[members]], members)
        fresh, learnt = [], 0
        for answer, before in zip(answers, known.tolist(), strict=True):
            if not answer.is_feasible:
                learnt += self._keep_feasible(number, shape, answer, point)
                continue
            cut = maker.cut(answer.multipliers)
            value = float(cut.slope @ point[shape.state[answer.member]] + cut.intercept[answer.member])
            if value > before + self.tolerance(value):
                fresh.append(cut)
                learnt += 1
        pool.add(fresh)
        return learnt

    def _keep_feasible(self, number: int, shape: Shape, answer: Answer, point: FloatArray) -> int:
        """Rows that keep the top from states without a plan, for all subtrees that they tell something."""
        cut = self.makers[number].feasibility(answer.multipliers)
        values = (point[shape.state] @ cut.slope if len(cut.slope) else 0.0) + cut.intercept
        wrong = np.flatnonzero(values > 1e-9 * max(1.0, float(np.abs(cut.intercept).max(initial=0.0))))
        for member in wrong.tolist():
            self.top.add(-1, shape.state[member], cut.slope, float(cut.intercept[member]))
        return len(wrong)

    def tolerance(self, value: float) -> float:
        """By how much a cut must exceed what is known to count."""
        return 1e-9 * max(1e-3 * self.scale, abs(value))

    def sharpen(self, answer: TopAnswer, *, share: float) -> int:
        """Give the top the pooled cuts that it violates most; how many.

        Parameters
        ----------
        share : part of the scale that all violations together may keep
        """
        assert answer.values is not None
        before = len(self.top.rows)
        tolerance = max(1e-10, share) * self.scale / max(float(self.split.weight.sum()), 1e-9)
        for shape, pool in zip(self.split.shapes, self.pools, strict=True):
            estimates = answer.estimates[shape.number]
            for cut, member in pool.most_violated(answer.values[shape.state], estimates, tolerance):
                self.top.add(
                    int(shape.number[member]),
                    shape.state[member],
                    pool.slope[cut],
                    float(pool.intercept[cut, member]),
                )
        self.top.flush(before)
        return len(self.top.rows) - before

    def begin_at(self, point: FloatArray) -> None:
        """Give the top, before its first solve, the best cut of each subtree at a point near a good plan."""
        nothing = np.full(self.n_subtrees, -np.inf)
        self.sharpen(TopAnswer(Termination.UNKNOWN, point, nothing, -np.inf), share=0.0)

    def is_whole(self, point: FloatArray, evaluation: Evaluation) -> bool:
        """Whether every whole number of a plan is one."""
        parts = [(self.split.top.is_integer, point)]
        for number, answer in evaluation.answers:
            if answer.values is not None:
                parts.append((self.split.shapes[number].template.is_integer, answer.values))
        return all(
            float(np.abs(values[chosen] - np.round(values[chosen])).max(initial=0.0)) <= _WHOLE
            for chosen, values in parts
        )

    def cost_of(self, point: FloatArray, evaluation: Evaluation) -> float:
        """Expected cost of the whole tree under a plan of the top whose subtrees were all evaluated."""
        total = self.top.cost(point)
        for number, answer in evaluation.answers:
            total += self.split.weight[self.split.shapes[number].number[answer.member]] * answer.cost
        return float(total)

    def plan(self) -> FloatArray | None:
        """(n,) values of all columns in the order of nodes; None before the first plan."""
        if self.best.top is None:
            return None
        start = self.staged.column_start
        values = np.zeros(self.staged.n_columns)

        def place(nodes: IntArray, part: FloatArray) -> None:
            at = 0
            for node in nodes.tolist():
                count = int(start[node + 1] - start[node])
                values[start[node] : start[node + 1]] = part[at : at + count]
                at += count

        place(self.split.top.nodes, self.best.top)
        for number, part in self.best.subtrees.items():
            place(self.split.nodes[number], part)
        return values


def _order(shape: Shape) -> IntArray:
    """(n,) subtrees along the direction in which their limits differ most, so that each is near the next."""
    numbers = np.hstack(
        [shape.row_lower.values, shape.row_upper.values, shape.lower.values, shape.upper.values]
    )
    numbers = np.where(np.isfinite(numbers), numbers, 0.0)
    if not numbers.size:
        return np.arange(shape.n)
    numbers = numbers - numbers.mean(axis=0)
    direction = np.ones(numbers.shape[1])
    for _ in range(10):
        direction = numbers.T @ (numbers @ direction)
        length = float(np.linalg.norm(direction))
        if length == 0:
            return np.arange(shape.n)
        direction /= length
    return np.argsort(numbers @ direction, kind="stable")
