"""Sums of output over months: rows by which a search limits what products and groups have made by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dronedeal.planning.curves import Curves
from dronedeal.planning.problem import SparseRows
from dronedeal.planning.tree import IntArray, Tree
from dronedeal.solving.interface import MatrixForm


def slots_at(tree: Tree, times: int) -> list[int]:
    """So many slots on every path, the last one included.

    Parameters
    ----------
    times : on each path
    """
    month = tree.slot_month
    return np.flatnonzero((month.max() - month) % _between(tree, times) == 0).tolist()


def spans(tree: Tree, times: int) -> dict[int, IntArray]:
    """For each of so many slots those since the one before; see `slots_at`."""
    between = _between(tree, times)
    return {slot: tree.slots_to(slot)[-between:] for slot in slots_at(tree, times)}


def _between(tree: Tree, times: int) -> int:
    """Months from one of so many slots to the next."""
    return -(-(int(tree.slot_month.max()) + 1) // times)


def outputs(curves: Curves, times: int) -> list[tuple[int, int]]:
    """Every product that somebody pays to make, at so many slots: curve and slot."""
    is_paid = (curves.weight > 0).any(axis=1)
    slots = slots_at(curves.tree, times)
    return [
        (curve, slot)
        for curve in np.flatnonzero(is_paid).tolist()
        for slot in slots
        if curves.most[curve, slot] > 0
    ]


def made_by(curves: Curves, chosen: IntArray, slot: int) -> IntArray:
    """Columns `make` of some curves on the path to a slot.

    Parameters
    ----------
    chosen : numbers of the curves
    """
    columns: IntArray = curves.make[np.ix_(chosen, curves.tree.slots_to(slot))].ravel()
    return columns[columns >= 0]


def with_sums(form: MatrixForm, sums: list[IntArray]) -> MatrixForm:
    """The same form with one more row for each sum of columns, without limits."""
    matrix, count = form.matrix, len(sums)
    lengths = np.array([len(columns) for columns in sums], dtype=np.int64)
    added = SparseRows(
        np.concatenate([matrix.start, matrix.start[-1] + np.cumsum(lengths)]),
        np.concatenate([matrix.column, *sums]),
        np.concatenate([matrix.value, np.ones(int(lengths.sum()))]),
    )
    return replace(
        form,
        matrix=added,
        row_lower=np.append(form.row_lower, np.full(count, -np.inf)),
        row_upper=np.append(form.row_upper, np.full(count, np.inf)),
    )
