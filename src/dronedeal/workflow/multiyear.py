"""The multi-year commitment against annual buying: the same deal planned year by year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.deal import Deal
from dronedeal.exchange import PlanChoices
from dronedeal.results.assemble import make_plan
from dronedeal.results.certificates import NOT_BEST, cautions
from dronedeal.results.compare import Comparison, compare_plans
from dronedeal.results.plan import Plan
from dronedeal.results.savings import savings
from dronedeal.results.verify import verify
from dronedeal.solving import Outcome, Progress, SolveOptions, Termination
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, named
from dronedeal.workflow.plans import program_versions, run_plan

MULTIYEAR_NAMES = ("multi-year", "annual")


def compare_multiyear(
    deal: Deal,
    *,
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> Comparison:
    """Set the multi-year commitment against annual buying, and say where each saving comes from.

    Annual buying is a rolling plan that looks one fiscal year of the buyer ahead: every year is planned as
    if nothing came after it, with all earlier years as they were decided, and nothing is firm in advance.
    Prices, tiers and bundles are those of the deal in both plans.

    Parameters
    ----------
    deal : a deal without errors
    gap, time_limit, on_progress, should_stop : of the multi-year plan and of each year, as for `plan`

    Returns
    -------
    Comparison of the two plans with `savings`, which add up to the difference of both utilities

    Raises
    ------
    As `plan`.

    Examples
    --------
    >>> from dronedeal.workflow import read
    >>> found = compare_multiyear(read("deals/first-deal"), gap=0.0)
    >>> round(sum(saving.joint for saving in found.savings)) == round(-found.total("objective").change(1))
    True
    """
    options = SolveOptions(gap, time_limit)
    run = run_plan(
        deal,
        PlanChoices("joint", gap, time_limit),
        watch=Stopwatch(),
        on_progress=on_progress,
        should_stop=should_stop,
    )
    run.verification.require_passed()
    free = without_firm_quantities(deal)
    annual = _annual_plan(free, options, on_progress=on_progress, should_stop=should_stop)
    comparison = compare_plans([run.plan, annual], MULTIYEAR_NAMES, deals=(deal, free))
    return replace(comparison, savings=savings(run.plan, annual, deal), warnings=_warnings(comparison))


def _warnings(comparison: Comparison) -> tuple[str, ...]:
    """No search was left undone in annual buying: there is no bound because nobody looks ahead."""
    multiyear = comparison.certificates[:1]
    kept = (warning for warning in comparison.warnings if not warning.startswith(NOT_BEST))
    return (
        *kept,
        *cautions(multiyear, has_deals=True),
        f"“{MULTIYEAR_NAMES[1]}” is planned one year after the other; no bound stands behind it.",
    )


def without_firm_quantities(deal: Deal) -> Deal:
    """The same deal with nothing firm in advance; what an option allows in all stays on sale."""
    prices = [
        row.model_copy(
            update={
                "firm_minimum": None,
                "option_quantity": None
                if row.option_quantity is None
                else row.option_quantity + (row.firm_minimum or 0.0),
            }
        )
        for row in deal.prices
    ]
    return deal if tuple(prices) == deal.prices else deal.with_table("prices", prices)


def _annual_plan(
    deal: Deal,
    options: SolveOptions,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Plan:
    """The rolling plan, checked like any other; no bound stands behind it."""
    assessment = assessing.assess(deal)
    model = planning.build(deal, assessment)
    outcome: Outcome | None = None
    is_relaxed = False
    for stage, year in enumerate(model.data.buyer_years.names):
        decided = None if outcome is None else outcome.solution.values
        problem = planning.annual_problem(model.problem, stage, decided)
        outcome = solving.solve_plan(
            problem,
            HighsSolver(),
            no_deal=planning.no_deal_columns(model),
            options=options,
            on_progress=named(on_progress, f"{year} alone"),
            should_stop=should_stop,
        )
        is_relaxed = is_relaxed or outcome.is_relaxed
    assert outcome is not None
    solution = replace(
        outcome.solution, bound=np.inf, row_duals=None, termination=Termination.ITERATION_LIMIT
    )
    worth = solution.objective
    made = make_plan(
        model,
        replace(outcome, solution=solution, unrounded=worth, is_relaxed=is_relaxed),
        deal,
        assessment,
        options=options,
        versions=program_versions(),
    )
    verification = verify(made, deal, assessment)
    verification.require_passed()
    return made.with_verification(verification)
