"""The command `dronedeal`: parse, call the workflow, print.

Exit status: 0 done; 1 the plan failed its check (`verify`); 2 something in the user's data or command;
70 a fault of the program; 130 stopped on request before there was a plan.

The workflow is imported inside the commands, so that `--help` answers at once; the import contract sees
these imports like all others.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from dronedeal.errors import DealError, InputError, StoppedError

if TYPE_CHECKING:
    from dronedeal.deal import Deal
    from dronedeal.results.plan import Plan

DONE, FAILED_CHECK, INPUT_ERROR, PROGRAM_FAULT, STOPPED = 0, 1, 2, 70, 130

app = typer.Typer(
    name="dronedeal",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@dataclass
class Invocation:
    """What one call of the command was asked besides its verb."""

    is_debugging: bool = False


DealPath = Annotated[Path, typer.Argument(metavar="DEAL", help="Deal folder or .xlsx workbook.")]
PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="plan.json, or the folder that it lies in.")]
Sides = Annotated[
    str,
    typer.Option(
        metavar="LIST", help="Owners whose tables are read, separated by commas: shared, buyer, seller."
    ),
]
ALL_SIDES = "shared,buyer,seller"


def _show_version(is_asked: bool) -> None:
    if is_asked:
        import dronedeal

        typer.echo(f"dronedeal {dronedeal.__version__}")
        raise typer.Exit


@app.callback()
def dronedeal_command(
    context: typer.Context,
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A workbench for framework purchases with joint production.

    It turns one deal folder into a certified plan, the value of that plan to each side, and a report.
    """
    if isinstance(context.obj, Invocation):
        context.obj.is_debugging = debug


@app.command()
def check(
    deal: Annotated[
        Path | None, typer.Argument(metavar="DEAL", help="Deal folder or .xlsx workbook.")
    ] = None,
    *,
    sides: Sides = ALL_SIDES,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead.")] = False,
) -> None:
    """Find every error of a deal, with its address.

    Example: dronedeal check deals/first-deal
    """
    from dronedeal import terminal, workflow

    if rules:
        typer.echo(terminal.rules_text(workflow.rules()))
        return
    if deal is None:
        raise InputError("check: no deal named; give a deal folder or a workbook, or --rules")
    read = _read(deal, sides)
    result = workflow.check(read)
    for finding in result.errors:
        typer.echo(finding, err=True)
    typer.echo(terminal.check_text(read, result), err=not result.is_ok)
    if not result.is_ok:
        raise typer.Exit(INPUT_ERROR)


@app.command()
def match(
    deal: DealPath,
    *,
    requirement: Annotated[str | None, typer.Option(metavar="ID", help="Only this requirement.")] = None,
    system: Annotated[str | None, typer.Option(metavar="ID", help="Only this system.")] = None,
    all_criteria: Annotated[bool, typer.Option("--all", help="Show every criterion of every pair.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write every criterion as a table too.")
    ] = None,
    sides: Sides = ALL_SIDES,
) -> None:
    """Show which system meets which requirement.

    How surely, what is missing, and which criterion stops a system.

    Example: dronedeal match deals/first-deal --requirement patrol --all
    """
    from dronedeal import output, terminal, workflow

    read = _read(deal, sides)
    if out is not None:
        output.refuse_file(out)
    assessment = workflow.narrow(workflow.match(read), read, requirement=requirement, system=system)
    typer.echo(terminal.match_text(assessment, is_full=all_criteria))
    hint = terminal.warnings_hint(workflow.check(read), deal)
    if hint:
        typer.echo(hint, err=True)
    if out is not None:
        output.write_matching(assessment, out)
        typer.echo(f"every criterion stands in {out}", err=True)


