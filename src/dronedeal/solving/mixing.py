"""The best mix of plans of a linear problem for an aim in both utilities, without an aim among its rows.

Floors and lesser gains are rows over both utilities, and each utility is a row over nearly all columns: where
they bind, every step of the simplex method works with full vectors, which takes ten times as long in a large
problem. Any mix of plans is a plan of a linear problem, though. So the problem is asked for weighted sums of
the utilities only, which leave its rows as sparse as they are: the best mix of the plans so far says by which
weights another plan would serve the aim better, until there is none (column generation: Dantzig and Wolfe,
"Decomposition principle for linear programs", Operations Research 8 (1960) 101–111; in two dimensions few
plans are enough).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.aim import SIDES, Aim
from dronedeal.solving.interface import Solver
from dronedeal.solving.supports import Supports

# Plans that are asked for one aim at most, and the share of a weighted sum by which another must be better.
_MOST_PLANS = 12
_RISE = 1e-7
# Price of floors that are missed, in units of the aim: they are missed only where no mix keeps them.
_PRICE = 1e3


def best_mix(
    aim: Aim,
    plans: list[FloatArray],
    *,
    ask: Callable[[FloatArray], FloatArray | None],
    utilities: Callable[[FloatArray], FloatArray],
    solver: Solver,
) -> FloatArray | None:
    """The best mix of plans of a linear problem; None where it has no plan.

    Parameters
    ----------
    aim : its floors are missed only where no plan keeps them
    plans : (n,) each, known plans of the problem, to which those that are found are added
    ask : (2,) weights of both utilities → (n,) the best plan by them; None: there is none
    utilities : (n,) → (2,) of a plan
    solver : for the mixes
    """
    soft = aim.softened(_PRICE * max(1.0, float(np.abs(aim.objective).max())))
    known = Supports(solver)
    weights, shares = np.ones(SIDES), np.zeros(0)
    if plans:
        known.points = np.array([utilities(plan) for plan in plans])
        mixed = known.mixed(soft)
        if mixed is not None:
            shares, weights = mixed
    for _ in range(_MOST_PLANS):
        found = ask(weights)
        if found is None:
            return None
        point = utilities(found)
        best = float((known.points @ weights).max(initial=-np.inf))
        if len(shares) and weights @ point <= best + _RISE * max(1.0, abs(best)):
            break
        plans.append(found)
        known.points = np.vstack([known.points, point])
        mixed = known.mixed(soft)
        if mixed is None:
            return None
        shares, weights = mixed
        if not weights.any():
            break
    mix: FloatArray = np.tensordot(shares, np.array(plans), axes=1)
    return mix
