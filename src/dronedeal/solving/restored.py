"""A plan that was made before, as a solver would have it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import form_of
from dronedeal.solving.interface import OnProgress, ShouldStop, SolveOptions, Solver
from dronedeal.solving.work import Work

# Figures of a plan are as exact as its solver made them: so much of a quantity, and of a small one as much as
# of this many units.
_TOLERANCE, _SMALL = 2e-7, 5.0
# Where a plan breaks rules, by no more than it must: breaking them costs so many times their price.
_BROKEN = 1e3


def restored(
    problem: Problem,
    solver: Solver,
    decided: FloatArray,
    *,
    options: SolveOptions,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> FloatArray | None:
    """(n,) all columns of a plan from those that it decides; None where they contradict the problem.

    Parameters
    ----------
    decided : (n,) columns that are decided; NaN for those that follow
    """
    work = Work(problem, solver, options=options, on_progress=on_progress, should_stop=should_stop)
    # What is made is decided, and with it what it costs.
    linear = replace(problem, curves=None)
    form = form_of(linear, "joint", problem.upper, None)
    is_given = np.isfinite(decided)
    slack = np.where(
        problem.is_integer | problem.is_whole, 0.0, _TOLERANCE * np.maximum(_SMALL, np.abs(decided))
    )
    form = replace(
        form,
        objective=form.objective - _BROKEN * problem.violation_price,
        lower=np.where(is_given, np.maximum(form.lower, decided - slack), form.lower),
        upper=np.where(is_given, np.minimum(form.upper, decided + slack), form.upper),
    )
    found = work.solve_whole(form, step="the plan that was made before")[1]
    if found.values is None:
        return None
    values: FloatArray = np.where(is_given, decided, found.values[: problem.n_columns])
    return values
