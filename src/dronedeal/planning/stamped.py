"""Problems that differ in nothing but multiplied figures: each is stamped on one that was built as a whole.

Most blocks read no figure that `scenarios.scales` multiplies; what they add is the same in all of them. Only
the others are asked again, and say numbers alone: names, places of entries and all else stay. A stamped
problem is the one that a whole build gives, to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dronedeal.planning.blocks import CLOSING_BLOCKS, COLUMN_BLOCKS, ROW_BLOCKS, UTILITY_BLOCKS
from dronedeal.planning.blocks.worth import cost_curves
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import Coordinates, Family, Problem, ProblemBuilder, packing
from dronedeal.planning.tree import FloatArray, IntArray

# Blocks that read no multiplied figure, but for whether anything is asked for. All utilities and closing
# blocks are of this kind too: of the utilities only the curves know how much can be made.
SAME_COLUMNS = frozenset(
    {
        *("make", "stock", "ship", "pool", "home", "sale", "open", "spend", "integrate", "begin", "boost"),
        *("saved", "swap", "ceiling_violation", "firm_minimum_violation", "budget_violation"),
    }
)
SAME_ROWS = frozenset(
    {
        *("assignment", "price_maximum", "firm_minimum", "hand_balance", "coverage", "integrate_stays"),
        *("payment", "open_once", "step_limit", "step_after_open", "stock_balance", "begin_stays"),
        *("boost_size", "saved_size", "rule_share", "choice_real", "choice_kept", "choice_limit", "ceiling"),
        *("swap_limit", "made_with_substitutes", "sale_maximum", "returned_output", "contract"),
    }
)
Place = tuple[IntArray, IntArray]


class _UnlikeError(Exception):
    """Other figures make other names or places: the problem must be built as a whole."""


class Template:
    """A problem that others of the same deal are stamped on.

    Parameters
    ----------
    data : arrays that the others share, but for figures that are multiplied
    """

    def __init__(self, data: PlanningData) -> None:
        self._data = data
        self.loose: dict[str, tuple[int, list[Place]]] = {}
        builder = _Recorder(data.tree, data.labels, data.discount)
        count = 0
        for name, block, is_same in _blocks():
            before = len(builder.loose)
            builder.item = name.partition(" ")[2]
            block(data, builder)
            added = builder.loose[before:]
            if not is_same:
                self.loose[name] = count, [(row, column) for row, column, _ in added]
            count += sum(len(row) for row, _, _ in added)
        row, column, self._value = (np.concatenate([part[at] for part in builder.loose]) for at in range(3))
        self._packing = packing(row, column, builder.n_rows)
        self.problem: Problem = builder.build(self._packing.packed(self._value))

    def problem_of(self, data: PlanningData) -> Problem | None:
        """The problem of other figures; None where it must be built as a whole.

        Parameters
        ----------
        data : the same but for what factors do that multiply figures
        """
        if data is self._data:
            return self.problem
        known = self._data
        asked, known_asked = (each.requirements.objective > 0 for each in (data, known))
        if data.labels != known.labels or not np.array_equal(asked, known_asked):
            return None
        # With the same asked for, the same can be delivered.
        vars(data).update(is_deliverable=known.is_deliverable, is_pooled=known.is_pooled)
        stamp, value = _Stamp(self.problem, data), self._value.copy()
        try:
            for name, block, is_same in _blocks():
                if not is_same:
                    block(data, stamp)
                    _put(value, stamp.taken(), *self.loose[name])
        except _UnlikeError:
            return None
        return replace(
            self.problem,
            upper=stamp.upper,
            is_integer=stamp.is_integer,
            violation_price=stamp.price,
            row_lower=stamp.row_lower,
            row_upper=stamp.row_upper,
            matrix=self._packing.packed(value),
            curves=cost_curves(data, stamp),
        )


def _blocks() -> Iterator[tuple[str, Callable[[PlanningData, ProblemBuilder], None], bool]]:
    """Every block in the order of a build, with its kind and name, and whether it always adds the same."""
    for kind, blocks, same in (
        ("column", COLUMN_BLOCKS, SAME_COLUMNS),
        ("row", ROW_BLOCKS, SAME_ROWS),
        ("utility", UTILITY_BLOCKS, UTILITY_BLOCKS),
        ("closing", CLOSING_BLOCKS, CLOSING_BLOCKS),
    ):
        for name, block in blocks.items():
            yield f"{kind} {name}", block, name in same


def _put(
    value: FloatArray, taken: list[tuple[IntArray, IntArray, FloatArray]], start: int, places: list[Place]
) -> None:
    """Put the values of one block in their places, which must be those that they had."""
    if len(taken) != len(places):
        raise _UnlikeError
    for (row, column, found), (known_row, known_column) in zip(taken, places, strict=True):
        if not (np.array_equal(row, known_row) and np.array_equal(column, known_column)):
            raise _UnlikeError
        value[start : start + len(row)] = found
        start += len(row)


class _Recorder(ProblemBuilder):
    """A builder whose loose entries can be looked at."""

    @property
    def loose(self) -> list[tuple[IntArray, IntArray, FloatArray]]:
        return self._entries

    @property
    def n_rows(self) -> int:
        return self._n_rows


class _Stamp(ProblemBuilder):
    """Takes the numbers of blocks for a problem whose names and places are known."""

    def __init__(self, known: Problem, data: PlanningData) -> None:
        super().__init__(known.tree, known.labels, data.discount)
        self.columns, self.rows = dict(known.columns), dict(known.rows)
        self.upper, self.price = known.upper.copy(), known.violation_price.copy()
        self.is_integer = known.is_integer.copy()
        self.row_lower, self.row_upper = known.row_lower.copy(), known.row_upper.copy()

    def taken(self) -> list[tuple[IntArray, IntArray, FloatArray]]:
        """The loose entries since the last call."""
        taken, self._entries = self._entries, []
        return taken

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
        """The family as it is known, with other numbers."""
        family = _same(self.columns, name, coordinates, len(node))
        self.upper[family.slice] = upper
        self.is_integer[family.slice] = is_integer
        self.price[family.slice] = violation_price
        return family

    def add_rows(
        self,
        name: str,
        coordinates: Coordinates,
        *,
        count: int,
        lower: FloatArray | float = -np.inf,
        upper: FloatArray | float = np.inf,
    ) -> Family:
        """The family as it is known, with other limits."""
        family = _same(self.rows, name, coordinates, count)
        self.row_lower[family.slice], self.row_upper[family.slice] = lower, upper
        return family


def _same(known: Mapping[str, Family], name: str, coordinates: Coordinates, count: int) -> Family:
    family: Family = known[name]
    mine: Mapping[str, Any] = family.coordinates
    is_same = family.count == count and mine.keys() == coordinates.keys()
    if not is_same or not all(np.array_equal(index, mine[axis]) for axis, index in coordinates.items()):
        raise _UnlikeError
    return family
