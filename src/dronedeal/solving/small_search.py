"""Branch and bound in a small problem with curves: over whole numbers and over what is made at once.

All plans fall into *parts* by ranges of the units of each product started by some months. In a part the cost
has a linear floor (`planning.cost_floor`), so that the best plan under it is found by branch and bound over
the whole numbers, and no plan of the part is worth more. That plan is tried at its true cost. The part with
the highest bound is cut in two, where its plan costs most more than the floor says; a part that is worth no
more than the target is dropped. With ever narrower ranges the floor meets the cost, and the best plan is
proven.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.curves import Curves
from dronedeal.planning.ranges import Ranges
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.interface import STOPPED, MatrixForm, Solution, Termination
from dronedeal.solving.sums import made_by, outputs, spans, with_sums
from dronedeal.solving.work import Work

# The output of a product is limited at so many months.
_TIMES = 8
# A range is cut no nearer to its end than this share of it, and not where it is narrower than that share.
_LEAST_PART = 0.1
_LEAST_WIDTH = 1e-4
# Limits of rows are wider than the ranges by this share, so that no tolerance of a solver cuts a plan off.
_LOOSE = 1e-7
# Branch and bound over the whole numbers of one part ends after so many nodes; its bound holds all the same.
_NODES = 100
# After so many parts the search is given up where they brought less than this share of what is left to prove.
_PATIENCE = 10
_LEAST_FALL = 0.1


@dataclass(frozen=True)
class Floors:
    """The problem under a floor.

    floor : the one around the best plan so far; parties : whose cost counts; form : the problem under that
    floor for some ranges, without limits on sums of output
    """

    floor: Callable[[], CostFloor]
    parties: list[int]
    form: Callable[[Ranges], MatrixForm]


@dataclass(frozen=True)
class _Part:
    """Plans inside some ranges, with the best of them under the floor; bound in millions."""

    ranges: Ranges
    bound: float
    values: FloatArray


class SmallSearch:
    """The search of one problem for one objective.

    Parameters
    ----------
    work : the solver and the stop
    curves : of the problem
    floors : the problem under its floor
    tried : takes the values of a plan, and says below which bound nothing more is looked for, million
    step : what is being done, in words
    """

    def __init__(
        self,
        work: Work,
        curves: Curves,
        floors: Floors,
        *,
        tried: Callable[[FloatArray], float],
        step: str,
    ) -> None:
        self.work = work
        self.curves = curves
        self.floors = floors
        self.tried = tried
        self.step = step
        self.outputs = outputs(curves, _TIMES)
        self.sums = [made_by(curves, np.array([curve]), slot) for curve, slot in self.outputs]
        self._since = spans(curves.tree, _TIMES)
        self.stopped: Termination | None = None
        self.target = -np.inf
        self._done = -np.inf

    def search(self, ranges: Ranges, *, parts: int, gap: float) -> float:
        """Search so many parts; a bound in millions that no plan inside the ranges beats.

        Parameters
        ----------
        ranges : to begin with
        parts : that are solved at most
        gap : at which branch and bound over the whole numbers of one part stops
        """
        first = self._solved(ranges, np.inf, gap)
        if first is None:
            return np.inf if self.stopped else -np.inf
        heap, number, bounds = [(-first.bound, 0, first)], 0, [first.bound]
        while heap and -heap[0][0] > self.target and number + 2 < parts and self._is_falling(bounds):
            halves = self._halves(heap[0][2])
            if halves is None:
                self._done = max(self._done, -heapq.heappop(heap)[0])
                continue
            solved = [self._solved(half, -heap[0][0], gap) for half in halves]
            if self.stopped is not None:
                break
            heapq.heappop(heap)
            for part in solved:
                number += 1
                if part is not None:
                    heapq.heappush(heap, (-part.bound, number, part))
            bounds.append(-heap[0][0] if heap else -np.inf)
        return max(self._done, self.target, -heap[0][0] if heap else -np.inf)

    def _is_falling(self, bounds: list[float]) -> bool:
        """Whether the last parts brought enough to go on.

        Parameters
        ----------
        bounds : the highest of all parts after each cut, which makes two
        """
        before = bounds[max(0, len(bounds) - 1 - _PATIENCE // 2)]
        is_early = len(bounds) <= _PATIENCE // 2
        return is_early or before - bounds[-1] >= _LEAST_FALL * (before - self.target)

    def _solved(self, ranges: Ranges, bound: float, gap: float) -> _Part | None:
        """The best plan of a part under its floor; None where there is none or the work was stopped.

        Parameters
        ----------
        bound : of the part that it was cut from
        """
        self.stopped = self.stopped or self.work.stop_reason
        if self.stopped is not None:
            return None
        found = self.work.solve(self._form(ranges), step=self.step, gap=gap, is_true=False, nodes=_NODES)
        self.stopped = found.termination if found.termination in STOPPED else None
        if found.values is None:
            # Without an answer nothing is known of the part beyond what holds for the one around it.
            is_none = found.termination in (Termination.INFEASIBLE, Termination.INFEASIBLE_OR_UNBOUNDED)
            self._done = self._done if is_none else max(self._done, min(bound, found.bound))
            return None
        return self._tried(ranges, bound, found)

    def _tried(self, ranges: Ranges, bound: float, found: Solution) -> _Part:
        assert found.values is not None
        self.target = max(self.target, self.tried(found.values))
        return _Part(ranges, min(bound, found.bound), found.values)

    def _form(self, ranges: Ranges) -> MatrixForm:
        """The problem under its floor, its output inside the ranges."""
        form = self.floors.form(ranges)
        first = len(form.row_lower)
        form = with_sums(form, self.sums)
        curve, slot = np.array(self.outputs, dtype=np.int64).reshape(-1, 2).T
        least, most = ranges.own_lower[curve, slot], ranges.own_upper[curve, slot]
        margin = _LOOSE * np.maximum(1.0, most)
        lower, upper = form.row_lower.copy(), form.row_upper.copy()
        lower[first:] = np.where(least > 0, least - margin, -np.inf)
        upper[first:] = most + margin
        return replace(form, row_lower=lower, row_upper=upper)

    def _halves(self, part: _Part) -> list[Ranges] | None:
        """Two halves of a part; None where nothing is left to cut."""
        made = self.curves.made(part.values)
        lost = self._lost(part, made)
        curve, slot = np.array(self.outputs, dtype=np.int64).reshape(-1, 2).T
        least, most = part.ranges.own_lower[curve, slot], part.ranges.own_upper[curve, slot]
        lost = np.where(most - least > _LEAST_WIDTH * np.maximum(1.0, most), lost, -np.inf)
        chosen = int(np.argmax(lost)) if len(lost) else -1
        if chosen < 0 or lost[chosen] <= 0:
            return None
        place = self.outputs[chosen]
        margin = _LEAST_PART * (most[chosen] - least[chosen])
        at = float(self.curves.tree.so_far(made)[place])
        at = float(np.clip(at, least[chosen] + margin, most[chosen] - margin))
        limits = ((float(least[chosen]), at), (at, float(most[chosen])))
        return [self._cut(part.ranges, place, *limit) for limit in limits]

    def _lost(self, part: _Part, made: FloatArray) -> FloatArray:
        """(outputs,) million by which the cost of the plan of a part lies above the floor, by sum."""
        floor, tree, ranges = self.floors.floor(), self.curves.tree, part.ranges
        above, total = np.zeros_like(made), tree.so_far(made)
        width = np.maximum(ranges.own_upper - ranges.own_lower, 0.0)
        share = width / np.maximum(floor.by_group(width), 1e-12)[floor.group]
        for party in self.floors.parties:
            above += floor.above_chords(ranges, party, total)
            above += floor.hidden(ranges, party, made)[floor.group] * share
        return np.array([above[curve, self._since[slot]].sum() for curve, slot in self.outputs])

    def _cut(self, ranges: Ranges, place: tuple[int, int], least: float, most: float) -> Ranges:
        """The same ranges but for one sum, and what follows from it for the other months and the group."""
        floor, tree = self.floors.floor(), self.curves.tree
        lower, upper = ranges.own_lower.copy(), ranges.own_upper.copy()
        lower[place], upper[place] = least, most
        ranges = replace(ranges, own_lower=lower, own_upper=upper)
        ranges = ranges.with_own(lower, upper, tree=tree, most=floor.most_a_month)
        of_group = floor.by_group(ranges.own_lower), floor.by_group(ranges.own_upper)
        return ranges.with_group(*of_group, tree=tree, most=floor.group_most_a_month)
