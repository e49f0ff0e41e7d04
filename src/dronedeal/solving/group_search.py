"""The plans of one learning group at given prices of what groups share: a search in a small linear problem.

With prices on the shared rows (`planning.split`) the worth of a plan is a sum over the groups, and so is its
bound. A group is then searched by itself: its linear problem is a fraction of the whole, and what has to be
tried for several groups adds up in place of multiplying.

All plans of the group fall into *parts* by ranges of the units that its products, and the group together,
have started by some months. The bound of a part is the optimum of its linear problem with the floor under
costs that its ranges allow (`planning.cost_floor`), around the best plan known. The part with the highest
bound is cut in two, near its own plan, where the cost lies farthest above the floor. A part that cannot
belong to a plan better than the target is dropped; the ranges of those left are ranges of all better plans.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.curves import Curves
from dronedeal.planning.ranges import Ranges
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.interface import STOPPED, LoadedProblem, MatrixForm, Solution, Termination
from dronedeal.solving.sums import made_by, outputs, slots_at, spans, with_sums
from dronedeal.solving.work import Work

# The output of a product is limited at so many months, that of a group at more.
_TIMES_OF_PRODUCT = 5
_TIMES_OF_GROUP = 10
# A range is cut no nearer to its end than this share of it, and not at all where it is narrower than that
# share of its end.
_LEAST_PART = 0.25
_LEAST_WIDTH = 1e-3
# Limits of rows are wider than the ranges by this share, so that no tolerance of a solver cuts a plan off.
_LOOSE = 1e-7
# The first weight of a question takes this part of the range to be worth all that is left to prove.
_FIRST_PART = 0.2
# By how much the weight of a question is changed after each answer.
_STEP = 2.0
# Questions about a group are this many months apart.
_MONTHS_BETWEEN = 6


@dataclass(frozen=True)
class Prices:
    """What a group's columns are worth, and what each million of cost counts.

    worth : (n,) million per unit of the columns of the group, costs that fall with experience left out;
    weights : (2,) million of worth for a million of the utility of buyer and seller
    """

    worth: FloatArray
    weights: FloatArray


@dataclass(frozen=True)
class Part:
    """Plans of a group inside some ranges, and the best linear one among them.

    ranges : one group; bound : million; values : (n,); form : the linear problem; lost : (sums,) million by
    which the cost of the linear plan lies above its floor, for each sum that could be cut
    """

    ranges: Ranges
    bound: float
    values: FloatArray
    form: MatrixForm
    lost: list[float]


class GroupSearch:
    """The search of one group, kept from one set of prices to the next.

    Parameters
    ----------
    number : of the group
    work : the solver and the stop
    curves : of the group alone, in columns of its own
    form : the linear problem of the group
    made : (Q, n_slots) units started on the best plan known
    step : what is being done, in words
    """

    def __init__(
        self, number: int, work: Work, curves: Curves, form: MatrixForm, made: FloatArray, *, step: str
    ) -> None:
        self.number = number
        self.work = work
        self.curves = curves
        self.tree = curves.tree
        self.floor = CostFloor(curves, made)
        self.ranges = self.floor.widest
        self.widest = self.ranges
        self.outputs = outputs(curves, _TIMES_OF_PRODUCT)
        self.totals = slots_at(self.tree, _TIMES_OF_GROUP)
        sums = [made_by(curves, np.array([curve]), slot) for curve, slot in self.outputs]
        everyone = np.arange(curves.data.count)
        sums += [made_by(curves, everyone, slot) for slot in self.totals]
        self._since_output = spans(self.tree, _TIMES_OF_PRODUCT)
        self._since_total = spans(self.tree, _TIMES_OF_GROUP)
        self._first_sum = len(form.row_lower)
        self.form = with_sums(replace(form, upper=self._capped(form.upper)), sums)
        self.step = step
        self.loaded: LoadedProblem | None = None
        self.parts: list[Part] = []
        self.best = -np.inf
        self.is_stopped = False
        self.stopped: Termination | None = None

    @property
    def bound(self) -> float:
        """Million that no plan of the group left is worth more than; -inf where none is left."""
        return max((part.bound for part in self.parts), default=-np.inf)

    def price(self, prices: Prices, ranges: Ranges) -> None:
        """Take other prices and narrower ranges; `renew` is to follow.

        Parameters
        ----------
        prices : of the columns of the group
        ranges : that hold every plan better than the target
        """
        self.prices, self.ranges, self.best = prices, ranges, -np.inf
        if self.loaded is None:
            self.loaded = self.work.load(self._form(ranges), step=self.step)

    def renew(self) -> None:
        """Solve every part at the prices and inside the ranges that were taken last."""
        assert self.loaded is not None
        old = [part.ranges for part in self.parts]
        if not old:
            self.loaded.begin()
            old = [self.ranges]
        solved = [self._solved(self._both(self.ranges, own)) for own in old]
        self.parts = [part for part in solved if part is not None]

    def search(self, count: int, cut: float) -> None:
        """Cut so many parts in two, the one with the highest bound first.

        Parameters
        ----------
        cut : million; a part that is worth no more belongs to no plan better than the target
        """
        heap = [(-part.bound, number, part) for number, part in enumerate(self.parts) if part.bound > cut]
        heapq.heapify(heap)
        number = len(self.parts)
        for _ in range(count):
            halves = self._halves(heap[0][2]) if heap else None
            if halves is None:
                break
            solved = [self._solved(ranges) for ranges in halves]
            if self.is_stopped:
                break
            bound = -heapq.heappop(heap)[0]
            for part in solved:
                if part is not None and part.bound > cut:
                    number += 1
                    heapq.heappush(
                        heap, (-min(bound, part.bound), number, replace(part, bound=min(bound, part.bound)))
                    )
        self.parts = [part for _, _, part in sorted(heap, key=lambda entry: entry[:2])]

    def ask(self, cut: float, offset: int) -> Ranges:
        """Ranges of all that is left, narrowed by questions about the total of the group.

        Parameters
        ----------
        cut : see `search`; offset : months by which the questions come before the end of a half-year
        """
        self.parts = [part for part in self.parts if part.bound > cut]
        if not self.parts or self.is_stopped:
            return self.ranges
        self.ranges = self._both(self.ranges, _hull([part.ranges for part in self.parts]))
        whole = self._solved(self.ranges)
        if whole is not None and whole.bound > cut:
            self.ranges = self._asked(whole, cut, offset)
        return self.ranges

    # -- parts --------------------------------------------------------------------------------------------

    def _solved(self, ranges: Ranges) -> Part | None:
        """The best linear plan inside some ranges; None where there is none or the work was stopped."""
        form = self._form(ranges)
        found = self._relaxed(form)
        if found is None or found.values is None:
            return None
        made = self.curves.made(found.values)
        self.best = max(self.best, float(self.prices.worth @ found.values) - self._cost(made))
        # The floor of these ranges is at hand now, and would have to be made again when the part is cut.
        return Part(ranges, found.objective, found.values, form, self._lost(ranges, made))

    def _form(self, ranges: Ranges) -> MatrixForm:
        exists, constant = self.curves.make >= 0, 0.0
        objective = self.prices.worth.copy()
        for party in self._parties():
            under, weight = self.floor.at(ranges, party), float(self.prices.weights[party])
            np.subtract.at(objective, self.curves.make[exists], weight * under.slope[exists])
            constant -= weight * under.constant
        lower, upper = self.form.row_lower.copy(), self.form.row_upper.copy()
        lower[self._first_sum :], upper[self._first_sum :] = self._limits(ranges)
        return replace(self.form, objective=objective, constant=constant, row_lower=lower, row_upper=upper)

    def _limits(self, ranges: Ranges) -> tuple[FloatArray, FloatArray]:
        """Limits of the rows of all sums, none where they say no more than capacity does."""
        curve, slot = np.array(self.outputs, dtype=np.int64).reshape(-1, 2).T
        widest = self.widest

        def read(own: FloatArray, group: FloatArray) -> FloatArray:
            return np.append(own[curve, slot], group[0, self.totals])

        lower, upper = read(ranges.own_lower, ranges.group_lower), read(ranges.own_upper, ranges.group_upper)
        most, margin = read(widest.own_upper, widest.group_upper), _LOOSE * np.maximum(1.0, upper)
        return np.where(lower > 0, lower - margin, -np.inf), np.where(upper < most, upper + margin, np.inf)

    def _relaxed(self, form: MatrixForm) -> Solution | None:
        """An optimum or a proof that there is none; None where the solver was stopped or gave up."""
        self.stopped = self.work.stop_reason
        if self.stopped is None and not self.is_stopped:
            assert self.loaded is not None
            found = self.loaded.relax(form)
            if found.termination in (Termination.OPTIMAL, Termination.INFEASIBLE):
                return found
            self.stopped = found.termination if found.termination in STOPPED else None
        self.is_stopped = True
        return None

    def _parties(self) -> list[int]:
        party, weights = self.curves.data.party, self.prices.weights
        return [one for one in (0, 1) if weights[one] > 0 and self.curves.weight[party == one].any()]

    def _cost(self, made: FloatArray) -> float:
        """Million that an output truly costs, as the prices count it."""
        spent, party = (self.curves.weight * self.curves.cost(made)).sum(axis=1), self.curves.data.party
        return float(sum(self.prices.weights[one] * spent[party == one].sum() for one in (0, 1)))

    # -- cuts ---------------------------------------------------------------------------------------------

    def _halves(self, part: Part) -> list[Ranges] | None:
        """Two halves of a part; None where nothing is left to cut."""
        made = self.curves.made(part.values)
        total = self.tree.so_far(made)
        ranges, found = part.ranges, []
        by_product, by_group = part.lost[: len(self.outputs)], part.lost[len(self.outputs) :]
        for amount, (curve, slot) in zip(by_product, self.outputs, strict=True):
            limits = ranges.own_lower[curve, slot], ranges.own_upper[curve, slot]
            found.append((amount, total[curve, slot], *limits))
        for amount, slot in zip(by_group, self.totals, strict=True):
            limits = ranges.group_lower[0, slot], ranges.group_upper[0, slot]
            found.append((amount, total[:, slot].sum(), *limits))
        lost = [
            amount if most - least > _LEAST_WIDTH * max(1.0, most) else -np.inf
            for amount, _, least, most in found
        ]
        chosen = int(np.argmax(lost))
        if lost[chosen] == -np.inf:
            return None
        _, at, least, most = found[chosen]
        margin = _LEAST_PART * (most - least)
        at = float(np.clip(at, least + margin, most - margin))
        return [self._cut(ranges, chosen, *limits) for limits in ((least, at), (at, most))]

    def _lost(self, ranges: Ranges, made: FloatArray) -> list[float]:
        """Million by which the cost of a linear plan lies above the floor, by sum that could be cut."""
        above, spread = np.zeros_like(made), np.zeros(self.tree.n_slots)
        total = self.tree.so_far(made)
        for party in self._parties():
            weight = float(self.prices.weights[party])
            above += weight * self.floor.above_chords(ranges, party, total)
            spread += weight * self.floor.hidden(ranges, party, made)[0]
        by_product = [float(above[curve, self._since_output[slot]].sum()) for curve, slot in self.outputs]
        return by_product + [float(spread[self._since_total[slot]].sum()) for slot in self.totals]

    def _cut(self, ranges: Ranges, chosen: int, least: float, most: float) -> Ranges:
        """The same ranges but for one sum."""
        if chosen < len(self.outputs):
            place = self.outputs[chosen]
            lower, upper = ranges.own_lower.copy(), ranges.own_upper.copy()
            lower[place], upper[place] = least, most
            return self._narrowed(replace(ranges, own_lower=lower, own_upper=upper))
        slot = self.totals[chosen - len(self.outputs)]
        lower, upper = ranges.group_lower.copy(), ranges.group_upper.copy()
        lower[0, slot], upper[0, slot] = least, most
        return self._narrowed(replace(ranges, group_lower=lower, group_upper=upper))

    def _both(self, one: Ranges, other: Ranges) -> Ranges:
        """What is in both."""
        return self._narrowed(
            Ranges(
                np.maximum(one.own_lower, other.own_lower),
                np.minimum(one.own_upper, other.own_upper),
                np.maximum(one.group_lower, other.group_lower),
                np.minimum(one.group_upper, other.group_upper),
            )
        )

    def _narrowed(self, ranges: Ranges) -> Ranges:
        """Ranges as products, group and months limit one another."""
        tree, floor, most = self.tree, self.floor, self.floor.most_a_month
        ranges = ranges.with_own(ranges.own_lower, ranges.own_upper, tree=tree, most=most)
        least, greatest = floor.by_group(ranges.own_lower), floor.by_group(ranges.own_upper)
        ranges = ranges.with_group(least, greatest, tree=tree, most=floor.group_most_a_month)
        lower = ranges.own_upper + (ranges.group_lower - greatest)
        upper = ranges.own_lower + (ranges.group_upper - least)
        return ranges.with_own(lower, upper, tree=tree, most=most)

    # -- questions ----------------------------------------------------------------------------------------

    def _asked(self, whole: Part, cut: float, offset: int) -> Ranges:
        """Limits of the total of the group every half-year, from the last month to the first."""
        month, ranges = self.tree.slot_month, whole.ranges
        slots = np.flatnonzero((month.max() - month - offset) % _MONTHS_BETWEEN == 0)[::-1]
        lower, upper = ranges.group_lower.copy(), ranges.group_upper.copy()
        everyone = np.arange(self.curves.data.count)
        for limit, sign in ((upper, 1.0), (lower, -1.0)):
            weight = 0.0
            for slot in slots.tolist():
                width = float(upper[0, slot] - lower[0, slot])
                if width <= 0:
                    continue
                weight = weight or _FIRST_PART * width / (whole.bound - cut)
                answer = self._answer(whole, made_by(self.curves, everyone, slot), sign / weight, cut)
                if answer is None:
                    break
                most, is_better = answer
                limit[0, slot] = sign * min(sign * limit[0, slot], most * weight)
                weight *= 1.0 / _STEP if is_better else _STEP
        return self._narrowed(replace(ranges, group_lower=lower, group_upper=upper))

    def _answer(self, whole: Part, columns: IntArray, price: float, cut: float) -> tuple[float, bool] | None:
        """How far a sum can be off at a price in plans worth more than the cut, and whether that plan is."""
        objective = whole.form.objective.copy()
        objective[columns] += price
        found = self._relaxed(replace(whole.form, objective=objective))
        if found is None or found.values is None:
            return None
        worth = whole.form.constant + float(whole.form.objective @ found.values)
        return found.objective - cut, worth > cut

    # -- sums ---------------------------------------------------------------------------------------------

    def _capped(self, upper: FloatArray) -> FloatArray:
        """No month starts more than its capacity, which a shared row may be what says."""
        exists, capped = self.curves.make >= 0, upper.copy()
        columns = self.curves.make[exists]
        capped[columns] = np.minimum(upper[columns], self.floor.most_a_month[exists])
        return capped


def _hull(ranges: list[Ranges]) -> Ranges:
    """The least ranges that hold all of some."""
    return Ranges(
        np.min([one.own_lower for one in ranges], axis=0),
        np.max([one.own_upper for one in ranges], axis=0),
        np.min([one.group_lower for one in ranges], axis=0),
        np.max([one.group_upper for one in ranges], axis=0),
    )