@app.command()
def plan(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the plan and its report.")],
    objective: Annotated[
        Literal["joint", "buyer", "seller"], typer.Option(help="Whose utility to maximise.")
    ] = "joint",
    gap: Annotated[
        float, typer.Option(metavar="G", help="Stop this close to the best possible; 0.01 is one per cent.")
    ] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", help="Stop after so many seconds with the best plan so far.")
    ] = None,
    threads: Annotated[int, typer.Option(metavar="N", help="Threads; they change no result.")] = 2,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the solver.")] = 0,
    baselines: Annotated[
        bool,
        typer.Option("--baselines", help="Also plan with all made by one side, to judge joint production."),
    ] = False,
    rule_costs: Annotated[
        bool,
        typer.Option(
            "--rule-costs/--no-rule-costs",
            help="Also plan without each composition rule in turn: what it costs.",
        ),
    ] = False,
    near: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="Of all plans near the best, make the one nearest to PLAN."),
    ] = None,
    give_up: Annotated[
        float, typer.Option(metavar="G", help="How much of the objective --near may give up; 0.005: 0.5 %.")
    ] = 0.005,
    freeze_until: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Up to this month everything stays as PLAN decided it."),
    ] = None,
    sides: Sides = ALL_SIDES,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an earlier plan in DIR; other files stay.")
    ] = False,
) -> None:
    """Plan a deal, check the plan, and write it with its report.

    Ctrl-C stops the search and keeps the best plan so far; a second one aborts.

    Example: dronedeal plan deals/first-deal --out out/first-deal --gap 0.001
    """
    from dronedeal import exchange, terminal, workflow

    earlier = None if near is None else workflow.read_plan(near)
    kept = exchange.near_plan(earlier, give_up=give_up, freeze_until=freeze_until)
    run = workflow.plan_to_folder(
        deal,
        out,
        choices=exchange.PlanChoices(objective, gap, time_limit, threads, seed, baselines, rule_costs, kept),
        sides=exchange.parse_sides(sides),
        overwrite=overwrite,
        on_progress=lambda progress: typer.echo(terminal.progress_line(progress), err=True),
        on_first=lambda first: typer.echo(terminal.first_plan_line(first), err=True),
        on_stop=lambda: typer.echo("stopping with the best plan so far; Ctrl-C again aborts", err=True),
    )
    hint = terminal.warnings_hint(run.check, deal)
    if hint:
        typer.echo(hint, err=True)
    typer.echo(terminal.plan_text(run.plan, out))


Objective = Annotated[Literal["joint", "buyer", "seller"], typer.Option(help="Whose utility to maximise.")]
ComparisonPath = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder for comparison.html and comparison.xlsx.")
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace an earlier comparison in DIR; other files stay.")
]


@app.command("what-if")
def what_if(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    changes: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="CHANGE",
            help="table[key/key].column=VALUE, or *=, +=, -=, /= in place of =; `*` for any key cell; "
            "or settings.key=VALUE. Give it once for each change.",
        ),
    ],
    objective: Objective = "joint",
    gap: Annotated[
        float, typer.Option(metavar="G", help="Stop this close to the best possible; 0.01 is one per cent.")
    ] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", help="Stop each plan after so many seconds.")
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
        _read(deal, sides),
        changes,
        objective=objective,
        gap=gap,
        time_limit=time_limit,
        on_progress=lambda progress: typer.echo(terminal.progress_line(progress), err=True),
        on_stop=lambda: typer.echo("going on with the best plan so far; Ctrl-C again aborts", err=True),
        on_plan=lambda name, plan: _keep(plan, out, name),
    )
    if out is not None:
        workflow.write_what_if(result, out, deal_path=deal, overwrite=True)
    typer.echo(terminal_comparison.what_if_text(result, out))


@app.command()
def alternatives(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the plans and their comparison.")],
    plan: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="The best plan, made before of this deal; it is not made again."),
    ] = None,
    within: Annotated[
        float, typer.Option(metavar="S", help="How much worse than the best a plan may be; 0.01: 1 %.")
    ] = 0.01,
    count: Annotated[int, typer.Option(metavar="N", help="Most alternatives, from 1 to 5.")] = 4,
    objective: Objective = "joint",
    gap: Annotated[
        float, typer.Option(metavar="G", help="Stop this close to the best possible; 0.01 is one per cent.")
    ] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", help="Stop the search for the best after so many seconds.")
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
        on_progress=lambda progress: typer.echo(terminal.progress_line(progress), err=True),
        on_stop=lambda: typer.echo("stopping with the plans that are done; Ctrl-C again aborts", err=True),
    )
    if found.comparison is None:
        typer.echo(f"no other plan is within {within:.3g} of the best, which lies in {out / 'best'}")
    else:
        typer.echo(terminal_comparison.alternatives_text(found.comparison, out, within=within))


