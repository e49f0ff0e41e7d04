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

*Violations*: some futures break terms whatever is decided. Each part may break every term as far as its plan
does, and no further: the bound is one of all plans that break nowhere more than the plan that was found.

What is done with one part stands in `part_work`; parts go through one `engine.map` each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from dronedeal.deal import Deal
from dronedeal.engine import Abandoning, Engine, Processes, engine_of, steady
from dronedeal.errors import StoppedError
from dronedeal.planning.blocks.decisions import stock_room
from dronedeal.planning.held import Decisions, less, mean_of
from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.scenarios.parts import cut_of
from dronedeal.planning.tree import FloatArray
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.verify import Verification
from dronedeal.solving import Outcome, Progress, SolveOptions, Termination, relative_gap
from dronedeal.solving.highs import Basis, HighsSolver
from dronedeal.solving.interface import Solution, Status, never_stop, no_progress
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.scenarios.kept_pieces import KeptPieces
from dronedeal.workflow.scenarios.part_work import (
    SHARES,
    Ahead,
    PartWork,
    Piece,
    Searched,
    Tolled,
    Whole,
)

# The nodes of a layer see so many parts together, and each as much as one at least: what the first year
# decides holds in every scenario, and there is only one of it.
_PARTS_SEEN = 2
# Where costs fall with experience parts are searched in so many cuts each at most, all together in no more
# than the second number. Fewer than the third are not worth to begin: where parts are many, only the
# likeliest are searched, each in so many.
_MOST_CUTS_OF_A_PART = 120
_MOST_CUTS = 1500
_LEAST_CUTS = 20


@dataclass(frozen=True)
class Asked:
    """A plan by parts.

    Parameters
    ----------
    deal, placed : the deal, and as it is on the whole tree
    options : of the whole work; its time limit is that of all parts together
    most_nodes : of a part
    on_progress, should_stop : as of a plan
    engine : where parts are planned; None: in this machine, by as many workers as the options have threads
    has_processes : whether these may be processes, which a script without a main guard cannot start: half of
        the work holds the interpreter
    checkpoint : where each piece of the work is kept as it is done, and taken up again; then a stop on
        request before every part is planned ends the work at once. None: nothing is kept, and after such a
        stop the parts that are left do what must be done and nothing else
    """

    deal: Deal
    placed: OnTree
    options: SolveOptions
    most_nodes: int
    on_progress: Callable[[Progress], None] = no_progress
    should_stop: Callable[[], bool] = never_stop
    engine: Engine | None = None
    has_processes: bool = False
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True)
class Broken:
    """What a plan breaks of one kind of term on average over all scenarios, in units or in millions.

    Parameters
    ----------
    kind : of the term; quantity : in the plan
    alone : in parts that need share no decision, the least by the prices of violations; None: not known
    parts : number of parts that break it
    """

    kind: str
    quantity: float
    alone: float | None
    parts: int


