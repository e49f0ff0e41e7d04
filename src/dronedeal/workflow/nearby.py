"""Verbs for plans near the best: alternatives that differ most."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import chain
from pathlib import Path

from dronedeal import output, solving
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError
from dronedeal.exchange import Alternatives, PlanChoices
from dronedeal.planning.measures import purchases_and_output
from dronedeal.results.compare import compare_plans
from dronedeal.results.plan import Plan
from dronedeal.solving import (
    Nearby,
    ObjectiveKind,
    Progress,
)
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.made_before import as_solved
from dronedeal.workflow.papers import read_plan
from dronedeal.workflow.plans import finish, solve

MOST_ALTERNATIVES = 5


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
