"""How the numbers of one problem differ from those of another, as far as they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray

# A number that moves by less than this share of itself does not move.
_NOISE = 1e-12


@dataclass(frozen=True)
class Shift:
    """What a term, or two together, add to the numbers of a problem.

    position : (k,) which numbers; amount : (k,) what is added for each unit of place
    """

    position: IntArray
    amount: FloatArray


@dataclass(frozen=True)
class Numbers:
    """All numbers of a problem that terms can move.

    fixed : bounds, limits, utilities and constants; keys : place of each entry; entries : the entries
    """

    fixed: FloatArray
    keys: IntArray
    entries: FloatArray


def numbers_of(problem: Problem) -> Numbers:
    """The numbers of a problem; by how much a term can be broken is left out."""
    fixed = np.concatenate(
        [
            problem.lower,
            np.where(problem.is_violation, 0.0, problem.upper),
            problem.row_lower,
            problem.row_upper,
            problem.utility.ravel(),
            problem.utility_constant,
        ]
    )
    keys = problem.matrix.row_of_entry * problem.n_columns + problem.matrix.column
    return Numbers(fixed, keys, problem.matrix.value)


def moved(one: Numbers, other: Numbers) -> Shift:
    """How one problem differs from another; entries stand after all that is fixed."""
    fixed = _changes(one.fixed, other.fixed)
    if np.array_equal(one.keys, other.keys):
        keys, entries = one.keys, _changes(one.entries, other.entries)
    else:
        keys = np.union1d(one.keys, other.keys)
        both = [amounts_at(Shift(each.keys, each.entries), keys) for each in (one, other)]
        entries = _changes(*both)
    position = np.concatenate([fixed.position, len(one.fixed) + keys[entries.position]])
    return Shift(position, np.concatenate([fixed.amount, entries.amount]))


def _changes(one: FloatArray, other: FloatArray) -> Shift:
    difference = np.zeros_like(one)
    np.subtract(other, one, out=difference, where=np.isfinite(one))
    size = np.where(np.isfinite(one), np.maximum(np.abs(one), np.abs(other)), 0.0)
    position = np.flatnonzero(np.abs(difference) > _NOISE * size)
    return Shift(position, difference[position])


def amounts_at(shift: Shift, position: IntArray) -> FloatArray:
    """(k,) amounts at some positions; 0 where there is none."""
    found = np.zeros(len(position))
    if len(shift.position):
        place = np.minimum(np.searchsorted(shift.position, position), len(shift.position) - 1)
        is_there = shift.position[place] == position
        found[is_there] = shift.amount[place[is_there]]
    return found


def total(parts: Iterable[tuple[Shift, float]]) -> Shift:
    """The sum of shifts, each times a factor."""
    known = list(parts)
    if not known:
        return Shift(np.zeros(0, dtype=np.int64), np.zeros(0))
    position, place = np.unique(np.concatenate([shift.position for shift, _ in known]), return_inverse=True)
    amount = np.concatenate([factor * shift.amount for shift, factor in known])
    summed = np.bincount(place, weights=amount, minlength=len(position))
    return Shift(position, summed.astype(np.float64))


def sparse(amount: FloatArray) -> Shift:
    """A shift of what is not 0 of (all numbers,) amounts."""
    position = np.flatnonzero(amount)
    return Shift(position, amount[position])
