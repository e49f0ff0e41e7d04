"""Commands about two sides at the table: negotiate, offer, term-sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from dronedeal.cli.command import app
from dronedeal.cli.library import Argument, Option, echo
from dronedeal.cli.options import ALL_SIDES, DealPath, Side, Sides, TailShare, TailWeight

OverwriteNegotiation = Annotated[
    bool, Option("--overwrite", help="Replace an earlier negotiation in DIR; other files stay.")
]
NegotiatedFutures = Annotated[
    int | None,
    Option("--scenarios", metavar="N", help="Negotiate over about N futures at once, from `uncertainty`."),
]
NegotiatedTree = Annotated[
    Path | None,
    Option("--tree", metavar="FILE", help="Negotiate over the futures of a tree, in CSV or YAML."),
]
Workers = Annotated[
    int | None,
    Option(
        metavar="N",
        help="Threads that look into questions at once; what is found is the same. One for each "
        "processor core unless given, at most 4.",
    ),
]
MostPoints = Annotated[
    int | None,
    Option(
        metavar="N",
        help="Most points of the frontier, at least 2; 21 unless given, over many futures 7.",
    ),
]
MostPackages = Annotated[
    int | None,
    Option(
        metavar="N",
        help="Most packages of positions of clauses that cannot be at any value between; 1 leaves those "
        "clauses as they are; unless given 32 where the deal is small, 8 where it is large, and 1 where "
        "many futures make it huge.",
    ),
]
MostMoves = Annotated[
    int | None,
    Option(
        metavar="N",
        help="Most moves of inputs that are planned again, to say how far each may move; 24 where the "
        "deal is small, else 0.",
    ),
]
TailOfSide = Annotated[
    Literal["buyer", "seller", "joint", "each"] | None,
    Option("--tail-of", help="Whose worst futures --tail weighs; each: either side's by its own."),
]
Beside = Annotated[
    Path | None,
    Option(
        metavar="DIR",
        help="Negotiation of the deal as stated, to compare with one over many futures; else it is made.",
    ),
]
EachGap = Annotated[float, Option(metavar="G", help="Stop each search this close to the best possible.")]
EachLimit = Annotated[float | None, Option(metavar="S", help="Stop each search after so many seconds.")]


@app.command()
def negotiate(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    *,
    out: Annotated[Path, Option(metavar="DIR", help="Folder for the record, page, workbook and plans.")],
    points: MostPoints = None,
    pairs: Annotated[int, Option(metavar="N", help="Most pairs of clauses that are valued together.")] = 60,
    gap: EachGap = 0.001,
    time_limit: EachLimit = None,
    workers: Workers = None,
    packages: MostPackages = None,
    moves: MostMoves = None,
    scenarios: NegotiatedFutures = None,
    tree: NegotiatedTree = None,
    seed: Annotated[int, Option(metavar="N", help="Seed of the draws of --scenarios.")] = 0,
    tail: TailShare = None,
    tail_of: TailOfSide = None,
    tail_weight: TailWeight = 0.5,
    beside: Beside = None,
    side: Side = None,
    sides: Sides = ALL_SIDES,
    overwrite: OverwriteNegotiation = False,
    resume: Annotated[
        bool, Option("--resume", help="Go on with the checkpoint in DIR, to the same end.")
    ] = False,
    keep_checkpoint: Annotated[
        bool, Option("--keep-checkpoint", help="Leave the checkpoint in DIR at the end.")
    ] = False,
) -> None:
    """Compute what two sides could agree on, and what each clause is worth to either.

    What each side walks away to, whether there is a zone of agreement, the frontier, fair points and the
    price of every clause; every point is a whole plan, checked, with its terms. Ctrl-C ends the search and
    writes what is found. Whatever ended it, the same command with --resume goes on from there. With
    --scenarios or --tree all of it is over many futures at once, and beside the deal as stated.

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
        workers=workers,
        moves=moves,
        packages=packages,
        futures=exchange.future_choices(
            scenarios, tree, seed, tail=tail, tail_of=tail_of, tail_weight=tail_weight
        ),
        beside=beside,
        sides=exchange.sides_of(side, sides),
        overwrite=overwrite,
        resume=resume,
        keep_checkpoint=keep_checkpoint,
        on_progress=lambda progress: echo(terminal_negotiation.step_line(progress), err=True),
        on_stop=lambda: echo("stopping with what is found; Ctrl-C again aborts", err=True),
    )
    echo(terminal_negotiation.negotiation_text(run.record, out))


