"""Commands that set several plans side by side: what-if, alternatives, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dronedeal.cli.command import app
from dronedeal.cli.library import Argument, Option, echo
from dronedeal.cli.options import (
    ALL_SIDES,
    ComparisonPath,
    DealPath,
    Gap,
    Objective,
    Overwrite,
    Sides,
    read_deal,
)

if TYPE_CHECKING:
    from dronedeal.results.plan import Plan


@app.command("what-if")
def what_if(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    changes: Annotated[
        list[str],
        Option(
            "--set",
            metavar="CHANGE",
            help="table[key/key].column=VALUE, or *=, +=, -=, /= in place of =; `*` for any key cell; "
            "or settings.key=VALUE. Give it once for each change.",
        ),
    ],
    objective: Objective = "joint",
    gap: Gap = 0.001,
    time_limit: Annotated[
        float | None, Option(metavar="S", help="Stop each plan after so many seconds.")
    ] = None,
    out: ComparisonPath = None,
    sides: Sides = ALL_SIDES,
    overwrite: Overwrite = False,
) -> None:
    """Change a deal, plan it again, and show what differs.

    The deal in its folder stays as it is. Ctrl-C ends the search for one plan with the best so far and goes
    on with the other; a second one aborts, and with --out a plan that is done stays in its folder.

    Example: dronedeal what-if deals/first-deal --set 'budgets[guard/2028].amount*=0.9'
    """
    from dronedeal import output, terminal, terminal_comparison, workflow

    if out is not None:
        output.refuse_output(out, deal_path=deal, overwrite=overwrite)
    result = workflow.what_if(
        read_deal(deal, sides),
        changes,
        objective=objective,
        gap=gap,
        time_limit=time_limit,
        on_progress=lambda progress: echo(terminal.progress_line(progress), err=True),
        on_stop=lambda: echo("going on with the best plan so far; Ctrl-C again aborts", err=True),
        on_plan=lambda name, plan: _keep(plan, out, name),
    )
    if out is not None:
        workflow.write_what_if(result, out, deal_path=deal, overwrite=True)
    echo(terminal_comparison.what_if_text(result, out))


@app.command()
def alternatives(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[Path, Option(metavar="DIR", help="Folder for the plans and their comparison.")],
    plan: Annotated[
        Path | None,
        Option(metavar="PLAN", help="The best plan, made before of this deal; it is not made again."),
    ] = None,
    within: Annotated[
        float, Option(metavar="S", help="How much worse than the best a plan may be; 0.01: 1 %.")
    ] = 0.01,
    count: Annotated[int, Option(metavar="N", help="Most alternatives, from 1 to 5.")] = 4,
    objective: Objective = "joint",
    gap: Gap = 0.001,
    time_limit: Annotated[
        float | None, Option(metavar="S", help="Stop the search for the best after so many seconds.")
    ] = None,
    sides: Sides = ALL_SIDES,
    overwrite: Overwrite = False,
) -> None:
    """Make plans nearly as good as the best that differ most from it.

    They differ in what is bought and where it is made; each is a whole plan, checked, in its own folder.
    Ctrl-C ends the search and keeps every plan that is done.

    Example: dronedeal alternatives deals/first-deal --out out/alternatives --count 2
    """
    from dronedeal import exchange, terminal, terminal_comparison, workflow

    found = workflow.alternatives_to_folder(
        deal,
        out,
        plan=plan,
        within=within,
        count=count,
        choices=exchange.PlanChoices(objective, gap, time_limit),
        sides=exchange.parse_sides(sides),
        overwrite=overwrite,
        on_progress=lambda progress: echo(terminal.progress_line(progress), err=True),
        on_stop=lambda: echo("stopping with the plans that are done; Ctrl-C again aborts", err=True),
    )
    if found.comparison is None:
        echo(f"no other plan is within {within:.3g} of the best, which lies in {out / 'best'}")
    else:
        echo(terminal_comparison.alternatives_text(found.comparison, out, within=within))


@app.command()
def compare(
    plans: Annotated[
        list[Path],
        Argument(
            metavar="PLAN...",
            help="Two to six plan.json, their folders, points such as out#nash; with --multiyear one deal.",
        ),
    ],
    *,
    multiyear: Annotated[
        bool,
        Option("--multiyear", help="Plan a deal as a commitment and year by year, and compare."),
    ] = False,
    deals: Annotated[
        list[Path] | None,
        Option("--deals", metavar="DEAL", help="Deal of each plan, in the same order; one alone: of all."),
    ] = None,
    out: ComparisonPath = None,
    sides: Sides = ALL_SIDES,
    overwrite: Overwrite = False,
) -> None:
    """Set two to six plans side by side, or a multi-year commitment against annual buying.

    With their deals, the inputs that differ come first, each with its address.

    Example: dronedeal compare out/joint out/buyer --out out/compared

    Example: dronedeal compare 'out/negotiation#nash' 'out/negotiation#p03' --deals deals/first-deal

    Example: dronedeal compare --multiyear deals/first-deal
    """
    from dronedeal import exchange, output, terminal, terminal_comparison, workflow

    if out is not None:
        output.refuse_output(out, deal_path=plans[0] if multiyear else None, overwrite=overwrite)
    if multiyear:
        comparison = workflow.compare_multiyear(
            read_deal(exchange.only_deal(plans, deals or ()), sides),
            on_progress=lambda progress: echo(terminal.progress_line(progress), err=True),
        )
    else:
        comparison = workflow.compare(
            [workflow.read_plan(path) for path in plans],
            names=exchange.plan_names(plans),
            deals=workflow.deals_of_plans(plans, [read_deal(path, sides) for path in deals or ()]),
        )
    if out is not None:
        workflow.write_comparison(comparison, out, overwrite=overwrite)
    echo(terminal_comparison.comparison_text(comparison, out))


def _keep(plan: Plan, out: Path | None, name: str) -> None:
    """Write a plan as soon as it is done, so that a stop later loses nothing."""
    from dronedeal import output

    if out is not None:
        output.write_plan_files(plan, out / name.replace(" ", "-"))
