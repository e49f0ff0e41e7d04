"""Decomposition of a tree: a top of the first stages, subtrees below it, and cuts between them.

Two kinds of bound enclose the answer. The top with its cuts is a relaxation, and its optimum the lower bound
of the cost. A plan of the top from which every subtree was solved is a plan of the whole tree, and its cost
the upper bound. The work ends when their certified distance is as small as was asked.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dronedeal.engine import Engine, Serial
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs_calls import status_of
from dronedeal.solving.interface import (
    STOPPED,
    OnProgress,
    Progress,
    ShouldStop,
    SolveOptions,
    Termination,
)
from dronedeal.solving.stochastic.checkpoint import Checkpoint
from dronedeal.solving.stochastic.coarse import first_steps
from dronedeal.solving.stochastic.completion import Completion
from dronedeal.solving.stochastic.policy import policy_of
from dronedeal.solving.stochastic.search import Evaluation, Incumbent, Search
from dronedeal.solving.stochastic.solution import TreeSolution
from dronedeal.solving.stochastic.split import cut, split_depth
from dronedeal.solving.stochastic.staged import StagedProblem
from dronedeal.solving.stochastic.stopwatch import Stopwatch
from dronedeal.solving.stochastic.top import TopAnswer

_LOG = logging.getLogger(__name__)
_STEP = "the tree, split by depth"
_LAZY_ROUNDS, _EVALUATED_FIRST, _STALLED_ROUNDS = 12, 400, 3
# With fewer subtrees all of them are soon solved exactly.
_PLANNED_FROM = 50
# Without shared cuts a point halfway between the best plan and the top's own is evaluated.
_HALFWAY = 0.5


@dataclass(frozen=True)
class DecompositionOptions:
    """What may be chosen of a decomposition beyond what every solve has.

    Parameters
    ----------
    depth : stages in the top; None: chosen by size
    engine : where subtrees are evaluated
    checkpoint : file in which the state is kept and from which it is taken up; None: nowhere
    interval : least seconds between two writes of it
    """

    depth: int | None = None
    engine: Engine | None = None
    checkpoint: Path | None = None
    interval: float = 5.0


def decompose(
    staged: StagedProblem,
    *,
    options: SolveOptions,
    choice: DecompositionOptions,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> TreeSolution | None:
    """Solve by decomposition; None where the tree has nothing to split."""
    depth = choice.depth or split_depth(staged)
    if depth is None:
        return None
    watch = Stopwatch(options.time_limit, should_stop)
    with watch.part("split"):
        split = cut(staged, depth)
    search = Search(
        staged, split, engine=choice.engine or Serial(), seed=options.seed, should_stop=watch.must_stop
    )
    driver = _Driver(search, options, watch, on_progress)
    if choice.checkpoint is not None:
        driver.keep_at(Checkpoint(choice.checkpoint), interval=choice.interval)
    return driver.run()


class _Driver:
    """The rounds of one decomposition."""

    def __init__(
        self, search: Search, options: SolveOptions, watch: Stopwatch, on_progress: OnProgress
    ) -> None:
        self.search = search
        self.options = options
        self.watch = watch
        self.on_progress = on_progress
        self.note = ""
        self._centre: FloatArray | None = None
        self._is_halfway = self._n_prices() > search.n_subtrees / 3
        self._queues: list[IntArray] = [np.zeros(0, dtype=np.int64) for _ in search.split.shapes]
        self._stalled = 0
        self._checkpoint: Checkpoint | None = None
        self._interval = self._next_write = 0.0
        self._write_fault = ""
        self._is_resumed = False
        self._completion: Completion | None = None
        self._is_rough = False

    def keep_at(self, checkpoint: Checkpoint, *, interval: float) -> None:
        """Take up the state of a file where there is one, and write it there now and then."""
        self._checkpoint, self._interval = checkpoint, interval
        self._is_resumed = checkpoint.load(self.search)
        self._centre = self.search.best.top

    def _keep(self, *, is_last: bool = False) -> None:
        """Write the state where it is time; a disk that does not take it ends no work."""
        if self._checkpoint is None or (not is_last and self.watch.elapsed < self._next_write):
            return
        began = self.watch.elapsed
        try:
            self._checkpoint.save(self.search)
            self._write_fault = ""
        except OSError as error:
            self._write_fault = (
                f"the state could not be written to {self._checkpoint.path} ({error.strerror})"
            )
            _LOG.warning("%s; the work goes on without it", self._write_fault)
        # Writing takes a twentieth of the time at most.
        self._next_write = self.watch.elapsed + max(self._interval, 20 * (self.watch.elapsed - began))

    def run(self) -> TreeSolution:
        """Go round until the gap is closed, nothing more can be learnt, or somebody says stop."""
        termination = self._start() or self._linear_rounds()
        if self.search.staged.has_integers and termination in (
            Termination.OPTIMAL,
            Termination.ITERATION_LIMIT,
        ):
            termination = self._whole_rounds()
        self._keep(is_last=True)
        return self._ended(termination)

    def _start(self) -> Termination | None:
        search = self.search
        with self.watch.part("split"):
            policy = None
            if not self._is_halfway and search.n_subtrees > _PLANNED_FROM:
                policy = policy_of(search.staged, search.split, self.watch.must_stop)
        if policy is not None:
            self._completion = Completion(search, policy, self.watch)
            self._is_rough = True
        if self._is_resumed:
            return self.watch.reason
        with self.watch.part("coarse tree"):
            first = first_steps(
                search.staged, search.split, time_limit=self.watch.left, should_stop=self.watch.must_stop
            )
            for shape, multipliers in first.multipliers:
                search.pools[shape].add([search.makers[shape].cut(multipliers)])
            if policy is not None:
                for kind, multipliers in first.of_split(policy.inner):
                    policy.branches[kind].learn(multipliers)
        if first.point is not None and not self.watch.must_stop():
            # Prices of an image say little where prices differ; its plan is a good place for own cuts, and
            # first solves there take a third of what they take from the top's first, wild plan.
            evaluation = self._evaluate(first.point, self._chosen())
            if evaluation is not None:
                search.learn(first.point, evaluation)
                # A first solve of the top that knows no cut goes far astray, and each after it comes back.
                search.begin_at(first.point)
        return self.watch.reason

    def _linear_rounds(self) -> Termination:
        """Rounds with all whole numbers left aside."""
        search = self.search
        while True:
            answer = self._settled()
            if answer.values is None:
                return self.watch.reason or answer.termination
            search.lower = max(search.lower, answer.bound)
            search.rounds += 1
            self._tell()
            if self._is_closed(search.relaxed_upper):
                return Termination.OPTIMAL
            ended = self._round(answer, answer.values)
            if ended is not None:
                return ended

    def _whole_rounds(self) -> Termination:
        """Rounds with the whole numbers of the top searched, and of the subtrees from there."""
        search = self.search
        self.note = ""
        while True:
            if self._is_closed(search.best.cost):
                return Termination.OPTIMAL
            with self.watch.part("top in whole numbers"):
                options = replace(self.options, gap=self.options.gap / 4, time_limit=self.watch.left)
                answer = search.top.solve_whole(options=options, should_stop=self.watch.must_stop)
            search.lower = max(search.lower, answer.bound)
            search.rounds += 1
            self._tell()
            if answer.values is None or self.watch.must_stop():
                return self.watch.reason or answer.termination
            sharpened = search.sharpen(answer, share=0.05 * self.options.gap)
            point = np.where(search.split.top.is_integer, np.round(answer.values), answer.values)
            evaluation = self._evaluate(point, self._everyone())
            if evaluation is None:
                return self.watch.reason or Termination.INTERRUPTED
            learnt = search.learn(point, evaluation)
            if evaluation.is_feasible and not self._take_whole(point, evaluation):
                return self.watch.reason or Termination.INTERRUPTED
            self._tell()
            if self._is_closed(search.best.cost):
                return Termination.OPTIMAL
            if not learnt and not sharpened:
                return self._whole_end()

    def _take_whole(self, point: FloatArray, evaluation: Evaluation) -> bool:
        """Keep a plan in whole numbers; False where the work had to end before there was one."""
        search = self.search
        if search.is_whole(point, evaluation):
            self._take(point, evaluation)
            return True
        if search.cost_of(point, evaluation) >= search.best.cost:
            return True
        with self.watch.part("subtrees in whole numbers"):
            whole = search.evaluate_whole(point, gap=self.options.gap / 2, watch=self.watch)
        if whole is not None and whole.is_feasible:
            self._take(point, whole)
        return whole is not None

    def _whole_end(self) -> Termination:
        """The end of the search for whole numbers where the gap stays open."""
        if self.search.best.top is None:
            self.note = "no plan in whole numbers was found; the bound holds all the same"
        else:
            self.note = (
                f"whole numbers after the first {self.search.split.depth} stages keep the gap open; the "
                'bound leaves them aside. A later split (depth) or method "extensive" may close it'
            )
        return Termination.ITERATION_LIMIT

    def _round(self, answer: TopAnswer, values: FloatArray) -> Termination | None:
        """One point, its subtrees and their cuts; why the work ends, None where it goes on."""
        search = self.search
        point = self._point(values)
        is_own = point is values
        rough = self._rough(answer, point)
        evaluation = rough or self._evaluate(point, self._chosen())
        if evaluation is None:
            return self.watch.reason or Termination.INTERRUPTED
        learnt = search.learn(point, evaluation)
        if rough is None and not evaluation.is_whole and evaluation.is_feasible:
            completed = self._completed(point, evaluation, is_near=self._seems_closed(answer, evaluation))
            if completed is None:
                return self.watch.reason or Termination.INTERRUPTED
            learnt += len(completed.answers) - len(evaluation.answers)
            evaluation = completed
        if evaluation.is_whole and evaluation.is_feasible:
            self._take(point, evaluation)
        self._tell()
        if self._is_closed(search.relaxed_upper):
            return Termination.OPTIMAL
        # That the top's own plan teaches nothing, again and again, shows that no cut is left.
        if learnt:
            self._stalled = 0
        elif is_own:
            self._stalled += 1
        else:
            self._centre = None
        return self._no_more() if self._stalled >= _STALLED_ROUNDS else None

    def _rough(self, answer: TopAnswer, point: FloatArray) -> Evaluation | None:
        """Plans made node by node, as long as their prices teach most of what there is to learn.

        None where exact solutions are due. The first time all subtrees are planned: a first whole plan.
        """
        if not self._is_rough or self._completion is None:
            return None
        chosen = self._chosen() if np.isfinite(self.search.relaxed_upper) else self._everyone()
        with self.watch.part("plans node by node"):
            found = self._completion.rough(point, chosen)
        self._is_rough = found is not None and self._completion.teaches(point, found, answer.estimates)
        return found

    def _completed(self, point: FloatArray, evaluation: Evaluation, *, is_near: bool) -> Evaluation | None:
        """All subtrees where that may close the gap, or gives a first plan at little cost; None: stopped."""

        def exact(chosen: list[IntArray]) -> Evaluation | None:
            more = self._evaluate(point, chosen)
            if more is not None:
                self.search.learn(point, more)
            return more

        def missing(cost: float) -> float:
            room = self.options.gap * max(1e-6, abs(cost))
            return cost - self.search.lower - room if is_near else 0.0

        if self._completion is not None and (is_near or not np.isfinite(self.search.relaxed_upper)):
            with self.watch.part("plans node by node"):
                found = self._completion.complete(point, evaluation, exact=exact, missing=missing)
            if found is not None or self.watch.must_stop():
                return found
        if not is_near:
            return evaluation
        rest = exact(self._rest(evaluation))
        return None if rest is None else Evaluation(evaluation.answers + rest.answers, is_whole=True)

    def _no_more(self) -> Termination:
        if not np.isfinite(self.search.lower):
            self.search.best = Incumbent()
            return Termination.UNBOUNDED
        self.note = (
            "no further cut was found at the precision of the solver; the gap is what is proven, "
            "and a smaller one cannot be had by this method"
        )
        return Termination.ITERATION_LIMIT

    def _settled(self) -> TopAnswer:
        """The top once none of the pooled cuts is violated by much."""
        search = self.search
        with self.watch.part("top"):
            answer = search.top.solve(should_stop=self.watch.must_stop)
            for _ in range(_LAZY_ROUNDS):
                if answer.values is None or self.watch.must_stop():
                    break
                search.lower = max(search.lower, answer.bound)
                if not search.sharpen(answer, share=0.05 * self.options.gap):
                    break
                answer = search.top.solve(should_stop=self.watch.must_stop)
        return answer

    def _point(self, values: FloatArray) -> FloatArray:
        """Where to evaluate: the top's own plan, or halfway to the best one where no cut is shared."""
        if not self._is_halfway or self._centre is None:
            return values
        middle: FloatArray = self._centre + _HALFWAY * (values - self._centre)
        return middle

    def _chosen(self) -> list[IntArray]:
        """Members of each shape to be evaluated: all, or some at random where they share their cuts."""
        search = self.search
        n = search.n_subtrees
        count = math.ceil(3.6 * math.sqrt(n))
        # From the coarse plan some are enough: it is no plan of the full tree, and its cuts are shared.
        is_first = search.best.top is None and search.rounds == 1 and n <= _EVALUATED_FIRST
        is_first = is_first and self._completion is None
        if self._is_halfway or is_first or count >= n or self._stalled:
            return self._everyone()
        return [
            self._drawn(number, max(1, round(count * shape.n / n)))
            for number, shape in enumerate(search.split.shapes)
        ]

    def _everyone(self) -> list[IntArray]:
        return [np.arange(shape.n) for shape in self.search.split.shapes]

    def _drawn(self, number: int, count: int) -> IntArray:
        """The next members of a shape in a random order in which all come once before any twice."""
        if len(self._queues[number]) < count:
            self._queues[number] = self.search.random.permutation(self.search.split.shapes[number].n)
        drawn, self._queues[number] = self._queues[number][:count], self._queues[number][count:]
        return drawn

    def _rest(self, evaluation: Evaluation) -> list[IntArray]:
        done = [
            {answer.member for which, answer in evaluation.answers if which == number}
            for number in range(len(self.search.split.shapes))
        ]
        return [
            np.array([member for member in range(shape.n) if member not in done[number]], dtype=np.int64)
            for number, shape in enumerate(self.search.split.shapes)
        ]

    def _evaluate(self, point: FloatArray, chosen: list[IntArray]) -> Evaluation | None:
        with self.watch.part("subtrees"):
            found = self.search.evaluate(point, chosen, has_values=True, watch=self.watch)
        if found is not None and self._completion is not None:
            self._completion.learn(found)
        return found

    def _seems_closed(self, answer: TopAnswer, evaluation: Evaluation) -> bool:
        """Whether the subtrees that were drawn say that a full evaluation may close the gap; no bound."""
        search = self.search
        excess = share = 0.0
        for number, found in evaluation.answers:
            subtree = search.split.shapes[number].number[found.member]
            weight = search.split.weight[subtree]
            excess += weight * (found.cost - answer.estimates[subtree])
            share += weight
        if share == 0:
            return True
        estimate = excess / share * float(search.split.weight.sum())
        return bool(estimate <= 0.9 * self.options.gap * search.scale)

    def _take(self, point: FloatArray, evaluation: Evaluation) -> None:
        """Keep a plan that was evaluated as a whole, where it is better."""
        search = self.search
        cost = search.cost_of(point, evaluation)
        if cost < search.relaxed_upper:
            search.relaxed_upper = cost
            self._centre = point
        if cost < search.best.cost and (not search.staged.has_integers or search.is_whole(point, evaluation)):
            search.best.cost, search.best.top = cost, point
            search.best.subtrees = {
                int(search.split.shapes[number].number[answer.member]): answer.values
                for number, answer in evaluation.answers
                if answer.values is not None
            }

    def _is_closed(self, cost: float) -> bool:
        distance = cost - self.search.lower
        return bool(np.isfinite(distance) and distance <= self.options.gap * max(1e-6, abs(cost)))

    def _n_prices(self) -> int:
        """How many subtrees have costs of their own, for which no other's cut is exact."""
        return sum(
            len(np.unique(shape.cost.values, axis=0)) if len(shape.cost.varying) else 1
            for shape in self.search.split.shapes
        )

    def _tell(self) -> None:
        self._keep()
        best, lower = self.search.best.cost, self.search.lower
        self.on_progress(
            Progress(
                _STEP,
                self.watch.elapsed,
                -best if np.isfinite(best) else None,
                -lower if np.isfinite(lower) else None,
            )
        )

    def _ended(self, termination: Termination) -> TreeSolution:
        search = self.search
        values = search.plan()
        if values is None and termination in STOPPED:
            self.note = "the work was stopped before every subtree had been evaluated once from one plan"
        lower = min(search.lower, search.best.cost)
        if termination is Termination.INFEASIBLE:
            lower = np.inf
        return TreeSolution(
            values=values,
            objective=-search.best.cost,
            bound=-lower,
            status=status_of(termination, values is not None),
            termination=termination,
            method="decomposition",
            iterations=search.rounds,
            seconds=self.watch.elapsed,
            measured=self._measured(),
            note="; ".join(part for part in (self.note, search.lost, self._write_fault) if part),
        )

    def _measured(self) -> dict[str, float]:
        search = self.search
        counts: dict[str, float] = {
            "columns": search.staged.n_columns,
            "nodes": search.staged.n_nodes,
            "stages in the top": search.split.depth,
            "subtrees": search.n_subtrees,
            "shapes": len(search.split.shapes),
            "subtrees evaluated": search.evaluated,
            "cuts": sum(map(len, search.pools)),
            "rows in the top": len(search.top.rows),
        }
        values = search.plan()
        if values is not None:
            counts["largest violation"] = search.staged.violation(values)
        return counts | {f"seconds: {name}": value for name, value in self.watch.parts.items()}
