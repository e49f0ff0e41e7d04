"""A plan on a scenario tree that is too large for one problem: part by part, with a bound over all of them.

*The plan*: nodes after which too much follows are decided first, from the root on, each looking ahead to a
few of the scenarios that can follow it, with what was decided before it held. Then every part of the tree
that is small enough is planned as a whole below what is held. Together this is a policy.

*The bound*: the same parts without anything held, each with decisions of its own for the first years, too. As
any plan for the whole tree is a plan for each part, the sum of the parts' bounds, weighed with their chances,
is a bound of all plans for the whole tree. So that no part gains much by deciding the first years for itself,
it pays a toll for what it decides there: what that is worth to it below the plan that was found, less the
mean of what it is worth to all parts. Tolls on one decision add up to nothing over the parts, so the bound
holds whatever they are (dual decomposition: Carøe and Schultz, Operations Research Letters 24, 1999).

Violations are ordinary decisions here, at a price that makes them the last resort (`planning.penalised`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.deal import Deal
from dronedeal.engine import engine_of
from dronedeal.planning import Model, Problem, build_problem, no_deal_columns
from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.data import SELLER
from dronedeal.planning.held import Decisions, decided_values, decisions_of, held, less, mean_of
from dronedeal.planning.model import optional_columns
from dronedeal.planning.penalised import penalised, penalty_of, violated
from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.scenarios.parts import cut_of, leaves_after, part_ahead
from dronedeal.planning.scenarios.within import Part, part_of
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.path import path_of
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.verify import Verification
from dronedeal.solving import Outcome, Progress, SolveOptions, Termination, relative_gap, solve_plan
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.interface import Solution, Status, never_stop, no_progress
from dronedeal.solving.outer_bound import outer_bound, prices_of
from dronedeal.solving.work import Work
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.scenarios.checked import checked_scenario, kept_small

# Where costs fall with experience a part is planned from one start: chords are about this far anyway.
_ONE_START = 0.1
_LAST_DIGITS = 1.0 + 1e-6


@dataclass(frozen=True)
class Asked:
    """A plan by parts.

    Parameters
    ----------
    deal, placed : the deal, and as it is on the whole tree
    options : of the whole work; its time limit is that of all parts together
    most_nodes : of a part
    on_progress, should_stop : as of a plan
    """

    deal: Deal
    placed: OnTree
    options: SolveOptions
    most_nodes: int
    on_progress: Callable[[Progress], None] = no_progress
    should_stop: Callable[[], bool] = never_stop


@dataclass(frozen=True)
class ByParts:
    """What was found.

    Parameters
    ----------
    scenarios, verified : every scenario as an ordinary plan, in the order of the tree, and its checks
    utilities : (2,) expected, million: buyer and seller
    worth, bound : expected, million, of both together; the bound holds for plans that violate no more
    is_relaxed : whether some scenario breaks a rule
    termination : why the work ended
    n_parts : number of parts that were planned as a whole
    sizes : columns, rows, nonzeros and integers of all nodes together
    seconds : by the clock
    """

    scenarios: tuple[Scenario, ...]
    verified: tuple[tuple[str, Verification], ...]
    utilities: FloatArray
    worth: float
    bound: float
    is_relaxed: bool
    termination: Termination
    n_parts: int
    sizes: dict[str, int]
    seconds: float

    @property
    def outcome(self) -> Outcome:
        """The plan as a solved problem whose columns nobody keeps together."""
        is_best = self.termination is Termination.OPTIMAL
        solution = Solution(
            Status.OK if is_best else Status.WARNING,
            self.termination,
            None,
            self.worth,
            self.bound,
            None,
            self.seconds,
        )
        return Outcome(solution, "joint", None, self.worth, self.is_relaxed, self.seconds, HighsSolver().name)


@dataclass(frozen=True)
class _Whole:
    """A part that was planned as a whole: its plan, and its scenarios checked."""

    node: int
    chance: float
    values: FloatArray
    utilities: FloatArray
    broken: float
    scenarios: tuple[tuple[int, Scenario, Verification], ...]
    sizes: tuple[int, int, int, int]


def plan_by_parts(asked: Asked) -> ByParts:
    """The plan of a large tree for both sides together, and its bound; see the module.

    Raises
    ------
    VerificationError : where a scenario breaks a rule of its own problem: a fault of the program
    """
    return _Parts(asked).planned()


class _Parts:
    """The work on one tree, and what its parts share."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.tree = asked.placed.tree
        self.room = stock_room(asked.placed.data)
        self.penalty = penalty_of(asked.placed.data)
        self.cut = cut_of(self.tree.children, most_nodes=asked.most_nodes)
        self.decided: dict[int, Decisions] = {}
        self.tolls: dict[int, list[Decisions]] = {}
        self.sizes: list[tuple[int, int, int, int]] = []
        self._watch = Stopwatch()
        self._lock = threading.Lock()
        self._best: float | None = None
        self._done = 0

    def planned(self) -> ByParts:
        """Decide, plan, bound."""
        with engine_of(max(1, self.asked.options.threads)) as engine:
            for layer in self.cut.ahead:
                self._begin("looking ahead", len(layer))
                for node, found in zip(layer, engine.map(self._ahead, layer), strict=True):
                    self.decided[node] = found
            self._begin("parts planned", len(self.cut.whole))
            parts = tuple(engine.map(self._whole, self.cut.whole))
            utilities: FloatArray = np.sum([each.chance * each.utilities for each in parts], axis=0)
            worth = self._best = float(utilities.sum())
            self._begin("parts priced", len(parts))
            self._agree(parts, list(engine.map(self._prices, parts)))
            self._begin("parts bounded", len(parts))
            bounds = np.array(list(engine.map(self._bounds, parts)))
            bound = float(bounds.sum(axis=0).min())
        # Whoever violates no more than this plan gains no more than the penalty on what it violates.
        bound = max(bound + self.penalty * sum(each.chance * each.broken for each in parts), worth)
        return self._found(parts, utilities, bound)

    def _found(self, parts: Sequence[_Whole], utilities: FloatArray, bound: float) -> ByParts:
        worth = float(utilities.sum())
        by_leaf = {leaf: (each, check) for part in parts for leaf, each, check in part.scenarios}
        found = [by_leaf[leaf] for leaf in self.tree.leaves]
        sizes = np.sum([*self.sizes, *(each.sizes for each in parts)], axis=0).tolist()
        is_best = relative_gap(worth, bound) <= self.asked.options.gap
        ended = Termination.OPTIMAL if is_best else self._stopped() or Termination.ITERATION_LIMIT
        return ByParts(
            scenarios=tuple(each for each, _ in found),
            verified=tuple((each.name, check) for each, check in found),
            utilities=utilities,
            worth=worth,
            bound=bound,
            is_relaxed=any(each.plan.tables["violations"] for each, _ in found),
            termination=ended,
            n_parts=len(parts),
            sizes=dict(zip(("columns", "rows", "nonzeros", "integers"), sizes, strict=True)),
            seconds=self._elapsed,
        )

    # -- one part -----------------------------------------------------------------------------------------

    def _ahead(self, node: int) -> Decisions:
        """What a node decides, looking ahead."""
        part = part_ahead(self.asked.placed, node, room=self.room, most_nodes=self.asked.most_nodes)
        model = Model(part.placed.data, build_problem(part.placed.data))
        values, _ = self._planned_part(model, part, node)
        is_own = part.nodes[model.problem.node] == node
        with self._lock:
            self.sizes.append(_sizes(model.problem, is_own))
        self._tell()
        return decisions_of(model.problem, part.place, node, values)

    def _whole(self, node: int) -> _Whole:
        """The plan of everything that can follow a node, its scenarios checked."""
        leaves = leaves_after(self.asked.placed, node)
        part = part_of(self.asked.placed, leaves, room=self.room)
        model = Model(part.placed.data, build_problem(part.placed.data))
        values, is_held = self._planned_part(model, part, node)
        found = tuple(self._checked(model, part, values, leaf) for leaf in part.tree.leaves)
        self._tell()
        return _Whole(
            node,
            part.chance,
            values,
            model.problem.utilities(values),
            violated(model.problem, values),
            found,
            _sizes(model.problem, ~is_held),
        )

    def _planned_part(self, model: Model, part: Part, node: int) -> tuple[FloatArray, np.ndarray]:
        """(n,) the plan of a part below what is decided, and which columns were."""
        problem = model.problem
        before = [self.decided[each] for each in self.tree.path_to(node) if each in self.decided]
        fixed = decided_values(problem, part.place, before)
        is_held = ~np.isnan(fixed)
        soft = penalised(held(problem, is_held, np.where(is_held, fixed, 0.0)), self.penalty)
        outcome = self._solved(replace(model, problem=soft))
        return Reading(self.asked.deal, replace(model, problem=soft), outcome).values, is_held

    def _solved(self, model: Model) -> Outcome:
        """The plan of a part; after a stop that of what must be done and nothing else."""
        if self._stopped():
            return self._solve(_idle(model), never_stop)
        return self._solve(model, lambda: self._stopped() is not None)

    def _solve(self, model: Model, should_stop: Callable[[], bool]) -> Outcome:
        problem, options = model.problem, self.asked.options
        gap = options.gap if problem.curves is None else max(options.gap, _ONE_START)
        return solve_plan(
            problem,
            HighsSolver(),
            no_deal=no_deal_columns(model),
            options=replace(options, gap=gap, time_limit=None, threads=1, is_proven=False),
            should_stop=should_stop,
        )

    def _checked(
        self, model: Model, part: Part, values: FloatArray, leaf: int
    ) -> tuple[int, Scenario, Verification]:
        path = path_of(self.asked.deal, part.placed, model.problem, values, leaf=leaf)
        whole = int(part.nodes[leaf])
        path = replace(path, leaf=whole, nodes=self.tree.path_to(whole))
        node = self.tree.nodes[whole]
        scenario, verified = checked_scenario(path, name=node.name, probability=node.probability)
        return whole, kept_small(scenario), verified

    def _prices(self, found: _Whole) -> dict[int, Decisions]:
        """By node that other parts share: what more of each of its decisions would be worth to the part."""
        part, problem = self._free(found)
        # No price is that of a violation: what the plan breaks may be broken as far, and no more.
        most = np.maximum(found.values, 0.0) * _LAST_DIGITS
        problem = replace(problem, upper=np.where(problem.is_violation, most, problem.upper))
        shared = [each for each in self.tree.path_to(found.node) if each in self.decided]
        if not shared or self._stopped():
            return {}
        is_held = np.isin(part.nodes[problem.node], shared)
        kept = held(problem, is_held, found.values)
        prices = prices_of(self._work(kept), kept.upper, found.values, step="prices of a part")
        self._tell()
        return {node: decisions_of(problem, part.place, node, prices) for node in shared}

    def _agree(self, parts: Sequence[_Whole], prices: Sequence[dict[int, Decisions]]) -> None:
        """What each part pays for shared decisions: its own prices less the mean of all parts that share."""
        for node in self.decided:
            known = [(part, own[node]) for part, own in zip(parts, prices, strict=True) if node in own]
            sharing = [part for part in parts if node in self.tree.path_to(part.node)]
            mean = mean_of([(part.chance, own) for part, own in known]) if known else None
            if mean is None or len(known) < len(sharing):
                continue
            for part, own in known:
                self.tolls.setdefault(part.node, []).append(less(own, mean))

    def _free(self, found: _Whole) -> tuple[Part, Problem]:
        part = part_of(self.asked.placed, leaves_after(self.asked.placed, found.node), room=self.room)
        return part, build_problem(part.placed.data)

    def _work(self, problem: Problem) -> Work:
        return Work(
            problem,
            HighsSolver(),
            options=replace(self.asked.options, time_limit=None, threads=1),
            on_progress=no_progress,
            should_stop=lambda: self._stopped() is not None,
        )

    def _bounds(self, found: _Whole) -> tuple[float, float]:
        """Chance × the bound of a part without tolls and with them, penalty taken off; infinite after a stop.

        Where a held decision is at the edge of what is possible, its prices can be far off on either side and
        tolls do harm.
        """
        part, problem = self._free(found)
        problem = penalised(problem, self.penalty)
        tolls = self.tolls.get(found.node, [])
        plain = self._bound(problem, found)
        tolled = plain
        if tolls:
            utility = problem.utility.copy()
            utility[SELLER] -= np.nan_to_num(decided_values(problem, part.place, tolls))
            tolled = self._bound(replace(problem, utility=utility), found)
        self._tell()
        return found.chance * plain, found.chance * tolled

    def _bound(self, problem: Problem, found: _Whole) -> float:
        if self._stopped():
            return np.inf
        return outer_bound(self._work(problem), problem.upper, found.values, step="bound of a part")

    # -- clock, stop, progress ----------------------------------------------------------------------------

    def _stopped(self) -> Termination | None:
        if self.asked.should_stop():
            return Termination.INTERRUPTED
        limit = self.asked.options.time_limit
        is_late = limit is not None and self._elapsed >= limit
        return Termination.TIME_LIMIT if is_late else None

    @property
    def _elapsed(self) -> float:
        """Seconds since the work began."""
        return self._watch.with_total["total"]

    def _begin(self, words: str, count: int) -> None:
        self._words, self._count, self._done = words, count, 0

    def _tell(self) -> None:
        with self._lock:
            self._done += 1
            step = f"{self._words}: {self._done} of {self._count}"
            self.asked.on_progress(Progress(step, self._elapsed, self._best, None))


def _idle(model: Model) -> Model:
    """The problem of what must be done and nothing else."""
    problem = model.problem
    upper = problem.upper.copy()
    optional = optional_columns(problem)
    upper[optional] = problem.lower[optional]
    return replace(model, problem=replace(problem, upper=upper))


def _sizes(problem: Problem, is_own: np.ndarray) -> tuple[int, int, int, int]:
    """Columns, rows, entries and whole numbers of some columns; a row belongs to its latest node."""
    matrix = problem.matrix
    row, latest = matrix.row_of_entry, np.full(problem.n_rows, -1)
    np.maximum.at(latest, row, problem.node[matrix.column])
    own_nodes = np.unique(problem.node[is_own])
    is_row = np.isin(latest, own_nodes)
    return (
        int(is_own.sum()),
        int(is_row.sum()),
        int(is_row[row].sum()),
        int((problem.is_integer & is_own).sum()),
    )
