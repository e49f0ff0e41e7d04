"""The command that tries a signed plan in fresh futures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from dronedeal.cli.command import app
from dronedeal.cli.library import Option, echo
from dronedeal.cli.options import (
    ALL_SIDES,
    ClusterAddress,
    DealPath,
    PlanPath,
    Sides,
    TlsCa,
    TlsCert,
    TlsKey,
    WorkerTimeout,
)


@app.command()
def stress(  # noqa: PLR0913 -- the parameters are the options of the command
    plan: PlanPath,
    deal: DealPath,
    *,
    out: Annotated[Path, Option(metavar="DIR", help="Folder for what is found and its page.")],
    paths: Annotated[int, Option(metavar="N", help="How many futures.")] = 1000,
    seed: Annotated[int, Option(metavar="N", help="Seed of the draws.")] = 0,
    workers: Annotated[
        int | None,
        Option(
            metavar="N",
            help="Workers of this machine; they change no result.",
            show_default="one a processor where the deal is large",
        ),
    ] = None,
    cluster: ClusterAddress = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    worker_timeout: WorkerTimeout = 600.0,
    replan: Annotated[
        Literal["auto", "exact", "linear"],
        Option(help="How each year is planned anew; auto: exact where the deal is small."),
    ] = "auto",
    confidence: Annotated[
        float, Option(metavar="C", help="Confidence level of the intervals; 0.95 is 95 %.")
    ] = 0.95,
    path: Annotated[
        int | None,
        Option(metavar="K", help="Only path K again, written as an ordinary plan of what turned out."),
    ] = None,
    resume: Annotated[bool, Option("--resume", help="Go on with a run in DIR that was stopped.")] = False,
    sides: Sides = ALL_SIDES,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace an earlier stress test in DIR; other files stay.")
    ] = False,
) -> None:
    """Try a signed plan in fresh futures: what it keeps, how surely, what fails first and why.

    PLAN may also be one for many futures. Ctrl-C keeps what was found; a second one aborts.

    Example: dronedeal stress out/first-deal deals/first-deal --out out/stress --paths 200
    """
    from dronedeal import exchange, terminal, terminal_stress, workflow

    policy = None if replan == "auto" else replan
    choices = exchange.StressChoices(paths, seed, workers, policy, confidence)
    at = workflow.cluster_at(
        cluster, tls_ca=tls_ca, tls_cert=tls_cert, tls_key=tls_key, timeout=worker_timeout
    )
    owners = exchange.parse_sides(sides)
    if path is not None:
        made, turned_out = workflow.stress_path_to_folder(
            plan, deal, out, path, choices=choices, sides=owners, overwrite=overwrite
        )
        return echo(f"Path {path}: {turned_out}\n\n{terminal.plan_text(made, out)}")
    told = [-1.0]

    def tell(progress: exchange.StressProgress) -> None:
        if progress.elapsed - told[0] >= 1 or progress.done == progress.paths:
            told[0] = progress.elapsed
            echo(terminal_stress.stress_line(progress), err=True)

    found = workflow.stress_to_folder(
        plan,
        deal,
        out,
        choices=choices,
        sides=owners,
        cluster=at,
        resume=resume,
        overwrite=overwrite,
        on_progress=tell,
        on_stop=lambda: echo("stopping with what was found; Ctrl-C again aborts", err=True),
    )
    return echo(terminal_stress.stress_text(found, out))
