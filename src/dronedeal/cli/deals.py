"""Commands about the deal itself: check, match, new, schema."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from dronedeal.cli.command import INPUT_ERROR, app
from dronedeal.cli.library import Argument, Exit, Option, echo
from dronedeal.cli.options import ALL_SIDES, DealPath, Sides, read_deal
from dronedeal.errors import InputError


@app.command()
def check(
    deal: Annotated[Path | None, Argument(metavar="DEAL", help="Deal folder or .xlsx workbook.")] = None,
    *,
    sides: Sides = ALL_SIDES,
    rules: Annotated[bool, Option("--rules", help="List the rules instead.")] = False,
) -> None:
    """Find every error of a deal, with its address.

    Example: dronedeal check deals/first-deal
    """
    from dronedeal import terminal, workflow

    if rules:
        echo(terminal.rules_text(workflow.rules()))
        return
    if deal is None:
        raise InputError("check: no deal named; give a deal folder or a workbook, or --rules")
    read = read_deal(deal, sides)
    result = workflow.check(read)
    for finding in result.errors:
        echo(finding, err=True)
    echo(terminal.check_text(read, result), err=not result.is_ok)
    if not result.is_ok:
        raise Exit(INPUT_ERROR)


@app.command()
def match(
    deal: DealPath,
    *,
    requirement: Annotated[str | None, Option(metavar="ID", help="Only this requirement.")] = None,
    system: Annotated[str | None, Option(metavar="ID", help="Only this system.")] = None,
    all_criteria: Annotated[bool, Option("--all", help="Show every criterion of every pair.")] = False,
    out: Annotated[
        Path | None, Option(metavar="FILE.csv", help="Write every criterion as a table too.")
    ] = None,
    sides: Sides = ALL_SIDES,
) -> None:
    """Show which system meets which requirement.

    How surely, what is missing, and which criterion stops a system.

    Example: dronedeal match deals/first-deal --requirement patrol --all
    """
    from dronedeal import output, terminal, workflow

    read = read_deal(deal, sides)
    if out is not None:
        output.refuse_file(out)
    assessment = workflow.narrow(workflow.match(read), read, requirement=requirement, system=system)
    echo(terminal.match_text(assessment, is_full=all_criteria))
    hint = terminal.warnings_hint(workflow.check(read), deal)
    if hint:
        echo(hint, err=True)
    if out is not None:
        output.write_matching(assessment, out)
        echo(f"every criterion stands in {out}", err=True)


@app.command()
def new(
    directory: Annotated[Path, Argument(metavar="DIR", help="Folder or workbook to make.")],
    *,
    workbook: Annotated[bool, Option("--workbook", help="One .xlsx workbook, not a folder.")] = False,
    synthetic: Annotated[bool, Option("--synthetic", help="A made-up deal, not an empty template.")] = False,
    systems: Annotated[int, Option(metavar="N", help="Systems of a made-up deal.")] = 30,
    lines: Annotated[int, Option(metavar="N", help="Lines of a made-up deal.")] = 30,
    requirements: Annotated[int, Option(metavar="N", help="Requirements of a made-up deal.")] = 20,
    seed: Annotated[int, Option(metavar="S", help="Start of the random numbers.")] = 1,
) -> None:
    """Start a deal from a commented template, or make one up.

    Example: dronedeal new my-deal, or: dronedeal new big-deal --synthetic --systems 100
    """
    from dronedeal import exchange, workflow

    size = exchange.SyntheticSize(systems, lines, requirements, seed) if synthetic else None
    made = workflow.new(directory, workbook=workbook, synthetic=size)
    echo(f"{made} is ready; next: dronedeal check {made}")


@app.command()
def schema(
    *,
    format: Annotated[Literal["markdown", "json"], Option(help="What to print.")] = "markdown",
    out: Annotated[Path | None, Option(metavar="FILE", help="Write to a file.")] = None,
) -> None:
    """Print the manual of the deal folder, or its JSON Schema.

    Example: dronedeal schema --format json --out deal.schema.json
    """
    from dronedeal import output, workflow

    text = workflow.schema(format)
    if out is None:
        echo(text, nl=not text.endswith("\n"))
    else:
        output.refuse_file(out)
        output.write_text(text, out)