@app.command()
def offer(  # noqa: PLR0913 -- the parameters are the options of the command
    deal: DealPath,
    terms: Annotated[Path, Argument(metavar="TERMS.yaml", help="Term sheet: a value for each clause.")],
    *,
    out: Annotated[
        Path | None, Option(metavar="DIR", help="Folder for the record, page, workbook and term sheets.")
    ] = None,
    signed: Annotated[
        bool, Option("--signed", help="Both sides have signed it: what helps both is an amendment.")
    ] = False,
    improve: Annotated[
        bool, Option("--improve/--no-improve", help="Look for the smallest change that helps both.")
    ] = True,
    gap: EachGap = 0.001,
    time_limit: EachLimit = None,
    side: Side = None,
    sides: Sides = ALL_SIDES,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace an earlier offer in DIR; other files stay.")
    ] = False,
) -> None:
    """Value a term sheet for both sides, and show the smallest change that helps both.

    The plan under its terms, what each side gains over having no agreement, what each clause brings, which
    rule or limit it breaks, and where it stands between both positions. Ctrl-C ends the search and keeps
    what is found.

    Example: dronedeal offer deals/first-deal TERMS.yaml --out out/offer
    """
    from dronedeal import exchange, terminal_negotiation, terminal_offer, workflow

    run = workflow.offer_to_folder(
        deal,
        terms,
        out,
        signed=signed,
        improve=improve,
        gap=gap,
        time_limit=time_limit,
        sides=exchange.sides_of(side, sides),
        overwrite=overwrite,
        on_progress=lambda progress: echo(terminal_negotiation.step_line(progress), err=True),
        on_stop=lambda: echo("stopping with what is found; Ctrl-C again aborts", err=True),
    )
    echo(terminal_offer.offer_text(run.record, out))


@app.command("term-sheet")
def term_sheet(
    negotiation: Annotated[
        Path, Argument(metavar="RECORD", help="negotiation.json or offer.json, or the folder it lies in.")
    ],
    *,
    point: Annotated[
        str,
        Option(
            metavar="NAME",
            help="Such as nash, kalai-smorodinsky, welfare, p03, opening-buyer; of an offer: offer, or "
            "improvement for the change.",
        ),
    ],
    to: Annotated[
        list[Path] | None,
        Option("--to", metavar="FILE", help="Page that ends in .html or .docx; once for each."),
    ] = None,
    terms: Annotated[
        Path | None, Option(metavar="FILE.yaml", help="Terms as a file that `offer` reads back.")
    ] = None,
    deal: Annotated[
        Path | None, Option(metavar="DEAL", help="The deal, for the names of systems in place of their ids.")
    ] = None,
    sides: Sides = ALL_SIDES,
    hand_over: Annotated[
        bool,
        Option("--hand-over", help="For the other side: without what it is worth and what both asked for."),
    ] = False,
) -> None:
    """Make the term sheet of any point of a negotiation, or of an offer.

    One page as HTML or Word, and a file of terms. Without --to and --terms the terms are printed. A page to
    sign or to send is made with --hand-over: else it tells what both sides have without an agreement.

    Example: dronedeal term-sheet out/negotiation --point nash --to nash.docx --terms nash.yaml
    """
    from dronedeal import exchange, files, workflow

    sheet = workflow.term_sheet_to_files(
        negotiation,
        point,
        to=to or (),
        terms=terms,
        deal=deal,
        sides=exchange.parse_sides(sides),
        is_handed_over=hand_over,
    )
    written = [*(to or ()), *([] if terms is None else [terms])]
    if not written:
        echo(files.term_sheet_text(sheet), nl=False)
    for file in written:
        echo(f"written: {file}")
