"""What a signed plan comes to in one future: re-planned year by year, then measured as it really went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.errors import SolverError
from dronedeal.planning.data import PlanningData
from dronedeal.planning.model import build_problem
from dronedeal.planning.problem import Problem
from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.scenarios.carry import Columns, Named, carried, columns_of
from dronedeal.planning.scenarios.fresh import State, expected_on, fresh_path, replanned_stages
from dronedeal.planning.scenarios.grow import stages_of
from dronedeal.planning.scenarios.paths import Kept, PathArrays, state_key
from dronedeal.planning.scenarios.promises import with_promises, with_shortfalls
from dronedeal.planning.scenarios.scales import without_scales
from dronedeal.planning.stamped import Template
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.results.stress.causes import Turn, alone, cause_of, first_failure, turns_of
from dronedeal.results.stress.measure import Measured, measured
from dronedeal.results.stress.tables import Future
from dronedeal.solving import SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.replan import Replanner
from dronedeal.workflow.stress_test.signed import Signed

# Up to so many columns each re-plan is a plan of its own; above, a linear problem that starts hot.
EXACT_COLUMNS = 3000
_EXACT_GAP = 1e-4
# Re-plans whose later years differ share what came before them: the last ones whole, many as plans alone.
_KEPT_WHOLE, _KEPT_PLANS = 8, 2048
# So many problems are kept that others are stamped on: one for each way in which prices, delays and
# effectiveness turn out, the last used ones.
_KEPT_TEMPLATES = 24
POLICIES: Mapping[str, str] = {
    "exact": (
        "each year what is left is planned anew as a plan of its own, in whole units and at costs that fall "
        "with experience; what was decided before stays"
    ),
    "linear": (
        "each year what is left is planned anew as a linear problem: openings, steps, work and projects stay "
        "as they were signed, contract quantities need not be whole, and the costs of what is learnt are "
        "those at the signed plan; what is reported is at true costs"
    ),
}


@dataclass(frozen=True)
class Ended:
    """One future at its end.

    placed : the deal on the path as it turned out; problem, values : of the path, and how it went
    """

    placed: OnTree
    problem: Problem
    values: FloatArray


@dataclass(frozen=True)
class _Went:
    """The plan after a re-plan, in little memory.

    columns : their names; at, value : (k,) numbers and values of those that are not zero
    """

    columns: Columns
    at: IntArray
    value: FloatArray

    @property
    def values(self) -> FloatArray:
        """(n,) value of every column."""
        found = np.zeros(sum(family.count for family in self.columns.columns.values()))
        found[self.at] = self.value
        return found


class Futures:
    """Goes through futures of a signed plan; several threads may ask at once.

    Parameters
    ----------
    signed : the plan with its deal
    seed : of the draws
    policy : `exact` or `linear`; None: exact where the deal is small
    """

    def __init__(self, signed: Signed, *, seed: int, policy: str | None = None) -> None:
        self._signed = signed
        self.deal: Deal = signed.deal
        self.seed = seed
        self.stages = stages_of(self.deal)
        self._arrays = PathArrays(self.deal)
        none: tuple[State, ...] = ({},) * len(self.stages)
        self._templates = Kept(_KEPT_TEMPLATES)
        self._stated = self._placed(none)
        self.problem = self._built(none, self._stated)
        self.values = carried(self.problem, signed.problem, signed.values)
        self.stated = measured(self._stated.data, self.problem, self.values)
        self.promised = frozenset(
            service for service, room in self.stated.services.items() if room.margin >= 0
        )
        is_small = self.problem.n_columns <= EXACT_COLUMNS
        self.policy = policy or ("exact" if is_small else "linear")
        uncertain = [number for number, stage in enumerate(self.stages) if stage.factors]
        # All that the plan is worth for a promise broken as a whole: less than for any term.
        self._price = max(1.0, float(np.abs(self.problem.utilities(self.values)).sum()))
        wider = self._with_promises(self._stated, self.problem)
        self._replanner = Replanner(wider, with_shortfalls(wider, self.values), stages=uncertain)
        self._whole, self._plans, self._measured = Kept(_KEPT_WHOLE), Kept(_KEPT_PLANS), Kept(4096)

    def __reduce__(self) -> tuple[Any, ...]:
        # What travels to another process is what these are made of; it makes them again, once.
        return partial(Futures, seed=self.seed, policy=self.policy), (self._signed,)

    @property
    def data(self) -> PlanningData:
        """The arrays for the figures as stated."""
        return self._stated.data

    @property
    def combinations(self) -> int:
        """Futures that the rows of uncertainty allow."""
        return int(np.prod([stage.combinations for stage in self.stages], dtype=object))

    def future(self, number: int) -> Future:
        """One path by its number, from 1 on."""
        states = fresh_path(self.stages, seed=self.seed, path=number)
        return Future(number, states, self.found(states))

    def answer(self, asked: int | Turn) -> Measured:
        """What the plan comes to in a path, by its number, or where one outcome alone turns out otherwise."""
        return self.future(asked).found if isinstance(asked, int) else self.tried(asked)

    def known(self, number: int, found: Measured) -> Future:
        """One path that was gone through before."""
        return Future(number, fresh_path(self.stages, seed=self.seed, path=number), found)

    def found(self, states: Sequence[State]) -> Measured:
        """What the plan comes to where these states turn out."""
        key = tuple(state_key(state) for state in states)
        return self._measured.get(key, lambda: self._go(states))

    def _go(self, states: Sequence[State]) -> Measured:
        ended = self.ended(states)
        return measured(ended.placed.data, ended.problem, ended.values, promised=self.stated)

    def ended(self, states: Sequence[State]) -> Ended:
        """The path month by month: each year that turns out otherwise than expected has a new plan."""
        stages = replanned_stages(states)
        if not stages:
            return Ended(self._stated, self.problem, self.values)
        return self._replanned(states, stages)

    def _replanned(self, states: Sequence[State], stages: Sequence[int]) -> Ended:
        """The plan after the last of some re-plans; the same beginning is planned once."""
        seen = expected_on(states, stages[-1])
        key = tuple(state_key(state) for state in seen)

        def plan() -> Ended:
            placed = self._placed(seen)
            problem = self._built(seen, placed)
            went = self._plans.get(key, lambda: self._went(states, stages, placed=placed, problem=problem))
            return Ended(placed, problem, went.values)

        return self._whole.get(key, plan)

    def _planned_so_far(self, states: Sequence[State], stages: Sequence[int]) -> tuple[Named, FloatArray]:
        """The plan after some re-plans, and the names of its columns."""
        if not stages:
            return self.problem, self.values
        key = tuple(state_key(state) for state in expected_on(states, stages[-1]))
        went = self._plans.get(key, lambda: self._went(states, stages))
        return went.columns, went.values

    def _went(
        self,
        states: Sequence[State],
        stages: Sequence[int],
        *,
        placed: OnTree | None = None,
        problem: Problem | None = None,
    ) -> _Went:
        """The plan after the last of some re-plans, with its arrays and its problem where they are known."""
        stage = stages[-1]
        seen = expected_on(states, stage)
        placed = placed or self._placed(seen)
        problem = problem or self._built(seen, placed)
        values = carried(problem, *self._planned_so_far(states, stages[:-1]))
        wider = self._with_promises(placed, problem)
        found = self._planned(wider, with_shortfalls(wider, values), stage=stage)[: problem.n_columns]
        at = np.flatnonzero(found)
        return _Went(columns_of(problem, self.problem), at, found[at])

    def _with_promises(self, placed: OnTree, problem: Problem) -> Problem:
        return with_promises(problem, placed.data, self.stated.covered, price=self._price)

    def _planned(self, problem: Problem, values: FloatArray, *, stage: int) -> FloatArray:
        if self.policy == "exact":
            found = planned_exactly(problem, values, stage=stage)
            if found is not None:
                return found
        return self._replanner.replan(problem, values, stage=stage)

    def _placed(self, states: Sequence[State]) -> OnTree:
        return self._arrays.along(states)

    def _built(self, states: Sequence[State], placed: OnTree) -> Problem:
        """The problem of a path, stamped on one in which only multiplied figures are others."""
        key = tuple(state_key(without_scales(state)) for state in states)
        template = self._templates.get(key, lambda: Template(placed.data))
        return template.problem_of(placed.data) or build_problem(placed.data)

    def turns_to_try(self, future: Future) -> Sequence[Turn]:
        """The outcomes of a path that may be what breaks its first promise; none where it keeps all."""
        failure = first_failure(future.found, self.promised)
        return () if failure is None else turns_of(future.states, self.stage_of(failure.room.month))

    def with_cause(self, future: Future, *, tried: Callable[[Turn], Measured | None]) -> Future:
        """A path with the first promise that it breaks, and why, if all its outcomes were tried alone."""
        failure = first_failure(future.found, self.promised)
        if failure is None:
            return future
        turns = self.turns_to_try(future)
        found = {turn: each for turn in turns if (each := tried(turn)) is not None}
        is_known = len(found) == len(turns)
        cause = cause_of(failure.service, turns, found, self.stated) if is_known else None
        return replace(future, failure=failure, cause=cause)

    def tried(self, turn: Turn) -> Measured:
        """What the plan comes to where nothing but one outcome turns out otherwise."""
        return self.found(alone(turn, len(self.stages)))

    def stage_of(self, month: int) -> int:
        """Fiscal year of the buyer that a month is in, counted from 0."""
        tree = self.data.tree
        return int(tree.stage[tree.slot_node[month]])


def planned_exactly(problem: Problem, values: FloatArray, *, stage: int) -> FloatArray | None:
    """(n,) the best plan from a stage on, in whole units; None where what was done leaves none to the search.

    Parameters
    ----------
    problem : with the figures as they are seen when the stage begins
    values : (n,) its columns as they went so far
    """
    is_done = problem.node < stage
    if (problem.is_violation & is_done & (values > 0)).any():
        return None
    held = np.clip(values, problem.lower, problem.upper)
    # What is done is done: rows of nothing else are no question any more, however its figures were rounded.
    entry = problem.matrix
    is_open = np.zeros(problem.n_rows, dtype=bool)
    is_open[entry.row_of_entry[~is_done[entry.column]]] = True
    left = replace(
        problem,
        row_lower=np.where(is_open, problem.row_lower, -np.inf),
        row_upper=np.where(is_open, problem.row_upper, np.inf),
        lower=np.where(is_done, held, problem.lower),
        upper=np.where(is_done, held, problem.upper),
    )
    try:
        outcome = solving.solve_plan(
            left,
            HighsSolver(),
            no_deal=np.zeros(0, dtype=np.int64),
            options=SolveOptions(gap=_EXACT_GAP, is_proven=False),
        )
    except SolverError:  # rules without a violation leave no plan; the linear problem lets any row give way
        return None
    found = outcome.solution.values
    return None if found is None else np.where(is_done, values, found[: problem.n_columns])
