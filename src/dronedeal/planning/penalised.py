"""Violations as ordinary decisions with a price so high that none is chosen where it can be avoided."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.data import SELLER, PlanningData
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray

# To break one term wholly costs so many times what all coverage and all own needs are worth.
_TIMES = 10.0


def penalty_of(data: PlanningData) -> float:
    """Million for each unit of the priced sum of violations, from what all that is asked for is worth."""
    needs, home = data.requirements, data.home
    threshold, objective = needs.threshold.max(axis=1, initial=0.0), needs.objective.max(axis=1, initial=0.0)
    asked = needs.value_threshold @ threshold + needs.value_objective @ (objective - threshold)
    return _TIMES * max(1.0, float(asked + home.value @ home.quantity))


def penalised(problem: Problem, penalty: float) -> Problem:
    """The problem with its violations as ordinary columns that cost the seller so much.

    Every plan is possible then. `worth − penalty · priced violations` of the plans is what is maximised, the
    violations of each node weighed with its chance; a bound `B` of it says of every plan that violates no
    more than `V` that it is worth `B + penalty · V` at most, whatever the penalty is.

    Parameters
    ----------
    penalty : million for each unit of `violation_price · quantity`
    """
    utility = problem.utility.copy()
    utility[SELLER] -= penalty * _weight(problem)
    return replace(problem, utility=utility, violation_price=np.zeros(problem.n_columns))


def violated(problem: Problem, values: FloatArray) -> float:
    """The expected priced sum of violations of a plan."""
    return float(_weight(problem) @ values)


def _weight(problem: Problem) -> FloatArray:
    weight: FloatArray = problem.violation_price * problem.tree.probability[problem.node]
    return weight
