"""The best plan where the mean of the worst scenarios of a side counts beside the mean of all.

    maximise  E[u]  +  weight · Σ_m (CVaR(u_m) − E[u_m])
    CVaR(v) = max over η of  η − 1/share · Σ_s p_s · max(0, η − v_s)

with `u` the utility that is maximised, `m` the sides whose worst scenarios count and `v_s` what scenario `s`
is worth to them (Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2
(2000) 21–41). Every scenario has a row over its own path. The mean of the worst is never above the mean of
all, so that no plan is worth more than the best one without it: its bound holds here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from dronedeal.errors import StoppedError
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.forms import WEIGHTS, form_of, least_kept
from dronedeal.solving.interface import (
    MatrixForm,
    OnProgress,
    ShouldStop,
    Solution,
    SolveOptions,
    Solver,
    Status,
    Termination,
    never_stop,
    no_progress,
    relative_gap,
)
from dronedeal.solving.outcome import Outcome
from dronedeal.solving.stochastic.tail import check_tail, mean_of_worst
from dronedeal.solving.work import Work

TailOf = Literal["buyer", "seller", "joint", "each"]
# Weights of buyer and seller in what each measured sum is made of.
MEASURED: Mapping[TailOf, tuple[tuple[float, float], ...]] = {
    "buyer": ((1.0, 0.0),),
    "seller": ((0.0, 1.0),),
    "joint": ((1.0, 1.0),),
    "each": ((1.0, 0.0), (0.0, 1.0)),
}
_STEP = "plan with the worst scenarios weighed"
# A plan counts as better where it is worth more by this share; below it lies the solver's tolerance.
_RISE = 1e-7
_MOST_ROUNDS = 6
_PARTS_OF_THE_WAY = (1.0, 0.5, 0.2)
# Room around what terms that collide were broken by.
_ROOM = 1e-6


class Tail(NamedTuple):
    """Which worst scenarios count, whose, and how much.

    share : of the chances that count as worst, above 0; 1: all of them, which is the plain mean
    of : whose; `joint`: of both sides together, `each`: of either side by itself
    weight : of the mean of the worst against the mean of all, 0 to 1
    """

    share: float
    of: TailOf
    weight: float

    @property
    def is_neutral(self) -> bool:
        """Whether the mean of all is all that counts."""
        return self.share == 1 or self.weight == 0


@dataclass(frozen=True)
class Part:
    """One scenario of a problem on a tree.

    Parameters
    ----------
    probability : of the scenario
    problem : of its path alone
    column : (k,) column of the tree's problem behind each column of the path's
    """

    probability: float
    problem: Problem
    column: IntArray

    def worth(self, values: FloatArray) -> FloatArray:
        """(2,) million: what the scenario is worth to buyer and seller in a plan on the tree."""
        return self.problem.utilities(values[self.column])


def solve_tail(  # noqa: PLR0913 -- what to do and whom to tell on the way
    problem: Problem,
    solver: Solver,
    *,
    first: Outcome,
    tail: Tail,
    parts: Sequence[Part],
    options: SolveOptions | None = None,
    on_progress: OnProgress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> Outcome:
    """The best plan with the worst scenarios weighed; that without them where none is better.

    Parameters
    ----------
    problem : on a tree
    first : the best plan for the mean of all scenarios, whose objective, alternative and terms are kept
    tail : which worst scenarios count
    parts : every scenario
    options, on_progress, should_stop : see `interface`

    Returns
    -------
    Outcome whose objective and bound are those of `tail_worth`; with a neutral tail the first plan itself
    """
    check_tail(tail.share, tail.weight)
    if tail.is_neutral:
        return first
    work = Work(
        problem, solver, options=options or SolveOptions(), on_progress=on_progress, should_stop=should_stop
    )
    search = _Search(work, first, tail, parts)
    try:
        return search.best()
    except StoppedError:
        return search.outcome(Termination.INTERRUPTED)


def tail_worth(kind: str, tail: Tail, chances: FloatArray, worth: FloatArray) -> float:
    """Millions of `E[u] + weight · Σ_m (CVaR(u_m) − E[u_m])`.

    Parameters
    ----------
    kind : whose utility `u` is
    chances : (n,) of the scenarios, which sum to 1
    worth : (n, 2) million, what each is worth to buyer and seller

    Examples
    --------
    >>> worth = np.array([[10.0, 0.0], [20.0, 0.0], [30.0, 0.0], [40.0, 0.0]])
    >>> tail_worth("buyer", Tail(0.5, "buyer", 0.5), np.full(4, 0.25), worth)
    20.0
    """
    mean = float(chances @ worth @ np.array(WEIGHTS[kind]))
    for weights in MEASURED[tail.of]:
        value = worth @ np.array(weights)
        worst = -mean_of_worst(-value, chances, tail=tail.share)
        mean += tail.weight * (worst - float(chances @ value))
    return mean


class _Search:
    """The best plan found so far, and how better ones are looked for."""

    def __init__(self, work: Work, first: Outcome, tail: Tail, parts: Sequence[Part]) -> None:
        self.work = work
        self.problem = work.problem
        self.first = first
        self.tail = tail
        self.parts = parts
        self.chances = np.array([part.probability for part in parts])
        assert first.solution.values is not None
        self.values = first.solution.values[: self.problem.n_columns]
        self.objective = self.worth(self.values)
        self.bound = first.solution.bound
        allowed = np.maximum(self.values, 0.0) * (1.0 + _ROOM) if first.is_relaxed else 0.0
        self.upper = np.where(self.problem.is_violation, allowed, self.problem.upper)

    def best(self) -> Outcome:
        """The best plan: in one solve where all is linear, along tangents where units get cheaper."""
        if self.problem.curves is None:
            form = self.form(self.problem, [part.problem for part in self.parts])
            free, whole = self.work.solve_whole(form, step=_STEP)
            self.bound = min(self.bound, free.bound)
            self.take(whole)
            return self.outcome(free.termination)
        chords = self.form(self.work.linear, [part.problem.chords() for part in self.parts])
        self.work.show_nothing()
        found = self.work.counted(self.work.load(chords, step=_STEP, is_true=False).begin())
        self.bound = min(self.bound, found.bound)
        self.show()
        for start in (self.values, found.values):
            if start is not None:
                self.climb(start[: self.problem.n_columns])
        return self.outcome(found.termination)

    def climb(self, values: FloatArray) -> None:
        """Better plans along tangents from a plan, whole numbers looked for anew and held in turn."""
        for _ in range(_MOST_ROUNDS):
            form = self.tangent(values)
            dived = self.work.dived(form, step=_STEP)
            next_values = self.further(values, () if dived.values is None else (dived.values,), parts=(1.0,))
            held = self.work.dived(self.held(form, values), step=_STEP)
            targets = () if held.values is None else (held.values,)
            next_values = self.further(next_values, targets, parts=_PARTS_OF_THE_WAY)
            if next_values is values or self.work.stop_reason is not None:
                break
            values = next_values
        form = self.tangent(values)
        solution = Solution(
            Status.OK, Termination.OPTIMAL, self.completed(values), self.worth(values), np.inf, None, 0.0
        )
        self.take(self.work.make_whole(form, solution, step=_STEP, is_true=False))
        self.show()

    def tangent(self, values: FloatArray) -> MatrixForm:
        """The linear problem that touches the true one at a plan, in every scenario."""
        touched = [part.problem.tangent(values[part.column]) for part in self.parts]
        return self.form(self.problem.tangent(values), touched)

    def held(self, form: MatrixForm, values: FloatArray) -> MatrixForm:
        """The same form with its whole numbers those of a plan."""
        count = len(values)
        is_held = form.is_integer[:count]
        lower, upper = form.lower.copy(), form.upper.copy()
        lower[:count] = np.where(is_held, np.round(values), lower[:count])
        upper[:count] = np.where(is_held, np.round(values), upper[:count])
        return replace(form, lower=lower, upper=upper)

    def further(
        self, values: FloatArray, targets: Iterable[FloatArray], *, parts: Sequence[float]
    ) -> FloatArray:
        """The first truly better plan on the way to a target; the plan itself where there is none."""
        now = self.worth(values)
        for target in targets:
            for part in parts:
                tried = values + part * (target[: len(values)] - values)
                if self.worth(tried) > now + _RISE * max(1.0, abs(now)) and self.is_kept(tried):
                    return tried
        return values

    def take(self, found: Solution) -> None:
        """Take a plan over where it is truly better than the best so far."""
        if found.values is None:
            return
        values = found.values[: self.problem.n_columns]
        worth = self.worth(values)
        if worth > self.objective + _RISE * max(1.0, abs(self.objective)) and self.is_kept(values):
            self.values, self.objective = values, worth

    def worth(self, values: FloatArray) -> float:
        """Million, at true cost."""
        found = np.array([part.worth(values) for part in self.parts])
        return tail_worth(self.first.kind, self.tail, self.chances, found)

    def is_kept(self, values: FloatArray) -> bool:
        """Whether the other side keeps its expected alternative."""
        if self.first.alternative is None:
            return True
        other = 1 if self.first.kind == "buyer" else 0
        slack = 1e-8 * max(1.0, abs(self.first.alternative))
        return bool(self.problem.utilities(values)[other] >= least_kept(self.first.alternative) - slack)

    def show(self) -> None:
        """Tell how far the search is."""
        self.work.show(_STEP, self.objective, max(self.bound, self.objective))

    def outcome(self, termination: Termination) -> Outcome:
        """The best plan so far with the bound that no plan beats."""
        bound = max(self.bound, self.objective)
        stopped = self.work.stop_reason
        ended = stopped or (termination if termination is not Termination.OPTIMAL else None)
        if relative_gap(self.objective, bound) <= self.work.options.gap:
            status, ended = Status.OK, Termination.OPTIMAL
        else:
            status, ended = Status.WARNING, ended or Termination.ITERATION_LIMIT
        solution = Solution(status, ended, self.values, self.objective, bound, None, self.work.seconds)
        seconds = self.first.solver_seconds + self.work.seconds
        return replace(self.first, solution=solution, unrounded=self.objective, solver_seconds=seconds)

    def form(self, problem: Problem, parts: Sequence[Problem]) -> MatrixForm:
        """One linear problem: the mean of all, and a row and a column for what each scenario lacks of η.

        Parameters
        ----------
        problem : linear, on the tree
        parts : linear, one for each scenario
        """
        form = form_of(problem, self.first.kind, self.upper, self.first.alternative)
        count = len(parts)
        for weights in MEASURED[self.tail.of]:
            form = self._with_worst(form, problem, parts, np.array(weights), count=count)
        return form

    def _with_worst(
        self,
        form: MatrixForm,
        problem: Problem,
        parts: Sequence[Problem],
        weights: FloatArray,
        *,
        count: int,
    ) -> MatrixForm:
        """Add η and the lack of each scenario: `lack_s + v_s(x) − η ≥ 0`, `lack_s ≥ 0`."""
        old, weight, n = len(form.lower), self.tail.weight, problem.n_columns
        matrix = sparse.csr_array(
            (form.matrix.value, form.matrix.column, form.matrix.start), shape=(len(form.row_lower), old)
        )
        worth = sparse.vstack(
            [
                _spread(weights @ part.utility, each.column, old)
                for part, each in zip(parts, self.parts, strict=True)
            ]
        )
        lack = sparse.eye_array(count, format="csr")
        eta = sparse.csr_array(np.full((count, 1), -1.0))
        wide = sparse.csr_array((len(form.row_lower), 1 + count))
        below = sparse.hstack([worth, eta, lack], format="csr")
        joined = sparse.csr_array(sparse.vstack([sparse.hstack([matrix, wide]), below], format="csr"))
        objective = form.objective.copy()
        objective[:n] -= weight * (weights @ problem.utility)
        constant = np.array([float(weights @ part.utility_constant) for part in parts])
        no = np.zeros(1 + count, dtype=bool)
        return MatrixForm(
            objective=np.concatenate([objective, [weight], -weight / self.tail.share * self.chances]),
            constant=form.constant - weight * float(weights @ problem.utility_constant),
            lower=np.concatenate([form.lower, [-np.inf], np.zeros(count)]),
            upper=np.concatenate([form.upper, np.full(1 + count, np.inf)]),
            is_integer=np.concatenate([form.is_integer, no]),
            is_whole=np.concatenate([form.whole, no]),
            row_lower=np.concatenate([form.row_lower, -constant]),
            row_upper=np.concatenate([form.row_upper, np.full(count, np.inf)]),
            matrix=SparseRows(joined.indptr.astype(np.int64), joined.indices.astype(np.int64), joined.data),
        )

    def completed(self, values: FloatArray) -> FloatArray:
        """Columns of a plan with η and what each scenario lacks of it."""
        found = np.array([part.worth(values) for part in self.parts])
        more = [values]
        for weights in MEASURED[self.tail.of]:
            value = found @ np.array(weights)
            order = np.argsort(value, kind="stable")
            at = int(np.searchsorted(np.cumsum(self.chances[order]), self.tail.share - 1e-12))
            eta = value[order[min(at, len(order) - 1)]]
            more += [np.array([eta]), np.maximum(0.0, eta - value)]
        return np.concatenate(more)


def _spread(coefficients: FloatArray, column: IntArray, count: int) -> sparse.csr_array:
    """(1, count) row with the coefficients of a path at the columns of the tree."""
    at = np.flatnonzero(coefficients)
    order = at[np.argsort(column[at], kind="stable")]
    return sparse.csr_array((coefficients[order], column[order], np.array([0, len(order)])), shape=(1, count))
