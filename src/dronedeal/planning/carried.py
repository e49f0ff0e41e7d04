"""A plan of one problem in the columns of another, by their names."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray


def carried(values: FloatArray, old: Problem, new: Problem) -> FloatArray:
    """(n,) values of a plan in the columns of another problem of the deal; 0 where it has no such column.

    What comes out need not keep the rules of the other problem: it is where a search can start.

    Parameters
    ----------
    values : (n_old,) columns of the plan; old : its problem; new : the other
    """
    known = {
        family.name_of(number, old.labels): values[number]
        for family in old.columns.values()
        for number in family.numbers.tolist()
    }
    names = [
        family.name_of(number, new.labels)
        for family in new.columns.values()
        for number in family.numbers.tolist()
    ]
    found = np.array([known.get(name, 0.0) for name in names])
    inside: FloatArray = np.clip(found, new.lower, new.upper)
    return inside
