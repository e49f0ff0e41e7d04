"""The same deal planned again to judge a plan: all made by one side, and without each composition rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.errors import StoppedError
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import Plan
from dronedeal.results.variants import ALL, relaxed_where_broken, with_baselines, with_rule_costs
from dronedeal.results.verify import verify
from dronedeal.solving import Progress, SolveOptions, Solver
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import named


@dataclass(frozen=True)
class _Variant:
    """What a plan beside the plan is made from."""

    deal: Deal
    assessment: Assessment
    model: planning.Model


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
        plan = _planned(
            made,
            _Variant(deal, assessment, planning.baseline_model(model, kind)),
            solver=HighsSolver(),
            options=options,
            on_progress=named(on_progress, kind.replace("_", " ")),
            should_stop=should_stop,
        )
        if plan is None:
            break
        found[kind] = relaxed_where_broken(plan)
        verify(found[kind], deal, assessment).require_passed()
    return with_baselines(made, found)


def cost_of_rules(
    made: Plan,
    *,
    deal: Deal,
    options: SolveOptions,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Plan:
    """The plan with the table of what each rule costs; a stop keeps what is done.

    Every rule is left out in turn, then all rules of each kind that has several: where they bar the same
    systems, leaving out one of them brings nothing. The solver starts from what it knows of the deal before.

    Parameters
    ----------
    made : plan of the whole deal
    options : of each solve; the time limit holds for each of them

    Raises
    ------
    VerificationError : a plan without a rule failed its check, which is a fault of the program
    """
    found: dict[str, Plan] = {}
    solver = HighsSolver(is_hot=True)
    for name in rules_to_leave_out(deal):
        if should_stop():
            break
        other = without_rule(deal, name)
        known = assessing.assess(other)
        plan = _planned(
            made,
            _Variant(other, known, planning.build(other, known)),
            solver=solver,
            options=options,
            on_progress=named(on_progress, f"without {name}"),
            should_stop=should_stop,
        )
        if plan is None or should_stop():
            break  # what was found until the stop says too little of the rule
        verify(plan, other, known).require_passed()
        found[name] = plan
    return with_rule_costs(made, found)


def _planned(
    made: Plan,
    variant: _Variant,
    *,
    solver: Solver,
    options: SolveOptions,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Plan | None:
    """The plan of a variant with the objective of the plan that it is set beside; None: stopped."""
    try:
        outcome = solving.solve_plan(
            variant.model.problem,
            solver,
            kind=made.objective_kind,  # type: ignore[arg-type]  # a plan states one of the three kinds
            no_deal=planning.no_deal_columns(variant.model),
            options=replace(options, is_proven=False),
            on_progress=on_progress,
            should_stop=should_stop,
        )
    except StoppedError:
        return None
    return make_plan(
        variant.model, outcome, variant.deal, variant.assessment, options=options, versions=made.versions
    )


def rules_to_leave_out(deal: Deal) -> list[str]:
    """Every rule, then `ALL` and each kind that has more than one."""
    kinds = Counter(row.kind for row in deal.rules)
    return [row.id for row in deal.rules] + [ALL + kind for kind, count in kinds.items() if count > 1]


def without_rule(deal: Deal, name: str) -> Deal:
    """The same deal without one composition rule, or without all rules of one kind.

    Parameters
    ----------
    name : as of `rules_to_leave_out`
    """
    return deal.with_table("rules", [row for row in deal.rules if name not in (row.id, ALL + row.kind)])
