"""A plan of one problem in the columns of another, and which column or row of one is which of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dronedeal.planning.problem import Family, Problem
from dronedeal.planning.tree import FloatArray, IntArray

Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Places:
    """Where the columns and rows of one problem stand in another, by their names.

    columns : (n,) number in the other problem; −1: it has no such column; rows : (m,) likewise
    """

    columns: IntArray
    rows: IntArray


def places(old: Problem, new: Problem) -> Places:
    """Where the columns and rows of a new problem stand in an old one."""
    return Places(_columns(old, new), _of(old.rows, new.rows, old.labels, new.labels, new.n_rows))


def carried(values: FloatArray, old: Problem, new: Problem) -> FloatArray:
    """(n,) values of a plan in the columns of another problem of the deal; 0 where it has no such column.

    What comes out need not keep the rules of the other problem: it is where a search can start.

    Parameters
    ----------
    values : (n_old,) columns of the plan; old : its problem; new : the other
    """
    column = _columns(old, new)
    found = np.where(column >= 0, values[column], 0.0)
    inside: FloatArray = np.clip(found, new.lower, new.upper)
    return inside


def _columns(old: Problem, new: Problem) -> IntArray:
    return _of(old.columns, new.columns, old.labels, new.labels, new.n_columns)


def _of(
    old: Mapping[str, Family], new: Mapping[str, Family], old_labels: Labels, new_labels: Labels, count: int
) -> IntArray:
    """(count,) number in the old problem of each column or row of the new one; −1 for none."""
    found = np.full(count, -1, dtype=np.int64)
    for name, family in new.items():
        before = old.get(name)
        if before is not None and tuple(before.coordinates) == tuple(family.coordinates):
            found[family.slice] = _in_family(before, family, old_labels, new_labels)
    return found


def _in_family(old: Family, new: Family, old_labels: Labels, new_labels: Labels) -> IntArray:
    """(count,) number in an old family of each member of the new one; −1 for none."""
    old_keys, new_keys = np.zeros(old.count, dtype=np.int64), np.zeros(new.count, dtype=np.int64)
    is_known = np.ones(new.count, dtype=bool)
    for axis, index in new.coordinates.items():
        at = {label: number for number, label in enumerate(old_labels[axis])}
        mine = np.array([at.get(label, -1) for label in new_labels[axis]], dtype=np.int64)[index]
        is_known &= mine >= 0
        old_keys = old_keys * len(at) + old.coordinates[axis]
        new_keys = new_keys * len(at) + mine
    order = np.argsort(old_keys)
    place = np.searchsorted(old_keys, new_keys, sorter=order)
    if not old.count:
        return np.full(new.count, -1, dtype=np.int64)
    number = order[np.minimum(place, old.count - 1)]
    is_known &= old_keys[number] == new_keys
    found: IntArray = np.where(is_known, old.start + number, -1)
    return found
