"""Annual buying: the problem of one buyer fiscal year when nobody looks beyond it.

The problem of a year is that of the whole deal with earlier years held as they were decided and nothing
decided for later ones; what must carry over, such as stocks and payments that fall due later, still does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray

# Columns of later years that only carry on what was decided: stocks, money that falls due, accounts.
_CARRIED = ("stock", "hand", "spend", "cash")


def annual_problem(problem: Problem, stage: int, decided: FloatArray | None) -> Problem:
    """The problem of one year of a rolling plan that looks no further.

    Columns of later nodes are zero unless they carry something on; rows that reach into later nodes keep
    their upper limits and balances and lose their lower limits; columns of earlier nodes are held.

    Parameters
    ----------
    problem : of the whole deal
    stage : of the nodes of the year
    decided : (n,) values of the year before; None in the first year
    """
    tree = problem.tree
    column_stage = tree.stage[problem.node]
    lower, upper, price = problem.lower.copy(), problem.upper.copy(), problem.violation_price.copy()
    # A year that rules of two sides share may be broken before its last month.
    is_later, is_earlier = (column_stage > stage) & ~problem.is_violation, column_stage < stage
    for name in _CARRIED:
        if name in problem.columns:
            is_later[problem.columns[name].slice] = False
    lower[is_later] = upper[is_later] = 0.0
    if decided is not None:
        held = np.clip(decided[: problem.n_columns], problem.lower, problem.upper)
        lower[is_earlier] = upper[is_earlier] = held[is_earlier]
        # What was broken is broken: it is no violation that this year could still avoid.
        price[is_earlier] = 0.0
    row_lower, row_upper = _rows_of_the_year(problem, column_stage, stage)
    return replace(
        problem,
        lower=lower,
        upper=upper,
        violation_price=price,
        row_lower=row_lower,
        row_upper=row_upper,
    )


def _rows_of_the_year(
    problem: Problem, column_stage: np.ndarray, stage: int
) -> tuple[FloatArray, FloatArray]:
    """Limits of the rows: those of earlier years are settled, those that reach into later ones are loose."""
    last = np.full(problem.n_rows, -1)
    decides = ~problem.is_violation[problem.matrix.column]
    row, column = problem.matrix.row_of_entry[decides], problem.matrix.column[decides]
    np.maximum.at(last, row, column_stage[column])
    is_balance = problem.row_lower == problem.row_upper
    row_lower = np.where((last > stage) & ~is_balance, -np.inf, problem.row_lower)
    is_settled = last < stage
    return (
        np.where(is_settled, -np.inf, row_lower),
        np.where(is_settled, np.inf, problem.row_upper),
    )
