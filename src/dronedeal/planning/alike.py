"""Problems that differ in nothing but limits, so that what was found for one can hold for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray

_LIMITS = ("lower", "upper", "row_lower", "row_upper")
# Names for readers, which decide nothing.
_NAMES = ("labels",)
# How far a plan may be beyond a limit of its own problem: the last digits of a solver.
_LAST_DIGITS = 1e-9


def holds_for(problem: Problem, wider: Problem, values: FloatArray) -> bool:
    """Whether a plan of one problem is one of another that allows no more, and its bounds hold there too.

    That is so where both differ in nothing but limits, those of this problem are nowhere wider, and the plan
    keeps the ones that are narrower: any plan of this problem is then one of the wider.

    Parameters
    ----------
    problem : for which the plan may hold; wider : that it was found for
    values : (n,) the plan
    """
    if not _same(problem, wider, skipped=(*_LIMITS, *_NAMES)):
        return False
    at = problem.matrix.times(values)
    lowest = (problem.lower, wider.lower, values), (problem.row_lower, wider.row_lower, at)
    highest = (-problem.upper, -wider.upper, -values), (-problem.row_upper, -wider.row_upper, -at)
    return all(_keeps(*each) for each in (*lowest, *highest))


def _keeps(least: FloatArray, wider: FloatArray, at: FloatArray) -> bool:
    """Whether least amounts are nowhere below others, and met wherever they are above them."""
    is_narrower = least > wider
    kept = at >= least - _LAST_DIGITS * np.maximum(1.0, np.abs(least))
    return bool((least >= wider).all() and kept[is_narrower].all())


def _same(one: object, other: object, *, skipped: tuple[str, ...] = ()) -> bool:
    """Whether two values are the same to the last digit, some fields of the outermost left aside."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(np.asarray(one), np.asarray(other)))
    if is_dataclass(one) and type(one) is type(other):
        names = [each.name for each in fields(one) if each.name not in skipped]
        return all(_same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other
