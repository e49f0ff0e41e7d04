"""One scenario of a plan on a tree as an ordinary plan, and its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.errors import VerificationError
from dronedeal.planning import Model, Problem
from dronedeal.planning.data import PlanningData
from dronedeal.planning.model import build_problem
from dronedeal.planning.problem import Family
from dronedeal.planning.scenarios.by_node import OnTree, along
from dronedeal.planning.scenarios.under import delayed_work, multiplier, rows_under
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving import Outcome, Solution, Status, Termination

# How far a row of a scenario may be broken, relative to the largest figure in it.
ROW_TOLERANCE = 1e-5


@dataclass(frozen=True)
class Path:
    """One scenario.

    Parameters
    ----------
    leaf : its last node
    nodes : from the root to the leaf
    deal : the deal as it turned out, as far as rows say it
    assessment : its matching as it turned out, year by year
    availability : of each line, what its output is multiplied by month by month
    model : arrays and problem of the path alone
    values : columns of the path's problem, taken from the plan on the tree
    """

    leaf: int
    nodes: tuple[int, ...]
    deal: Deal
    assessment: Assessment
    availability: Mapping[str, Sequence[float]]
    model: Model
    values: FloatArray

    @property
    def utilities(self) -> FloatArray:
        """(2,) million: what the scenario is worth to buyer and seller."""
        return self.model.problem.utilities(self.values)

    @property
    def outcome(self) -> Outcome:
        """The scenario as a solved problem; no bound holds for it alone."""
        problem = self.model.problem
        worth = float(self.utilities.sum())
        is_relaxed = bool(problem.is_broken(self.values).any())
        solution = Solution(
            Status.WARNING, Termination.UNKNOWN, self.values, worth, float("inf"), None, seconds=0.0
        )
        return Outcome(solution, "joint", None, worth, is_relaxed, 0.0, "")


def path_of(deal: Deal, placed: OnTree, problem: Problem, values: FloatArray, *, leaf: int) -> Path:
    """One scenario of a plan on a tree.

    Parameters
    ----------
    deal : the deal as stated
    placed : the deal on its tree
    problem, values : of the tree, and its columns in the plan

    Raises
    ------
    VerificationError
        where the plan breaks a row or bound of the scenario's own problem: a fault of the program
    """
    nodes = placed.tree.path_to(leaf)
    data = along(placed.data, leaf)
    own = build_problem(data)
    column = path_columns(problem, own, placed.data, leaf=leaf)
    found = values[column]
    _require_kept(own, found, placed.tree.nodes[leaf].name)
    outcomes = [placed.tree.nodes[node].outcomes for node in nodes]
    stated = rows_under(deal, outcomes)
    stated = delayed_work(
        stated,
        lambda row: min(multiplier(each, "integration_delay", row.system, row.branch) for each in outcomes),
    )
    availability = {
        line.id: [
            multiplier(outcomes[stage], "line_outage", line.id)
            for stage in data.tree.stage[data.tree.slot_node].tolist()
        ]
        for line in deal.lines
    }
    return Path(
        leaf,
        nodes,
        stated,
        _assessment(placed, nodes),
        availability,
        Model(data, own),
        found,
    )


def path_columns(problem: Problem, own: Problem, data: PlanningData, *, leaf: int) -> IntArray:
    """(n,) column of the tree's problem behind each column of a scenario's problem.

    Columns are found by family and place: a slot of the path is a slot of the tree, a node one of its nodes.
    """
    path, slots = data.tree.path_to(leaf), data.tree.slots_to(int(data.tree.last_slot[leaf]))
    place = {"node": path, "slot": slots}
    return np.concatenate(
        [_found(problem.columns[name], family, place) for name, family in own.columns.items()]
    ).astype(np.int64)


def _found(whole: Family, part: Family, place: Mapping[str, IntArray]) -> IntArray:
    there = [place[axis][index] if axis in place else index for axis, index in part.coordinates.items()]
    known = list(whole.coordinates.values())
    sizes = [
        int(max(one.max(initial=0), other.max(initial=0))) + 1
        for one, other in zip(known, there, strict=True)
    ]
    keys = _keys(known, sizes, whole.count)
    order = np.argsort(keys)
    wanted = _keys(there, sizes, part.count)
    at = np.searchsorted(keys[order], wanted)
    if part.count and (not whole.count or (keys[order[np.minimum(at, whole.count - 1)]] != wanted).any()):
        raise VerificationError((f"a scenario has columns of {part.name} that the tree lacks",))
    numbers: IntArray = whole.start + order[at] if part.count else np.empty(0, dtype=np.int64)
    return numbers


def _keys(coordinates: Sequence[IntArray], sizes: Sequence[int], count: int) -> IntArray:
    """One number for each place on several axes."""
    key = np.zeros(count, dtype=np.int64)
    for index, size in zip(coordinates, sizes, strict=True):
        key = key * size + index
    return key


def _require_kept(problem: Problem, values: FloatArray, name: str) -> None:
    """Refuse a scenario that breaks a row or a bound of its own problem."""
    row = problem.matrix.times(values)
    size = np.zeros(problem.n_rows)
    np.maximum.at(
        size, problem.matrix.row_of_entry, np.abs(problem.matrix.value * values[problem.matrix.column])
    )
    room = ROW_TOLERANCE * np.maximum(1.0, size)
    broken = np.maximum(row - problem.row_upper, problem.row_lower - row) - room
    beyond = np.maximum(values - problem.upper, problem.lower - values) - ROW_TOLERANCE * np.maximum(
        1.0, np.abs(values)
    )
    faults = [
        f"scenario {name}: {problem.row_name(int(at))} is broken by {broken[at] + room[at]:.6g}"
        for at in np.flatnonzero(broken > 0)[:5]
    ] + [
        f"scenario {name}: {problem.column_name(int(at))} is {values[at]:.9g}, allowed: "
        f"{problem.lower[at]:.9g} to {problem.upper[at]:.9g}"
        for at in np.flatnonzero(beyond > 0)[:5]
    ]
    if faults:
        raise VerificationError(tuple(faults))


def _assessment(placed: OnTree, nodes: Sequence[int]) -> Assessment:
    """The matching as it turned out: each year's effectiveness, and all months that some year leaves open."""
    by_node = [placed.matching[node] for node in nodes]
    pairings = []
    for number, first in enumerate(by_node[0].pairings):
        same = [each.pairings[number] for each in by_node]
        pairings.append(
            replace(
                first,
                by_year=tuple(each.effectiveness_in(stage) for stage, each in enumerate(same)),
                first_month=min(each.first_month for each in same),
                last_month=max(each.last_month for each in same),
            )
        )
    return replace(by_node[0], pairings=tuple(pairings))
