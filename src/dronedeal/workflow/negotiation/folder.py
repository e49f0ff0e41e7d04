"""A negotiation as a folder: record, page, workbook, every plan, and a term sheet for each fair point."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from dronedeal import output, solving
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.solving import Progress
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate


def negotiate_to_folder(  # noqa: PLR0913 -- the public face spells out every choice
    path: PathLike,
    directory: PathLike,
    *,
    points: int = 21,
    pairs: int | None = 60,
    gap: float = 0.001,
    time_limit: float | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> NegotiationRun:
    """Read a deal and write what its two sides could agree on.

    The first Ctrl-C ends the search and keeps what is found; the second one aborts.

    Parameters
    ----------
    path : deal folder or workbook
    directory : where `negotiation.json`, its page and workbook, `plans/` and `term-sheets/` go
    points, pairs, gap, time_limit : as for `negotiate`
    sides, overwrite, on_progress, on_stop : as for `plan_to_folder`
    """
    target, watch = Path(directory), Stopwatch()
    output.refuse_output(target, deal_path=Path(path), overwrite=overwrite)
    with watch.stage("read"):
        deal = read(path, sides=sides)
    with watch.stage("negotiate"), interruptible(on_stop) as should_stop:
        run = negotiate(
            deal,
            points=points,
            pairs=pairs,
            gap=gap,
            time_limit=time_limit,
            on_progress=on_progress,
            should_stop=should_stop,
        )
    with watch.stage("write"):
        for name, made in run.plans.items():
            output.write_plan_files(made.plan, target / "plans" / name)
        plans = {name: made.plan for name, made in run.plans.items()}
        output.write_negotiation_files(run.record, plans, target)
    output.write_timings(target, watch.with_total)
    return run
