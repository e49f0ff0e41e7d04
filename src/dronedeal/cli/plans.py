"""Commands about one plan: plan, explain, verify, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from dronedeal.cli.command import FAILED_CHECK, app
from dronedeal.cli.library import Exit, Option, echo
from dronedeal.cli.options import (
    ALL_SIDES,
    ClusterAddress,
    DealPath,
    FreezeUntil,
    Futures,
    Gap,
    HasEvidence,
    KeepCheckpoint,
    OverwritePlan,
    PlanPath,
    PlanProcesses,
    Resume,
    RuleCosts,
    Sides,
    TailShare,
    TailSide,
    TailWeight,
    TestTrials,
    TimeLimit,
    TlsCa,
    TlsCert,
    TlsKey,
    TreeFile,
    WorkerTimeout,
    read_deal,
)

if TYPE_CHECKING:
    from dronedeal.exchange import PlanChoices, ScenarioChoices
    from dronedeal.workflow import ClusterAt


@app.command()
def plan(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[Path, Option(metavar="DIR", help="Folder for the plan and its report.")],
    objective: Annotated[
        Literal["joint", "buyer", "seller"], Option(help="Whose utility to maximise.")
    ] = "joint",
    gap: Gap = 0.001,
    time_limit: TimeLimit = None,
    threads: Annotated[int, Option(metavar="N", help="Threads; they change no result.")] = 2,
    seed: Annotated[int, Option(metavar="N", help="Seed of the solver.")] = 0,
    baselines: Annotated[
        bool,
        Option("--baselines", help="Also plan with all made by one side, to judge joint production."),
    ] = False,
    rule_costs: RuleCosts = False,
    near: Annotated[
        Path | None,
        Option(metavar="PLAN", help="Of all plans near the best, make the one nearest to PLAN."),
    ] = None,
    give_up: Annotated[
        float, Option(metavar="G", help="How much of the objective --near may give up; 0.005: 0.5 %.")
    ] = 0.005,
    freeze_until: FreezeUntil = None,
    scenarios: Futures = None,
    tree: TreeFile = None,
    evidence: HasEvidence = False,
    tail: TailShare = None,
    tail_of: TailSide = None,
    tail_weight: TailWeight = 0.5,
    test_trials: TestTrials = None,
    workers: PlanProcesses = 1,
    cluster: ClusterAddress = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    worker_timeout: WorkerTimeout = 600.0,
    sides: Sides = ALL_SIDES,
    overwrite: OverwritePlan = False,
    resume: Resume = False,
    keep_checkpoint: KeepCheckpoint = False,
) -> None:
    """Plan a deal, check the plan, and write it with its report.

    Ctrl-C stops the search and keeps the best plan so far; a second one aborts. What is found for many
    futures is kept as it comes: whatever ended that work, the same command with --resume goes on from there.

    Example: dronedeal plan deals/first-deal --out out/first-deal --gap 0.001
    """
    from dronedeal import exchange, terminal, workflow

    earlier = None if near is None else workflow.read_plan(near)
    kept = exchange.near_plan(earlier, give_up=give_up, freeze_until=freeze_until)
    choices = exchange.PlanChoices(objective, gap, time_limit, threads, seed, baselines, rule_costs, kept)
    if evidence or any(asked is not None for asked in (scenarios, tree, tail, tail_of, test_trials)):
        more = tail, tail_of, tail_weight, test_trials
        futures = exchange.scenario_choices(scenarios, tree, evidence=evidence, more=more)
        at = workflow.cluster_at(
            cluster, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, timeout=worker_timeout
        )
        where, goes_on = (at, workers), (resume, keep_checkpoint)
        return _plan_scenarios(
            deal, out, futures, choices, where, goes_on=goes_on, sides=sides, overwrite=overwrite
        )
    exchange.refuse_workers_without_scenarios(workers, cluster)
    exchange.refuse_checkpoint_without_scenarios(resume=resume, keep_checkpoint=keep_checkpoint)
    run = workflow.plan_to_folder(
        deal,
        out,
        choices=choices,
        sides=exchange.parse_sides(sides),
        overwrite=overwrite,
        on_progress=lambda progress: echo(terminal.progress_line(progress), err=True),
        on_first=lambda first: echo(terminal.first_plan_line(first), err=True),
        on_stop=lambda: echo("stopping with the best plan so far; Ctrl-C again aborts", err=True),
    )
    hint = terminal.warnings_hint(run.check, deal)
    if hint:
        echo(hint, err=True)
    return echo(terminal.plan_text(run.plan, out))


def _plan_scenarios(  # noqa: PLR0913 -- every choice of a plan for many futures
    deal: Path,
    out: Path,
    futures: ScenarioChoices,
    choices: PlanChoices,
    where: tuple[ClusterAt | None, int],
    *,
    goes_on: tuple[bool, bool],
    sides: str,
    overwrite: bool,
) -> None:
    """The part of `plan` that plans for many futures."""
    from dronedeal import exchange, terminal, terminal_scenarios, workflow

    plan = workflow.scenarios_to_folder(
        deal,
        out,
        futures,
        choices=choices,
        sides=exchange.parse_sides(sides),
        cluster=where[0],
        workers=where[1],
        overwrite=overwrite,
        resume=goes_on[0],
        keep_checkpoint=goes_on[1],
        on_progress=lambda progress: echo(terminal.progress_line(progress), err=True),
        on_stop=lambda: echo("stopping with what is found; Ctrl-C again aborts", err=True),
    )
    echo(terminal_scenarios.scenarios_text(plan, out))
    if workflow.can_go_on(out) and not goes_on[1]:
        echo("\nGo on with the same command and --resume.")


@app.command()
def explain(
    plan: PlanPath,
    *,
    deal: Annotated[
        Path | None,
        Option(metavar="DEAL", help="Its deal, for names and for why a system is not bought."),
    ] = None,
    requirement: Annotated[str | None, Option(metavar="ID", help="Only this requirement.")] = None,
    system: Annotated[str | None, Option(metavar="ID", help="Only this system.")] = None,
    year: Annotated[int | None, Option(metavar="YYYY", help="Only this fiscal year.")] = None,
    sides: Sides = ALL_SIDES,
) -> None:
    """Say in words why a plan is as it is.

    What is short and why, what binds and what one more of it is worth, what is bought of a system.

    Example: dronedeal explain out/first-deal --system kestrel
    """
    from dronedeal import terminal_comparison, workflow

    found = workflow.explain(
        workflow.read_plan(plan),
        None if deal is None else workflow.deal_of_plan(plan, read_deal(deal, sides)),
        requirement=requirement,
        system=system,
        year=year,
    )
    echo(terminal_comparison.explanation_text(found))


@app.command()
def verify(plan: PlanPath, deal: DealPath, *, sides: Sides = ALL_SIDES) -> None:
    """Check a plan against its deal, without a solver.

    Example: dronedeal verify out/first-deal/plan.json deals/first-deal
    """
    from dronedeal import terminal, workflow

    made = workflow.read_plan(plan)
    verification = workflow.verify(made, workflow.deal_of_plan(plan, read_deal(deal, sides)))
    echo(terminal.verification_text(verification), err=not verification.is_passed)
    if not verification.is_passed:
        raise Exit(FAILED_CHECK)


@app.command()
def report(
    plan: PlanPath,
    deal: DealPath,
    *,
    out: Annotated[Path, Option(metavar="DIR", help="Folder for report.html and plan.xlsx.")],
    sides: Sides = ALL_SIDES,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace an earlier report in DIR; other files stay.")
    ] = False,
) -> None:
    """Write the report of a plan that was made before.

    Example: dronedeal report out/first-deal/plan.json deals/first-deal --out again
    """
    from dronedeal import workflow

    written = workflow.write_report(
        workflow.read_plan(plan),
        workflow.deal_of_plan(plan, read_deal(deal, sides)),
        out,
        overwrite=overwrite,
    )
    echo(f"the report lies in {written}")
