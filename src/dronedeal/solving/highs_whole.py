"""Contract quantities made whole in HiGHS: rounded, or searched where that costs much and they are few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from dronedeal.solving.highs_calls import attach, prepared, read_solution, set_option
from dronedeal.solving.highs_run import Hot, Run
from dronedeal.solving.interface import Solution, Termination, relative_gap
from dronedeal.solving.rounding import ROUNDS, make_whole

# Branch and bound that looks for whole quantities gives up after so many nodes, not after a time, so that
# the same problem gives the same plan.
_MOST_NODES = 20_000
# Where rounding costs more than the gap asked for and quantities are few, a short search follows.
_FEW_NODES = 500
_FEW_QUANTITIES = 200
# So many quantities of which none is searched, as amid a negotiation, are held together after so many rounds,
# each of which is a linear problem of seconds there.
_MANY_QUANTITIES, _FEW_ROUNDS = 1_000, 2


def whole_plan(run: Run, solution: Solution, basis: Any) -> Solution:
    """Every contract quantity whole, the other integers held; duals from before the quantities are held.

    Parameters
    ----------
    solution : with values
    basis : to start from; None to start afresh
    """
    assert solution.values is not None
    form, hot = run.form, Hot(run)
    others, small, large = (
        np.flatnonzero(chosen)
        for chosen in (
            form.is_integer & ~form.whole,
            form.is_integer & form.whole,
            form.whole & ~form.is_integer,
        )
    )
    hot.hold(others, np.round(solution.values[others]))
    free = run.relax(basis)
    hot.hold(small, np.round(solution.values[small]))
    found = hot.resolve() if len(small) else free
    is_short = run.options.nodes == 0 and len(large) > _MANY_QUANTITIES
    rounds = _FEW_ROUNDS if is_short else ROUNDS
    whole = make_whole(hot, large, found, rounds=rounds) if found.has_values else None
    whole = _improved(run, solution, whole, free.objective)
    if whole is None or whole.values is None:
        return replace(run.without_values(solution.bound, Termination.INFEASIBLE), row_duals=None)
    is_fixed = form.whole | form.is_integer
    values = np.where(is_fixed, np.round(whole.values), whole.values)
    bound = max(solution.bound, whole.objective)
    run.watch.best, run.watch.bound = whole.objective, bound
    return replace(solution, values=values, objective=whole.objective, bound=bound, row_duals=free.row_duals)


def _improved(run: Run, solution: Solution, whole: Solution | None, free: float) -> Solution | None:
    """What rounding found, or better: where it ran into a wall, or lost much in a small problem.

    Parameters
    ----------
    whole : what rounding found; None for a wall
    free : objective with the contract quantities free
    """
    if whole is None:
        nodes = _MOST_NODES if run.options.nodes is None else run.options.nodes
        return _search_whole(run, solution, nodes=nodes) if nodes else None
    is_dear = relative_gap(whole.objective, free) > run.options.gap
    if not is_dear or run.form.whole.sum() > _FEW_QUANTITIES:
        return whole
    found = _search_whole(run, solution, nodes=_FEW_NODES)
    return found if found is not None and found.objective > whole.objective else whole


def _search_whole(run: Run, solution: Solution, *, nodes: int) -> Solution | None:
    """Branch and bound over the contract quantities: near the solution, then anywhere."""
    assert solution.values is not None
    form, values, hot = run.form, solution.values, Hot(run)
    is_held = form.is_integer & ~form.whole
    lower = np.where(is_held, np.round(values), form.lower)
    upper = np.where(is_held, np.round(values), form.upper)
    near_lower = np.where(form.whole, np.maximum(lower, np.floor(values) - 1.0), lower)
    near_upper = np.where(form.whole, np.minimum(upper, np.ceil(values) + 1.0), upper)
    for box in ((near_lower, near_upper), (lower, upper)):
        whole = replace(form, lower=box[0], upper=box[1], is_integer=form.is_integer | form.whole)
        highs = prepared(whole, run.options)
        set_option(highs, "mip_max_nodes", nodes)
        attach(highs, run.watch)
        run.go(highs)
        found = read_solution(highs, is_mip=True)
        if found.values is not None:
            hot.hold(np.flatnonzero(form.whole), np.round(found.values[form.whole]))
            exact = hot.resolve()
            return exact if exact.has_values else found
    return None
