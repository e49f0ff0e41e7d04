"""The problem of a tree whose utilities weigh the worst scenarios, for questions about both sides at once.

    u_m = (1 − weight) · E[v_m] + weight · CVaR(v_m)
    CVaR(v) = max over η of  η − 1/share · Σ_s p_s · lack_s,      lack_s ≥ η − v_s,  lack_s ≥ 0

with `v_s` what scenario `s` is worth to side `m` (Rockafellar and Uryasev, "Optimization of conditional
value-at-risk", Journal of Risk 2 (2000) 21–41). The threshold `η` is a column of the root, what a scenario
lacks one of its last node, and a row over the path of each scenario joins both: so that the utilities stay
linear in the columns, and floors and goals in them stay rows.

Where costs fall with experience each scenario has its own: chords that no plan of the scenario undercuts, so
that no plan is worth more than a bound on chords, and tangents of its own.

The mean of the worst is the least of all means by chances that count no scenario more than `p_s / share`
(Artzner, Delbaen, Eber and Heath, "Coherent measures of risk", Mathematical Finance 9 (1999) 203–228):

    CVaR(v) = min over q of  Σ_s q_s · v_s,      0 ≤ q_s ≤ p_s / share,  Σ_s q_s = 1

So under any such chances `q` no plan is worth more here than in the mean by `(1 − weight) · p + weight · q`,
and what is proven of that mean holds for the weighed utilities. The duals of the rows above are the chances
that say most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from dronedeal.errors import InputError
from dronedeal.planning.curves import Curves
from dronedeal.planning.problem import Family, Problem, SparseRows, compress
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.stochastic.tail import check_tail, mean_of_worst
from dronedeal.solving.worst import Part, Tail

THRESHOLD, LACK, WORST = "threshold", "lack", "worst"
_SIDES = ("buyer", "seller")
_MEASURED = {"buyer": (0,), "seller": (1,), "each": (0, 1)}


class ScenarioCosts(NamedTuple):
    """Costs of one scenario that fall with experience.

    curves : of its path; column : (k,) column of the tree's problem behind each column of the path's
    """

    curves: Curves
    column: IntArray


@dataclass(frozen=True)
class WeighedProblem(Problem):
    """A problem on a tree with the worst scenarios of some sides weighed in its utilities.

    Parameters
    ----------
    sides : whose worst scenarios count, 0 for the buyer, 1 for the seller
    chances : (S,) of the scenarios
    share, weight : as of `Tail`
    costs : of each scenario that fall with experience; none where all is linear
    """

    sides: tuple[int, ...] = ()
    chances: tuple[float, ...] = ()
    share: float = 1.0
    weight: float = 0.0
    costs: tuple[ScenarioCosts, ...] = ()

    @property
    def _mean_weight(self) -> FloatArray:
        """(2,) weight of the mean of all scenarios in each utility."""
        return np.array([1.0 - self.weight if side in self.sides else 1.0 for side in (0, 1)])

    def worth(self, values: FloatArray) -> FloatArray:
        """(k, S) million: what each scenario is worth to each side of `sides`, at true cost.

        Parameters
        ----------
        values : (n,) columns
        """
        rows, count = self.rows[WORST], len(self.chances)
        start = self.matrix.start[rows.start : rows.start + rows.count + 1]
        entries = slice(int(start[0]), int(start[-1]))
        part = SparseRows(start - start[0], self.matrix.column[entries], self.matrix.value[entries])
        eta = np.repeat(values[self.columns[THRESHOLD].slice], count)
        linear = part.times(values) - values[self.columns[LACK].slice] + eta - self.row_lower[rows.slice]
        found: FloatArray = linear.reshape(len(self.sides), count)
        for number, each in enumerate(self.costs):
            found[:, number] += each.curves.worth(values[each.column])[list(self.sides)]
        return found

    def utilities(self, values: FloatArray) -> FloatArray:
        """(2,) million: the weighed utilities of buyer and seller at the best threshold, at true cost."""
        found: FloatArray = self.utility @ values + self.utility_constant
        if self.curves is not None:
            found = found + self._mean_weight * self.curves.worth(values)
        chances, worth = np.array(self.chances), self.worth(values)
        lacks = values[self.columns[LACK].slice].reshape(worth.shape)
        for place, side in enumerate(self.sides):
            # In place of what the columns say of the threshold, which no aim need have moved to its best.
            stated = values[self.columns[THRESHOLD].start + place] - chances @ lacks[place] / self.share
            best = -mean_of_worst(-worth[place], chances, tail=self.share)
            found[side] += self.weight * (best - stated)
        return found

    def worst_chances(self, duals: FloatArray) -> FloatArray:
        """(k, S) chances of the scenarios by which each side of `sides` has the mean of its worst.

        Parameters
        ----------
        duals : (m,) of the rows of a linear problem of this one that is maximised
        """
        counted = np.maximum(-duals[self.rows[WORST].slice], 0.0).reshape(len(self.sides), -1)
        return np.stack([_as_chances(each, np.array(self.chances) / self.share) for each in counted])

    def by_chances(self, chances: FloatArray) -> Problem:
        """The mean by other chances in place of the worst: no plan is worth less to a side in it than here.

        Parameters
        ----------
        chances : (k, S) of the scenarios for each side of `sides`, as of `worst_chances`
        """
        by = (1.0 - self.weight) * np.array(self.chances) + self.weight * chances
        rows = self.rows[WORST]
        entries = slice(*self.matrix.start[[rows.start, rows.start + rows.count]].tolist())
        row = self.matrix.row_of_entry[entries] - rows.start
        utility, constant = self.utility.copy(), self.utility_constant.copy()
        for place, side in enumerate(self.sides):
            weight = np.zeros(rows.count)
            weight[place * len(self.chances) :][: len(self.chances)] = by[place]
            utility[side] = np.bincount(
                self.matrix.column[entries],
                self.matrix.value[entries] * weight[row],
                minlength=self.n_columns,
            )
            constant[side] = -float(weight @ self.row_lower[rows.slice])
        lower, upper, row_lower = self.lower.copy(), self.upper.copy(), self.row_lower.copy()
        for name in (THRESHOLD, LACK):
            columns = self.columns[name].slice
            utility[:, columns] = lower[columns] = upper[columns] = 0.0
        row_lower[rows.slice] = -np.inf
        plain = Problem(**{each.name: getattr(self, each.name) for each in fields(Problem)})
        return replace(
            plain,
            lower=lower,
            upper=upper,
            row_lower=row_lower,
            utility=utility,
            utility_constant=constant,
            curves=self._curves_by(by),
        )

    def _curves_by(self, by: FloatArray) -> Curves | None:
        """The curves whose costs count in each node by other chances of the scenarios that pass through it.

        Parameters
        ----------
        by : (k, S) chances for each side of `sides`
        """
        if self.curves is None:
            return None
        leaves = self.node[self.columns[LACK].slice][: len(self.chances)].tolist()
        ratio = np.ones((2, self.tree.n_nodes))
        for place, side in enumerate(self.sides):
            other = np.zeros(self.tree.n_nodes)
            for leaf, chance in zip(leaves, by[place].tolist(), strict=True):
                other[self.tree.path_to(leaf)] += chance
            ratio[side] = other / self.tree.probability
        party = self.curves.data.party
        own = np.where(np.isin(party, (0, 1))[:, None], ratio[np.clip(party, 0, 1)], 1.0)
        return replace(self.curves, weight=self.curves.weight * own[:, self.tree.slot_node])

    def chords(self) -> Problem:
        """A linear problem in which every plan is worth at least what it is truly worth to either side."""
        if self.curves is None:
            return self
        slopes = [each.curves.chords(len(each.column)) for each in self.costs]
        return self._linear(self.curves.chords(self.n_columns), np.zeros(2), slopes, np.zeros((2, 0)))

    def tangent(self, values: FloatArray) -> Problem:
        """The linear problem that touches this one at a plan, in every scenario.

        Parameters
        ----------
        values : (n,) columns of the plan
        """
        if self.curves is None:
            return self
        slope = self.curves.slopes(values)
        slopes = [each.curves.slopes(values[each.column]) for each in self.costs]
        constants = [
            each.curves.worth(values[each.column]) - own @ values[each.column]
            for each, own in zip(self.costs, slopes, strict=True)
        ]
        constant = self.curves.worth(values) - slope @ values
        return self._linear(slope, constant, slopes, np.stack(constants, axis=1))

    def _linear(
        self, slope: FloatArray, constant: FloatArray, slopes: Sequence[FloatArray], constants: FloatArray
    ) -> Problem:
        """The problem with lines in place of all curves.

        Parameters
        ----------
        slope, constant : (2, n) and (2,) of the mean of all scenarios
        slopes, constants : (2, k) and (2, S) of each scenario; (2, 0): no constants
        """
        mean, rows = self._mean_weight, self.rows[WORST]
        value, row_lower = self.matrix.value.copy(), self.row_lower.copy()
        for number, (each, own) in enumerate(zip(self.costs, slopes, strict=True)):
            for place, side in enumerate(self.sides):
                row = rows.start + place * len(self.chances) + number
                chosen = _makes(each, side)
                start, end = self.matrix.start[row], self.matrix.start[row + 1]
                at = start + np.searchsorted(self.matrix.column[start:end], each.column[chosen])
                value[at] += own[side][chosen]
                if constants.size:
                    row_lower[row] -= constants[side, number]
        return replace(
            self,
            utility=self.utility + mean[:, None] * slope,
            utility_constant=self.utility_constant + mean * constant,
            matrix=replace(self.matrix, value=value),
            row_lower=row_lower,
            curves=None,
            costs=(),
        )


def with_worst(problem: Problem, parts: Sequence[Part], leaves: Sequence[int], tail: Tail) -> Problem:
    """The problem of a tree with the worst scenarios weighed; the same problem with a neutral tail.

    Parameters
    ----------
    problem : on a tree, with expected utilities
    parts, leaves : every scenario, and the number of its last node
    tail : which worst scenarios count, of `buyer`, `seller` or `each`

    Raises
    ------
    InputError : where the tail is that of both sides together, which belongs to neither
    """
    check_tail(tail.share, tail.weight)
    if tail.of not in _MEASURED:
        raise InputError(
            f"tail of {tail.of!r}: the worst futures of both sides together are a utility of neither; "
            f"allowed: {', '.join(_MEASURED)}"
        )
    if tail.is_neutral:
        return problem
    return _joined(problem, parts, leaves, tail, _MEASURED[tail.of])


def _joined(
    problem: Problem, parts: Sequence[Part], leaves: Sequence[int], tail: Tail, sides: tuple[int, ...]
) -> WeighedProblem:
    n, m, count, k = problem.n_columns, problem.n_rows, len(parts), len(sides)
    chances = np.array([part.probability for part in parts])
    side, scenario = np.repeat(np.arange(k), count), np.tile(np.arange(count), k)
    place = {"side": np.array(sides)[side], "scenario": scenario}
    columns = {
        **problem.columns,
        THRESHOLD: Family(THRESHOLD, n, k, {"side": np.array(sides)}),
        LACK: Family(LACK, n + k, k * count, place),
    }
    costs = tuple(
        ScenarioCosts(part.problem.curves, part.column) for part in parts if part.problem.curves is not None
    )
    entries = [(problem.matrix.row_of_entry, problem.matrix.column, problem.matrix.value)]
    entries += [
        _row(part, sides[one], m + one * count + s, eta=n + one, lack=n + k + one * count + s)
        for one in range(k)
        for s, part in enumerate(parts)
    ]
    more, lower = k * (1 + count), np.concatenate([np.full(k, -np.inf), np.zeros(k * count)])
    utility = np.concatenate([problem.utility, np.zeros((2, more))], axis=1)
    utility_constant = problem.utility_constant.copy()
    for one, each in enumerate(sides):
        utility[each, :n] *= 1.0 - tail.weight
        utility_constant[each] *= 1.0 - tail.weight
        utility[each, n + one] = tail.weight
        utility[each, n + k + one * count :][:count] = -tail.weight / tail.share * chances
    constants = [float(part.problem.utility_constant[each]) for each in sides for part in parts]
    no = np.zeros(more, dtype=bool)
    return WeighedProblem(
        tree=problem.tree,
        labels={
            **problem.labels,
            "side": _SIDES,
            "scenario": tuple(problem.labels["node"][leaf] for leaf in leaves),
        },
        columns=columns,
        rows={**problem.rows, WORST: Family(WORST, m, k * count, place)},
        lower=np.concatenate([problem.lower, lower]),
        upper=np.concatenate([problem.upper, np.full(more, np.inf)]),
        is_integer=np.concatenate([problem.is_integer, no]),
        is_whole=np.concatenate([problem.is_whole, no]),
        node=np.concatenate([problem.node, np.zeros(k, dtype=np.int64), np.array(leaves)[scenario]]),
        row_lower=np.concatenate([problem.row_lower, -np.array(constants)]),
        row_upper=np.concatenate([problem.row_upper, np.full(k * count, np.inf)]),
        matrix=compress(entries, m + k * count),
        utility=utility,
        utility_constant=utility_constant,
        violation_price=np.concatenate([problem.violation_price, np.zeros(more)]),
        curves=problem.curves,
        flows=problem.flows,
        constant_flows=problem.constant_flows,
        sides=sides,
        chances=tuple(chances.tolist()),
        share=tail.share,
        weight=tail.weight,
        costs=costs,
    )


def _row(part: Part, side: int, row: int, *, eta: int, lack: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Entries of `lack_s + v_s(x) − η ≥ −constant`, with a place for every cost that can fall."""
    worth = part.problem.utility[side]
    used = worth != 0
    if part.problem.curves is not None:
        used[_makes(ScenarioCosts(part.problem.curves, part.column), side)] = True
    at = np.flatnonzero(used)
    column = np.concatenate([part.column[at], [eta, lack]])
    return np.full(len(column), row), column, np.concatenate([worth[at], [-1.0, 1.0]])


