"""Verbs that set plans side by side, check them, and say why they are as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.errors import ChangeError, CommandError, PlanFileError
from dronedeal.exchange import PlanChoices, WhatIf
from dronedeal.report.names import Names
from dronedeal.results.compare import Comparison, compare_plans
from dronedeal.results.explain.answers import Asked, Explanation
from dronedeal.results.explain.answers import explain as explain_plan
from dronedeal.results.explain.passed_over import stated_values, why_not_bought
from dronedeal.results.plan import Plan
from dronedeal.results.verify import Verification
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.solving import ObjectiveKind, Progress
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import check, match, require_sound
from dronedeal.workflow.plans import run_plan

_BOTH = ("as it stands", "changed")


def what_if(  # noqa: PLR0913 -- the public face spells out every choice
    deal: Deal,
    changes: Sequence[str],
    *,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
    on_stop: Callable[[], None] | None = None,
    on_plan: Callable[[str, Plan], None] = lambda _name, _plan: None,
) -> WhatIf:
    """Plan a deal as it stands and as changed, and set the two side by side.

    The solver keeps what it knows of the first problem, so that the second plan comes sooner.

    Parameters
    ----------
    deal : a deal without errors; it stays as it is
    changes : such as `["budgets[army/2028/procurement].amount*=0.9"]`
    objective, gap, time_limit, on_progress, should_stop : of each of the two plans, as for `plan`
    on_stop : called at Ctrl-C, which then ends the search for one of the plans with the best so far and goes
        on with the other; a second one during the same search aborts; None: Ctrl-C aborts at once
    on_plan : called with the name and the plan as each is done

    Raises
    ------
    ChangeError : where a change cannot be made, or the deal as changed breaks its rules
    As `plan`.

    Examples
    --------
    >>> from dronedeal.workflow import read
    >>> result = what_if(read("deals/first-deal"), ["budgets[guard/2028].amount*=0.9"], gap=0.0)
    >>> round(result.comparison.total("objective").change(1))
    -121800
    """
    if isinstance(changes, str) or not changes:
        raise CommandError(
            "what-if: found no list of changes; allowed: one change or more, such as a text in a list"
        )
    require_sound(check(deal))
    changed = _changed(deal, changes)
    # What a change is worth shows between the two plans; a closer bound of each would cost most of the time.
    choices = PlanChoices(objective, gap, time_limit, is_proven=False)
    solver = HighsSolver(is_hot=True)
    runs = []
    for name, each in zip(_BOTH, (deal, changed), strict=True):
        with nullcontext(should_stop) if on_stop is None else interruptible(on_stop) as stop:
            run = run_plan(
                each, choices, watch=Stopwatch(), on_progress=on_progress, should_stop=stop, solver=solver
            )
        run.verification.require_passed()
        runs.append(run)
        on_plan(name, run.plan)
    comparison = compare_plans([run.plan for run in runs], _BOTH, deals=(deal, changed))
    return WhatIf(tuple(changes), comparison, tuple(run.seconds["total"] for run in runs))


def _changed(deal: Deal, changes: Sequence[str]) -> Deal:
    """The changed deal, which must keep every rule across tables too."""
    changed = apply_changes(deal, changes)
    old, new = ((each.settings.currency, each.settings.price_base_year) for each in (deal, changed))
    if old != new:
        raise ChangeError(
            [
                f"the deal as changed counts in {new[0]} at prices of {new[1]}; allowed: {old[0]} at prices "
                f"of {old[1]}, so that the two plans compare; leave currency and price_base_year as they are"
            ]
        )
    errors = check(changed).errors
    if errors:
        head = f"the deal as changed breaks a rule; mend the changes ({'; '.join(changes)})"
        raise ChangeError([head, *map(str, errors)])
    return changed


def compare(
    plans: Sequence[Plan], *, names: Sequence[str] | None = None, deals: Sequence[Deal] = ()
) -> Comparison:
    """Set two to six plans side by side; the first is what the others are compared with.

    Parameters
    ----------
    plans : plans in one currency at prices of one base year
    names : one for each plan; None: A, B, C …
    deals : the deal of each plan, in the same order; with them, what differs in the inputs is told too

    Raises
    ------
    CommandError : where the plans cannot be compared
    PlanFileError : where a plan was not made from the deal given with it

    Examples
    --------
    >>> from dronedeal.workflow import plan, read
    >>> deal = read("deals/first-deal")
    >>> both = [plan(deal, objective=kind, gap=0.0) for kind in ("joint", "buyer")]
    >>> compare(both).total("objective").values[0] > compare(both).total("buyer").values[0]
    True
    """
    return compare_plans(plans, names, deals=deals)


def explain(
    plan: Plan,
    deal: Deal | None = None,
    *,
    requirement: str | None = None,
    system: str | None = None,
    year: int | None = None,
) -> Explanation:
    """Say in words why a plan is as it is; the weightiest answers come first.

    Parameters
    ----------
    plan : the plan
    deal : its deal, for names in place of ids and for why a system is not bought; None: without
    requirement, system, year : what it shall be about; None: everything

    Raises
    ------
    CommandError : where the plan has no such requirement, system or year
    PlanFileError : where the plan was made from another deal

    Examples
    --------
    >>> from dronedeal.workflow import plan, read
    >>> deal = read("deals/first-deal")
    >>> found = explain(plan(deal, gap=0.0), system="kestrel")
    >>> found.of("bought")[0].text.partition(" at ")[0]
    'guard buys 580 kestrel from line north for patrol in fiscal year 2028'
    """
    asked = Asked(requirement, system, year)
    if deal is None:
        return explain_plan(plan, asked)
    if plan.digest != deal.digest:
        raise PlanFileError("explain: the plan was made from another deal; name its own deal, or plan again")
    reasons = () if system is None else why_not_bought(plan, deal, match(deal), asked=asked)
    known = [row.id for row in deal.systems]
    found = explain_plan(plan, asked, known_systems=known, reasons=reasons, values=stated_values(deal))
    return found.spoken(Names(deal).in_words)


def verify(plan: Plan, deal: Deal) -> Verification:
    """Check a plan against its deal by plain arithmetic, without a solver.

    Raises
    ------
    PlanFileError : where the plan belongs to another deal
    """
    return verify_by_arithmetic(plan, deal)
