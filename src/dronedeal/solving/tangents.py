"""The best plan that is found where costs fall with experience, with a bound that no plan beats.

The problem with chords in place of its curves is linear; no plan is worth more than its optimum, which is the
first bound. `learning_bound` lowers it around the plan that is found. A plan is improved along tangents: the
linear problem that touches the true one at the plan is solved, and where its optimum is truly worth more, it
is the next plan. Every plan is judged at its true cost. What decides when to stop is the work done, never the
clock, so that the same deal gives the same plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.forms import WEIGHTS, ObjectiveKind, form_of, rounded_after
from dronedeal.solving.interface import (
    STOPPED,
    LoadedProblem,
    MatrixForm,
    Solution,
    Status,
    Termination,
    relative_gap,
)
from dronedeal.solving.learning_bound import LearningBound
from dronedeal.solving.work import Work

OnFirst = Callable[[Solution, Solution], None]

# A plan counts as better where it is worth more by this share; below it lies the solver's tolerance.
_RISE = 1e-6
_MOST_ROUNDS = 12
# Parts of the way to the optimum of the tangent problem that are tried in turn.
_PARTS_OF_THE_WAY = (1.0, 0.5, 0.25, 0.1)
# The other side's alternative is kept up to this share.
_ALTERNATIVE_TOLERANCE = 1e-8


def best_on_curves(
    work: Work,
    kind: ObjectiveKind,
    upper: FloatArray,
    alternative: float | None,
    *,
    step: str,
    is_rounded_after: bool = False,
    on_first: OnFirst | None = None,
) -> tuple[Solution, Solution]:
    """The best plan found for one objective, at its true cost, and a bound that no plan beats.

    Parameters
    ----------
    work : the problem and its solver
    kind : whose utility is maximised
    upper : (n,) upper bounds of the columns
    alternative : utility in millions that the other side keeps; None for none
    is_rounded_after : no contract quantity is searched, all are made whole after the search
    on_first : called once with the first plan, before and after its contract quantities were made whole

    Returns
    -------
    the plan before and after its contract quantities were made whole, with the true objective; termination
    `iteration_limit` where the gap that was asked for is not reached when the plan stops getting better,
    `infeasible` where no plan that leaves the other side its alternative was found
    """
    climb = _Climb(
        work, kind, upper, alternative, step=step, is_rounded_after=is_rounded_after, on_first=on_first
    )
    chords, best = climb.from_known()
    is_known = best is not None
    if chords is None or best is None:
        chords = climb.chords()
        if chords.values is None:
            return chords, chords
        best = climb.from_plan(chords.values, duals=chords.row_duals)
    if best is not None:
        work.show(step, best.objective, chords.bound)
    if not is_known and (best is None or relative_gap(best.objective, chords.bound) > work.options.gap):
        best = _better(best, climb.from_most_output())
    if best is not None:
        climb.keep(best)
        proof = climb.proven(chords, best)
        if proof.values is not None and proof is not chords:
            best = _better(best, climb.from_plan(proof.values)) or best
        chords = replace(chords, bound=proof.bound)
    found = None if best is None else climb.best(best)
    if found is None:
        termination = climb.stopped or Termination.INFEASIBLE
        nothing = Solution(Status.ABORTED, termination, None, -np.inf, chords.bound, None, 0.0)
        return nothing, nothing
    stopped, gap = climb.stopped or _if_stopped(chords), work.options.gap
    work.show(step, found.whole.objective, max(chords.bound, found.free.objective))
    bound = chords.bound
    # Nobody asks how far the alternative of a side, which is rounded after, is from the best there is.
    if stopped is None and work.options.is_proven and not is_rounded_after:
        proof_of = LearningBound(work, kind, upper, alternative, step=step, bound=bound, best=found.whole)
        bound, stopped = proof_of.prove(found.tried), proof_of.stopped
        climb.keep(found.free)
    bound = max(bound, found.free.objective)
    work.show(step, found.whole.objective, bound)
    free = _judged(found.free, bound, gap=gap, stopped=stopped)
    return free, _judged(found.whole, bound, gap=gap, stopped=stopped)


def _better(first: Solution | None, second: Solution | None) -> Solution | None:
    if first is None or (second is not None and second.objective > first.objective):
        return second
    return first


def _if_stopped(solution: Solution) -> Termination | None:
    return solution.termination if solution.termination in STOPPED else None


def _judged(found: Solution, bound: float, *, gap: float, stopped: Termination | None) -> Solution:
    if relative_gap(found.objective, bound) <= gap:
        return replace(found, bound=bound, status=Status.OK, termination=Termination.OPTIMAL)
    termination = stopped or Termination.ITERATION_LIMIT
    return replace(found, bound=bound, status=Status.WARNING, termination=termination)


@dataclass
class _Best:
    """The best plan there is, before and after its contract quantities were made whole."""

    climb: _Climb
    free: Solution
    whole: Solution

    def tried(self, values: FloatArray) -> Solution:
        """The best whole plan once the way up from other values has been tried too."""
        free = self.climb.from_plan(values)
        whole = None if free is None else self.climb.made_whole(free)
        if free is not None and whole is not None and whole.objective > self.whole.objective:
            self.free, self.whole = free, whole
        return self.whole


@dataclass(frozen=True)
class _Point:
    """A plan on the way: its values, and duals and basis of the tangent problem that was solved there."""

    values: FloatArray
    duals: FloatArray | None = None
    basis: object | None = None


class _Climb:
    """Plans that get better along tangents of the curves."""

    def __init__(
        self,
        work: Work,
        kind: ObjectiveKind,
        upper: FloatArray,
        alternative: float | None,
        *,
        step: str,
        is_rounded_after: bool,
        on_first: OnFirst | None,
    ) -> None:
        self.work = work
        self.problem = work.problem
        self.kind = kind
        self.upper = upper
        self.alternative = alternative
        self.step = step
        self.is_rounded_after = is_rounded_after
        self.on_first = on_first
        self.first: Solution | None = None
        self.bound = np.inf
        self.stopped: Termination | None = None
        form = self._form(work.linear, kind, alternative)
        self.integers = np.flatnonzero(form.is_integer)
        work.show_nothing()
        self.form = form
        self.loaded: LoadedProblem = work.load(form, step=step, is_true=False)

    def chords(self) -> Solution:
        """The plan that looks best on chords, and the bound that no plan beats."""
        found = self.work.counted(self.loaded.begin())
        self.bound = found.bound
        return found

    def from_known(self) -> tuple[Solution | None, Solution | None]:
        """The relaxation of the chords, and the best plan on the way up from the integers of a known one.

        Both None where the solver knows of no problem of the same size, the plan None where its integers
        are no longer possible.
        """
        known = self.work.solver.recall(self.form)
        if known is None or known.values is None:
            return None, None
        chords = self.work.counted(self.loaded.begin(is_searched=False))
        self.bound = chords.bound
        held = np.round(known.values[self.integers])
        tangent = self.problem.tangent(known.values)
        start = self._solve(tangent, self.kind, self.alternative, held=held, start=known)
        if chords.values is None or start.values is None or not self._is_kept(start.values):
            return None, None
        return chords, self.from_plan(start.values, duals=start.row_duals)

    def keep(self, best: Solution) -> None:
        """Let the solver remember the best plan, for the next problem like this one."""
        self.work.solver.keep(self.form, best)

    def proven(self, chords: Solution, best: Solution) -> Solution:
        """The chords solved to the gap that was asked for, where that can prove anything.

        No search lowers the bound of the chords below what the best plan is worth on them. Where that alone
        is farther from the truth than the gap, only better chords would help.
        """
        assert best.values is not None
        linear = float(np.array(WEIGHTS[self.kind]) @ self.work.linear.utilities(best.values))
        gap = self.work.options.gap
        if relative_gap(best.objective, chords.bound) <= gap or relative_gap(best.objective, linear) > gap:
            return chords
        form = self._form(self.work.linear, self.kind, self.alternative)
        found = self.work.solve(form, step=self.step, is_true=False)
        self.stopped = self.stopped or _if_stopped(found)
        return replace(found, bound=min(found.bound, chords.bound))

    def from_plan(self, values: FloatArray, *, duals: FloatArray | None = None) -> Solution | None:
        """The best plan along tangents from a plan; None where the other side would rather walk away.

        Parameters
        ----------
        values : (n,) of the plan
        duals : of its rows, for a stop that comes before any tangent is solved
        """
        start = values if self._is_kept(values) else self._kept_near(values)
        if start is None:
            return None
        point = self._held(self.kind, start, self.alternative)
        self._tell_first(point)
        top = self._climb(self.kind, point, self.alternative)
        return self._solution(replace(top, duals=duals if top.duals is None else top.duals))

    def _tell_first(self, point: _Point) -> None:
        """Tell the first plan that there is, whole and at its true cost, while the search goes on."""
        free = self._solution(point)
        self.work.show(self.step, free.objective, self.bound)
        if self.on_first is None or self.stopped is not None:
            return
        whole = self.made_whole(free)
        if whole is not None:
            self.first = whole
            tell, self.on_first, gap = self.on_first, None, self.work.options.gap
            self.work.show(self.step, whole.objective, max(self.bound, free.objective))
            bound = max(self.bound, free.objective)
            tell(*(_judged(each, bound, gap=gap, stopped=None) for each in (free, whole)))

    def _solution(self, point: _Point) -> Solution:
        worth = self._worth(self.kind, point.values)
        return Solution(
            Status.OK, Termination.OPTIMAL, point.values, worth, np.inf, point.duals, 0.0, point.basis
        )

    def from_most_output(self) -> Solution | None:
        """The same from the cheapest units that there could be: those of lines that make all they can."""
        curves = self.problem.curves
        assert curves is not None
        previous = curves.tree.previous_slot
        before = np.where(previous >= 0, curves.most[:, previous], 0.0)
        slopes = curves.slopes_at(curves.most - before, self.problem.n_columns)
        cheap = replace(self.problem, utility=self.problem.utility + slopes, curves=None)
        found = self._solve(cheap, self.kind, -np.inf, held=None)
        return None if found.values is None else self.from_plan(found.values)

    def best(self, free: Solution) -> _Best | None:
        """A plan with every contract quantity whole, or the first one told where that is better."""
        whole = _better(self.first, self.made_whole(free))
        return None if whole is None else _Best(self, free, whole)

    def made_whole(self, best: Solution) -> Solution | None:
        """The plan with every contract quantity whole, at its true cost; None where there is none.

        The rest is solved again on the tangent at the plan. Where the other side's alternative is missed at
        true cost, it is asked for that much more on the tangent.
        """
        assert best.values is not None
        tangent, asked = self.problem.tangent(best.values), self.alternative
        for _ in range(_MOST_ROUNDS):
            form = self._form(tangent, self.kind, asked)
            whole = self.work.make_whole(form, best, step=self.step, is_true=False)
            if whole.values is None:
                return None
            if asked is None or self.alternative is None or self._is_kept(whole.values):
                return replace(whole, objective=self._worth(self.kind, whole.values))
            asked += self.alternative - self._of_the_other(whole.values)
        return None

    def _kept_near(self, values: FloatArray) -> FloatArray | None:
        """A plan that leaves the other side its alternative: the next on the tangent, or its own best."""
        found = self._solve(self.problem.tangent(values), self.kind, self.alternative, held=None)
        if found.values is not None and self._is_kept(found.values):
            return found.values
        other: ObjectiveKind = "seller" if self.kind == "buyer" else "buyer"
        point = self._held(other, values, -np.inf)
        values = self._climb(other, point, -np.inf, until_kept=True).values
        return values if self._is_kept(values) else None

    def _climb(
        self,
        kind: ObjectiveKind,
        point: _Point,
        alternative: float | None,
        *,
        until_kept: bool = False,
    ) -> _Point:
        """The best plan on the way up from the best one with its integers.

        Tangents with the integers held, which take little, between tangents that look for them anew.
        """
        for _ in range(_MOST_ROUNDS if until_kept or self.work.options.is_climbed else 0):
            if until_kept and self._is_kept(point.values):
                break
            found = self._solve(self.problem.tangent(point.values), kind, alternative, held=None)
            if found.values is None or not self._is_better(kind, point.values, found.values, alternative):
                break
            point = self._held(kind, found.values, alternative)
        return point

    def _held(self, kind: ObjectiveKind, values: FloatArray, alternative: float | None) -> _Point:
        """The best plan along tangents with the integers of a plan."""
        held, point = values[self.integers], _Point(values)
        for _ in range(_MOST_ROUNDS):
            found = self._solve(self.problem.tangent(point.values), kind, alternative, held=held)
            further = self._on_the_way(kind, point.values, found.values, alternative)
            point = _Point(point.values if further is None else further, found.row_duals, found.basis)
            if further is None:
                break
        return point

    def _solve(
        self,
        linear: Problem,
        kind: ObjectiveKind,
        alternative: float | None,
        *,
        held: FloatArray | None,
        start: Solution | None = None,
    ) -> Solution:
        form = self._form(linear, kind, alternative)
        found = self.work.counted(self.loaded.maximise(form, held=held, start=start))
        self.stopped = self.stopped or _if_stopped(found)
        return found

    def _form(self, linear: Problem, kind: ObjectiveKind, alternative: float | None) -> MatrixForm:
        # The row of the other side's alternative stays in the solver; without a limit it says nothing.
        limit = None if self.alternative is None else alternative
        form = form_of(linear, kind, self.upper, limit, row_of=self.kind)
        return rounded_after(form) if self.is_rounded_after else form

    def _on_the_way(
        self, kind: ObjectiveKind, values: FloatArray, target: FloatArray | None, alternative: float | None
    ) -> FloatArray | None:
        """The farthest point on the way to a target that is truly better; None where none is."""
        if target is None:
            return None
        for part in _PARTS_OF_THE_WAY:
            tried = values + part * (target - values)
            if self._is_better(kind, values, tried, alternative):
                return tried
        return None

    def _is_better(
        self, kind: ObjectiveKind, old: FloatArray, new: FloatArray, alternative: float | None
    ) -> bool:
        worth = self._worth(kind, old)
        is_worth_more = self._worth(kind, new) > worth + _RISE * max(1.0, abs(worth))
        return is_worth_more and (alternative is None or alternative == -np.inf or self._is_kept(new))

    def _worth(self, kind: ObjectiveKind, values: FloatArray) -> float:
        return float(np.array(WEIGHTS[kind]) @ self.problem.utilities(values))

    def _of_the_other(self, values: FloatArray) -> float:
        return float(self.problem.utilities(values)[1 if self.kind == "buyer" else 0])

    def _is_kept(self, values: FloatArray) -> bool:
        """Whether the other side keeps its alternative at true cost."""
        if self.alternative is None:
            return True
        slack = _ALTERNATIVE_TOLERANCE * max(1.0, abs(self.alternative))
        return self._of_the_other(values) >= self.alternative - slack
