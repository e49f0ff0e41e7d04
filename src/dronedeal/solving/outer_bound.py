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
from dronedeal.solving.interface import MatrixForm, Solution, Termination
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
    form = form_of(floored(work.problem, values), "joint", upper, None)
    if work.problem.curves is not None:
        form = _relaxed(form)
    found = work.solve(form, step=step, is_true=False, nodes=_FEW_NODES)
    return -np.inf if found.termination is Termination.INFEASIBLE else found.bound


class Relaxation:
    """The linear problem of `outer_bound` kept in the solver, so that questions about it start hot.

    Parameters
    ----------
    work : the problem and its solver
    upper : (n,) upper bounds of the columns
    values : (n,) a plan around which the floor is close; any values give bounds
    kept : the problem with other limits of columns and rows, where some columns are held at that plan. It is
        solved first, which takes next to nothing from the basis of the plan; None: nothing is held

    Attributes
    ----------
    bound : what no plan is worth more than, million; infinite where the solver has no answer
    kept_bound : the same where columns are held; that of all plans where none are
    prices : (n,) million by which one more unit of each column would raise the best plan where some are held,
        None where none are or the solver has no answer. Those of held columns say what holding them costs
    """

    def __init__(
        self, work: Work, upper: FloatArray, values: FloatArray, *, step: str, kept: Problem | None = None
    ) -> None:
        self._form = _relaxed(form_of(floored(work.problem, values), "joint", upper, None))
        first = self._form if kept is None else _limited(self._form, kept)
        self._loaded = work.load(first, step=step)
        found = work.counted(self._loaded.begin(is_searched=False))
        self.kept_bound, self.prices = _bound_of(found), None
        if kept is not None:
            self.prices = _prices(first, found)
            found = work.counted(self._loaded.relax(self._form))
        self.bound = _bound_of(found)
        self._work = work

    def keep(self) -> None:
        """Let the solver remember where this ended."""
        self._loaded.keep()

    def charged(self, toll: FloatArray) -> float:
        """The bound where one unit of each column costs so much more, million.

        Parameters
        ----------
        toll : (n,) million a unit
        """
        found = self._work.counted(
            self._loaded.relax(replace(self._form, objective=self._form.objective - toll))
        )
        return found.bound


def _limited(form: MatrixForm, kept: Problem) -> MatrixForm:
    return replace(
        form, lower=kept.lower, upper=kept.upper, row_lower=kept.row_lower, row_upper=kept.row_upper
    )


def _bound_of(found: Solution) -> float:
    return -np.inf if found.termination is Termination.INFEASIBLE else found.bound


def _prices(form: MatrixForm, found: Solution) -> FloatArray | None:
    """(n,) what one more unit of each column would be worth, by the duals of the rows."""
    if found.row_duals is None or found.termination is not Termination.OPTIMAL:
        return None
    matrix = form.matrix
    charged = matrix.value * found.row_duals[matrix.row_of_entry]
    paid = np.bincount(matrix.column, weights=charged, minlength=len(form.lower))
    prices: FloatArray = form.objective - paid
    return prices


def _relaxed(form: MatrixForm) -> MatrixForm:
    return replace(form, is_integer=np.zeros_like(form.is_integer), is_whole=None)


def floored(problem: Problem, values: FloatArray) -> Problem:
    """A linear problem in which no plan is worth less to both together than it truly is.

    Each learning group has chords or the floor around the plan, whichever gives away less there.

    Parameters
    ----------
    values : (n,) the plan around which it is close to the truth
    """
    curves = problem.curves
    if curves is None:
        return problem
    made, exists = curves.made(values), curves.make >= 0
    floor, chords = CostFloor(curves, made), -curves.chords(problem.n_columns)
    utility, constant = problem.utility.copy(), problem.utility_constant.copy()
    for party in (0, 1):
        if not curves.weight[curves.data.party == party].any():
            continue
        slope, least = floor.at_each(floor.widest, party)
        chord = np.where(exists, chords[party][curves.make], 0.0)
        by_floor, by_chord = (floor.by_group(each * made).sum(axis=1) for each in (slope, chord))
        is_floor = by_floor + least > by_chord
        cost = np.where(is_floor[floor.group][:, None], slope, chord)
        np.subtract.at(utility[party], curves.make[exists], cost[exists])
        constant[party] -= least[is_floor].sum()
    return replace(problem, utility=utility, utility_constant=constant, curves=None)
