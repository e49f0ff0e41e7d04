"""What each composition rule costs: the same deal planned again without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.deal import Deal
from dronedeal.errors import StoppedError
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import Plan
from dronedeal.results.rule_costs import with_rule_costs
from dronedeal.results.verify import verify
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import named


def cost_of_rules(
    made: Plan,
    *,
    deal: Deal,
    options: SolveOptions,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Plan:
    """The plan with the table of what each rule costs; a stop keeps what is done.

    Every rule is left out in turn, and the solver starts from what it knows of the deal before.

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
    for rule in deal.rules:
        if should_stop():
            break
        other = without_rule(deal, rule.id)
        known = assessing.assess(other)
        model = planning.build(other, known)
        try:
            outcome = solving.solve_plan(
                model.problem,
                solver,
                kind=made.objective_kind,  # type: ignore[arg-type]  # a plan states one of the three kinds
                no_deal=planning.no_deal_columns(model),
                options=replace(options, is_proven=False),
                on_progress=named(on_progress, f"without rule {rule.id}"),
                should_stop=should_stop,
            )
        except StoppedError:
            break
        if should_stop():
            break  # what was found until the stop says too little of the rule
        plan = make_plan(model, outcome, other, known, options=options, versions=made.versions)
        verify(plan, other, known).require_passed()
        found[rule.id] = plan
    return with_rule_costs(made, found)


def without_rule(deal: Deal, rule: str) -> Deal:
    """The same deal without one composition rule.

    Parameters
    ----------
    rule : id of the rule
    """
    return deal.with_table("rules", [row for row in deal.rules if row.id != rule])
