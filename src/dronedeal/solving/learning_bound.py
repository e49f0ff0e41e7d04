"""A proof of how good a plan is where costs fall with experience: prices, and a search group by group.

A linear floor under the costs of all plans inside some ranges (`planning.cost_floor`) makes a linear problem
whose optimum no plan inside them beats. Three steps, in a few rounds, make the bound low:

1. *prices*: the duals of the rows that learning groups share (`planning.split`). With any prices `y` on them
   no plan is worth more than `y·limits + Σ_g max (worth of group g at these prices)` (Lagrangian), and with
   the duals of the linear problem that is its optimum. From here on every group has a small problem of its
   own.
2. *search*: every group is searched by itself (`group_search`), two at once where two threads are allowed.
3. *questions*: how much can a group have made by the end of a half-year in any plan that is worth more than
   the target? With the worth `W` of its linear problem and any `μ > 0` it is at most
   `max (G + μ·W) − μ·cut`, the cut being what is left of the target when all others are at their bounds. What
   is answered, and what is left of the search, are the ranges of the next round, whose prices are better.

What has to be excluded are plans worth more than the target: the best plan and the gap asked for. So the
bound is the target, or what is left open where that is higher. That integers are whole is left out of all
this, which only raises the bound; where few of them leave a wide gap, as for one side alone, branch and bound
under the last floors follows. All limits are limits of work, not of time, and no thread waits for what
another finds, so that the same problem has the same bound however many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.ranges import Ranges
from dronedeal.planning.split import REST, Split, split
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.forms import WEIGHTS, ObjectiveKind, form_of, least_kept, with_alternative
from dronedeal.solving.group_search import GroupSearch, Prices
from dronedeal.solving.interface import (
    STOPPED,
    LoadedProblem,
    MatrixForm,
    Solution,
    Termination,
    relative_gap,
)
from dronedeal.solving.small_search import Floors, SmallSearch
from dronedeal.solving.sums import with_sums
from dronedeal.solving.work import Work

# So many parts of groups are cut in two in each round.
_CUTS = (60, 100, 200)
# Every group has its share of them, however little it seems to hide.
_LEAST_CUTS = 4
# Whole numbers are searched where there are so few of them and the gap is wider than this.
_FEW_INTEGERS = 100
_WIDE_GAP = 1e-2
# A problem with no more whole numbers and curves is small: its best plan is searched for in so many parts.
_LEAST_INTEGERS = 60
_FEW_CURVES = 12
_PARTS = 24
# Months by which the questions of a round come before the end of a half-year.
_OFFSETS = (0, 3)


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
    weights : (2,) of both utilities in the objective, in place of those of `kind`
    cuts : of all groups together, in each round; None: as many as are usual
    """

    def __init__(  # noqa: PLR0913 -- what is proven, of which objective, with how much work
        self,
        work: Work,
        kind: ObjectiveKind,
        upper: FloatArray,
        alternative: float | None,
        *,
        step: str,
        bound: float,
        best: Solution,
        weights: FloatArray | None = None,
        cuts: tuple[int, ...] | None = None,
    ) -> None:
        curves = work.problem.curves
        assert curves is not None
        assert best.values is not None
        self.work = work
        self.problem = work.problem
        self.kind = kind
        self.weights = np.array(WEIGHTS[kind]) if weights is None else weights
        self.cuts = _CUTS if cuts is None else cuts
        self.upper = upper
        self.alternative = alternative
        self.step = step
        self.curves = curves
        self.bound = bound
        self.tried: Callable[[FloatArray], Solution] | None = None
        self._aim_above(best)
        self.ranges = self.floor.widest
        self.parties = [party for party in (0, 1) if curves.weight[curves.data.party == party].any()]
        self.is_stopped = False
        self.stopped: Termination | None = None

    def prove(self, tried: Callable[[FloatArray], Solution] | None = None) -> float:
        """The lowest bound that the work allows, never below the target and never above what was known.

        Parameters
        ----------
        tried : takes the values of a plan that looks good, and returns the best plan there is then; None: no
            better plan is looked for
        """
        self.tried = tried
        if self.bound <= self.target or not self.parties:
            return self.bound
        if self._is_small:
            self._search_whole(_PARTS, self.work.options.gap)
        if self.is_done:
            return self.bound
        self._load()
        for number, cuts in enumerate(self.cuts):
            priced = self._priced()
            if priced is None or self.is_done:
                break
            is_last = number == len(self.cuts) - 1
            self._searched(*priced, cuts=cuts, offset=None if is_last else _OFFSETS[number % len(_OFFSETS)])
            if self.is_done:
                break
        if not self._is_small:
            self._whole_numbers()
        return self.bound

    @property
    def _is_small(self) -> bool:
        """Whether whole numbers and ranges of output are so few that both can be searched at once."""
        count = int(self.problem.is_integer.sum())
        return count <= _LEAST_INTEGERS and self.curves.data.count <= _FEW_CURVES

    def _whole_numbers(self) -> None:
        """Branch and bound under the floors as they are, where whole numbers may be most of a wide gap."""
        count, gap = int(self.problem.is_integer.sum()), relative_gap(self.objective, self.bound)
        if not self.is_done and 0 < count <= _FEW_INTEGERS and gap > _WIDE_GAP:
            self._search_whole(1, max(_WIDE_GAP, self.work.options.gap))

    def _search_whole(self, parts: int, gap: float) -> None:
        """The search of the whole problem with its whole numbers; see `SmallSearch.search`."""
        floors = Floors(lambda: self.floor, self.parties, self._whole_form)
        search = SmallSearch(self.work, self.curves, floors, tried=self._tried, step=self.step)
        self._lower(search.search(self.ranges, parts=parts, gap=gap))
        self.stopped = search.stopped
        self.is_stopped = self.stopped is not None

    def _whole_form(self, ranges: Ranges) -> MatrixForm:
        """The problem with floors in place of curves, its whole numbers searched."""
        return replace(self._form(ranges), is_integer=self.problem.is_integer)

    def _tried(self, values: FloatArray) -> float:
        """Try a plan that is best under a floor, and say what the bound need not fall below."""
        best = None if self.tried is None else self.tried(values)
        if best is not None and best.objective > self.objective:
            self._aim_above(best)
        return self.target

    def _aim_above(self, best: Solution) -> None:
        """Prove a plan: let the bound fall to no less than a gap above it, with floors around it."""
        assert best.values is not None
        self.objective = best.objective
        self.target = best.objective + self.work.options.gap * max(1.0, abs(best.objective))
        self.made = self.curves.made(best.values)
        self.floor = CostFloor(self.curves, self.made)

    @property
    def is_done(self) -> bool:
        """Whether the bound is as low as it need be, or a stop was asked for."""
        return self.is_stopped or self.bound <= self.target

    def _lower(self, bound: float) -> None:
        self.bound = min(self.bound, max(bound, self.target))
        self.work.show(self.step, self.objective, self.bound)

    # -- the whole ----------------------------------------------------------------------------------------

    def _load(self) -> None:
        """The whole linear problem and those of the groups, and of the columns of no group."""
        problem = self.problem
        group = np.full(problem.n_columns, REST)
        exists = self.curves.make >= 0
        group[self.curves.make[exists]] = np.broadcast_to(self.floor.group[:, None], exists.shape)[exists]
        self.split = split(problem.matrix, group)
        self.whole = self.work.load(self._form(self.ranges), step=self.step)
        self.work.counted(self.whole.begin())
        self.rest: LoadedProblem | None = None
        self.columns = [self.split.columns_of(number) for number in range(len(self.floor.members))]
        self.searches = [self._search(number) for number in range(len(self.columns))]

    def _form(self, ranges: Ranges) -> MatrixForm:
        """The relaxation with floors in place of curves, and the row of the alternative last."""
        problem, exists = self.problem, self.curves.make >= 0
        utility, constant = problem.utility.copy(), problem.utility_constant.copy()
        for party in self.parties:
            floor = self.floor.at(ranges, party)
            np.subtract.at(utility[party], self.curves.make[exists], floor.slope[exists])
            constant[party] -= floor.constant
        linear = replace(problem, utility=utility, utility_constant=constant, curves=None)
        form = form_of(linear, self.kind, self.upper, None, weights=self.weights)
        form = replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)
        if self.alternative is None:
            return with_sums(form, [np.zeros(0, dtype=np.int64)])
        return with_alternative(form, linear, self.kind, self.alternative)

    def _search(self, number: int) -> GroupSearch:
        """The search of a group in its own columns."""
        problem, columns, members = self.problem, self.columns[number], self.floor.members[number]
        place = np.full(problem.n_columns, -1)
        place[columns] = np.arange(len(columns))
        curves = self.curves.only(members, place)
        form = _own(problem, self.upper, self.split, number)
        return GroupSearch(number, self.work, curves, form, self.made[members], step=self.step)

    def _relaxed(self, loaded: LoadedProblem, form: MatrixForm) -> Solution | None:
        """An optimum or a proof that there is none; None where the solver was stopped or gave up."""
        self.stopped = self.work.stop_reason
        if self.stopped is None:
            found = self.work.counted(loaded.relax(form))
            if found.termination in (Termination.OPTIMAL, Termination.INFEASIBLE):
                return found
            self.stopped = found.termination if found.termination in STOPPED else None
        self.is_stopped = True
        return None

    # -- rounds -------------------------------------------------------------------------------------------

    def _priced(self) -> tuple[FloatArray, FloatArray, float] | None:
        """Prices from the whole linear problem.

        Returns
        -------
        worth of every column at the prices, (2,) weights of both utilities, and what the shared rows and
        the columns of no group are worth, million; None where the proof is done or stopped
        """
        found = self._relaxed(self.whole, self._form(self.ranges))
        if found is None:
            return None
        self._lower(found.objective if found.values is not None else self.target)
        if found.values is None or found.row_duals is None:
            return None
        weights, constant = self.weights, 0.0
        if self.alternative is not None:
            price = max(0.0, -float(found.row_duals[-1]))
            weights = weights + price * np.array([self.kind != "buyer", self.kind == "buyer"])
            constant -= price * least_kept(self.alternative)
        shared = self.split.shared
        prices, limits = self._on_limits(found.row_duals[shared], shared)
        worth = weights @ self.problem.utility - self._of_rows(shared, prices)
        constant += float(prices @ limits + weights @ self.problem.utility_constant)
        rest = self._rest(worth)
        return None if rest is None else (worth, weights, constant + rest)

    def _of_rows(self, rows: IntArray, prices: FloatArray) -> FloatArray:
        """(n,) sum of the coefficients of some rows × their prices."""
        matrix, price = self.problem.matrix, np.zeros(self.problem.n_rows)
        price[rows] = prices
        total = np.zeros(self.problem.n_columns)
        np.add.at(total, matrix.column, matrix.value * price[matrix.row_of_entry])
        return total

    def _on_limits(self, duals: FloatArray, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """Prices of some rows and the limits at which they hold; none on a side that has no limit."""
        limits = np.where(duals > 0, self.problem.row_upper[rows], self.problem.row_lower[rows])
        is_limit = np.isfinite(limits) & (duals != 0)
        return np.where(is_limit, duals, 0.0), np.where(is_limit, limits, 0.0)

    def _rest(self, worth: FloatArray) -> float | None:
        """What the columns of no group are worth at most at the prices; None where that has no limit."""
        columns = self.split.columns_of(REST)
        if not len(columns):
            return 0.0
        form = with_sums(_own(self.problem, self.upper, self.split, REST), [np.zeros(0, dtype=np.int64)])
        form = replace(form, objective=worth[columns])
        if self.rest is None:
            self.rest = self.work.load(form, step=self.step)
            self.work.counted(self.rest.begin())
        found = self._relaxed(self.rest, form)
        return None if found is None or found.values is None else found.objective

    def _searched(
        self, worth: FloatArray, weights: FloatArray, constant: float, *, cuts: int, offset: int | None
    ) -> None:
        """Search all groups at some prices, and narrow the ranges of what is left.

        Parameters
        ----------
        cuts : of all groups together; offset : of the questions; None: nothing follows that they could help
        """
        searches = self.searches
        for number, search in enumerate(searches):
            prices = Prices(worth[self.columns[number]], weights)
            search.price(prices, _only(self.ranges, self.floor.members[number], number))
        self._at_once(GroupSearch.renew)
        if not self._is_left(constant):
            return
        cut, lost = self._cuts(constant), [max(0.0, search.bound - search.best) for search in searches]
        share = cuts / max(sum(lost), 1e-9)
        count = [_LEAST_CUTS + int(share * one) for one in lost]
        self._at_once(lambda search: search.search(count[search.number], cut[search.number]))
        if not self._is_left(constant) or offset is None:
            return
        cut = self._cuts(constant)
        self._at_once(lambda search: search.ask(cut[search.number], offset))
        if not self._is_stopped_in_groups():
            self._narrow()

    def _is_left(self, constant: float) -> bool:
        """Whether there is anything left to prove, and time to do it."""
        if self._is_stopped_in_groups():
            return False
        # A group of which nothing is left has no plan that would make the whole better than the target.
        self._lower(constant + sum(search.bound for search in self.searches))
        return not self.is_done

    def _cuts(self, constant: float) -> list[float]:
        """For each group what is left of the target when all others are at their bounds."""
        bounds = [search.bound for search in self.searches]
        return [self.target - constant - sum(bounds) + bound for bound in bounds]

    def _at_once(self, work: Callable[[GroupSearch], object]) -> None:
        """Some work for all groups, in as many threads as are allowed; each group by itself."""
        with self.work.counted_at_once(), ThreadPoolExecutor(self.work.options.threads) as pool:
            # The groups with most columns first, so that no thread is left alone with one of them.
            order = sorted(self.searches, key=lambda search: -len(search.form.lower))
            for future in [pool.submit(work, search) for search in order]:
                future.result()

    def _is_stopped_in_groups(self) -> bool:
        stopped = [search for search in self.searches if search.is_stopped]
        if stopped:
            self.is_stopped, self.stopped = True, stopped[0].stopped
        return self.is_stopped

    def _narrow(self) -> None:
        """Put the ranges of all groups together."""
        ranges = self.ranges
        own_lower, own_upper = ranges.own_lower.copy(), ranges.own_upper.copy()
        group_lower, group_upper = ranges.group_lower.copy(), ranges.group_upper.copy()
        for number, (members, search) in enumerate(zip(self.floor.members, self.searches, strict=True)):
            found = search.ranges
            own_lower[members], own_upper[members] = found.own_lower, found.own_upper
            group_lower[number], group_upper[number] = found.group_lower[0], found.group_upper[0]
        self.ranges = Ranges(own_lower, own_upper, group_lower, group_upper)


def _only(ranges: Ranges, members: IntArray, number: int) -> Ranges:
    """The ranges of one group."""
    group = slice(number, number + 1)
    return Ranges(
        ranges.own_lower[members],
        ranges.own_upper[members],
        ranges.group_lower[group],
        ranges.group_upper[group],
    )


def _own(problem: Problem, upper: FloatArray, parts: Split, group: int) -> MatrixForm:
    """The linear problem of a group, or of the rest, without an objective."""
    columns, rows = parts.columns_of(group), parts.rows_of(group)
    return MatrixForm(
        objective=np.zeros(len(columns)),
        constant=0.0,
        lower=problem.lower[columns],
        upper=upper[columns].copy(),
        is_integer=np.zeros(len(columns), dtype=bool),
        row_lower=problem.row_lower[rows],
        row_upper=problem.row_upper[rows],
        matrix=_cut_out(problem.matrix, rows, columns, problem.n_columns),
    )


def _cut_out(matrix: SparseRows, rows: IntArray, columns: IntArray, n_columns: int) -> SparseRows:
    """Some rows, all of whose columns are among some columns."""
    place = np.full(n_columns, -1)
    place[columns] = np.arange(len(columns))
    entries = np.flatnonzero(np.isin(matrix.row_of_entry, rows))
    lengths = np.diff(matrix.start)[rows]
    start = np.concatenate([[0], np.cumsum(lengths)])
    return SparseRows(start, place[matrix.column[entries]], matrix.value[entries])
