"""Dives in HiGHS: round a few integers of the relaxation, solve again from the basis, until all are whole."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.dives import Choose, nearest, upwards
from dronedeal.solving.highs_calls import check_status, is_optimal, read_solution, set_option
from dronedeal.solving.highs_run import Hot, Run
from dronedeal.solving.interface import Solution, Termination
from dronedeal.solving.rounding import WHOLE, make_whole

_IMPOSSIBLE = (Termination.INFEASIBLE, Termination.INFEASIBLE_OR_UNBOUNDED)


def dive(run: Run, bound: float) -> Solution:
    """The best plan of the dives, tried in turn until one is as good as asked for.

    The run is left in the basis of that plan, so that the next solve starts close to it.

    Parameters
    ----------
    run : with the relaxation solved
    bound : its optimum

    Returns
    -------
    the plan with its duals; infeasible where every dive ran into a wall, interrupted or out of time where it
    was stopped on the way
    """
    best = found = dive_once(run, bound, upwards)
    if best.gap > run.options.gap and not run.is_out_of_time:
        found = dive_once(run, bound, nearest, beaten=best.objective)
        best = found if found.has_values and found.objective > best.objective else best
    if best is not found and best.values is not None:
        _bound_integers(run, np.arange(len(run.integers)), *(best.values[run.integers],) * 2, is_solved=False)
        run.start_from(best.basis)
    return best


def dive_once(run: Run, bound: float, choose: Choose, *, beaten: float = -np.inf) -> Solution:
    """Round a few integers as the rule says and re-solve from the basis until all are whole.

    Parameters
    ----------
    beaten : objective of a plan that is known; a dive that falls to it is given up, for every integer that
        is rounded lowers the optimum of the rest
    """
    highs, integers = run.highs, run.integers
    set_option(highs, "presolve", "off")
    run.free_integers()
    run.go(highs)
    while is_optimal(highs):
        if highs.getInfo().objective_function_value <= beaten:
            return run.without_values(bound, Termination.INFEASIBLE)
        values = np.array(highs.getSolution().col_value)[integers]
        fractional = np.flatnonzero((np.abs(values - np.round(values)) > WHOLE) & ~run.is_contract)
        if not len(fractional):
            return _settle(run, values, bound)
        if run.is_out_of_time:
            return run.without_values(bound, run.stop_reason)
        _round(run, values, *choose(values, fractional))
    return run.without_values(bound, read_solution(highs, is_mip=False).termination)


def _round(run: Run, values: FloatArray, chosen: IntArray, rounded: FloatArray) -> None:
    """Round integers and re-solve; before a wall fewer of them, and the last one to its other side.

    A batch may contradict itself, as when two steps of a line that allows one more are both rounded up.

    Parameters
    ----------
    values : (integers,) of the relaxation
    chosen, rounded : which of them go whereto, the surest first
    """
    _bound_integers(run, chosen, rounded, rounded)
    while read_solution(run.highs, is_mip=False).termination in _IMPOSSIBLE:
        columns = run.integers[chosen]
        if len(chosen) == 1:
            other = np.floor(values[chosen]) + np.ceil(values[chosen]) - rounded
            _bound_integers(run, chosen, other, other)
            return
        _bound_integers(run, chosen, run.form.lower[columns], run.form.upper[columns], is_solved=False)
        chosen, rounded = chosen[: len(chosen) // 2], rounded[: len(chosen) // 2]
        _bound_integers(run, chosen, rounded, rounded)


def _bound_integers(
    run: Run, chosen: IntArray, lower: FloatArray, upper: FloatArray, *, is_solved: bool = True
) -> None:
    """Set bounds of some of the integers and solve again."""
    columns = run.integers[chosen]
    check_status(run.highs.changeColsBounds(len(chosen), columns, lower, upper), "rounding integers")
    if is_solved:
        run.go(run.highs)


def _settle(run: Run, values: FloatArray, bound: float) -> Solution:
    """Hold the integers of a dive, which are whole but for the contract quantities among them."""
    form, hot = run.form, Hot(run)
    small = np.flatnonzero(form.is_integer & form.whole)
    if not len(small):
        return run.hold(np.round(values), bound)
    hot.hold(np.flatnonzero(form.is_integer & ~form.whole), np.round(values[~run.is_contract]))
    found = hot.resolve()
    whole = make_whole(hot, small, found) if found.has_values else None
    if whole is None or whole.values is None:
        return run.without_values(bound, Termination.INFEASIBLE)
    return run.hold(np.round(whole.values[run.integers]), bound)
