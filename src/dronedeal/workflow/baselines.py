"""Joint production against all made by one side: the same deal planned again without some lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dronedeal import planning, solving
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.errors import StoppedError
from dronedeal.results.assemble import make_plan
from dronedeal.results.baselines import relaxed_where_broken, with_baselines
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import named


def against_baselines(
    made: Plan,
    model: planning.Model,
    *,
    deal: Deal,
    assessment: Assessment,
    options: SolveOptions,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Plan:
    """The plan with the table of its baselines, each planned and checked like the plan itself.

    Parameters
    ----------
    made : plan of the whole deal
    model : what it was made from
    options : of each solve; the time limit holds for each of them

    Raises
    ------
    VerificationError : a baseline failed its check, which is a fault of the program
    """
    found: dict[str, Plan] = {}
    for kind in planning.BASELINES:
        if should_stop():
            break
        restricted = planning.baseline_model(model, kind)
        try:
            outcome = solving.solve_plan(
                restricted.problem,
                HighsSolver(),
                kind=made.objective_kind,  # type: ignore[arg-type]  # a plan states one of the three kinds
                no_deal=planning.no_deal_columns(restricted),
                options=replace(options, is_proven=False),
                on_progress=named(on_progress, kind.replace("_", " ")),
                should_stop=should_stop,
            )
        except StoppedError:
            break
        versions = made.versions
        plan = make_plan(restricted, outcome, deal, assessment, options=options, versions=versions)
        found[kind] = relaxed_where_broken(plan)
        verify(found[kind], deal, assessment).require_passed()
    return with_baselines(made, found)