@dataclass(frozen=True)
class ByParts:
    """What was found.

    Parameters
    ----------
    scenarios, verified : every scenario as an ordinary plan, in the order of the tree, and its checks
    utilities : (2,) expected, million: buyer and seller
    worth, bound : expected, million, of both together; the bound holds for plans that break no term by more
    kept_bound : the bound less what parts gain in their linear problems by deciding the shared years for
        themselves; what lies between it and the worth is left open by costs that fall with experience and by
        whole numbers
    broken : what the plan breaks, by kind
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
    kept_bound: float
    broken: tuple[Broken, ...]
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


def plan_by_parts(asked: Asked) -> ByParts:
    """The plan of a large tree for both sides together, and its bound; see the module.

    Raises
    ------
    VerificationError : where a scenario breaks a rule of its own problem: a fault of the program
    StoppedError : stopped on request before every part was planned, and what was found is kept
    """
    return _Parts(asked).planned()


class _Parts:
    """The work on one tree, and what is known of its parts so far."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.tree = asked.placed.tree
        self.cut = cut_of(self.tree.children, most_nodes=asked.most_nodes)
        self.work = PartWork(
            asked.deal,
            asked.placed,
            asked.options,
            asked.most_nodes,
            stock_room(asked.placed.data),
            should_stop=lambda: self._stopped() is not None,
        )
        self.kept = KeptPieces(asked.checkpoint)
        self.decided: dict[int, Decisions] = {}
        self.sizes: list[tuple[int, int, int, int]] = []
        self._watch = Stopwatch()
        self._best: float | None = None
        self._step = "no part of the tree was looked at"

    def planned(self) -> ByParts:
        """Decide, plan, bound."""
        with self._engine() as engine:
            for layer in self.cut.ahead:
                nodes = max(1, _PARTS_SEEN // len(layer)) * self.asked.most_nodes
                pieces = [Piece("ahead", replace(self._ahead(node), nodes=nodes)) for node in layer]
                found = self._all(engine, pieces, "looking ahead")
                for node, (decided, sizes) in zip(layer, found, strict=True):
                    self.decided[node] = decided
                    self.sizes.append(sizes)
            parts = self._wholes(engine)
            self._best = sum(each.chance * each.worth for each in parts)
            bound, shared = self._bounded(engine, parts)
        return self._found(parts, bound, shared)

    def _engine(self) -> AbstractContextManager[Engine]:
        asked, count = self.asked, max(1, self.asked.options.threads)
        if asked.engine is not None:
            return nullcontext(asked.engine)
        # A single process, too: one that is at work can be ended at a stop, a thread cannot.
        return Processes(count) if asked.has_processes else engine_of(count)

    def _wholes(self, engine: Engine) -> tuple[Whole, ...]:
        """All parts, the first of each family before the others, which start from where it ended.

        Parts that follow the same node are much alike. Which one the others start from does not depend on
        what is finished first, so that any number of workers finds the same.
        """
        first: dict[int, int] = {}
        for node in self.cut.whole:
            first.setdefault(self._parent(node), node)
        found: dict[int, Whole] = {}
        self._plan(engine, found, [Piece("whole", self._ahead(node)) for node in sorted(first.values())])
        others = [node for node in self.cut.whole if node not in found]
        starts = {node: found[first[self._parent(node)]].start for node in others}
        self._plan(engine, found, [Piece("whole", self._ahead(node, starts[node])) for node in others])
        return tuple(found[node] for node in self.cut.whole)

    def _plan(self, engine: Engine, found: dict[int, Whole], pieces: Sequence[Piece]) -> None:
        """Add the plans of some parts to those that were found before."""
        count = len(found), len(self.cut.whole)
        found.update((each.node, each) for each in self._all(engine, pieces, "parts planned", count=count))

    def _parent(self, node: int) -> int:
        return self.tree.nodes[node].parent

    def _ahead(self, node: int, start: Basis | None = None) -> Ahead:
        before = {each: self.decided[each] for each in self.tree.path_to(node) if each in self.decided}
        return Ahead(node, before, start)

    def _bounded(self, engine: Engine, parts: Sequence[Whole]) -> tuple[float, float]:
        """The bound of all parts where they pay for what they share; what deciding that freely adds to it."""
        tolls = agreed({node: self._sharing(parts, node) for node in self.decided})
        paying = [
            Tolled(each.node, each.values, each.basis, tuple(tolls.get(each.node, ()))) for each in parts
        ]
        chance = np.array([each.chance for each in parts])
        by_share = self._tolled(engine, parts, paying)
        total = chance @ by_share
        best = int(np.argmin(total))
        if not np.isfinite(total[best]):
            return np.inf, 0.0
        bounds = by_share[:, best].copy()
        shared = total[best] - sum(each.chance * each.bounds.kept for each in parts)
        assert self._best is not None
        is_wide = relative_gap(self._best, float(total[best])) > self.asked.options.gap
        if is_wide and parts[0].has_curves and not self._stopped():
            cuts, chosen = searched_of(chance)
            share = (0.0, *SHARES)[best]
            pieces = [
                Piece("searched", Searched(paying[number], share, float(bounds[number]), cuts))
                for number in chosen
            ]
            bounds[chosen] = self._all(engine, pieces, "parts searched")
        return float(chance @ bounds), float(shared)

    def _tolled(self, engine: Engine, parts: Sequence[Whole], paying: Sequence[Tolled]) -> FloatArray:
        """(parts, 1 + shares) bounds of all parts without tolls and with each share of them."""
        free = np.array([each.bounds.free for each in parts])
        by_share = np.repeat(free[:, None], 1 + len(SHARES), axis=1)
        chosen = [number for number, part in enumerate(paying) if part.tolls]
        if chosen and not self._stopped():
            pieces = [Piece("tolled", paying[number]) for number in chosen]
            by_share[chosen, 1:] = self._all(engine, pieces, "parts bounded")
        return by_share

    def _sharing(self, parts: Sequence[Whole], node: int) -> list[Whole]:
        return [part for part in parts if node in self.tree.path_to(part.node)]

    def _found(self, parts: Sequence[Whole], bound: float, shared: float) -> ByParts:
        utilities: FloatArray = np.sum([each.chance * each.utilities for each in parts], axis=0)
        worth = float(utilities.sum())
        bound = max(bound, worth)
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
            kept_bound=min(bound, max(worth, bound - max(0.0, shared))) if np.isfinite(bound) else bound,
            broken=broken_by(parts),
            is_relaxed=any(each.plan.tables["violations"] for each, _ in found),
            termination=ended,
            n_parts=len(parts),
            sizes=dict(zip(("columns", "rows", "nonzeros", "integers"), sizes, strict=True)),
            seconds=self._elapsed,
        )

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

    def _all(
        self, engine: Engine, pieces: Sequence[Piece], words: str, *, count: tuple[int, int] | None = None
    ) -> list[Any]:
        """What becomes of all pieces, each told of as it comes.

        Work elsewhere is given up at a stop; what is left of it is done here, looking for nothing more.

        Parameters
        ----------
        count : pieces of the same kind that are done already, and all of them; None: these are all
        """
        done, most = count or (0, len(pieces))
        is_elsewhere = isinstance(engine, Abandoning)
        found: list[Any] = []
        todo = [self.kept.known(piece) for piece in pieces]
        results = steady(
            engine,
            self.work.do,
            todo,
            should_stop=lambda: self._must_end or (is_elsewhere and self._stopped() is not None),
        )
        for piece, result in zip(todo, chain(results, self._rest(todo, found)), strict=True):
            found.append(result)
            if self._stopped() is None:
                # What was cut short is no result to go on with.
                self.kept.keep(piece, result)
            self._step = f"{words}: {done + len(found)} of {most}"
            self.asked.on_progress(Progress(self._step, self._elapsed, self._best, None))
        return found

    def _rest(self, pieces: Sequence[Piece], found: Sequence[Any]) -> Iterator[Any]:
        """What becomes of the pieces of which nothing is found yet, seen when they are asked for."""
        for piece in pieces[len(found) :]:
            if self._must_end:
                raise StoppedError(f"stopped before there was a plan ({self._step})")
            yield self.work.do(piece)

    @property
    def _must_end(self) -> bool:
        """Whether the work ends without a plan: on request before there is one, with what is found kept."""
        is_early, asked = self._best is None, self.asked
        return is_early and asked.checkpoint is not None and asked.should_stop()


