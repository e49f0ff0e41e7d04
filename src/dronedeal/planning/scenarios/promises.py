"""What was promised, as a preference of those who plan anew: to fall short costs more than it can bring."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import Family, Problem, SparseRows, compress
from dronedeal.planning.tree import FloatArray

# Below so many effective units nothing was promised.
_LEAST = 1e-6


def with_promises(problem: Problem, data: PlanningData, promised: FloatArray, *, price: float) -> Problem:
    """The same problem, in which coverage below what was promised costs.

    `low[r,n] + high[r,n] + short[r,n] ≥ enough = min(promised, objective)`, with `price · short / enough` off
    the joint utility: the rows `promise` and the columns `promise_short` stand at the end.

    Parameters
    ----------
    problem, data : of a single path
    promised : (R, n_nodes) effective units that count at the end of each year in the signed plan
    price : millions that a promise costs that is broken as a whole
    """
    enough = np.minimum(promised, data.requirements.objective[:, data.tree.case])
    requirement, node = np.nonzero(enough > _LEAST)
    least, count = enough[requirement, node], len(requirement)
    place = {"requirement": requirement, "node": node}
    short = Family("promise_short", problem.n_columns, count, place)
    at = np.arange(count)
    entries = [(at, short.numbers, np.ones(count))]
    for name in ("low", "high"):
        column = problem.columns[name].lookup(*enough.shape)[requirement, node]
        is_there = column >= 0
        entries.append((at[is_there], column[is_there], np.ones(int(is_there.sum()))))
    added, matrix, none = compress(entries, count), problem.matrix, np.zeros(count, dtype=bool)
    cost = np.stack([-price / least, np.zeros(count)])
    return replace(
        problem,
        columns={**problem.columns, short.name: short},
        rows={**problem.rows, "promise": Family("promise", problem.n_rows, count, place)},
        lower=np.concatenate([problem.lower, np.zeros(count)]),
        upper=np.concatenate([problem.upper, least]),
        is_integer=np.concatenate([problem.is_integer, none]),
        is_whole=np.concatenate([problem.is_whole, none]),
        node=np.concatenate([problem.node, node]),
        row_lower=np.concatenate([problem.row_lower, least]),
        row_upper=np.concatenate([problem.row_upper, np.full(count, np.inf)]),
        matrix=SparseRows(
            np.concatenate([matrix.start, matrix.start[-1] + added.start[1:]]),
            np.concatenate([matrix.column, added.column]),
            np.concatenate([matrix.value, added.value]),
        ),
        utility=np.concatenate([problem.utility, cost], axis=1),
        violation_price=np.concatenate([problem.violation_price, np.zeros(count)]),
    )


def with_shortfalls(problem: Problem, values: FloatArray) -> FloatArray:
    """(n,) columns of a problem with promises, from those of the problem without them.

    Parameters
    ----------
    problem : with promises
    values : of all columns but `promise_short`, each of which is what its row lacks
    """
    short, rows = problem.columns["promise_short"], problem.rows["promise"]
    whole = np.concatenate([values, np.zeros(short.count)])
    missing = problem.row_lower[rows.slice] - problem.matrix.times(whole)[rows.slice]
    whole[short.slice] = np.clip(missing, 0.0, problem.upper[short.slice])
    return whole
