"""The Problem: labelled columns and rows in one sparse matrix, with the utilities of both sides.

A block declares columns and rows by family with integer coordinates on named axes; names are made from
them only when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dronedeal.planning.curves import Curves
from dronedeal.planning.data import SELLER
from dronedeal.planning.tree import FloatArray, IntArray, Tree

# A term that is broken by no more than this share of the most that it can be is kept.
_ROUNDING = 1e-6

Coordinates = Mapping[str, IntArray]


@dataclass(frozen=True)
class Family:
    """A run of consecutive columns or rows of one kind.

    Parameters
    ----------
    name : name of the family
    start, count : its first number and its size
    coordinates : axis → (count,) index on that axis
    """

    name: str
    start: int
    count: int
    coordinates: Coordinates

    @property
    def numbers(self) -> IntArray:
        """(count,) column or row numbers."""
        return np.arange(self.start, self.start + self.count, dtype=np.int64)

    @property
    def slice(self) -> slice:
        """The numbers as a slice."""
        return slice(self.start, self.start + self.count)

    def lookup(self, *shape: int) -> IntArray:
        """Dense table of numbers over the axes in their order; -1 where the family has none."""
        table = np.full(shape, -1, dtype=np.int64)
        table[tuple(self.coordinates.values())] = self.numbers
        return table

    def name_of(self, number: int, labels: Mapping[str, tuple[str, ...]]) -> str:
        """Name of one column or row, such as `ship[shark@kyiv:army_recon,2027-03]`."""
        offset = number - self.start
        parts = [labels[axis][int(index[offset])] for axis, index in self.coordinates.items()]
        return f"{self.name}[{','.join(parts)}]"


@dataclass(frozen=True)
class SparseRows:
    """A matrix stored by rows: the entries of row `r` stand at `start[r] … start[r+1]`.

    start : (n_rows + 1,); column : (n_entries,); value : (n_entries,)
    """

    start: IntArray
    column: IntArray
    value: FloatArray

    @property
    def row_of_entry(self) -> IntArray:
        """(n_entries,) row of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def times(self, values: FloatArray) -> FloatArray:
        """(n_rows,) product with a column vector."""
        products = self.value * values[self.column]
        totals: FloatArray = np.zeros(len(self.start) - 1)
        np.add.at(totals, self.row_of_entry, products)
        return totals


@dataclass(frozen=True)
class Flow:
    """Money of the seller that moves in each of some slots for each unit of some columns.

    Parameters
    ----------
    item : the item of the utilities that it belongs to
    column, slot : (n,) column and slot in which the money moves; the column may be decided earlier
    value : (n,) million of undiscounted base-year money per unit of the column; receipts are positive
    """

    item: str
    column: IntArray
    slot: IntArray
    value: FloatArray


@dataclass(frozen=True)
class ConstantFlow:
    """Money of the seller that moves in each of some slots whatever is decided.

    item, slot, value : as for a Flow, without a column
    """

    item: str
    slot: IntArray
    value: FloatArray


