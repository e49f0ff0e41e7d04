"""A plan carried over from one problem to another of the same deal: the same decision by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dronedeal.planning.begun import Begun
from dronedeal.planning.frozen import BEGUN
from dronedeal.planning.problem import Family, Problem
from dronedeal.planning.tree import FloatArray, IntArray

Labels = Mapping[str, tuple[str, ...]]


def column_places(problem: Problem, earlier: Problem) -> IntArray:
    """(n,) column of another problem that has the same family and place; -1 where it has none."""
    return _places(problem, earlier, problem.columns, earlier.columns)


def row_places(problem: Problem, earlier: Problem) -> IntArray:
    """(m,) row of another problem that has the same family and place; -1 where it has none."""
    return _places(problem, earlier, problem.rows, earlier.rows)


def carried(problem: Problem, earlier: Problem, values: FloatArray) -> FloatArray:
    """(n,) columns of a problem out of a plan of another one; what had no column there is 0.

    What was begun stays begun, also where work that takes another time can begin in other months.

    Parameters
    ----------
    problem : where the plan is needed
    earlier, values : where it was made, and its columns there
    """
    at = column_places(problem, earlier)
    found = np.where(at >= 0, values[at], 0.0)
    for name in BEGUN:
        family, before = problem.columns[name], earlier.columns[name]
        number, slot = family.coordinates.values()
        count = int(max(number.max(initial=-1), next(iter(before.coordinates.values())).max(initial=-1))) + 1
        known = Begun(earlier.tree, before.lookup(count, earlier.tree.n_slots)).last[number, slot]
        found[family.slice] = np.where(known >= 0, values[known], 0.0)
    return found


def _places(
    problem: Problem, earlier: Problem, families: Mapping[str, Family], before: Mapping[str, Family]
) -> IntArray:
    parts = [
        _of_family(family, before[name], problem.labels, earlier.labels)
        if name in before
        else np.full(family.count, -1, dtype=np.int64)
        for name, family in families.items()
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _of_family(family: Family, before: Family, labels: Labels, labels_before: Labels) -> IntArray:
    """(count,) number in the other problem of each member of a family."""
    mine = [
        _translated(index, labels[axis], labels_before[axis]) for axis, index in family.coordinates.items()
    ]
    theirs = list(before.coordinates.values())
    if _is_same(mine, theirs):
        return before.numbers
    sizes = [
        int(max(one.max(initial=0), other.max(initial=0))) + 1
        for one, other in zip(mine, theirs, strict=True)
    ]
    known, wanted = _key(theirs, sizes, before.count), _key(mine, sizes, family.count)
    order = np.argsort(known)
    if not before.count:
        return np.full(family.count, -1, dtype=np.int64)
    place = np.minimum(np.searchsorted(known[order], wanted), before.count - 1)
    is_found = (known[order[place]] == wanted) & np.logical_and.reduce(
        [index >= 0 for index in mine] or [np.ones(family.count, dtype=bool)]
    )
    found: IntArray = np.where(is_found, before.start + order[place], -1)
    return found


def _is_same(mine: Sequence[IntArray], theirs: Sequence[IntArray]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(mine, theirs, strict=True)) and bool(mine)


def _translated(index: IntArray, labels: tuple[str, ...], before: tuple[str, ...]) -> IntArray:
    """Indices on an axis as those of the same labels in the other problem; -1 where there is none."""
    if labels == before:
        return index
    at = {name: number for number, name in enumerate(before)}
    table = np.array([at.get(name, -1) for name in labels], dtype=np.int64)
    return table[index] if len(table) else index


def _key(coordinates: Sequence[IntArray], sizes: Sequence[int], count: int) -> IntArray:
    """One number for each place on several axes."""
    key = np.zeros(count, dtype=np.int64)
    for index, size in zip(coordinates, sizes, strict=True):
        key = key * size + index
    return key
