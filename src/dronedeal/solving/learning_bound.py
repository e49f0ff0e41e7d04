"""A proof of how good a plan is where costs fall with experience: ranges that narrow, and a search.

A linear floor under the costs of all plans inside some ranges (`planning.cost_floor`) makes a linear problem
whose optimum no plan inside them beats. Three steps make the ranges narrow and the bound low:

1. *groups*: how much can a learning group have made by the end of a half-year in any plan that is worth more
   than the target? With the worth `W` of the linear problem and any `μ > 0` it is at most
   `max (G + μ·W) − μ·target`. Such a problem is solved in a few steps from the optimum of `W`, where the same
   question with `W ≥ target` as a row would start from afar. Least output likewise.
2. *products*: the same for the final output of the products whose chords lie lowest under their cost.
3. *search*: the range of one product is cut in two where its chord is worst; the worst open part goes first.

What has to be excluded are plans worth more than the target: the best plan and the gap asked for. So the
bound is the target, or that of the parts of the search that are left open where it is higher. That integers
are whole is left out, which only raises the bound. All limits are limits of work, not of time.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.ranges import Ranges
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.forms import ObjectiveKind, form_of, with_alternative
from dronedeal.solving.interface import MatrixForm, Solution, Termination
from dronedeal.solving.work import Work

_STOPPED = (Termination.INTERRUPTED, Termination.TIME_LIMIT)
# The output of a product is limited at so many months.
_TIMES = 5
# Each round asks about groups at the end of half-years, the second one a quarter later than the first.
_MONTHS_BETWEEN = 6
_OFFSETS = (0, 3)
_MOST_PRODUCTS = 12
_MOST_PARTS = 60
# A group or product is asked about where it hides more than this share of what the best plan is worth.
_WORTH_ASKING = 1e-3
# The first weight of a question takes this part of the range to be worth all that is left to prove.
_FIRST_PART = 0.2
# By how much the weight of a question is changed after each answer.
_STEP = 2.0
# A range is cut no nearer to its end than this share of it.
_LEAST_PART = 0.1

# A curve and a slot: what was started of it by the end of the slot.
Output = tuple[int, int]
Limits = dict[Output, tuple[float, float]]


@dataclass(frozen=True)
class _Part:
    """A part of all plans: limits of outputs, and the best linear plan inside them.

    limits : where they are narrower than what the whole proof knows; bound : million; values : (n,);
    form : the linear problem
    """

    limits: Limits
    bound: float
    values: FloatArray
    form: MatrixForm


class LearningBound:
    """The proof for one objective around its best plan.

    Parameters
    ----------
    work : the problem and its solver
    kind : whose utility is maximised
    upper : (n,) upper bounds of the columns
    alternative : utility in millions that the other side keeps; None for none
    bound : what is known already, million
    best : the plan to prove, with its true objective
    """

    def __init__(
        self,
        work: Work,
        kind: ObjectiveKind,
        upper: FloatArray,
        alternative: float | None,
        *,
        step: str,
        bound: float,
        best: Solution,
    ) -> None:
        curves = work.problem.curves
        assert curves is not None
        assert best.values is not None
        self.work = work
        self.kind = kind
        self.upper = upper
        self.alternative = alternative
        self.step = step
        self.curves = curves
        self.tree = curves.tree
        self.bound = bound
        self.objective = best.objective
        self.target = best.objective + work.options.gap * max(1.0, abs(best.objective))
        self.floor = CostFloor(curves, curves.made(best.values))
        self.ranges = self.floor.widest
        self.limits: Limits = {}
        self.parties = [party for party in (0, 1) if curves.weight[curves.data.party == party].any()]
        self.last_month = int(curves.tree.slot_month.max())
        self.between = -(-(self.last_month + 1) // _TIMES)
        self.outputs = self._outputs()
        self.is_stopped = False
        self.stopped: Termination | None = None

    def prove(self) -> float:
        """The lowest bound that the work allows, never below the target and never above what was known."""
        if self.bound <= self.target or not self.outputs:
            return self.bound
        self.loaded = self.work.load(self._form(self.ranges, {}), step=self.step)
        self.work.counted(self.loaded.begin())
        part = self._solved({})
        for offset in _OFFSETS:
            if part is None or self.is_done:
                return self.bound
            part = self._asked(part, offset)
        if part is not None and not self.is_done:
            self._search(part)
        return self.bound

    @property
    def is_done(self) -> bool:
        """Whether the bound is as low as it need be, or a stop was asked for."""
        return self.is_stopped or self.bound <= self.target

    def _outputs(self) -> list[Output]:
        """Every product that somebody pays to make, at some months on every path, the last one included."""
        is_paid = (self.curves.weight > 0).any(axis=1)
        month = self.tree.slot_month
        slots = np.flatnonzero((self.last_month - month) % self.between == 0)
        return [
            (curve, slot)
            for curve in np.flatnonzero(is_paid).tolist()
            for slot in slots.tolist()
            if self.curves.most[curve, slot] > 0
        ]

    # -- the linear problem -------------------------------------------------------------------------------

    def _linear(self, ranges: Ranges) -> Problem:
        """The problem with floors in place of its curves."""
        problem, exists = self.work.problem, self.curves.make >= 0
        utility, constant = problem.utility.copy(), problem.utility_constant.copy()
        for party in self.parties:
            floor = self.floor.at(ranges, party)
            np.add.at(utility[party], self.curves.make[exists], -floor.slope[exists])
            constant[party] -= floor.constant
        return replace(problem, utility=utility, utility_constant=constant, curves=None)

    def _form(self, ranges: Ranges, limits: Limits) -> MatrixForm:
        """The relaxation with a row for every output, and that of the alternative last."""
        linear = self._linear(ranges)
        form = form_of(linear, self.kind, self.upper, None)
        form = replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)
        form = _with_sums(form, [self._columns(output) for output in self.outputs])
        for number, output in enumerate(self.outputs, start=linear.n_rows):
            form.row_lower[number], form.row_upper[number] = limits.get(output, (-np.inf, np.inf))
        if self.alternative is None:
            return form
        return with_alternative(form, linear, self.kind, self.alternative)

    def _columns(self, output: Output) -> IntArray:
        """Columns `make` of a curve on the path to a slot."""
        curve, end = output
        columns: IntArray = self.curves.make[curve, self.tree.slots_to(end)]
        return columns[columns >= 0]

    def _within(self, limits: Limits) -> Ranges:
        """The ranges of all that is known, and of a part."""
        lower, upper = np.zeros_like(self.ranges.own_lower), np.full_like(self.ranges.own_upper, np.inf)
        for (curve, end), (least, most) in limits.items():
            lower[curve, end], upper[curve, end] = least, most
        ranges = self.ranges.with_own(lower, upper, tree=self.tree, most=self.floor.most_a_month)
        return ranges.with_group(
            self.floor.by_group(ranges.own_lower),
            self.floor.by_group(ranges.own_upper),
            tree=self.tree,
            most=self.floor.group_most_a_month,
        )

    def _relaxed(self, form: MatrixForm) -> Solution | None:
        """An optimum or a proof that there is none; None where the solver was stopped or gave up."""
        self.stopped = self.work.stop_reason
        if self.stopped is None:
            found = self.work.counted(self.loaded.relax(form))
            if found.termination in (Termination.OPTIMAL, Termination.INFEASIBLE):
                return found
            self.stopped = found.termination if found.termination in _STOPPED else None
        self.is_stopped = True
        return None

    def _solved(self, limits: Limits) -> _Part | None:
        """The best linear plan of a part; None where nothing in it is better than the target.

        The whole lowers the bound of the proof.
        """
        limits = {**self.limits, **limits}
        form = self._form(self._within(limits), limits)
        found = self._relaxed(form)
        if found is None:
            return None
        is_whole = limits == self.limits
        if found.values is None or found.objective <= self.target:
            if is_whole:
                self._lower(self.target)
            return None
        if is_whole:
            self._lower(found.objective)
        return _Part(limits, found.objective, found.values, form)

    def _lower(self, bound: float) -> None:
        self.bound = min(self.bound, max(bound, self.target))
        self.work.show(self.step, self.objective, self.bound)

    # -- narrower ranges ----------------------------------------------------------------------------------

    def _asked(self, part: _Part | None, offset: int) -> _Part | None:
        """Ask how much groups and products can have made in any plan that is worth more than the target.

        Parameters
        ----------
        part : the best linear plan of the whole
        offset : months by which the questions about groups come before the end of a half-year

        Returns
        -------
        the best linear plan inside the narrower ranges; None where the proof is done or stopped
        """
        spread, above = self._given_away()
        enough = _WORTH_ASKING * max(1.0, abs(self.objective))
        for group in np.argsort(-spread, kind="stable").tolist():
            if part is None or spread[group] <= enough:
                break
            self.ranges = self._group_asked(part, group, offset=offset)
            part = self._solved({})
        if part is None or offset != _OFFSETS[-1]:
            return part
        last = [output for output in self.outputs if self.tree.slot_month[output[1]] == self.last_month]
        for output in sorted(last, key=lambda output: -above[output[0]])[:_MOST_PRODUCTS]:
            if above[output[0]] > enough and not self.is_stopped:
                self._output_asked(part, output)
        return self._solved({})

    def _given_away(self) -> tuple[FloatArray, FloatArray]:
        """Million that each group's ranges and each curve's chords give away at the best plan."""
        ranges = self._within(self.limits)
        floors = [self.floor.at(ranges, party) for party in self.parties]
        spread = np.sum([floor.spread for floor in floors], axis=0)
        return spread, np.sum([floor.above for floor in floors], axis=0)

    def _group_asked(self, part: _Part, group: int, *, offset: int) -> Ranges:
        """Limits of the total of a group every half-year, from the last month to the first."""
        month = self.tree.slot_month
        slots = np.flatnonzero((month.max() - month - offset) % _MONTHS_BETWEEN == 0)[::-1]
        ranges = self.ranges
        lower, upper = ranges.group_lower.copy(), ranges.group_upper.copy()
        members = self.floor.members[group]
        for is_most in (True, False):
            question = _Question(self, part)
            for slot in slots.tolist():
                columns = self.curves.make[np.ix_(members, self.tree.slots_to(slot))].ravel()
                width = float(upper[group, slot] - lower[group, slot])
                answer = question.asked(columns[columns >= 0], is_most=is_most, width=width)
                if answer is None:
                    break
                limit = upper if is_most else lower
                choose = min if is_most else max
                limit[group, slot] = choose(float(limit[group, slot]), answer)
        return ranges.with_group(lower, upper, tree=self.tree, most=self.floor.group_most_a_month)

    def _output_asked(self, part: _Part, output: Output) -> None:
        """Limits of the final output of a product."""
        curve, end = output
        least, most = self.limits.get(output, (0.0, float(self.curves.most[curve, end])))
        for is_most in (True, False):
            question = _Question(self, part)
            for _ in range(3):
                answer = question.asked(self._columns(output), is_most=is_most, width=most - least)
                if answer is not None:
                    least, most = (least, min(most, answer)) if is_most else (max(least, answer), most)
        self.limits[output] = min(least, most), most

    # -- search -------------------------------------------------------------------------------------------

    def _search(self, whole: _Part) -> None:
        """Cut the worst part in two until no part is better than the target or the work is done."""
        heap, count = [(-whole.bound, 0, whole)], 0
        while heap and count < _MOST_PARTS and not self.is_stopped:
            bound, _, part = heapq.heappop(heap)
            halves = []
            for limits in self._cut(part):
                count += 1
                half = self._solved({**part.limits, **limits})
                if self.is_stopped:
                    return
                if half is not None:
                    halves.append((max(bound, -half.bound), count, half))
            for half_part in halves:
                heapq.heappush(heap, half_part)
            self._lower(-heap[0][0] if heap else self.target)

    def _cut(self, part: _Part) -> tuple[Limits, Limits]:
        """Two halves of the range of the output around which the cost lies farthest above its chords."""
        total = self.tree.so_far(self.curves.made(part.values))
        ranges = self._within(part.limits)
        above = np.zeros_like(total)
        for party in self.parties:
            above += self.floor.above_chords(ranges, party, total)
        output = max(self.outputs, key=lambda output: self._around(output, above))
        curve, slot = output
        least, most = float(ranges.own_lower[output]), float(ranges.own_upper[output])
        margin = _LEAST_PART * (most - least)
        at = float(np.clip(total[curve, slot], least + margin, most - margin))
        return {output: (least, at)}, {output: (at, most)}

    def _around(self, output: Output, amount: FloatArray) -> float:
        """Sum of an amount over the months since the output before."""
        curve, slot = output
        since = self.tree.slots_to(slot)[-self.between :]
        return float(amount[curve, since].sum())


class _Question:
    """What an output is at most, or at least, in plans worth more than the target; its weight is learnt."""

    def __init__(self, proof: LearningBound, part: _Part) -> None:
        self.proof = proof
        self.part = part
        self.weight = 0.0

    def asked(self, columns: IntArray, *, is_most: bool, width: float) -> float | None:
        """A limit of the sum of some columns; None where the solver gave no answer."""
        proof, form = self.proof, self.part.form
        slack = self.part.bound - proof.target
        if width <= 0 or slack <= 0 or proof.is_stopped:
            return None
        self.weight = self.weight or _FIRST_PART * width / slack
        objective = form.objective.copy()
        objective[columns] += (1.0 if is_most else -1.0) / self.weight
        found = proof._relaxed(replace(form, objective=objective))
        if found is None or found.values is None:
            return None
        answer = (found.objective - proof.target) * self.weight
        worth = form.constant + float(form.objective @ found.values)
        self.weight *= 1.0 / _STEP if worth > proof.target else _STEP
        return answer if is_most else -answer


def _with_sums(form: MatrixForm, sums: list[IntArray]) -> MatrixForm:
    """The same form with one more row for each sum of columns, without limits."""
    matrix, count = form.matrix, len(sums)
    lengths = np.array([len(columns) for columns in sums], dtype=np.int64)
    added = SparseRows(
        np.concatenate([matrix.start, matrix.start[-1] + np.cumsum(lengths)]),
        np.concatenate([matrix.column, *sums]),
        np.concatenate([matrix.value, np.ones(int(lengths.sum()))]),
    )
    return replace(
        form,
        matrix=added,
        row_lower=np.append(form.row_lower, np.full(count, -np.inf)),
        row_upper=np.append(form.row_upper, np.full(count, np.inf)),
    )
