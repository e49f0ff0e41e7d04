"""A plan carried over from one problem to another of the same deal: the same decision by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dronedeal.planning.begun import Begun
from dronedeal.planning.frozen import BEGUN
from dronedeal.planning.problem import Family, Problem
from dronedeal.planning.tree import FloatArray, IntArray, Tree

Labels = Mapping[str, tuple[str, ...]]


class Named(Protocol):
    """What tells the columns of a plan: a problem, or `Columns`."""

    @property
    def tree(self) -> Tree: ...

    @property
    def labels(self) -> Labels: ...

    @property
    def columns(self) -> Mapping[str, Family]: ...


@dataclass(frozen=True)
class Columns:
    """The columns of a problem without their figures: all that is needed to carry a plan of it on.

    tree, labels, columns : of the problem
    """

    tree: Tree
    labels: Labels
    columns: Mapping[str, Family]


def columns_of(problem: Problem, like: Problem) -> Columns:
    """The columns of a problem, in memory once where those of another one are the same."""
    shared = {
        name: family if other is None or not _is_same_family(family, other) else other
        for name, family in problem.columns.items()
        for other in (like.columns.get(name),)
    }
    return Columns(problem.tree, problem.labels, shared)


def _is_same_family(one: Family, other: Family) -> bool:
    return (
        (one.start, one.count) == (other.start, other.count)
        and one.coordinates.keys() == other.coordinates.keys()
        and all(np.array_equal(index, other.coordinates[axis]) for axis, index in one.coordinates.items())
    )


def column_places(problem: Problem, earlier: Named) -> IntArray:
    """(n,) column of another problem that has the same family and place; -1 where it has none."""
    return _places((problem.columns, problem.labels), (earlier.columns, earlier.labels))


def row_places(problem: Problem, earlier: Problem) -> IntArray:
    """(m,) row of another problem that has the same family and place; -1 where it has none."""
    return _places((problem.rows, problem.labels), (earlier.rows, earlier.labels))


def carried(problem: Problem, earlier: Named, values: FloatArray) -> FloatArray:
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
    here: tuple[Mapping[str, Family], Labels], before: tuple[Mapping[str, Family], Labels]
) -> IntArray:
    (families, labels), (known, labels_before) = here, before
    parts = [
        _of_family(family, known[name], labels, labels_before)
        if name in known
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
