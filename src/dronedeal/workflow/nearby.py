"""Verbs for plans near the best: alternatives that differ most."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain
from pathlib import Path

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import output, planning, solving
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError
from dronedeal.exchange import Alternatives, PlanChoices
from dronedeal.planning import Model
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.measures import purchases_and_output
from dronedeal.planning.tree import FloatArray
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.compare import compare_plans
from dronedeal.results.frozen import decisions
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify
from dronedeal.solving import (
    Nearby,
    ObjectiveKind,
    Outcome,
    Progress,
    Solution,
    SolveOptions,
    Status,
    Termination,
)
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, check, read
from dronedeal.workflow.papers import read_plan
from dronedeal.workflow.plans import Solved, finish, solve

MOST_ALTERNATIVES = 5
# The solver's tolerance, in columns of which some are worked out again.
_SAME_WORTH = 1e-6


def alternatives(  # noqa: PLR0913 -- the public face spells out every choice
    deal: Deal,
    *,
    plan: Plan | None = None,
    within: float = 0.01,
    count: int = 4,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
    on_plan: Callable[[str, Plan], None] = lambda _name, _plan: None,
) -> Alternatives:
    """Make the best plan and plans nearly as good that differ most in what is bought and where it is made.

    Parameters
    ----------
    deal : a deal without errors
    plan : the best plan, made before of this very deal; None: it is made now
    within : share of the best plan's objective that an alternative may fall short of it
    count : most alternatives, from 1 to 5; fewer come where no more are different
    objective : as for `plan`; with a plan that was made before it is that of the plan
    gap, time_limit, on_progress : of each plan, as for `plan`
    should_stop : once true, no further alternative is looked for
    on_plan : called with the name and the plan as each is done

    Returns
    -------
    The plans, each verified, set side by side; the best one first

    Raises
    ------
    CommandError : where within or count cannot be, or the plan is not one of this deal
    As `plan`.

    Examples
    --------
    >>> found = alternatives(read("deals/first-deal"), count=1, gap=0.0)
    >>> [plan.objective >= 0.99 * found.plans[0].objective for plan in found.plans]
    [True, True]
    """
    if not 0 < within < 1:
        raise CommandError(f"within: found {within}; allowed: a share above 0 and below 1, such as 0.01")
    if not 1 <= count <= MOST_ALTERNATIVES:
        raise CommandError(f"count: found {count}; allowed: a whole number from 1 to {MOST_ALTERNATIVES}")
    # How far the best is from the bound tells nothing about how far the others are from the best.
    choices = PlanChoices(objective, gap, time_limit, is_proven=False)
    if plan is None:
        solved = solve(deal, choices, watch=Stopwatch(), on_progress=on_progress, should_stop=should_stop)
    else:
        solved = as_solved(deal, plan, choices, on_progress=on_progress, should_stop=should_stop)
    search = Nearby(
        solved.model.problem,
        HighsSolver(),
        solved.outcome,
        purchases_and_output(solved.model),
        within,
        solved.options,
        on_progress,
        should_stop,
    )
    plans: list[Plan] = [] if plan is None else [plan]
    if plan is not None:
        on_plan(_name(0), plan)
    for outcome in chain([solved.outcome] if plan is None else [], solving.different(search, count)):
        run = finish(solved, outcome, watch=Stopwatch())
        run.verification.require_passed()
        plans.append(run.plan)
        on_plan(_name(len(plans) - 1), run.plan)
    names = [_name(number) for number in range(len(plans))]
    comparison = compare_plans(plans, names, deals=(deal,) * len(plans)) if len(plans) > 1 else None
    return Alternatives(tuple(plans), comparison, within)


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


def _name(number: int) -> str:
    return "best" if number == 0 else f"alternative {number}"


def alternatives_to_folder(  # noqa: PLR0913 -- the public face spells out every choice
    path: PathLike,
    directory: PathLike,
    *,
    plan: PathLike | None = None,
    within: float = 0.01,
    count: int = 4,
    choices: PlanChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> Alternatives:
    """Read a deal and write its best plan and the alternatives, each in its own folder, with a comparison.

    Ctrl-C ends the search and keeps every plan that is done.

    Parameters
    ----------
    path : deal folder or workbook
    directory : where `best/`, `alternative-1/` … and `comparison.html` go
    plan : `plan.json`, or its folder, of the best plan made before; None: it is made now
    within, count : as for `alternatives`
    choices : of the best plan; None for the usual ones
    sides, overwrite, on_progress, on_stop : as for `plan_to_folder`
    """
    target = Path(directory)
    output.refuse_output(target, deal_path=Path(path), overwrite=overwrite)
    deal, chosen = read(path, sides=sides), choices or PlanChoices()
    best = None if plan is None else read_plan(plan)
    with interruptible(on_stop) as should_stop:
        found = alternatives(
            deal,
            plan=best,
            within=within,
            count=count,
            objective=chosen.objective,
            gap=chosen.gap,
            time_limit=chosen.time_limit,
            on_progress=on_progress,
            should_stop=should_stop,
            on_plan=lambda name, plan: output.write_plan_files(plan, target / name.replace(" ", "-")),
        )
    if found.comparison is not None:
        output.write_comparison_files(found.comparison, target)
    return found
