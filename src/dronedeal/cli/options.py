"""What several commands take alike, and how a deal is read for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from dronedeal.cli.library import Argument, Option

if TYPE_CHECKING:
    from dronedeal.deal import Deal

DealPath = Annotated[Path, Argument(metavar="DEAL", help="Deal folder or .xlsx workbook.")]
PlanPath = Annotated[
    Path,
    Argument(metavar="PLAN", help="plan.json, its folder, or a point of a negotiation such as out#nash."),
]
Sides = Annotated[
    str,
    Option(metavar="LIST", help="Owners whose tables are read, separated by commas: shared, buyer, seller."),
]
Side = Annotated[
    Literal["buyer", "seller"] | None,
    Option(help="Read the shared tables and this side's alone, with its estimates of the other's."),
]
ALL_SIDES = "shared,buyer,seller"
Objective = Annotated[Literal["joint", "buyer", "seller"], Option(help="Whose utility to maximise.")]
Gap = Annotated[
    float, Option(metavar="G", help="Stop this close to the best possible; 0.01 is one per cent.")
]
TimeLimit = Annotated[
    float | None, Option(metavar="S", help="Stop after so many seconds with the best plan so far.")
]
OverwritePlan = Annotated[
    bool, Option("--overwrite", help="Replace an earlier plan in DIR; other files stay.")
]
ComparisonPath = Annotated[
    Path | None, Option(metavar="DIR", help="Folder for comparison.html and comparison.xlsx.")
]
Overwrite = Annotated[
    bool, Option("--overwrite", help="Replace an earlier comparison in DIR; other files stay.")
]

Futures = Annotated[
    int | None,
    Option("--scenarios", metavar="N", help="Plan for about N futures at once, from `uncertainty`."),
]
TreeFile = Annotated[
    Path | None, Option("--tree", metavar="FILE", help="Plan for the futures of a tree, in CSV or YAML.")
]
HasEvidence = Annotated[
    bool,
    Option("--evidence", help="Also draw effectiveness from what trials leave open; with --scenarios."),
]
TailShare = Annotated[
    float | None,
    Option(
        "--tail", metavar="A", help="Weigh the mean of this share of worst futures; 0.1: the worst tenth."
    ),
]
TailSide = Annotated[
    Literal["buyer", "seller", "joint", "each"] | None,
    Option("--tail-of", help="Whose worst futures --tail weighs, each: either side's; else --objective's."),
]
TailWeight = Annotated[
    float,
    Option("--tail-weight", metavar="W", help="Weight of the worst futures against all, 0 to 1."),
]
TestTrials = Annotated[
    int | None,
    Option("--test-trials", metavar="N", help="Also say what N more trials of each system would be worth."),
]

RuleCosts = Annotated[
    bool,
    Option(
        "--rule-costs/--no-rule-costs", help="Also plan without each composition rule in turn: what it costs."
    ),
]
FreezeUntil = Annotated[
    str | None,
    Option(metavar="YYYY-MM", help="Up to this month everything stays as PLAN decided it."),
]
Resume = Annotated[
    bool, Option("--resume", help="With --scenarios: go on with the checkpoint in DIR, to the same end.")
]
KeepCheckpoint = Annotated[
    bool,
    Option("--keep-checkpoint", help="With --scenarios: leave the checkpoint in DIR at the end."),
]
PlanProcesses = Annotated[
    int,
    Option(metavar="N", help="With --scenarios: processes for parts and scenarios; they change no result."),
]
ClusterAddress = Annotated[
    str | None,
    Option(
        "--cluster",
        metavar="ADDRESS",
        help="Work on the Dask workers of this scheduler; needs dronedeal[cluster].",
    ),
]
TlsCa = Annotated[
    Path | None, Option("--tls-ca", metavar="FILE", help="TLS to the cluster: whom to trust, in PEM.")
]
TlsCert = Annotated[
    Path | None, Option("--tls-cert", metavar="FILE", help="TLS to the cluster: our certificate, in PEM.")
]
TlsKey = Annotated[
    Path | None, Option("--tls-key", metavar="FILE", help="TLS to the cluster: the key of our certificate.")
]
WorkerTimeout = Annotated[
    float,
    Option(
        "--worker-timeout",
        metavar="S",
        help="Seconds without a result until a worker of the cluster counts as hung.",
    ),
]


def read_deal(path: Path, sides: str) -> Deal:
    """The deal in a folder or workbook, of the owners that a text names."""
    from dronedeal import exchange, workflow

    return workflow.read(path, sides=exchange.parse_sides(sides))