def searched_of(chance: FloatArray) -> tuple[int, list[int]]:
    """In how many cuts parts are searched, and the numbers of those that are: the likeliest of many.

    Parameters
    ----------
    chance : (parts,) of each

    Examples
    --------
    >>> searched_of(np.array([0.2, 0.5, 0.3]))
    (120, [0, 1, 2])
    >>> cuts, chosen = searched_of(np.append(np.full(100, 0.005), 0.5))
    >>> cuts, len(chosen), chosen[-1]
    (20, 75, 100)
    """
    count = min(len(chance), _MOST_CUTS // _LEAST_CUTS)
    likeliest = np.argsort(-chance, kind="stable")[:count]
    return min(_MOST_CUTS_OF_A_PART, _MOST_CUTS // count), sorted(likeliest.tolist())


def agreed(sharing: Mapping[int, Sequence[Whole]]) -> dict[int, list[Decisions]]:
    """What each part pays for shared decisions: its own prices less the mean of all parts that share.

    Where not all of them have prices for the same decisions, nobody pays for those.

    Parameters
    ----------
    sharing : of each shared node the parts that come after it
    """
    tolls: dict[int, list[Decisions]] = {}
    for node, shared in sharing.items():
        known = [(part, part.prices[node]) for part in shared if node in part.prices]
        mean = mean_of([(part.chance, own) for part, own in known]) if known else None
        if mean is None or len(known) < len(shared):
            continue
        for part, own in known:
            tolls.setdefault(part.node, []).append(less(own, mean))
    return tolls


def broken_by(parts: Sequence[Whole]) -> tuple[Broken, ...]:
    """What the plan of all parts breaks, by kind of term."""
    breaking = [each for each in parts if each.broken]
    is_known = all(each.alone is not None for each in breaking)
    kinds = sorted({kind for each in breaking for kind in (*each.broken, *(each.alone or {}))})
    return tuple(
        Broken(
            kind,
            sum(each.chance * each.broken.get(kind, 0.0) for each in breaking),
            sum(each.chance * (each.alone or {}).get(kind, 0.0) for each in breaking) if is_known else None,
            sum(kind in each.broken for each in breaking),
        )
        for kind in kinds
    )
