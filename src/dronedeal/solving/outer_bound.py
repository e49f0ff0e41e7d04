"""A bound of one problem from two linear ones: chords under its curves, and the floor around a plan.

Where costs fall with experience, chords from nothing to the most that can be made lie far below the costs of
real plans. The linear floor around a plan (`planning.cost_floor`) lies closer, in the widest ranges already;
`learning_bound` narrows them, which takes many times as long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.cost_floor import CostFloor
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import form_of
from dronedeal.solving.interface import MatrixForm, Termination
from dronedeal.solving.work import Work

_FEW_NODES = 100


def outer_bound(work: Work, upper: FloatArray, values: FloatArray, *, step: str) -> float:
    """What no plan is worth more than to both sides together, million; infinite where the solver was stopped.

    Without curves it is what the search for whole numbers proves in a few nodes; else the optimum of the
    problem with the floor around a plan, or chords, in place of its curves, all whole numbers left aside.

    Parameters
    ----------
    work : the problem and its solver
    upper : (n,) upper bounds of the columns
    values : (n,) a plan around which the floor is close; any values give a bound
    """
    form = form_of(_closest(work, values), "joint", upper, None)
    if work.problem.curves is not None:
        form = _relaxed(form)
    found = work.solve(form, step=step, is_true=False, nodes=_FEW_NODES)
    return -np.inf if found.termination is Termination.INFEASIBLE else found.bound


def prices_of(work: Work, upper: FloatArray, values: FloatArray, *, step: str) -> FloatArray:
    """(n,) million by which one more unit of each column would raise the best plan with whole numbers aside.

    Prices of columns that are held say what holding them costs; all are 0 where the solver has no answer.

    Parameters
    ----------
    work, upper, values : as of `outer_bound`
    """
    form = _relaxed(form_of(_closest(work, values), "joint", upper, None))
    duals = work.solve(form, step=step, is_true=False).row_duals
    if duals is None:
        return np.zeros(len(upper))
    matrix = form.matrix
    paid = np.bincount(matrix.column, weights=matrix.value * duals[matrix.row_of_entry], minlength=len(upper))
    prices: FloatArray = form.objective - paid
    return prices


def _relaxed(form: MatrixForm) -> MatrixForm:
    return replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)


def _closest(work: Work, values: FloatArray) -> Problem:
    """The floor around a plan or the chords, whichever gives away less at the plan itself."""
    return min(
        (floored(work.problem, values), work.linear), key=lambda each: float(each.utilities(values).sum())
    )


def floored(problem: Problem, values: FloatArray) -> Problem:
    """A linear problem in which no plan is worth less to both together than it truly is.

    Parameters
    ----------
    values : (n,) the plan around which it is close to the truth
    """
    curves = problem.curves
    if curves is None:
        return problem
    floor = CostFloor(curves, curves.made(values))
    exists = curves.make >= 0
    utility, constant = problem.utility.copy(), problem.utility_constant.copy()
    for party in (0, 1):
        if curves.weight[curves.data.party == party].any():
            least = floor.at(floor.widest, party)
            np.subtract.at(utility[party], curves.make[exists], least.slope[exists])
            constant[party] -= least.constant
    return replace(problem, utility=utility, utility_constant=constant, curves=None)
