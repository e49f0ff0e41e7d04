"""The work on one part of a large tree: its decisions, its plan, its bounds.

Every piece of work is a function of what it is given, so that pieces can be done in any order and anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from dronedeal.deal import Deal
from dronedeal.errors import SolverError, StoppedError
from dronedeal.planning import Model, Problem, build_problem, no_deal_columns
from dronedeal.planning.data import SELLER
from dronedeal.planning.held import Decisions, decided_values, decisions_of, held
from dronedeal.planning.model import optional_columns
from dronedeal.planning.penalised import by_kind, dearest, expected_price, limited, softened, violated
from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.scenarios.parts import leaves_after, part_ahead
from dronedeal.planning.scenarios.within import Part, part_of
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.path import path_of
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.verify import Verification
from dronedeal.solving import Outcome, SolveOptions, solve_plan
from dronedeal.solving.forms import form_of
from dronedeal.solving.highs import Basis, HighsSolver, with_free_row
from dronedeal.solving.interface import ShouldStop, Solution, Status, Termination, never_stop, no_progress
from dronedeal.solving.learning_bound import LearningBound
from dronedeal.solving.outer_bound import Relaxation, outer_bound
from dronedeal.solving.work import Work
from dronedeal.workflow.scenarios.checked import checked_scenario, kept_small

# Where costs fall with experience a part is planned from one start: chords are about this far anyway. Who
# looks ahead may be any way off: what is broken there at a price says nothing of how near the best is.
_ONE_START = 0.1
# How much further than it must a plan may break terms, so that whole quantities are found.
_ROOM = 1e-2
# With more whole numbers a plan that breaks terms at their price stands.
_FEW_INTEGERS = 200
# A plan that breaks no more than this above the least that it must is not made again.
_NEAR_LEAST = 1e-3
# Parts of the tolls that are tried. The bound is convex in them, and where a held decision is at the edge of
# what is possible, the whole of what it would be worth is too much.
SHARES = (0.25, 0.5, 1.0)

Held = Mapping[int, Decisions]


@dataclass(frozen=True)
class Ahead:
    """A node to be decided, or planned with all that follows it.

    Parameters
    ----------
    node : its number
    before : what the nodes before it decided
    start : where the first linear problem of another part like this one ended; None: of none
    nodes : that a node which is decided sees at most, the years before it included; None: as many as a part
    """

    node: int
    before: Held
    start: Basis | None = None
    nodes: int | None = None


@dataclass(frozen=True)
class Bounds:
    """What no plan for a part is worth more than, million, without its chance; infinite where unknown.

    Parameters
    ----------
    free : deciding the shared years for itself
    kept : below what was decided there
    """

    free: float
    kept: float


@dataclass(frozen=True)
class Whole:
    """A part that was planned as a whole: its plan, its scenarios checked, its bounds.

    Parameters
    ----------
    node : after which everything belongs to the part; chance : of its scenarios together
    values : (n,) of its problem; utilities : (2,) expected where the part comes, million
    broken : what it breaks by kind of term on average; alone : the least that it could have broken alone,
        whole numbers aside; None where nothing is broken or that is not known
    prices : what more of each decision that other parts share would be worth to it, by node; none: unknown
    basis : where its linear problem ended, for the next one
    start : where the first one of its plan ended, for other parts; None where it began at that of another
    scenarios : number of the leaf, plan and checks of each; sizes : columns, rows, entries and integers
    has_curves : whether costs fall with experience
    """

    node: int
    chance: float
    values: FloatArray
    utilities: FloatArray
    broken: Mapping[str, float]
    alone: Mapping[str, float] | None
    bounds: Bounds
    prices: Held
    basis: Basis | None
    start: Basis | None
    scenarios: tuple[tuple[int, Scenario, Verification], ...]
    sizes: tuple[int, int, int, int]
    has_curves: bool

    @property
    def worth(self) -> float:
        """Of both sides together, million, where the part comes."""
        return float(self.utilities.sum())


@dataclass(frozen=True)
class Tolled:
    """A part that was planned, without its scenarios, and what it pays for shared decisions, by node."""

    node: int
    values: FloatArray
    basis: Basis | None
    tolls: tuple[Decisions, ...]


@dataclass(frozen=True)
class Searched:
    """A part whose bound is to be lowered where costs fall with experience.

    Parameters
    ----------
    paying : the part and its tolls, none where it pays nothing; share : of its tolls that it pays
    bound : of the linear problem at this share, million
    cuts : of all its learning groups together
    """

    paying: Tolled
    share: float
    bound: float
    cuts: int


@dataclass(frozen=True)
class Again:
    """What an earlier run found of a piece of the work; of a part that was planned without its scenarios."""

    found: Any


@dataclass(frozen=True)
class Piece:
    """A piece of the work: which function of `PartWork`, and what it is given."""

    kind: Literal["ahead", "whole", "tolled", "searched", "again"]
    given: Ahead | Tolled | Searched | Again


@dataclass(frozen=True)
class PartWork:
    """The work on any part of one tree.

    Parameters
    ----------
    deal, placed : the deal, and as it is on the whole tree
    options : of every solve; its time limit is that of all parts together and not heeded here
    most_nodes : of a part
    room : (R, n_nodes) of stocks in the whole tree
    should_stop : whether no more should be looked for; what must be done is done all the same
    one_start : where costs fall with experience, how far from its bound a plan from one start may be
    """

    deal: Deal
    placed: OnTree
    options: SolveOptions
    most_nodes: int
    room: FloatArray
    should_stop: ShouldStop = field(default=never_stop)
    one_start: float = _ONE_START

    def __reduce__(self) -> tuple[Any, ...]:
        # Whether to stop is known where the work was begun; work done elsewhere is given up from there.
        return PartWork, (self.deal, self.placed, self.options, self.most_nodes, self.room)

    def do(self, asked: Piece) -> Any:
        """One piece of work; all kinds are one function, which travels to other processes once."""
        return getattr(self, asked.kind)(asked.given)

    def ahead(self, asked: Ahead) -> tuple[Decisions, tuple[int, int, int, int]]:
        """What a node decides looking ahead, and the sizes of its own problem.

        Only its own whole numbers are looked for: what later years decide is decided again, knowing more.
        """
        most_nodes = self.most_nodes if asked.nodes is None else asked.nodes
        part = part_ahead(self.placed, asked.node, room=self.room, most_nodes=most_nodes)
        problem = build_problem(part.placed.data)
        is_own = part.nodes[problem.node] == asked.node
        model = Model(part.placed.data, _whole_in(problem, is_own))
        below, _ = self._below(model.problem, part, asked)
        soft = softened(below, dearest(model.data))
        looking = replace(self, one_start=np.inf)
        values = looking._values(replace(model, problem=soft), HighsSolver(is_hot=True))
        return decisions_of(problem, part.place, asked.node, values), _sizes(problem, is_own)

    def whole(self, asked: Ahead) -> Whole:
        """The plan of everything that can follow a node, its scenarios checked, and its bounds."""
        part, problem = self._part(asked.node)
        model = Model(part.placed.data, problem)
        values, is_held, start = self._diving_once._planned(model, part, asked)
        found = tuple(self._checked(model, part, values, leaf) for leaf in part.tree.leaves)
        broken = by_kind(problem, values)
        bounds, prices, basis = self._bounded(problem, values, is_held, start)
        return Whole(
            node=asked.node,
            chance=part.chance,
            values=values,
            utilities=problem.utilities(values),
            broken=broken,
            alone=self._least_alone(problem) if broken else None,
            bounds=bounds,
            prices={each: decisions_of(problem, part.place, each, prices) for each in asked.before}
            if prices is not None
            else {},
            basis=basis,
            start=start if asked.start is None else None,
            scenarios=found,
            sizes=_sizes(problem, ~is_held),
            has_curves=problem.curves is not None,
        )

    def again(self, asked: Again) -> Any:
        """What was found before; the scenarios of a part are made of its plan, and checked, once more."""
        if not isinstance(asked.found, Whole):
            return asked.found
        part, problem = self._part(asked.found.node)
        model, values = Model(part.placed.data, problem), asked.found.values
        found = tuple(self._checked(model, part, values, leaf) for leaf in part.tree.leaves)
        return replace(asked.found, scenarios=found)

    def tolled(self, asked: Tolled) -> tuple[float, ...]:
        """The bounds of a part that pays each of `SHARES` of its tolls; infinite where not known."""
        if self.should_stop():
            return (np.inf,) * len(SHARES)
        part, problem = self._part(asked.node)
        toll = np.nan_to_num(decided_values(problem, part.place, asked.tolls))
        open_as_far = limited(problem, asked.values)
        if problem.curves is None:
            return tuple(self._searched(open_as_far, asked.values, share * toll) for share in SHARES)
        solver = HighsSolver()
        solver.begin_at([] if asked.basis is None else [asked.basis])
        work = self._work(open_as_far, solver)
        relaxation = Relaxation(work, open_as_far.upper, asked.values, step="bound of a part")
        return tuple(relaxation.charged(share * toll) for share in SHARES)

    def searched(self, asked: Searched) -> float:
        """The bound of a part at its tolls once each of its learning groups was searched by itself."""
        paying = asked.paying
        if self.should_stop():
            return asked.bound
        part, problem = self._part(paying.node)
        if problem.curves is None:
            return asked.bound
        toll = asked.share * np.nan_to_num(decided_values(problem, part.place, paying.tolls))
        charged = _charged(limited(problem, paying.values), toll)
        worth = float(charged.utilities(paying.values).sum())
        solver = HighsSolver()
        solver.begin_at([] if paying.basis is None else [with_free_row(paying.basis)])
        proof = LearningBound(
            self._work(charged, solver),
            "joint",
            charged.upper,
            None,
            step="bound of a part",
            bound=asked.bound,
            best=Solution(Status.OK, Termination.OPTIMAL, paying.values, worth, asked.bound, None, 0.0),
            cuts=(asked.cuts,),
        )
        return min(asked.bound, proof.prove())

    def _searched(self, problem: Problem, values: FloatArray, toll: FloatArray) -> float:
        """The bound of a part without curves, whole numbers searched for."""
        charged = _charged(problem, toll)
        return outer_bound(self._work(charged), charged.upper, values, step="bound of a part")

    # -- the plan -----------------------------------------------------------------------------------------

    @property
    def _diving_once(self) -> PartWork:
        """The same with whole numbers looked for once: no other part has to live with what a part decides."""
        return replace(self, options=replace(self.options, is_climbed=False))

    def _part(self, node: int) -> tuple[Part, Problem]:
        part = part_of(self.placed, leaves_after(self.placed, node), room=self.room)
        return part, build_problem(part.placed.data)

    def _planned(self, model: Model, part: Part, asked: Ahead) -> tuple[FloatArray, np.ndarray, Basis | None]:
        """(n,) the plan of a part below what is decided, which columns were, and where its first solve ended.

        Terms are broken at a price at first. Where the plan breaks some in a problem of few whole numbers,
        the least that must be broken is worked out, and the plan made again that may break that and a little
        more; with more of them neither would end soon.
        """
        problem = model.problem
        below, is_held = self._below(problem, part, asked)
        soft = softened(below, dearest(model.data))
        solver = HighsSolver(is_hot=True)
        solver.begin_at([] if asked.start is None else [asked.start])
        values = self._values(replace(model, problem=soft), solver)
        start = next(iter(solver.bases()), None)
        found = violated(below, values)
        if found > 0 and problem.is_integer.sum() <= _FEW_INTEGERS and not self.should_stop():
            least = self._least(below)
            if least is not None and violated(below, least) < found * (1.0 - _NEAR_LEAST):
                again = self._values_within(replace(model, problem=soft), below, least)
                if again is not None and violated(below, again) < found:
                    values = again
        return values, is_held, start

    def _below(self, problem: Problem, part: Part, asked: Ahead) -> tuple[Problem, np.ndarray]:
        """The problem below what was decided before, and (n,) which columns were."""
        fixed = decided_values(problem, part.place, asked.before.values())
        is_held = ~np.isnan(fixed)
        return held(problem, is_held, np.where(is_held, fixed, 0.0)), is_held

    def _values_within(self, model: Model, below: Problem, least: FloatArray) -> FloatArray | None:
        """The plan that breaks little more than it must; None where none is found."""
        most = limited(below, least, room=_ROOM).upper
        problem = replace(model.problem, upper=np.where(below.is_violation, most, below.upper))
        try:
            return self._values(replace(model, problem=problem), HighsSolver())
        except (SolverError, StoppedError):
            return None

    def _values(self, model: Model, solver: HighsSolver) -> FloatArray:
        """(n,) the plan of a part; after a stop that of what must be done and nothing else, if there is one.

        What was begun in years that are held may ask for more, such as what is in store for being shipped:
        then the part is planned as ever.
        """
        if not self.should_stop():
            try:
                return self._read(model, self._solve(model, solver, self.should_stop))
            except StoppedError:
                pass  # not even what must be done was found in that search
        try:
            return self._read(model, self._solve(_idle(model), HighsSolver(), never_stop))
        except SolverError:
            return self._read(model, self._solve(model, HighsSolver(), never_stop))

    def _read(self, model: Model, outcome: Outcome) -> FloatArray:
        return Reading(self.deal, model, outcome).values

    def _solve(self, model: Model, solver: HighsSolver, should_stop: Callable[[], bool]) -> Outcome:
        problem, options = model.problem, self.options
        gap = options.gap if problem.curves is None else max(options.gap, self.one_start)
        return solve_plan(
            problem,
            solver,
            no_deal=no_deal_columns(model),
            options=replace(options, gap=gap, time_limit=None, threads=1, is_proven=False),
            should_stop=should_stop,
        )

    def _least(self, below: Problem) -> FloatArray | None:
        """(n,) a plan that breaks as little as it must on average; None: none is found."""
        work = self._work(below)
        form = form_of(work.linear, "joint", below.upper, None)
        form = replace(form, objective=-expected_price(below), constant=0.0)
        return work.dived(form, step="least violation").values

    def _least_alone(self, problem: Problem) -> Mapping[str, float] | None:
        """The least that a part could have broken alone, by kind, whole numbers aside."""
        if self.should_stop():
            return None
        work = self._work(problem)
        form = form_of(work.linear, "joint", problem.upper, None)
        free = np.zeros_like(form.is_integer)
        form = replace(form, objective=-expected_price(problem), constant=0.0, is_integer=free, is_whole=None)
        values = work.solve(form, step="least violation alone").values
        return None if values is None else by_kind(problem, values)

    def _checked(
        self, model: Model, part: Part, values: FloatArray, leaf: int
    ) -> tuple[int, Scenario, Verification]:
        path = path_of(self.deal, part.placed, model.problem, values, leaf=leaf)
        whole = int(part.nodes[leaf])
        path = replace(path, leaf=whole, nodes=self.placed.tree.path_to(whole))
        node = self.placed.tree.nodes[whole]
        scenario, verified = checked_scenario(path, name=node.name, probability=node.probability)
        return whole, kept_small(scenario), verified

    # -- the bounds ---------------------------------------------------------------------------------------

    def _bounded(
        self, problem: Problem, values: FloatArray, is_held: np.ndarray, start: Basis | None
    ) -> tuple[Bounds, FloatArray | None, Basis | None]:
        """Bounds of a part that breaks its terms no further than its plan, and prices of what it shares.

        From the basis of the plan to what is held, and on to what is free: a third of the time that it takes
        to solve what is free afresh.
        """
        if self.should_stop():
            return Bounds(np.inf, np.inf), None, None
        open_as_far = limited(problem, values)
        solver, step = HighsSolver(), "bound of a part"
        solver.begin_at([] if start is None else [start])
        work = self._work(open_as_far, solver)
        kept = held(open_as_far, is_held, values) if is_held.any() else None
        relaxation = Relaxation(work, open_as_far.upper, values, step=step, kept=kept)
        relaxation.keep()
        basis, free = next(iter(solver.bases()), None), relaxation.bound
        if problem.curves is None:
            free = outer_bound(self._work(open_as_far), open_as_far.upper, values, step=step)
        return Bounds(free, min(relaxation.kept_bound, free)), relaxation.prices, basis

    def _work(self, problem: Problem, solver: HighsSolver | None = None) -> Work:
        return Work(
            problem,
            solver or HighsSolver(),
            options=replace(self.options, time_limit=None, threads=1),
            on_progress=no_progress,
            should_stop=self.should_stop,
        )


def _whole_in(problem: Problem, chosen: np.ndarray) -> Problem:
    """The problem in which only some columns need be whole numbers."""
    return replace(problem, is_integer=problem.is_integer & chosen, is_whole=problem.is_whole & chosen)


def _idle(model: Model) -> Model:
    """The problem of what must be done and nothing else."""
    problem = model.problem
    upper = problem.upper.copy()
    optional = optional_columns(problem)
    upper[optional] = problem.lower[optional]
    return replace(model, problem=replace(problem, upper=upper))


def _charged(problem: Problem, toll: FloatArray) -> Problem:
    """The problem with a price on each unit of each column, borne by the seller."""
    utility = problem.utility.copy()
    utility[SELLER] -= toll
    return replace(problem, utility=utility)


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
