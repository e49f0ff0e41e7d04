"""A problem in which what some nodes decide stays as another plan has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.data import BoolArray
from dronedeal.planning.problem import Family, Problem
from dronedeal.planning.tree import FloatArray, IntArray

Place = Mapping[str, IntArray]
# How far what is held may break a row by itself, relative to its largest part.
_LAST_DIGITS = 1e-6


@dataclass(frozen=True)
class Decisions:
    """What one node of a tree decides.

    node : its number in the whole tree; families : of each family of columns the place of its columns, by
    axis and with numbers of the whole tree, and their values
    """

    node: int
    families: Mapping[str, tuple[tuple[IntArray, ...], FloatArray]]


def decisions_of(problem: Problem, place: Place, node: int, values: FloatArray) -> Decisions:
    """What a node decides in a plan.

    Parameters
    ----------
    problem, values : of a part of the tree, and its columns
    place : numbers of its nodes and slots in the whole tree, by axis
    node : number in the whole tree
    """
    owner = place["node"][problem.node]
    found = {}
    for name, family in problem.columns.items():
        chosen = owner[family.slice] == node
        axes = tuple(index[chosen] for index in _whole(family, place))
        found[name] = axes, values[family.slice][chosen]
    return Decisions(node, found)


def _whole(family: Family, place: Place) -> list[IntArray]:
    return [place[axis][index] if axis in place else index for axis, index in family.coordinates.items()]


def decided_values(problem: Problem, place: Place, decided: Iterable[Decisions]) -> FloatArray:
    """(n,) what some nodes decided, in the columns of a problem; NaN in the columns of the others.

    A column that was no choice where its node decided stays at 0.

    Parameters
    ----------
    problem : of another part of the tree; place : numbers of its nodes and slots in the whole tree, by axis
    """
    found = np.full(problem.n_columns, np.nan)
    owner = place["node"][problem.node]
    for each in decided:
        for name, family in problem.columns.items():
            chosen = np.flatnonzero(owner[family.slice] == each.node)
            if len(chosen):
                wanted = [index[chosen] for index in _whole(family, place)]
                known, values = each.families.get(name, ((), np.zeros(0)))
                found[family.start + chosen] = _at(known, values, wanted)
    return found


def _at(known: tuple[IntArray, ...], values: FloatArray, wanted: list[IntArray]) -> FloatArray:
    if not len(values):
        return np.zeros(len(wanted[0]))
    sizes = [int(max(one.max(), two.max())) + 1 for one, two in zip(known, wanted, strict=True)]
    keys, asked = np.ravel_multi_index(known, sizes), np.ravel_multi_index(tuple(wanted), sizes)
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)]
    return np.where(keys[at] == asked, values[at], 0.0)


def held(problem: Problem, is_decided: BoolArray, values: FloatArray) -> Problem:
    """The problem with some columns held.

    Rows of held columns alone are settled and lose their limits. What was broken is broken, and is no
    violation that what is left to decide could still avoid.

    Parameters
    ----------
    is_decided : (n,) columns that are held
    values : (n,) at which; those of whole numbers are rounded
    """
    at = np.clip(np.where(problem.is_integer, np.round(values), values), problem.lower, problem.upper)
    lower = np.where(is_decided, at, problem.lower)
    upper = np.where(is_decided, at, problem.upper)
    row_lower, row_upper = _limits(problem, is_decided, lower, upper)
    return replace(
        problem,
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        violation_price=np.where(is_decided, 0.0, problem.violation_price),
    )


def _limits(
    problem: Problem, is_decided: BoolArray, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Limits of the rows: none where all is decided, elsewhere with room for a solver's last digits."""
    matrix = problem.matrix
    row, column, value = matrix.row_of_entry, matrix.column, matrix.value
    is_open = np.zeros(problem.n_rows, dtype=bool)
    is_open[row[~is_decided[column]]] = True
    counts = value != 0
    row, column, value = row[counts], column[counts], value[counts]
    ends = np.stack([value * lower[column], value * upper[column]])
    least, most, size = (np.zeros(problem.n_rows) for _ in range(3))
    np.add.at(least, row, ends.min(axis=0))
    np.add.at(most, row, ends.max(axis=0))
    of_held = np.where(is_decided[column], np.abs(value * lower[column]), 0.0)
    np.maximum.at(size, row, of_held)
    room = _LAST_DIGITS * np.maximum(1.0, size)
    gives = {
        "lower": (problem.row_lower > most) & (problem.row_lower <= most + room),
        "upper": (problem.row_upper < least) & (problem.row_upper >= least - room),
    }
    row_lower = np.where(is_open, np.where(gives["lower"], most, problem.row_lower), -np.inf)
    row_upper = np.where(is_open, np.where(gives["upper"], least, problem.row_upper), np.inf)
    return row_lower, row_upper


def mean_of(parts: Sequence[tuple[float, Decisions]]) -> Decisions | None:
    """The mean of what several parts say of the same columns of a node; None where these are not the same.

    Parameters
    ----------
    parts : weight of each part, and what it says
    """
    (_, first), *others = parts
    total = sum(weight for weight, _ in parts)
    for _, other in others:
        if other.families.keys() != first.families.keys() or not all(
            len(one) == len(two) and all(np.array_equal(*axes) for axes in zip(one, two, strict=True))
            for one, two in ((first.families[name][0], other.families[name][0]) for name in first.families)
        ):
            return None
    means = {
        name: (place, np.sum([weight * each.families[name][1] for weight, each in parts], axis=0) / total)
        for name, (place, _) in first.families.items()
    }
    return Decisions(first.node, means)


def less(one: Decisions, other: Decisions) -> Decisions:
    """What one part says of the columns of a node less what another says of the same."""
    return Decisions(
        one.node,
        {name: (place, amount - other.families[name][1]) for name, (place, amount) in one.families.items()},
    )
