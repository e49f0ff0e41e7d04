"""From some subtrees to all of them: plans made node by node, and exact ones where they are worth it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.stochastic.policy import Policy
from dronedeal.solving.stochastic.recourse import Answer
from dronedeal.solving.stochastic.search import Evaluation, Search
from dronedeal.solving.stochastic.stopwatch import Stopwatch

# Share of the distance between plans and estimates that cuts of rough plans must close.
_TEACHES, _ASKED = 0.6, 50
# Parts of all subtrees that are solved exactly before it is asked again whether that is enough.
_BATCHES, _SMALLEST_BATCH = 16, 8


class Completion:
    """Makes a plan of the whole tree from one of the top.

    Parameters
    ----------
    search : what is known; it learns from every exact solution
    policy : makes plans of subtrees
    watch : says when the work must end
    """

    def __init__(self, search: Search, policy: Policy, watch: Stopwatch) -> None:
        self.search, self.policy, self.watch = search, policy, watch

    def learn(self, evaluation: Evaluation) -> None:
        """Let the policy learn from exact solutions."""
        for number, answer in evaluation.answers:
            if answer.is_feasible and len(answer.multipliers):
                self.policy.learn(number, answer)

    def rough(self, point: FloatArray, chosen: list[IntArray]) -> Evaluation | None:
        """Plans of some subtrees, made node by node; None where the work had to end or one has no plan."""
        found: dict[tuple[int, int], Answer] = {}
        wanted = {(number, member) for number, members in enumerate(chosen) for member in members.tolist()}
        if self._planned(point, found, wanted) is None or len(found) < len(wanted):
            return None
        return Evaluation(
            [(number, answer) for (number, _), answer in found.items()],
            is_whole=len(found) == self.search.n_subtrees,
        )

    def teaches(self, point: FloatArray, evaluation: Evaluation, estimates: FloatArray) -> bool:
        """Whether cuts of such plans close most of what lies between plans and estimates.

        Parameters
        ----------
        estimates : (k,) what the top was told that each subtree costs
        """
        split = self.search.split
        closed = apart = 0.0
        # A part of them tells enough.
        for number, answer in evaluation.answers[:: 1 + len(evaluation.answers) // _ASKED]:
            shape = split.shapes[number]
            subtree = shape.number[answer.member]
            made = self.search.makers[number].cut(answer.multipliers)
            value = float(made.slope @ point[shape.state[answer.member]] + made.intercept[answer.member])
            closed += split.weight[subtree] * max(0.0, value - estimates[subtree])
            apart += split.weight[subtree] * (answer.cost - estimates[subtree])
        return closed > _TEACHES * apart

    def complete(
        self,
        point: FloatArray,
        evaluation: Evaluation,
        *,
        exact: Callable[[list[IntArray]], Evaluation | None],
        missing: Callable[[float], float],
    ) -> Evaluation | None:
        """All subtrees from a plan of the top; None where the work had to end or one has no plan.

        Parameters
        ----------
        point : (n,) columns of the top
        evaluation : the subtrees that were solved exactly
        exact : solves members of each shape exactly, and learns from them
        missing : by how much a cost of the whole tree is too high to be the end of the work
        """
        found = {(number, answer.member): answer for number, answer in evaluation.answers}
        rest = {
            (number, member)
            for number, shape in enumerate(self.search.split.shapes)
            for member in range(shape.n)
            if (number, member) not in found
        }
        rough = self._planned(point, found, rest)
        if rough is None:
            return None
        while True:
            todo = self._worth(point, found, rough, missing)
            if not todo:
                return Evaluation([(number, answer) for (number, _), answer in found.items()], is_whole=True)
            more = exact(self._by_shape(todo))
            if more is None or not more.is_feasible:
                return None
            for number, answer in more.answers:
                found[number, answer.member] = answer
            rough -= set(todo)

    def _planned(
        self, point: FloatArray, found: dict[tuple[int, int], Answer], wanted: set[tuple[int, int]]
    ) -> set[tuple[int, int]] | None:
        """Plan what is wanted; all that was tried, None where the work had to end."""
        rough: set[tuple[int, int]] = set()
        for number in range(len(self.search.split.shapes)):
            for member in self.search.order(number).tolist():
                if (number, member) not in wanted:
                    continue
                if self.watch.must_stop():
                    return None
                plan = self.policy.plan(number, member, point)
                rough.add((number, member))
                if plan is not None:
                    found[number, member] = plan
        return rough

    def _worth(
        self,
        point: FloatArray,
        found: dict[tuple[int, int], Answer],
        rough: set[tuple[int, int]],
        missing: Callable[[float], float],
    ) -> list[tuple[int, int]]:
        """Subtrees to be solved exactly next: those without a plan, else the worst planned ones.

        None of them where the whole is good enough, or cannot become so.
        """
        without = [place for place in sorted(rough) if place not in found]
        if without:
            return without
        total = self.search.cost_of(
            point, Evaluation([(number, answer) for (number, _), answer in found.items()], is_whole=True)
        )
        needed = missing(total)
        excess = self._excess(point, found, rough)
        if needed <= 0 or sum(excess.values()) < needed:
            return []
        size = max(_SMALLEST_BATCH, self.search.n_subtrees // _BATCHES)
        return sorted(excess, key=lambda place: (-excess[place], place))[:size]

    def _excess(
        self, point: FloatArray, found: dict[tuple[int, int], Answer], rough: set[tuple[int, int]]
    ) -> dict[tuple[int, int], float]:
        """By how much each plan may cost too much in the whole, after what the cuts say."""
        excess: dict[tuple[int, int], float] = {}
        split = self.search.split
        for number, (shape, pool) in enumerate(zip(split.shapes, self.search.pools, strict=True)):
            members = np.array([member for which, member in sorted(rough) if which == number], dtype=np.int64)
            if not len(members):
                continue
            least = pool.values(point[shape.state[members]], members)
            for member, low in zip(members.tolist(), least.tolist(), strict=True):
                weight = float(split.weight[shape.number[member]])
                excess[number, member] = weight * (found[number, member].cost - low)
        return excess

    def _by_shape(self, places: list[tuple[int, int]]) -> list[IntArray]:
        return [
            np.array(sorted(member for which, member in places if which == number), dtype=np.int64)
            for number in range(len(self.search.split.shapes))
        ]
