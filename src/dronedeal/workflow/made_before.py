"""A plan that was made before, as if it had just been solved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.deal import Deal
from dronedeal.errors import CommandError
from dronedeal.exchange import PlanChoices
from dronedeal.planning import Model
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.tree import FloatArray
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.frozen import decisions
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify
from dronedeal.solving import (
    ObjectiveKind,
    Outcome,
    Progress,
    Solution,
    SolveOptions,
    Status,
    Termination,
)
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.deals import check
from dronedeal.workflow.plans import Solved

# The solver's tolerance, in columns of which some are worked out again.
_SAME_WORTH = 1e-6


def as_solved(
    deal: Deal,
    plan: Plan,
    choices: PlanChoices,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Solved:
    """A plan that was made before, with its deal and the model, as if it had just been solved.

    Raises
    ------
    CommandError : where the plan was made of another deal, or by a version that planned otherwise
    """
    if plan.digest != deal.digest:
        raise CommandError(
            f"plan: made from a deal with the digest {plan.digest[:12]}…, this one has {deal.digest[:12]}…; "
            "plan the deal again with dronedeal plan, or leave the plan out"
        )
    if choices.objective not in ("joint", plan.objective_kind):
        raise CommandError(
            f"objective: found {choices.objective} with a plan made for {plan.objective_kind}; leave the "
            "objective out"
        )
    verify(plan, deal).require_passed()
    options = SolveOptions(choices.gap, choices.time_limit, is_proven=False)
    checked, assessment = check(deal), assessing.assess(deal)
    model = planning.build(deal, assessment)
    values = solving.restored(
        model.problem,
        HighsSolver(),
        _decided(plan, model),
        options=options,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    weights = np.array(solving.WEIGHTS[plan.objective_kind])
    worth = -np.inf if values is None else float(weights @ model.problem.utilities(values))
    if values is None or abs(worth * MONEY_UNIT - plan.objective) > _SAME_WORTH * max(
        1.0, abs(plan.objective)
    ):
        raise _unlike(plan)
    return Solved(deal, checked, assessment, model, _outcome(plan, values, worth), options)


def _decided(plan: Plan, model: Model) -> FloatArray:
    """(n,) what a plan decides in each column of a model; NaN in those that follow."""
    last = Calendar(plan.start, plan.months).label(plan.months - 1)
    found = {each.name: each.quantity for each in decisions(plan, first=plan.start, until=last)}
    try:
        return planning.decided_values(model.problem, model.data, found)
    except KeyError as error:
        raise _unlike(plan) from error


def _unlike(plan: Plan) -> CommandError:
    """A plan that this version of the program would not have made, whatever its check says."""
    made_by = plan.versions.get("dronedeal", "unknown")
    return CommandError(
        f"plan: it says that it is worth {plan.currency} {plan.objective:,.0f}, which its decisions do not "
        f"come to here; it was made by version {made_by}; plan the deal again"
    )


def _outcome(plan: Plan, values: FloatArray, worth: float) -> Outcome:
    """The certificate of a plan as the solver would have it."""
    bound = np.inf if plan.bound is None else plan.bound / MONEY_UNIT
    solution = Solution(Status.OK, Termination(plan.termination), values, worth, max(bound, worth), None, 0.0)
    other = None if plan.alternative is None else plan.alternative / MONEY_UNIT
    kind: ObjectiveKind = plan.objective_kind  # type: ignore[assignment]
    return Outcome(solution, kind, other, worth, plan.status == "relaxed", 0.0, plan.versions["solver"])
