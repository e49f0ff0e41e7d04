"""What planning for scenarios is worth: against knowing the scenario, and against expected figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioNode, ScenarioTree
from dronedeal.engine import Engine, steady
from dronedeal.errors import SolverError, StoppedError
from dronedeal.planning import Model, Problem, build_problem, no_deal_columns
from dronedeal.planning.data import MONEY_UNIT, PlanningData
from dronedeal.planning.scenarios.by_node import OnTree, along, on_tree
from dronedeal.planning.scenarios.grow import expected_outcomes
from dronedeal.planning.tree import FloatArray
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.record import Worth
from dronedeal.solving import ObjectiveKind, Outcome, Progress, SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.control import Stopwatch, named
from dronedeal.workflow.plain import digest_of
from dronedeal.workflow.scenarios.kept_plan import kept_outcome

# What is signed in a year; how much is made for it month by month is left to the plan.
SIGNED = ("open", "step", "integrate", "begin", "assign", "contract")
# Room around a decision that is held, so that rounding in the last digits breaks no rule.
_ROOM = 1e-7


@dataclass(frozen=True)
class Question:
    """A plan on a tree, to be compared with others.

    Parameters
    ----------
    deal, tree, placed, model : what was planned
    options, on_progress, should_stop : as of the plan
    engine : where scenarios are planned alone; None: here
    checkpoint : where what is found is kept, and taken up again; None: nowhere
    """

    deal: Deal
    tree: ScenarioTree
    placed: OnTree
    model: Model
    options: SolveOptions
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    engine: Engine | None = None
    checkpoint: Checkpoint | None = None

    @property
    def share(self) -> SolveOptions:
        """The options of each plan: all of them together may take as long as the plan on the tree."""
        limit = self.options.time_limit
        share = None if limit is None else limit / (len(self.tree.leaves) + 2)
        return replace(self.options, is_proven=False, time_limit=share)

    def best(self, model: Model, outcome: Outcome, words: str) -> Outcome:
        """The best plan of another problem of the same deal, for the same side."""
        problem = model.problem
        numbers = problem.lower, problem.upper, problem.utility, problem.matrix.value
        return kept_outcome(
            self.checkpoint,
            digest_of((words, *numbers)),
            lambda: self.solved(model, outcome, words),
            is_cut=self.is_cut,
        )

    def is_cut(self) -> bool:
        """Whether what is found now may be less than what a run that nothing ends finds."""
        return self.should_stop() or self.options.time_limit is not None

    def solved(self, model: Model, outcome: Outcome, words: str) -> Outcome:
        """The same, worked out now."""
        return solving.solve_plan(
            model.problem,
            HighsSolver(),
            kind=outcome.kind,
            no_deal=no_deal_columns(model),
            options=self.share,
            on_progress=named(self.on_progress, words),
            should_stop=self.should_stop,
        )


def worth_of_scenarios(question: Question, outcome: Outcome) -> Worth | None:
    """Value of perfect information and of the stochastic solution, with the range that the gaps leave.

    `EVPI = Σ_s p_s · best_s − here and now`, `best_s` the best plan were scenario `s` known at once;
    `VSS = here and now − expected worth of the root decisions that are best for expected figures` (Birge and
    Louveaux, Introduction to Stochastic Programming, 2011, chapter 4). None after a stop, or where the time
    was too short for any bound.
    """
    solution = outcome.solution
    if question.should_stop() or not np.isfinite(solution.bound):
        return None
    try:
        known = _wait_and_see(question, outcome)
        fixed = _expected_figures(question, outcome) if outcome.kind == "joint" else None
    except StoppedError:
        return None
    if question.should_stop() or not np.isfinite([*known, *(fixed or (0.0, 0.0))]).all():
        return None
    words = ""
    if outcome.kind != "joint":
        words = "the stochastic solution is only valued for the joint objective"
    elif fixed is None:
        words = "the root decisions that are best for expected figures break terms in some scenario"
    now, bound = solution.objective, max(solution.bound, solution.objective)
    return Worth(
        here_and_now=now * MONEY_UNIT,
        wait_and_see=known[0] * MONEY_UNIT,
        expected_figures=None if fixed is None else fixed[0] * MONEY_UNIT,
        perfect_information=money_range(known[0] - bound, known[1] - now),
        stochastic_solution=None if fixed is None else money_range(now - fixed[1], bound - fixed[0]),
        words=words,
    )


def money_range(least: float, most: float) -> tuple[float, float]:
    """Least and most in currency out of millions; neither can be below 0, whatever the gaps say."""
    low = max(0.0, least)
    return low * MONEY_UNIT, max(low, most) * MONEY_UNIT


def _wait_and_see(question: Question, outcome: Outcome) -> tuple[float, float]:
    """Expected objective and bound, in millions, were each scenario known at once."""
    leaves, engine, kept = question.tree.leaves, question.engine, question.checkpoint or Checkpoint()
    known = {leaf: pair for leaf in leaves if (pair := kept.recall("alone", str(leaf))) is not None}
    missing = [leaf for leaf in leaves if leaf not in known]
    found: Iterator[tuple[float, float]]
    if engine is None:
        found = (_alone(question, outcome, leaf) for leaf in missing)
    else:
        work = Alone(question.placed.data, outcome.kind, question.share)
        results = steady(engine, work.plan, missing, should_stop=question.should_stop)
        found = _told(question, results, done=len(known))
    for leaf, pair in zip(missing, found, strict=True):
        known[leaf] = pair
        if not question.is_cut():
            kept.keep("alone", str(leaf), list(pair))
    worth = bound = 0.0
    for leaf in leaves:
        value, most = known[leaf]
        worth += question.tree.nodes[leaf].probability * value
        bound += question.tree.nodes[leaf].probability * most
    return worth, bound


def _alone(question: Question, outcome: Outcome, leaf: int) -> tuple[float, float]:
    data = along(question.placed.data, leaf)
    words = f"scenario {question.tree.nodes[leaf].name} alone"
    found = question.solved(Model(data, build_problem(data)), outcome, words).solution
    return found.objective, max(found.bound, found.objective)


@dataclass(frozen=True)
class Alone:
    """Plans for single scenarios of a tree; each is independent of all others, and can be made anywhere.

    Parameters
    ----------
    data : of the tree
    kind : whose utility counts
    options : of each plan
    """

    data: PlanningData
    kind: ObjectiveKind
    options: SolveOptions

    def plan(self, leaf: int) -> tuple[float, float]:
        """Objective and bound, in millions, of the best plan were this scenario known at once."""
        data = along(self.data, leaf)
        model = Model(data, build_problem(data))
        found = solving.solve_plan(
            model.problem,
            HighsSolver(),
            kind=self.kind,
            no_deal=no_deal_columns(model),
            options=self.options,
        ).solution
        return found.objective, max(found.bound, found.objective)


def _told(
    question: Question, results: Iterator[tuple[float, float]], *, done: int
) -> Iterator[tuple[float, float]]:
    """Results of all scenarios that are not done yet, each told of as it comes; a stop leaves none."""
    watch, count = Stopwatch(), done
    for count, result in enumerate(results, start=done + 1):
        step = f"scenarios alone: {count} of {len(question.tree.leaves)}"
        question.on_progress(Progress(step, watch.with_total["total"], None, None))
        yield result
    if count < len(question.tree.leaves):
        raise StoppedError("stopped before every scenario was planned alone")


def expected_tree(tree: ScenarioTree) -> ScenarioTree:
    """The one scenario in which every figure is its expected value.

    >>> from dronedeal.deal.scenario_tree import single_scenario
    >>> expected_tree(single_scenario(["2027", "2028"])).leaves
    (1,)
    """
    first = {stage: number for number, stage in reversed(list(enumerate(tree.stage)))}
    return ScenarioTree(
        tuple(
            ScenarioNode(
                tree.nodes[first[stage]].name.partition(".")[0],
                stage - 1,
                1.0,
                expected_outcomes(tree, stage),
            )
            for stage in range(tree.n_stages)
        )
    )


def _expected_figures(question: Question, outcome: Outcome) -> tuple[float, float] | None:
    """Objective and bound, in millions, with the root decisions that are best for expected figures."""
    placed = on_tree(question.deal, expected_tree(question.tree))
    model = Model(placed.data, build_problem(placed.data))
    found = question.best(model, outcome, "expected figures")
    values = Reading(question.deal, model, found).values
    held = with_root(question.model.problem, model.problem, values)
    try:
        answer = question.best(Model(question.placed.data, held), outcome, "root held")
    except SolverError:
        # Some rules have no violation to give way with, for a plan of its own never needs one.
        return None
    if answer.is_relaxed and not outcome.is_relaxed:
        return None
    return answer.solution.objective, max(answer.solution.bound, answer.solution.objective)


def with_root(problem: Problem, other: Problem, values: FloatArray) -> Problem:
    """The problem of a tree with what is signed in its root held as another plan has it.

    Parameters
    ----------
    other, values : problem of that plan, whose root has the same slots, and its columns
    """
    lower, upper = problem.lower.copy(), problem.upper.copy()
    for name in SIGNED:
        known = {
            key: values[other.columns[name].start + offset]
            for offset, key in enumerate(_keys(other, name))
            if other.node[other.columns[name].start + offset] == 0
        }
        for offset, key in enumerate(_keys(problem, name)):
            column = problem.columns[name].start + offset
            if problem.node[column] != 0:
                continue
            value = min(max(known.get(key, 0.0), problem.lower[column]), problem.upper[column])
            room = _ROOM * max(1.0, value)
            lower[column] = max(problem.lower[column], value - room)
            upper[column] = min(problem.upper[column], value + room)
    return replace(problem, lower=lower, upper=upper)


def _keys(problem: Problem, name: str) -> list[tuple[int, ...]]:
    axes = [index.tolist() for index in problem.columns[name].coordinates.values()]
    return list(zip(*axes, strict=True)) if axes else []
