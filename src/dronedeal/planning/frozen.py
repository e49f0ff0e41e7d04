"""A frozen zone: what an earlier plan decided up to some month stays as it was.

A plan can do no more than was done in the zone, and no less, unless the deal has changed so that it cannot
be: then what is missing is a named violation, and the fewest frozen decisions move by as little as they must.
Nothing that was not done can be done afterwards: `column = 0` there, `column + v ≥ quantity` and
`column ≤ quantity` elsewhere, `0 ≤ v ≤ quantity`. What is begun and stays begun is one
decision, in its month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import Family, Problem, SparseRows, compress
from dronedeal.planning.tree import FloatArray, IntArray

Name = tuple[str, ...]
# Families of columns that a frozen zone holds, with a month in one of their axes.
DECIDED = ("make", "ship", "home", "sale", "open", "step", "swap")
BEGUN = ("integrate", "begin")
# Price of moving one frozen decision altogether: less than that of any rule (`blocks.violations`).
_WHOLE_DECISION = 1.0
# Figures of an earlier plan are as exact as its solver made them: so much of a quantity, and of a small
# one as much as of this many units.
_TOLERANCE, _SMALL = 2e-7, 5.0


@dataclass(frozen=True)
class Frozen:
    """What an earlier plan decided in its first months.

    Parameters
    ----------
    months : of the plan that are frozen, from the first one on
    quantities : by the name of the column that decides it: family, labels of its axes; none is zero
    """

    months: int
    quantities: Mapping[Name, float]

    @property
    def names(self) -> tuple[Name, ...]:
        """Names of the frozen decisions, in their order."""
        return tuple(self.quantities)


def freeze(problem: Problem, data: PlanningData, frozen: Frozen) -> Problem:
    """The same problem with its first months as they were decided.

    Parameters
    ----------
    problem : whose deliveries are by month in every fiscal year that the zone touches
    data : that it was built from

    Returns
    -------
    Problem with the columns `frozen_violation` and the rows `frozen` at the end, one for each decision, and
    the rows `frozen_begun`: what could not begin in its month begins after the zone
    """
    column, quantity = decided_columns(problem, data, frozen), _quantities(frozen)
    upper = problem.upper.copy()
    upper[_in_zone(problem, data, frozen.months)] = 0.0
    later, first = _begun_later(problem, data, frozen.months, column)
    is_of_zone = data.tree.slot_month[_slot_of(problem, later)] < frozen.months
    upper[later] = problem.upper[later]
    found = column >= 0
    most = np.where(problem.is_integer[column], np.round(quantity), quantity + _slack(quantity))
    upper[column[found]] = np.minimum(problem.upper[column[found]], most[found])
    month = np.array([problem.labels["slot"].index(name[-1]) for name in frozen.names], dtype=np.int64)
    return _with_rows(
        _with_violations(replace(problem, upper=upper), frozen, node=data.tree.slot_node[month]),
        (column, quantity - _slack(quantity)),
        (later[is_of_zone], first[is_of_zone]),
    )


def kept_columns(problem: Problem, data: PlanningData, frozen: Frozen) -> IntArray:
    """Columns that the zone keeps above zero: its decisions, and that what they begin stays begun."""
    column = decided_columns(problem, data, frozen)
    return np.concatenate([column[column >= 0], _begun_later(problem, data, frozen.months, column)[0]])


def as_decided(problem: Problem, data: PlanningData, frozen: Frozen, *, values: FloatArray) -> FloatArray:
    """Values of a plan, frozen decisions exactly as they were where only the tolerance tells them apart."""
    column, quantity = decided_columns(problem, data, frozen), _quantities(frozen)
    exact = values.copy()
    is_kept = (column >= 0) & (np.abs(values[column] - quantity) <= 2 * _slack(quantity))
    exact[column[is_kept]] = quantity[is_kept]
    return exact


def decided_columns(problem: Problem, data: PlanningData, frozen: Frozen) -> IntArray:
    """(k,) column of each frozen decision; -1 where the problem has none any more."""
    wanted = {name: number for number, name in enumerate(frozen.names)}
    column = np.full(len(wanted), -1, dtype=np.int64)
    for family in (problem.columns[name] for name in (*DECIDED, *BEGUN)):
        axes = list(family.coordinates.items())
        inside = np.flatnonzero(data.tree.slot_month[family.coordinates["slot"]] < frozen.months)
        for offset in inside.tolist():
            name = (family.name, *(problem.labels[axis][int(index[offset])] for axis, index in axes))
            if name in wanted:
                column[wanted[name]] = family.start + offset
    return column


def _begun_later(
    problem: Problem, data: PlanningData, months: int, column: IntArray
) -> tuple[IntArray, IntArray]:
    """Columns of later months of what was begun in the zone, and of each that of the month when it was."""
    later, first = [], []
    for family in (problem.columns[name] for name in BEGUN):
        number, slot = family.coordinates.values()
        month = data.tree.slot_month[slot]
        for begun in column[(column >= family.start) & (column < family.start + family.count)].tolist():
            at = begun - family.start
            after = family.numbers[(number == number[at]) & (month > month[at])]
            later.append(after)
            first.append(np.full(len(after), begun))
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *later]), np.concatenate([none, *first])


def _slot_of(problem: Problem, column: IntArray) -> IntArray:
    """(n,) slot of columns of what is begun."""
    slot = np.zeros(problem.n_columns, dtype=np.int64)
    for name in BEGUN:
        slot[problem.columns[name].slice] = problem.columns[name].coordinates["slot"]
    chosen: IntArray = slot[column]
    return chosen


def _in_zone(problem: Problem, data: PlanningData, months: int) -> IntArray:
    """Every column that decides something in the zone."""
    families = [problem.columns[name] for name in (*DECIDED, *BEGUN)]
    return np.concatenate(
        [each.numbers[data.tree.slot_month[each.coordinates["slot"]] < months] for each in families]
    )


def _quantities(frozen: Frozen) -> FloatArray:
    return np.array(list(frozen.quantities.values()), dtype=np.float64)


def _slack(quantity: FloatArray) -> FloatArray:
    slack: FloatArray = _TOLERANCE * np.maximum(_SMALL, quantity)
    return slack


def _with_violations(problem: Problem, frozen: Frozen, *, node: IntArray) -> Problem:
    """The same problem with one more column for each frozen decision: how much of it is missing."""
    count, quantity = len(frozen.names), _quantities(frozen)
    family = Family("frozen_violation", problem.n_columns, count, {"decision": np.arange(count)})
    none = np.zeros(count, dtype=bool)
    return replace(
        problem,
        labels={**problem.labels, "decision": tuple(".".join(name) for name in frozen.names)},
        columns={**problem.columns, family.name: family},
        lower=np.concatenate([problem.lower, np.zeros(count)]),
        upper=np.concatenate([problem.upper, quantity]),
        is_integer=np.concatenate([problem.is_integer, none]),
        is_whole=np.concatenate([problem.is_whole, none]),
        node=np.concatenate([problem.node, node]),
        utility=np.concatenate([problem.utility, np.zeros((2, count))], axis=1),
        violation_price=np.concatenate([problem.violation_price, _WHOLE_DECISION / quantity]),
    )


def _with_rows(
    problem: Problem, decided: tuple[IntArray, FloatArray], begun: tuple[IntArray, IntArray]
) -> Problem:
    """The same problem with the rows `column + v ≥ quantity` and `later − first ≤ 0` at the end."""
    column, least = decided
    later, first = begun
    violation = problem.columns["frozen_violation"].numbers
    kept, count = np.arange(len(column)), len(column) + len(later)
    held = kept[column >= 0]
    stays = len(column) + np.arange(len(later))
    added = compress(
        [
            (kept, violation, np.ones(len(kept))),
            (held, column[held], np.ones(len(held))),
            (stays, later, np.ones(len(later))),
            (stays, first, -np.ones(len(later))),
        ],
        count,
    )
    matrix = problem.matrix
    places = {"slot": _slot_of(problem, later)}
    rows = {
        "frozen": Family("frozen", problem.n_rows, len(column), {"decision": kept}),
        "frozen_begun": Family("frozen_begun", problem.n_rows + len(column), len(later), places),
    }
    return replace(
        problem,
        rows={**problem.rows, **rows},
        row_lower=np.concatenate([problem.row_lower, least, np.full(len(later), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper, np.full(len(column), np.inf), np.zeros(len(later))]),
        matrix=SparseRows(
            np.concatenate([matrix.start, matrix.start[-1] + added.start[1:]]),
            np.concatenate([matrix.column, added.column]),
            np.concatenate([matrix.value, added.value]),
        ),
    )
