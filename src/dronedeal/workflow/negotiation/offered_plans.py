"""Plans under the terms of an offer: the joint one, and the best that leaves each side what it must have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning
from dronedeal.deal import Deal
from dronedeal.exchange import PlanChoices, PlanRun
from dronedeal.negotiation.evaluator import Answer, Outcome, Question
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.bargain import Bargain
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, named
from dronedeal.workflow.negotiation.boxes import LARGE
from dronedeal.workflow.negotiation.scaling import scaled
from dronedeal.workflow.plans import finish, solve


@dataclass(frozen=True)
class MadePlan:
    """A verified plan as the solver has it.

    problem : it is a plan of; values : (n,) its columns
    """

    run: PlanRun
    problem: Problem
    values: FloatArray


@dataclass(frozen=True)
class Asking:
    """How plans are looked for: the options of each solve, whom to tell, and whether to stop."""

    options: SolveOptions
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]


def joint_plan(under: Deal, asking: Asking, *, words: str) -> MadePlan:
    """The plan that is worth most to both together, as `dronedeal plan` makes it.

    Parameters
    ----------
    under : the deal under the terms
    words : whose plan it is, for the progress

    Raises
    ------
    StoppedError : stopped before any plan was found
    VerificationError : the plan failed its check, which is a fault of the program
    """
    solved = solve(
        under,
        PlanChoices("joint", asking.options.gap, asking.options.time_limit),
        watch=Stopwatch(),
        on_progress=named(asking.on_progress, words),
        should_stop=asking.should_stop,
    )
    run = finish(solved, solved.outcome, watch=Stopwatch())
    run.verification.require_passed()
    values = solved.outcome.solution.values
    assert values is not None  # else there would be no plan
    return MadePlan(run, solved.model.problem, values)


def is_large(problem: Problem) -> bool:
    """Whether a proof costs so much that what lies near a known plan is looked into first."""
    return problem.n_columns >= LARGE or problem.curves is not None


def problem_under(under: Deal) -> Problem:
    """The problem of a deal under terms."""
    return planning.build(under, assessing.assess(under)).problem


def near_keeping(
    problem: Problem,
    question: Question,
    start: FloatArray,
    asking: Asking,
    *,
    bargain: Bargain | None = None,
) -> Outcome | None:
    """A plan of one problem for a question, from one that may not keep its floors; nothing is proven.

    Parameters
    ----------
    question : with its floors, in the deal's currency
    start : (n,) columns to begin at; its whole-number decisions are held where they can be
    bargain : questions about the problem from a basis near the answer; None: from none

    Returns
    -------
    its plan are the (n,) columns; None where none was found near the start
    """
    asked, bargain = scaled(question), bargain or _bargain(problem, asking)
    near = bargain.climbed(asked.aim, start, is_plan=True, step="terms fixed")
    if near is None:
        near = bargain.climbed(asked.aim, start, is_plan=False, step="terms fixed")
    whole = None if near is None else bargain.made_whole(asked.aim, near, "terms fixed")
    return None if whole is None else _outcome(problem, whole)


def best_keeping(problem: Problem, question: Question, start: FloatArray, asking: Asking) -> Answer:
    """The best plan of one problem for a question, and what no plan of it is worth more than.

    Parameters
    ----------
    question, start : as for `near_keeping`
    """
    asked = scaled(question)
    found = _bargain(problem, asking).ask(asked.aim, start=start, step="terms fixed")
    outcome = None if found.values is None else _outcome(problem, found.values)
    return Answer(outcome, asked.bound(found.bound))


def _bargain(problem: Problem, asking: Asking) -> Bargain:
    return Bargain(
        problem,
        HighsSolver(),
        np.where(problem.is_violation, 0.0, problem.upper),
        is_whole=True,
        options=asking.options,
        on_progress=asking.on_progress,
        should_stop=asking.should_stop,
    )


def _outcome(problem: Problem, values: FloatArray) -> Outcome:
    buyer, seller = (problem.utilities(values) * MONEY_UNIT).tolist()
    return Outcome((buyer, seller), plan=values)