@app.command()
def negotiate(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for the record, page, workbook and plans.")
    ],
    points: Annotated[int, typer.Option(metavar="N", help="Most points of the frontier, at least 2.")] = 21,
    pairs: Annotated[
        int, typer.Option(metavar="N", help="Most pairs of clauses that are valued together.")
    ] = 60,
    gap: Annotated[
        float, typer.Option(metavar="G", help="Stop each search this close to the best possible.")
    ] = 0.001,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", help="Stop each search after so many seconds.")
    ] = None,
    sides: Sides = ALL_SIDES,
    overwrite: Overwrite = False,
) -> None:
    """Compute what two sides could agree on, and what each clause is worth to either.

    What each side walks away to, whether there is a zone of agreement, the frontier, fair points and the
    price of every clause; every point is a whole plan, checked, with its terms. Ctrl-C ends the search and
    keeps what is found.

    Example: dronedeal negotiate deals/first-deal --out out/negotiation --points 5
    """
    from dronedeal import exchange, terminal_negotiation, workflow

    run = workflow.negotiate_to_folder(
        deal,
        out,
        points=points,
        pairs=pairs,
        gap=gap,
        time_limit=time_limit,
        sides=exchange.parse_sides(sides),
        overwrite=overwrite,
        on_progress=lambda progress: typer.echo(terminal_negotiation.step_line(progress), err=True),
        on_stop=lambda: typer.echo("stopping with what is found; Ctrl-C again aborts", err=True),
    )
    typer.echo(terminal_negotiation.negotiation_text(run.record, out))


@app.command()
def compare(
    plans: Annotated[
        list[Path],
        typer.Argument(
            metavar="PLAN...",
            help="Two to six plan.json, or the folders they lie in; with --multiyear one deal.",
        ),
    ],
    *,
    multiyear: Annotated[
        bool,
        typer.Option("--multiyear", help="Plan a deal as a commitment and year by year, and compare."),
    ] = False,
    deals: Annotated[
        list[Path] | None,
        typer.Option("--deals", metavar="DEAL", help="Deal of each plan, in the same order; once for each."),
    ] = None,
    out: ComparisonPath = None,
    overwrite: Overwrite = False,
) -> None:
    """Set two to six plans side by side, or a multi-year commitment against annual buying.

    With their deals, the inputs that differ come first, each with its address.

    Example: dronedeal compare out/joint out/buyer --out out/compared

    Example: dronedeal compare --multiyear deals/first-deal
    """
    from dronedeal import exchange, output, terminal, terminal_comparison, workflow

    if out is not None:
        output.refuse_output(out, deal_path=plans[0] if multiyear else None, overwrite=overwrite)
    if multiyear:
        comparison = workflow.compare_multiyear(
            _read(exchange.only_deal(plans, deals or ()), ALL_SIDES),
            on_progress=lambda progress: typer.echo(terminal.progress_line(progress), err=True),
        )
    else:
        comparison = workflow.compare(
            [workflow.read_plan(path) for path in plans],
            names=exchange.plan_names(plans),
            deals=[_read(path, ALL_SIDES) for path in deals or ()],
        )
    if out is not None:
        workflow.write_comparison(comparison, out, overwrite=overwrite)
    typer.echo(terminal_comparison.comparison_text(comparison, out))


@app.command()
def explain(
    plan: PlanPath,
    *,
    deal: Annotated[
        Path | None,
        typer.Option(metavar="DEAL", help="Its deal, for names and for why a system is not bought."),
    ] = None,
    requirement: Annotated[str | None, typer.Option(metavar="ID", help="Only this requirement.")] = None,
    system: Annotated[str | None, typer.Option(metavar="ID", help="Only this system.")] = None,
    year: Annotated[int | None, typer.Option(metavar="YYYY", help="Only this fiscal year.")] = None,
) -> None:
    """Say in words why a plan is as it is.

    What is short and why, what binds and what one more of it is worth, what is bought of a system.

    Example: dronedeal explain out/first-deal --system kestrel
    """
    from dronedeal import terminal_comparison, workflow

    found = workflow.explain(
        workflow.read_plan(plan),
        None if deal is None else _read(deal, ALL_SIDES),
        requirement=requirement,
        system=system,
        year=year,
    )
    typer.echo(terminal_comparison.explanation_text(found))


@app.command()
def verify(plan: PlanPath, deal: DealPath, *, sides: Sides = ALL_SIDES) -> None:
    """Check a plan against its deal, without a solver.

    Example: dronedeal verify out/first-deal/plan.json deals/first-deal
    """
    from dronedeal import terminal, workflow

    verification = workflow.verify(workflow.read_plan(plan), _read(deal, sides))
    typer.echo(terminal.verification_text(verification), err=not verification.is_passed)
    if not verification.is_passed:
        raise typer.Exit(FAILED_CHECK)