def _makes(costs: ScenarioCosts, side: int) -> IntArray:
    """Columns of a scenario whose cost to a side falls with experience."""
    make = costs.curves.make[costs.curves.data.party == side]
    return np.unique(make[make >= 0])


def _as_chances(counted: FloatArray, most: FloatArray) -> FloatArray:
    """Chances in the proportion of what counts of each scenario, none above the most; they sum to 1.

    Parameters
    ----------
    counted : (S,) not below 0; most : (S,), which sum to 1 at least
    """
    total = counted.sum()
    found: FloatArray = np.minimum(counted / total, most) if total > 0 else np.zeros(len(most))
    room = most - found
    # What a solver's tolerance leaves out, or all where nothing counts, goes where there is room.
    return found + (1.0 - found.sum()) * room / room.sum() if room.sum() > 0 else found


def measured(worth: FloatArray, chances: FloatArray, tail: Tail | None) -> float:
    """What a side has that weighs its worst scenarios, in the unit of `worth`.

    Parameters
    ----------
    worth, chances : (S,) of each scenario
    tail : how the side weighs its worst; None: the mean is all that counts

    Examples
    --------
    >>> measured(np.array([10.0, 20.0, 30.0, 40.0]), np.full(4, 0.25), Tail(0.5, "buyer", 0.5))
    20.0
    """
    mean = float(chances @ worth)
    if tail is None:
        return mean
    return mean + tail.weight * (-mean_of_worst(-worth, chances, tail=tail.share) - mean)
