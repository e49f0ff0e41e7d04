"""A negotiation as a folder: record, page, workbook, every plan, and a term sheet for each fair point."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from dronedeal import output, report, solving
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError
from dronedeal.exchange import FutureChoices
from dronedeal.files import write_term_sheet
from dronedeal.negotiation.record_store import read_negotiation, write_negotiation
from dronedeal.solving import Progress
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.futures import Futures
from dronedeal.workflow.negotiation.negotiate import (
    NegotiationRun,
    require_for_futures,
    require_negotiable,
    run_negotiation,
)
from dronedeal.workflow.negotiation.points import point_sheet

AS_STATED_FOLDER = "as-stated"
CHECKPOINT_FILE = "checkpoint"


def negotiate_to_folder(  # noqa: PLR0913 -- the public face spells out every choice
    path: PathLike,
    directory: PathLike,
    *,
    points: int | None = None,
    pairs: int | None = 60,
    gap: float = 0.001,
    time_limit: float | None = None,
    workers: int | None = None,
    moves: int | None = None,
    packages: int | None = None,
    futures: FutureChoices | None = None,
    beside: PathLike | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    resume: bool = False,
    keep_checkpoint: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> NegotiationRun:
    """Read a deal and write what its two sides could agree on.

    The first Ctrl-C ends the search and keeps what is found; the second one aborts. Whatever ends the
    program, what was found lies in the file `checkpoint`.

    Parameters
    ----------
    path : deal folder or workbook
    directory : where `negotiation.json`, its page and workbook, `plans/` and `term-sheets/` go
    points, pairs, gap, time_limit, workers, moves, packages, futures : as for `negotiate`
    beside : folder of the negotiation of the deal as it is stated; None: it is made, and goes into the folder
        `as-stated` of the directory
    resume : go on with the checkpoint in the directory, to the same end
    keep_checkpoint : leave it there when all is done; after a stop it always stays
    sides, overwrite, on_progress, on_stop : as for `plan_to_folder`
    """
    target, watch = Path(directory), Stopwatch()
    choices = Bargaining.of(
        points=points,
        pairs=pairs,
        gap=gap,
        time_limit=time_limit,
        workers=workers,
        moves=moves,
        packages=packages,
        is_over_futures=futures is not None,
    )
    _refuse(target, Path(path), resume=resume, overwrite=overwrite)
    with watch.stage("read"):
        deal = read(path, sides=sides)
        over = None if futures is None else Futures.of(require_negotiable(deal), futures)
        known = None if beside is None else read_negotiation(Path(beside))
        if over is not None:
            # Before anything is written: what is refused leaves no checkpoint behind.
            require_for_futures(deal, choices, known)
    with report.ready_to_write():
        with watch.stage("negotiate"), interruptible(on_stop) as should_stop:
            run = run_negotiation(
                deal,
                choices,
                futures=over,
                beside=known,
                checkpoint=_checkpoint(target, deal, choices, over, resume=resume),
                on_progress=on_progress,
                should_stop=should_stop,
            )
        with watch.stage("write"):
            _write(run, target)
    output.write_timings(target, watch.with_total)
    if not run.record.was_stopped and not keep_checkpoint:
        Checkpoint(target / CHECKPOINT_FILE).remove()
    return run


def _write(run: NegotiationRun, target: Path) -> None:
    """Write all files; after a stop the record first, which whoever stopped it waits for."""
    if run.record.was_stopped:
        write_negotiation(run.record, target)
    for name, made in run.plans.items():
        output.write_plan_files(made.plan, target / "plans" / name)
    for name, plan in run.scenario_plans.items():
        output.write_scenario_files(plan, target / "plans" / name)
    plans = {name: made.plan for name, made in run.plans.items()}
    output.write_negotiation_files(run.record, plans, target)
    for name in run.record.fair_points:
        # Beside each page of terms the file with which `offer` values them, also after they were edited.
        file = target / "term-sheets" / f"{name}.yaml"
        write_term_sheet(point_sheet(run.record, name), file, overwrite=True)
    if run.as_stated is not None:
        _write(run.as_stated, target / AS_STATED_FOLDER)


def _refuse(target: Path, deal_path: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse a folder in which something could be lost, the work of an earlier run too."""
    if resume:
        # What is taken up again is this folder's own; nothing else in it is touched.
        output.refuse_output(target, deal_path=deal_path, overwrite=True)
        return
    if (target / CHECKPOINT_FILE).exists() and not overwrite:
        raise CommandError(
            f"output folder {target}: holds the checkpoint of a negotiation that was not ended; go on with "
            "it with --resume, name another folder, or begin anew with --overwrite, which replaces it"
        )
    output.refuse_output(target, deal_path=deal_path, overwrite=overwrite)


def _checkpoint(
    target: Path, deal: Deal, choices: Bargaining, futures: Futures | None, *, resume: bool
) -> Checkpoint:
    require_negotiable(deal)
    begin = Checkpoint.resumed if resume else Checkpoint.begun
    return begin(target / CHECKPOINT_FILE, choices.head(deal, None if futures is None else futures.options))