@dataclass(frozen=True)
class Problem:
    """A mixed-integer linear problem with two utilities, ready for a solver.

    Parameters
    ----------
    lower, upper : (n,) column bounds
    is_integer : (n,) a whole number that the search decides
    is_whole : (n,) a contract quantity, whole in the plan whether the search decides it or not
    node : (n,) node of the tree that owns the column (rule R4)
    row_lower, row_upper : (m,)
    matrix : rows × columns
    utility : (2, n) million per unit of the column, buyer then seller
    utility_constant : (2,) million
    violation_price : (n,) price of one unit of a named violation; 0 for every other column
    curves : costs that fall with experience, the part of both utilities that is not linear; None without any
    flows, constant_flows : undiscounted money of the seller, by item of the utilities
    """

    tree: Tree
    labels: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, Family]
    rows: Mapping[str, Family]
    lower: FloatArray
    upper: FloatArray
    is_integer: npt.NDArray[np.bool_]
    is_whole: npt.NDArray[np.bool_]
    node: IntArray
    row_lower: FloatArray
    row_upper: FloatArray
    matrix: SparseRows
    utility: FloatArray
    utility_constant: FloatArray
    violation_price: FloatArray
    curves: Curves | None = None
    flows: tuple[Flow, ...] = ()
    constant_flows: tuple[ConstantFlow, ...] = ()

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def utilities(self, values: FloatArray) -> FloatArray:
        """(2,) million: utilities of buyer and seller, costs that fall with experience as they truly are."""
        linear: FloatArray = self.utility @ values + self.utility_constant
        return linear if self.curves is None else linear + self.curves.worth(values)

    def chords(self) -> Problem:
        """A linear problem in which every plan is worth at least what it is truly worth to either side."""
        if self.curves is None:
            return self
        return replace(self, utility=self.utility + self.curves.chords(self.n_columns), curves=None)

    def tangent(self, values: FloatArray) -> Problem:
        """The linear problem that touches this one at a plan.

        Parameters
        ----------
        values : (n,) columns of the plan
        """
        if self.curves is None:
            return self
        slopes = self.curves.slopes(values)
        constant = self.utility_constant + self.curves.worth(values) - slopes @ values
        return replace(self, utility=self.utility + slopes, utility_constant=constant, curves=None)

    @property
    def is_violation(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a column measures a violation."""
        return self.violation_price > 0

    def is_broken(self, values: FloatArray) -> npt.NDArray[np.bool_]:
        """(n,) violations by more than rounding: a millionth of the most that the term can be broken by.

        Parameters
        ----------
        values : (n,) of a plan
        """
        return self.is_violation & (values > _ROUNDING * np.maximum(1.0, self.upper))

    def column_name(self, number: int) -> str:
        """Name of a column."""
        return _name(self.columns, number, self.labels)

    def row_name(self, number: int) -> str:
        """Name of a row."""
        return _name(self.rows, number, self.labels)


def _name(families: Mapping[str, Family], number: int, labels: Mapping[str, tuple[str, ...]]) -> str:
    for family in families.values():
        if family.start <= number < family.start + family.count:
            return family.name_of(number, labels)
    raise IndexError(number)


@dataclass
class ProblemBuilder:
    """Collects families of columns and rows and their entries, then makes the Problem.

    Parameters
    ----------
    tree, labels : of the planning data
    discount : (2, T) discount factor of buyer and seller by month
    item : the item of the utilities that is being built, which its flows belong to
    flows, constant_flows : money of the seller so far, for the rows of its cash account
    curves : costs that fall with experience; they are in no other part of the utilities
    """

    tree: Tree
    labels: Mapping[str, tuple[str, ...]]
    discount: FloatArray
    item: str = ""
    flows: list[Flow] = field(default_factory=list)
    constant_flows: list[ConstantFlow] = field(default_factory=list)
    columns: dict[str, Family] = field(default_factory=dict)
    rows: dict[str, Family] = field(default_factory=dict)
    curves: Curves | None = None
    _column_parts: list[
        tuple[FloatArray, FloatArray, npt.NDArray[np.bool_], npt.NDArray[np.bool_], IntArray, FloatArray]
    ] = field(default_factory=list)
    _n_columns: int = 0
    _n_rows: int = 0
    _free: list[str] = field(default_factory=list)
    _row_parts: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    _entries: list[tuple[IntArray, IntArray, FloatArray]] = field(default_factory=list)
    _utility: list[tuple[int, IntArray, FloatArray]] = field(default_factory=list)
    _constant: FloatArray = field(default_factory=lambda: np.zeros(2))

    def add_columns(
        self,
        name: str,
        coordinates: Coordinates,
        *,
        node: IntArray,
        upper: FloatArray | float = np.inf,
        is_integer: npt.NDArray[np.bool_] | bool = False,
        is_whole: bool = False,
        violation_price: FloatArray | float = 0.0,
    ) -> Family:
        """Declare a family of columns from 0 to `upper`, each owned by a node of the tree."""
        count = len(node)
        family = Family(name, self._n_columns, count, dict(coordinates))
        self.columns[name] = family
        self._n_columns += count
        self._column_parts.append(
            (
                np.zeros(count),
                _spread(upper, count, float),
                _spread(is_integer, count, bool),
                np.full(count, is_whole),
                np.asarray(node, dtype=np.int64),
                _spread(violation_price, count, float),
            )
        )
        return family

    def add_free_columns(self, name: str, coordinates: Coordinates, *, node: IntArray) -> Family:
        """Declare a family of columns of either sign without bounds, each owned by a node of the tree."""
        self._free.append(name)
        return self.add_columns(name, coordinates, node=node)

    def add_rows(
        self,
        name: str,
        coordinates: Coordinates,
        *,
        count: int,
        lower: FloatArray | float = -np.inf,
        upper: FloatArray | float = np.inf,
    ) -> Family:
        """Declare a family of rows with `lower ≤ row ≤ upper`."""
        family = Family(name, self._n_rows, count, dict(coordinates))
        self.rows[name] = family
        self._n_rows += count
        self._row_parts.append((_spread(lower, count, float), _spread(upper, count, float)))
        return family

    def add_entries(self, row: IntArray, column: IntArray, value: FloatArray | float) -> None:
        """Add matrix entries; entries at the same place add up."""
        if len(row):
            values = np.empty(row.shape)
            values[...] = value
            self._entries.append((row, column, values))

    def add_utility(self, party: int, column: IntArray, value: FloatArray) -> None:
        """Add to the utility of a party (0 buyer, 1 seller); third parties have none and are ignored."""
        if party < 2 and len(column):
            self._utility.append((party, column, value))

    def add_constant(self, party: int, value: float) -> None:
        """Add a constant to the utility of a party."""
        if party < 2:
            self._constant[party] += value

    def present_value(self, party: int, slot: IntArray) -> FloatArray:
        """Probability × discount factor of a party (0 buyer, 1 seller) in each slot."""
        return self.tree.expected_discount(self.discount[party], slot)

    def add_flow(self, party: int, column: IntArray, value: FloatArray | float, *, slot: IntArray) -> None:
        """Book money that a party receives (or pays, below zero) for each unit of some columns.

        `utility += probability · δ_party(slot) · value`; the seller's flows are remembered for its cash.

        Parameters
        ----------
        party : 0 buyer, 1 seller; third parties have no account and are ignored
        column : (n,) columns
        value : (n,) million of undiscounted base-year money per unit
        slot : (n,) slot in which the money moves
        """
        if party > SELLER or not len(column):
            return
        self.add_utility(party, column, self.present_value(party, slot) * value)
        if party == SELLER:
            amount = np.broadcast_to(np.asarray(value, dtype=float), column.shape)
            self.flows.append(Flow(self.item, column, slot, amount))

    def add_constant_flow(self, party: int, value: float, *, slot: IntArray) -> None:
        """Book money that a party receives (or pays, below zero) in each of some slots in any case.

        Parameters
        ----------
        party : 0 buyer, 1 seller; third parties have no account and are ignored
        value : million of undiscounted base-year money in each slot
        slot : (n,) slots in which the money moves
        """
        if party > SELLER:
            return
        self.add_constant(party, value * float(self.present_value(party, slot).sum()))
        if party == SELLER:
            self.constant_flows.append(ConstantFlow(self.item, slot, np.full(len(slot), value)))

    def build(self, matrix: SparseRows | None = None) -> Problem:
        """The finished problem.

        Parameters
        ----------
        matrix : of all entries, where they were packed already
        """
        lower, upper, is_integer, is_whole, node, price = (
            np.concatenate([part[position] for part in self._column_parts]) for position in range(6)
        )
        row_lower, row_upper = (
            np.concatenate([part[position] for part in self._row_parts]) for position in range(2)
        )
        for name in self._free:
            lower[self.columns[name].slice] = -np.inf
        return Problem(
            tree=self.tree,
            labels=self.labels,
            columns=dict(self.columns),
            rows=dict(self.rows),
            lower=lower,
            upper=upper,
            is_integer=is_integer.astype(bool),
            is_whole=is_whole.astype(bool),
            node=node.astype(np.int64),
            row_lower=row_lower,
            row_upper=row_upper,
            matrix=compress(self._entries, self._n_rows) if matrix is None else matrix,
            utility=self._summed_utility(),
            utility_constant=self._constant.copy(),
            violation_price=price,
            curves=self.curves,
            flows=tuple(self.flows),
            constant_flows=tuple(self.constant_flows),
        )

    def _summed_utility(self) -> FloatArray:
        """(2, n) all that was added to the utilities."""
        total = np.zeros((2, self._n_columns))
        for party, column, value in self._utility:
            weight = np.broadcast_to(value, column.shape)
            # Most parts name each column once, and few columns: those need no pass over all.
            if (column[1:] > column[:-1]).all():
                total[party, column] += weight
            else:
                total[party] += np.bincount(column, weights=weight, minlength=total.shape[1])
        return total


@dataclass(frozen=True)
class Packing:
    """How loose entries become a matrix by rows, whatever their values are.

    Parameters
    ----------
    order : (n_loose,) the entries by row and column
    first : (n_entries,) places in that order at which a new place of the matrix begins
    start, column : of the matrix
    """

    order: IntArray
    first: IntArray
    start: IntArray
    column: IntArray

    def packed(self, value: FloatArray) -> SparseRows:
        """The matrix; loose entries at the same place add up.

        Parameters
        ----------
        value : (n_loose,) of each loose entry
        """
        value = value[self.order]
        if len(self.first) < len(value):
            value = np.add.reduceat(value, self.first)
        return SparseRows(self.start, self.column, value)


def _spread(value: npt.ArrayLike, count: int, kind: type) -> npt.NDArray[Any]:
    """(count,) values, one for all or each its own; broadcasting in general takes several times as long."""
    spread: npt.NDArray[Any] = np.empty(count, dtype=kind)
    spread[...] = value
    return spread


def packing(row: IntArray, column: IntArray, n_rows: int) -> Packing:
    """How loose entries at these places become a matrix of so many rows."""
    # One number a place: what a block adds is in order, and a stable sort is fast where most is.
    order = np.argsort(row * (column.max(initial=0) + 1) + column, kind="stable")
    row, column = row[order], column[order]
    is_new = np.ones(len(row), dtype=bool)
    is_new[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    first = np.flatnonzero(is_new)
    if len(first) < len(row):
        row, column = row[first], column[first]
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n_rows))]).astype(np.int64)
    return Packing(order, first, start, column.astype(np.int64))


def compress(entries: list[tuple[IntArray, IntArray, FloatArray]], n_rows: int) -> SparseRows:
    """Sort loose entries by row and column and add up those at the same place.

    >>> one = np.array([0]), np.array([2]), np.array([1.5])
    >>> compress([one, one], 1).value.tolist()
    [3.0]
    """
    row, column, value = (np.concatenate([part[at] for part in entries]) for at in range(3))
    return packing(row, column, n_rows).packed(value)
