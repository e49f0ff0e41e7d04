"""Plans that one can open: of a point of the negotiation, and of each side without the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.errors import StoppedError
from dronedeal.exchange import PlanRun
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.results.variants import relaxed_where_broken
from dronedeal.solving import ObjectiveKind, Outcome, Progress, Solution, SolveOptions, Status, Termination
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, named
from dronedeal.workflow.deals import check
from dronedeal.workflow.plans import Solved, finish


def plan_under(
    deal: Deal,
    terms: Mapping[str, float],
    values: FloatArray,
    *,
    options: SolveOptions,
    columns_of: Callable[[Problem], FloatArray] | None = None,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> PlanRun:
    """The verified plan of a deal under terms, from the columns that the solver found.

    Parameters
    ----------
    deal : as it stands; terms : value by clause
    values : (n,) columns of the problem of the deal under these terms
    columns_of : gives them in the problem of the deal where that has other columns than what was asked
    should_stop : asked before the problem is built, and before the plan is checked

    Raises
    ------
    StoppedError : where a stop was asked for
    VerificationError : the plan failed its check, which is a fault of the program
    """
    under = deal_at(deal, terms)
    assessment = assessing.assess(under)
    _stop_if_told(should_stop)
    model = planning.build(under, assessment)
    _stop_if_told(should_stop)
    if columns_of is not None and len(values) != model.problem.n_columns:
        values = columns_of(model.problem)
    worth = float(model.problem.utilities(values).sum())
    solution = Solution(Status.WARNING, Termination.AGREED_POINT, values, worth, np.inf, None, 0.0)
    outcome = Outcome(solution, "joint", None, worth, False, 0.0, HighsSolver().name)
    solved = Solved(under, check(under), assessment, model, outcome, options)
    run = finish(solved, outcome, watch=Stopwatch())
    run.verification.require_passed()
    return run


def _stop_if_told(should_stop: Callable[[], bool]) -> None:
    if should_stop():
        raise StoppedError("stopped on request")


def alternative_plan(
    deal: Deal,
    side: ObjectiveKind,
    *,
    options: SolveOptions,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> PlanRun:
    """The best plan of one side without the other: what it walks away to.

    Parameters
    ----------
    deal : as it stands
    side : `buyer` or `seller`

    Raises
    ------
    StoppedError : stopped before any plan was found
    VerificationError : the plan failed its check, which is a fault of the program
    """
    assessment = assessing.assess(deal)
    model = planning.build(deal, assessment)
    outcome = solving.best_alone(
        model.problem,
        HighsSolver(),
        side=side,
        no_deal=planning.no_deal_columns(model),
        options=options,
        on_progress=named(on_progress, f"{side} without the deal"),
        should_stop=should_stop,
    )
    solved = Solved(deal, check(deal), assessment, model, outcome, options)
    # A firm minimum binds nobody without the deal; a plan that misses one says so by its status.
    adding = [("tables", relaxed_where_broken)]
    run = finish(solved, outcome, watch=Stopwatch(), adding=adding)
    run.verification.require_passed()
    return run
