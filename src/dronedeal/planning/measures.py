"""Figures of a plan by which plans are told apart: what is bought, what is decided, where it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dronedeal.planning.begun import Begun
from dronedeal.planning.model import Model
from dronedeal.planning.problem import Family, SparseRows, compress
from dronedeal.planning.tree import FloatArray, IntArray

Name = tuple[str, ...]
# Whole decisions that are no contract quantities, by family of columns.
DECISIONS = ("open", "step", "integrate", "begin")
# Of these, what is begun once and stays begun.
STAYING = ("integrate", "begin")
# A decision that costs nothing still counts, as this share of what all purchases at their limits cost.
_LEAST_SHARE = 1e-6


@dataclass(frozen=True)
class Measures:
    """Linear figures of a plan.

    Parameters
    ----------
    names : (k,) kind of each figure and what it is of, by the labels of the columns
    matrix : figures × columns
    weight : (k,) million for one unit, so that unlike figures can be added up
    """

    names: tuple[Name, ...]
    matrix: SparseRows
    weight: FloatArray

    def of(self, values: FloatArray) -> FloatArray:
        """(k,) the figures of a plan, from its column values."""
        return self.matrix.times(values)

    def stated(self, quantities: Mapping[Name, float]) -> FloatArray:
        """(k,) figures that are given by their names; 0 where none is given."""
        return np.array([quantities.get(name, 0.0) for name in self.names])


def purchases_and_decisions(model: Model) -> Measures:
    """Yearly purchases by product and requirement, and every opening, step, work and project by month."""
    groups = _purchases(model)
    labels, names = model.problem.labels, [("purchase", *name) for name in groups[0]]
    column, row, weight = groups[1], groups[2], groups[3]
    columns, rows, weights, values = [column], [row], [weight], [np.ones(len(column))]
    least = max(_LEAST_SHARE, _LEAST_SHARE * float(np.abs(weight).sum()))
    worth = np.abs(model.problem.utility.sum(axis=0))
    for family in DECISIONS:
        found = model.problem.columns.get(family)
        if found is None:
            continue
        rows.append(len(names) + np.arange(found.count))
        columns.append(found.numbers)
        values.append(np.ones(found.count))
        if family in STAYING:
            # The column says that a thing is begun by a month; it begins there if it was not begun before.
            before = _begun_before(model, found)
            rows.append(len(names) + np.flatnonzero(before >= 0))
            columns.append(before[before >= 0])
            values.append(-np.ones(int((before >= 0).sum())))
        weights.append(np.maximum(worth[found.slice], least))
        axes = list(found.coordinates.items())
        names += [
            (family, *(labels[axis][int(index[offset])] for axis, index in axes))
            for offset in range(found.count)
        ]
    entries = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    return Measures(tuple(names), compress([entries], len(names)), np.concatenate(weights))


def _begun_before(model: Model, family: Family) -> IntArray:
    """(count,) column of the same thing in the slot before in which it might have begun; -1 for none."""
    number, slot = family.coordinates.values()
    tree = model.data.tree
    table = family.lookup(int(number.max(initial=-1)) + 1, tree.n_slots)
    before: IntArray = Begun(tree, table).before[number, slot]
    return before


def _purchases(model: Model) -> tuple[list[Name], IntArray, IntArray, FloatArray]:
    """Names, columns, rows and weights of yearly purchases of a product for a requirement."""
    data, labels = model.data, model.problem.labels
    ship, assign = model.problem.columns["ship"], model.problem.columns["assign"]
    column = np.concatenate([ship.numbers, assign.numbers])
    pair = np.concatenate([ship.coordinates["pair"], assign.coordinates["pair"]])
    node = np.concatenate([data.tree.slot_node[ship.coordinates["slot"]], assign.coordinates["node"]])
    keys, row = np.unique(pair * data.tree.n_nodes + node, return_inverse=True)
    pairs, nodes = np.divmod(keys, data.tree.n_nodes)
    price = data.prices.price[data.pairs.product[pairs], data.tree.case[nodes]]
    names: list[Name] = [
        (labels["pair"][p], labels["node"][n]) for p, n in zip(pairs.tolist(), nodes.tolist(), strict=True)
    ]
    weight = np.maximum(price, max(1e-9, 1e-3 * float(price.max(initial=0.0))))
    return names, column, row.astype(np.int64), weight


def purchases_and_output(model: Model) -> Measures:
    """Yearly purchases by system, and the output of each line over the whole plan, both in money."""
    bought = _by_system(model)
    made = _by_line(model)
    names = [*bought[0], *made[0]]
    row = np.concatenate([bought[2], len(bought[0]) + made[2]])
    column, value = np.concatenate([bought[1], made[1]]), np.concatenate([bought[3], made[3]])
    matrix = compress([(row, column, value)], len(names))
    return Measures(tuple(names), matrix, np.ones(len(names)))


def _by_system(model: Model) -> tuple[list[Name], IntArray, IntArray, FloatArray]:
    names, column, row, weight = _purchases(model)
    of_row = [_pair_system(model, name) for name in names]
    groups = list(dict.fromkeys(of_row))
    group = np.array([groups.index(name) for name in of_row], dtype=np.int64)
    value = weight[row] if len(row) else np.zeros(0)
    labels: list[Name] = [("bought", *name) for name in groups]
    return labels, column, group[row] if len(row) else row, value


def _pair_system(model: Model, name: Name) -> Name:
    return name[0].partition("@")[0], name[1]


def _by_line(model: Model) -> tuple[list[Name], IntArray, IntArray, FloatArray]:
    """Output of a line, at the unit costs stated."""
    data, make = model.data, model.problem.columns["make"]
    product = make.coordinates["product"]
    lines, row = np.unique(data.products.line[product], return_inverse=True)
    labels = model.problem.labels["line"]
    names: list[Name] = [("made", labels[line]) for line in lines.tolist()]
    cost = data.products.unit_cost[product]
    value = np.maximum(cost, max(1e-9, 1e-3 * float(cost.max(initial=0.0))))
    return names, make.numbers, row.astype(np.int64), value