@app.command()
def report(
    plan: PlanPath,
    deal: DealPath,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for report.html and plan.xlsx.")],
    sides: Sides = ALL_SIDES,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an earlier report in DIR; other files stay.")
    ] = False,
) -> None:
    """Write the report of a plan that was made before.

    Example: dronedeal report out/first-deal/plan.json deals/first-deal --out again
    """
    from dronedeal import workflow

    written = workflow.write_report(workflow.read_plan(plan), _read(deal, sides), out, overwrite=overwrite)
    typer.echo(f"the report lies in {written}")


@app.command()
def schema(
    *,
    format: Annotated[Literal["markdown", "json"], typer.Option(help="What to print.")] = "markdown",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Print the manual of the deal folder, or its JSON Schema.

    Example: dronedeal schema --format json --out deal.schema.json
    """
    from dronedeal import output, workflow

    text = workflow.schema(format)
    if out is None:
        typer.echo(text, nl=not text.endswith("\n"))
    else:
        output.refuse_file(out)
        output.write_text(text, out)


@app.command()
def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder or workbook to make.")],
    *,
    workbook: Annotated[bool, typer.Option("--workbook", help="One .xlsx workbook, not a folder.")] = False,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="A made-up deal, not an empty template.")
    ] = False,
    systems: Annotated[int, typer.Option(metavar="N", help="Systems of a made-up deal.")] = 30,
    lines: Annotated[int, typer.Option(metavar="N", help="Lines of a made-up deal.")] = 30,
    requirements: Annotated[int, typer.Option(metavar="N", help="Requirements of a made-up deal.")] = 20,
    seed: Annotated[int, typer.Option(metavar="S", help="Start of the random numbers.")] = 1,
) -> None:
    """Start a deal from a commented template, or make one up.

    Example: dronedeal new my-deal, or: dronedeal new big-deal --synthetic --systems 100
    """
    from dronedeal import exchange, workflow

    size = exchange.SyntheticSize(systems, lines, requirements, seed) if synthetic else None
    made = workflow.new(directory, workbook=workbook, synthetic=size)
    typer.echo(f"{made} is ready; next: dronedeal check {made}")


def _keep(plan: Plan, out: Path | None, name: str) -> None:
    """Write a plan as soon as it is done, so that a stop later loses nothing."""
    from dronedeal import output

    if out is not None:
        output.write_plan_files(plan, out / name.replace(" ", "-"))


def _read(path: Path, sides: str) -> Deal:
    from dronedeal import exchange, workflow

    return workflow.read(path, sides=exchange.parse_sides(sides))


def command_names() -> list[str]:
    """Names of all commands, in the order of the help text."""
    return [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit status; messages go to stderr."""
    invocation = Invocation()
    try:
        app(args=list(arguments), prog_name="dronedeal", obj=invocation)
    except SystemExit as stop:
        return _status(stop)
    except KeyboardInterrupt:
        return _say("stopped on request; nothing was planned", STOPPED)
    except StoppedError as error:
        return _say(str(error), STOPPED)
    except InputError as error:
        return _say(str(error), INPUT_ERROR)
    except Exception as error:
        return _fault(error, is_debugging=invocation.is_debugging)
    return DONE


def _status(stop: SystemExit) -> int:
    if stop.code == STOPPED:
        return _say("stopped on request; nothing was planned", STOPPED)
    return stop.code if isinstance(stop.code, int) else DONE


def _say(message: str, status: int) -> int:
    typer.echo(message, err=True)
    return status


def _fault(error: Exception, *, is_debugging: bool) -> int:
    if is_debugging:
        traceback.print_exception(error)
    kind = "" if isinstance(error, DealError) else f"{type(error).__name__}: "
    return _say(
        f"dronedeal has a fault that is not yours. Please report it with this text:\n"
        f"{kind}{error}\n"
        "`dronedeal --debug …` shows where it happened.",
        PROGRAM_FAULT,
    )


def main() -> NoReturn:
    """Entry point of the command `dronedeal`."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may not know every sign
    status = run(sys.argv[1:])
    if status == STOPPED:
        # A solver that was told to stop may still be at work in its thread; the interpreter cannot be taken
        # down under it, so the process ends at once.
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)
    sys.exit(status)
